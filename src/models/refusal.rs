//! What could not be fitted, and why.

use serde::Serialize;

use super::{Form, Group};

/// A form that could not be fitted to a group: it needs the logarithm of a value that is not above 0, or the points of the
/// group make no line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The group of rows.
    pub group: Group,
    /// The form it cannot take.
    pub form: Form,
    /// Why, as a sentence that names the group, and the row, column and value if one is at fault.
    pub reason: String,
}

/// All forms that a group cannot take for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Refused {
    pub group: Group,
    pub forms: Vec<Form>,
    pub reason: String,
}

impl Refusal {
    /// A refusal for each of these forms.
    pub(super) fn of_all(group: &Group, forms: &[Form], reason: &str) -> Vec<Self> {
        let refusal = |&form| Self { group: group.clone(), form, reason: reason.to_owned() };
        forms.iter().map(refusal).collect()
    }

    /// The reasons of these refusals, each once, in the order in which they first appear.
    pub(crate) fn by_reason(refusals: &[Self]) -> Vec<Refused> {
        let mut found: Vec<Refused> = Vec::new();
        for Self { group, form, reason } in refusals {
            match found.iter_mut().find(|refused| refused.group == *group && refused.reason == *reason) {
                Some(refused) => refused.forms.push(*form),
                None => {
                    found.push(Refused { group: group.clone(), forms: vec![*form], reason: reason.clone() });
                }
            }
        }
        found
    }
}
