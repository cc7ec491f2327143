//! The company and its roles.

use super::{Area, Outline, both, joined, word};
use crate::Release;
use crate::company::{Can, Claim};

pub fn outline(release: &Release, outline: &mut Outline) {
    let company = release.company();
    let traits = outline.add(Area::Company, company.id.as_str());
    let ranges = joined(company.hours.ranges());
    let retention = company.retention_years.map(|years| format!("{years} years")).unwrap_or_default();
    let claims = joined(company.claims.iter().map(|claim: &Claim| claim.pattern.as_str()));
    for (name, value) in [
        ("name", both(&company.name)),
        ("time_zone", company.time_zone.to_string()),
        ("currency", company.currency.clone()),
        ("working_hours", ranges),
        ("retention", retention),
        ("cases", claims),
    ] {
        traits.insert(word(name), value);
    }
    for (name, attribute) in &company.attributes {
        let value = format!("{}, {}, {}", both(&attribute.title), attribute.ty.as_str(), attribute.class);
        traits.insert(word(&format!("people.{name}")), value);
    }
    for (name, role) in &company.roles {
        let traits = outline.add(Area::Role, name.as_str());
        traits.insert(word("title"), both(&role.title));
        traits.insert(word("can"), joined(role.can.iter().map(|can: &Can| can.as_str())));
        traits.insert(word("sees"), joined(&role.sees));
    }
}
