//! How policies are named, and where their files lie.

use std::fmt;

use zhupi_domain::{Name, NameError};

/// A policy's name: its path below `policies/`, with dots, such as `credit.bad_debt_deduction`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyName(String);

impl PolicyName {
    /// Reads a dotted path of names.
    pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
        let text = text.into();
        text.split('.').try_for_each(|part| Name::new(part).map(|_| ()))?;
        Ok(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the script inside its pack.
    pub fn script_file(&self) -> String {
        format!("policies/{}.rhai", self.0.replace('.', "/"))
    }

    /// The path of the contract inside its pack.
    pub fn contract_file(&self) -> String {
        format!("policies/{}.yaml", self.0.replace('.', "/"))
    }
}

impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_named_by_its_path() {
        let name = PolicyName::new("credit.bad_debt_deduction").expect("a name");
        assert_eq!(name.script_file(), "policies/credit/bad_debt_deduction.rhai");
        for bad in ["", "credit.", ".x", "Credit.x", "a/b"] {
            assert!(PolicyName::new(bad).is_err(), "{bad}");
        }
    }
}
