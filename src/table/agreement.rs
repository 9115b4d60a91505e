//! How well several people agree on which maps are soft.

use super::SoftLabels;
use super::labels::date_hint;
use crate::error::{Error, ErrorKind, Result};
use crate::stats::{Kappa, cohen, fleiss, observed_agreement};
use crate::text::numbers::{counted, grouped, percent};

/// How well people agree on which maps are soft: [`SoftLabels::compare`].
#[derive(Clone, PartialEq)]
pub struct Agreement {
    names: Vec<String>,
    soft: Vec<usize>,
    maps: usize,
    left_out: usize,
    observed: f64,
    kappa: Option<Kappa>,
    pairs: Vec<(usize, usize, Option<Kappa>)>,
}

impl SoftLabels {
    /// How well several people agree, on the maps that all of them labelled: the share of pairs of people who gave a map the same label, and
    /// kappa, which is that share beyond what chance gives. The score is one more person: [`SoftLabels::from_table`].
    ///
    /// For two people it is Cohen's (1960) kappa, with the standard error of Fleiss, Cohen & Everitt (1969). For more it is Fleiss' (1971),
    /// with that of Gwet (2021), and Cohen's for each two. Both errors are those of large samples, and take maps to be
    /// independent; maps of one session may not be.
    ///
    /// ```
    /// use softness::table::SoftLabels;
    ///
    /// # fn main() -> softness::Result<()> {
    /// # let folder = tempfile::tempdir().unwrap();
    /// # for (name, soft) in [("ann", [true, true, false]), ("ben", [true, false, false])] {
    /// #     let row = |(filter, soft): (usize, &bool)| format!("{name},session 2000-1,1,bird,{filter},{soft}\n");
    /// #     let rows: String = soft.iter().enumerate().map(row).collect();
    /// #     std::fs::write(folder.path().join(format!("{name}.csv")), format!("labeller,session,layer,image,filter,soft\n{rows}")).unwrap();
    /// # }
    /// # let [ann, ben] = ["ann.csv", "ben.csv"].map(|name| folder.path().join(name));
    /// let people = [SoftLabels::read_csv(ann)?, SoftLabels::read_csv(ben)?];
    /// let agreement = SoftLabels::compare(&people)?;
    /// println!("{agreement}");
    /// # assert_eq!(agreement.maps(), 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for fewer than two people or two of the same name; [`ErrorKind::NotFound`] if no map was labelled by all.
    pub fn compare(people: &[SoftLabels]) -> Result<Agreement> {
        let names: Vec<String> = people.iter().map(|labels| labels.name().to_owned()).collect();
        Error::require(people.len() > 1, "people", people.len(), "two are needed to compare their labels")?;
        if let Some(name) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
            let requirement = "everyone needs a name of their own: labels.named(\"..\")";
            return Err(Error::option("name of the labels", format!("{:?} twice", name.1), requirement));
        }
        let in_all =
            |map: &&super::labels::Map| people.iter().all(|labels| labels.by_map().contains_key(*map));
        let maps: Vec<_> = people[0].by_map().keys().filter(in_all).collect();
        if maps.is_empty() {
            let sentence =
                "no map was labelled by all of them: compare labels of the same sessions, layer and image";
            return Err(Error::new(ErrorKind::NotFound, format!("{sentence}{}", other_sessions(people))));
        }
        let of =
            |labels: &SoftLabels| -> Vec<bool> { maps.iter().map(|map| labels.by_map()[*map]).collect() };
        let labels: Vec<Vec<bool>> = people.iter().map(of).collect();
        let all: Vec<&[bool]> = labels.iter().map(Vec::as_slice).collect();
        let mut pairs = Vec::new();
        for other in 0..all.len() {
            pairs.extend((0..other).map(|one| (one, other, cohen(all[one], all[other]))));
        }
        let mut labelled: Vec<_> = people.iter().flat_map(|labels| labels.by_map().keys()).collect();
        labelled.sort_unstable();
        labelled.dedup();
        Ok(Agreement {
            names,
            soft: all.iter().map(|labels| labels.iter().filter(|&&soft| soft).count()).collect(),
            maps: maps.len(),
            left_out: labelled.len() - maps.len(),
            observed: observed_agreement(&all),
            kappa: if all.len() == 2 { pairs[0].2 } else { fleiss(&all) },
            pairs,
        })
    }
}

/// Which sessions each of them labelled, if no session was labelled by all; else nothing.
fn other_sessions(people: &[SoftLabels]) -> String {
    let sessions: Vec<Vec<&str>> = people.iter().map(SoftLabels::sessions).collect();
    if sessions[0].iter().any(|name| sessions.iter().all(|others| others.contains(name))) {
        return String::new();
    }
    let each = people.iter().map(|labels| format!("{}: {}", labels.name(), labels.sessions_in_words()));
    // Nothing was changed where there is nothing.
    let hint = if sessions.iter().any(Vec::is_empty) { String::new() } else { date_hint(sessions.concat()) };
    format!("; the labels name other sessions ({}){hint}", each.collect::<Vec<_>>().join("; "))
}

impl Agreement {
    getters! {
        /// The names of the people.
        pub fn names(&self) -> &[String];

        /// The number of maps that all of them labelled.
        pub fn maps(&self) -> usize;

        /// The number of maps that only some of them labelled.
        pub fn left_out(&self) -> usize;

        /// The share of pairs of people who gave a map the same label, the mean over the maps, 0..1.
        pub fn observed(&self) -> f64;

        /// How many maps each of them calls soft.
        pub fn soft(&self) -> &[usize];

        /// Kappa: Cohen's of two people, Fleiss' of more; `None` if everyone gave all maps the same label, when it is not defined.
        pub fn kappa(&self) -> Option<Kappa>;

        /// Cohen's kappa of each two people, by their places in [`names`](Self::names).
        pub fn pairs(&self) -> &[(usize, usize, Option<Kappa>)];
    }

    /// "Cohen's kappa" or "Fleiss' kappa".
    pub(crate) fn kind(&self) -> &'static str {
        if self.names.len() == 2 { "Cohen's kappa" } else { "Fleiss' kappa" }
    }

    /// What was compared, in a sentence: people, maps, agreement.
    pub(crate) fn in_words(&self) -> String {
        let maps = counted(self.maps as u64, "map");
        let left_out = match self.left_out {
            0 => String::new(),
            1 => "; 1 more was not labelled by all".to_owned(),
            count => format!("; {} more were not labelled by all", grouped(count as u64)),
        };
        let which = if self.names.len() == 2 { "The two agree" } else { "Any two of them agree" };
        let average = if self.names.len() == 2 { "" } else { ", on average" };
        format!(
            "{} labellers, {maps}{left_out}. {which} on {} of the maps{average}.",
            self.names.len(),
            percent(self.observed)
        )
    }
}
