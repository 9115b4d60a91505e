//! The group of rows of one fit.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// The columns that tell a group of rows apart, with the group's value in each. The group of all rows has none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Group {
    values: Vec<(String, String)>,
}

impl Group {
    /// A group from (column, value) pairs.
    pub fn new(values: Vec<(String, String)>) -> Self {
        Self { values }
    }

    /// The group of the study's fits: one layer (from 1) and image.
    pub fn of_layer(layer: usize, image: &str) -> Self {
        Self::new(vec![("layer".into(), layer.to_string()), ("image".into(), image.to_string())])
    }

    /// The (column, value) pairs, in order.
    pub fn values(&self) -> &[(String, String)] {
        &self.values
    }

    /// The group's value in a column; `None` if the column is not among those of the group.
    pub fn value(&self, column: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Group {
    /// "layer 2, image bird"; "all rows" if there are no columns.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.values.is_empty() {
            return formatter.write_str("all rows");
        }
        for (index, (column, value)) in self.values.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(formatter, "{comma}{column} {value}")?;
        }
        Ok(())
    }
}

impl Serialize for Group {
    /// An object with one text per column, in order.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (column, value) in &self.values {
            map.serialize_entry(column, value)?;
        }
        map.end()
    }
}
