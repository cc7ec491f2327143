//! Facts that put an end to requests: what was chased is paid.

use std::fmt;

use serde_json::Value as Json;
use zhupi_domain::expr::{Expr, Value};
use zhupi_domain::{Name, Text};
use zhupi_engine::{Flow, Instance};

use super::{Item, said};
use crate::Release;
use crate::answers::{World, scope};

/// Which facts end which requests of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct StopRule {
    pub of: Name,
    /// Sees the record as `item`, and what every expression of the flow sees before its first step.
    pub when: Expr,
    pub reason: Text,
}

impl StopRule {
    /// Whether a record ends a request; or what stands in the way of telling.
    pub fn holds(
        &self,
        release: &Release,
        flow: &Flow,
        instance: &Instance,
        item: &Item,
        world: &World<'_>,
    ) -> Result<bool, Text> {
        let mut scope = scope(release, flow, instance, None, world)?;
        let ty = release.fact(&self.of).map(zhupi_forms::Form::record_type);
        let record = ty.and_then(|ty| Value::from_json(&Json::Object(item.body.clone()), &ty).ok());
        // A record of another release's shape says nothing to this one.
        let Some(record) = record else { return Ok(false) };
        scope.set_item(record);
        Ok(scope.eval(&self.when, world)? == Value::Bool(true))
    }
}

impl fmt::Display for StopRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "when fact:{}", self.of)?;
        said(f, "if", Some(&self.when))
    }
}
