//! A choice of a data set's classes.

use super::folder::layout::composed;
use super::{Dataset, Source, Split};
use crate::error::{Error, Result};

/// How many names of classes a message lists.
const SHOWN: usize = 20;

/// The indices of the classes with these names, in the order of `all`; of all classes if there is no name. Letters with
/// accents may be written in either way.
pub(super) fn choose(all: &[String], names: &[String]) -> Result<Vec<usize>> {
    let all: Vec<String> = all.iter().map(|name| composed(name)).collect();
    // Folders may have names with spaces around them, which options lose.
    let own = |name: &String| {
        let name = composed(name);
        let is_it = |other: &&String| other.trim() == name.trim();
        if all.contains(&name) { name } else { all.iter().find(is_it).cloned().unwrap_or(name) }
    };
    let names: Vec<String> = names.iter().map(own).collect();
    if let Some(name) = names.iter().find(|name| !all.contains(name)) {
        let more = if all.len() > SHOWN { format!(" and {} more", all.len() - SHOWN) } else { String::new() };
        let known: Vec<String> = all.iter().take(SHOWN).map(|name| format!("\"{name}\"")).collect();
        let requirement = format!("the classes are {}{more}", known.join(", "));
        return Err(Error::option("a class", format!("\"{name}\""), requirement));
    }
    Ok((0..all.len()).filter(|&index| names.is_empty() || names.contains(&all[index])).collect())
}

/// Refuses a choice of fewer than two classes.
pub(super) fn at_least_two(count: usize) -> Result<()> {
    let requirement = "there is nothing to learn from one class; name at least two";
    Error::require(count >= 2, "number of classes", count, requirement)
}

impl Dataset {
    /// The same data set with only these classes, in the order of the data set. The bird stays the same.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if a name is not that of a class, fewer than two classes
    /// are left, or one of the splits is left empty.
    pub fn with_classes<Name: AsRef<str>>(&self, names: &[Name]) -> Result<Self> {
        let names: Vec<String> = names.iter().map(|name| name.as_ref().to_owned()).collect();
        let kept = choose(self.class_names(), &names)?;
        at_least_two(kept.len())?;
        if kept.len() == self.class_names().len() {
            return Ok(self.clone());
        }
        let names: Vec<String> = kept.iter().map(|&class| self.class_names()[class].clone()).collect();
        let description = format!("{}, only {}", self.description(), names.join(", "));
        let [train, test] = [self.train(), self.test()].map(|split| {
            let (mut labels, mut bytes) = (Vec::new(), Vec::new());
            let pixels = split.bytes().chunks_exact(split.bytes().len() / split.len());
            for (label, pixels) in split.labels().iter().zip(pixels) {
                if let Some(label) = kept.iter().position(|&class| class == usize::from(*label)) {
                    labels.push(label as u8);
                    bytes.extend_from_slice(pixels);
                }
            }
            Split::from_bytes(bytes, labels)
        });
        // A part of CIFAR-10 is not CIFAR-10.
        let source = if self.is_cifar10() { Source::Cifar10Format } else { self.source() };
        Ok(Self::new(train, test, names, description, self.bird())?.placed_like(self, source))
    }
}
