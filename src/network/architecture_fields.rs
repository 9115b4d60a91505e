//! An architecture in JSON.

use serde::{Deserialize, Serialize};

use super::{Architecture, Initialisation};
use crate::error::{Error, Result};

/// The fields of an architecture in records. It has either `weight_sd`, of a truncated normal distribution, or an
/// `initialisation`. Keys of sessions depend on names, order and numbers here.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    filters: [usize; 2],
    kernels: [usize; 2],
    dense: usize,
    dropout: f32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight_sd: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    initialisation: Option<String>,
    bias: f32,
    input_scale: f32,
    classes: usize,
}

impl From<Architecture> for Fields {
    fn from(architecture: Architecture) -> Self {
        let Architecture { filters, kernels, dense, dropout, initialisation, bias, input_scale, classes } =
            architecture;
        let (weight_sd, initialisation) = match initialisation {
            Initialisation::Truncated { sd } => (Some(sd), None),
            Initialisation::He => (None, Some("he".to_owned())),
            Initialisation::Glorot => (None, Some("glorot".to_owned())),
        };
        Self { filters, kernels, dense, dropout, weight_sd, initialisation, bias, input_scale, classes }
    }
}

impl TryFrom<Fields> for Architecture {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        let Fields {
            filters,
            kernels,
            dense,
            dropout,
            weight_sd,
            initialisation,
            bias,
            input_scale,
            classes,
        } = fields;
        let initialisation = Initialisation::of_fields(weight_sd, initialisation.as_deref())?;
        let missing = || Error::option("weight_sd", "missing", "a network has it or an `initialisation`");
        let initialisation = initialisation.ok_or_else(missing)?;
        Ok(Self { filters, kernels, dense, dropout, initialisation, bias, input_scale, classes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As records have had it before there was a choice.
    const PAPER: &str = "{\"filters\":[16,36],\"kernels\":[5,5],\"dense\":128,\"dropout\":0.0,\"weight_sd\":0.05,\
                         \"bias\":0.05,\"input_scale\":0.003921569,\"classes\":10}";

    #[test]
    fn json_has_a_standard_deviation_or_a_name_and_is_read_back() {
        let of = |initialisation| Architecture { initialisation, ..Architecture::paper() };
        let named =
            |name: &str| PAPER.replace("\"weight_sd\":0.05", &format!("\"initialisation\":\"{name}\""));
        for (architecture, json) in [
            (Architecture::paper(), PAPER.to_owned()),
            (of(Initialisation::Truncated { sd: 0.1 }), PAPER.replace("_sd\":0.05", "_sd\":0.1")),
            (of(Initialisation::He), named("he")),
            (of(Initialisation::Glorot), named("glorot")),
        ] {
            assert_eq!(serde_json::to_string(&architecture).unwrap(), json);
            assert_eq!(serde_json::from_str::<Architecture>(&json).unwrap(), architecture);
        }
    }

    #[test]
    fn none_both_and_other_fields_are_refused_by_name() {
        let read = |json: &str| serde_json::from_str::<Architecture>(json).unwrap_err().to_string();
        let missing = "weight_sd is missing, but a network has it or an `initialisation`";
        assert_eq!(read(&PAPER.replace("\"weight_sd\":0.05,", "")), missing);
        let both = read(&PAPER.replace("\"bias\"", "\"initialisation\":\"he\",\"bias\""));
        assert_eq!(
            both,
            "initialisation is \"he\", but its standard deviations follow from the layers: leave `weight_sd` out, or \
             `initialisation`"
        );
        let other = read(&PAPER.replace("\"weight_sd\":0.05", "\"initialisation\":\"lecun\""));
        assert!(other.starts_with("initialisation is \"lecun\", but it must be he or glorot"), "{other}");
        assert!(read(&PAPER.replace("weight_sd", "weight_sdd")).contains("unknown field `weight_sdd`"));
    }
}
