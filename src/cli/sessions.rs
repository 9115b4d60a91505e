//! The saved sessions that a command names.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::files;
use crate::session::Session;
use crate::store::saved_sessions::saved_sessions;
use crate::store::shipped_sessions;

/// The sessions at all of these paths, without their dense layers; without a path those that are part of the program. Two of the
/// same name at different paths have the path in front, and two at one path what they were trained on behind.
///
/// # Errors
/// [`ErrorKind::NotFound`] if there is none at a path; [`ErrorKind::InvalidOption`] for a file of another kind; those of [`Session::load`].
pub fn sessions(paths: &[PathBuf]) -> Result<Vec<Session>> {
    if paths.is_empty() {
        return shipped_sessions();
    }
    let mut all = Vec::new();
    for path in paths {
        all.extend(found(path)?.into_iter().map(|session| (path, session)));
    }
    Ok(by_training(by_path(all)))
}

/// The sessions with the paths in the names of those that have the same name at another path.
fn by_path(all: Vec<(&PathBuf, Session)>) -> Vec<Session> {
    let mut paths: HashMap<String, HashSet<PathBuf>> = HashMap::new();
    for (path, session) in &all {
        paths.entry(session.name().to_owned()).or_default().insert((*path).clone());
    }
    let named = |(path, session): (&PathBuf, Session)| {
        let name = session.name().to_owned();
        let place = if path.ends_with(&name) { path.clone() } else { path.join(&name) };
        if paths[&name].len() < 2 { session } else { session.named(place.display().to_string()) }
    };
    all.into_iter().map(named).collect()
}

/// Whether a file begins as archives do. Of one that is empty or cannot be read, more is said when it is loaded.
fn may_be_archive(path: &Path) -> bool {
    files::beginning(path, 2).map_or(true, |start| b"PK".starts_with(&start))
}

/// The sessions with a word about their training behind the names of those that still have the same name, as in a folder in which a
/// plan was trained on two data sets: the data set, the seed, both, or the key, whichever comes first that is different for each.
fn by_training(all: Vec<Session>) -> Vec<Session> {
    let told: Vec<[String; 4]> = all.iter().map(trained_on).collect();
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, session) in all.iter().enumerate() {
        places.entry(session.name()).or_default().push(at);
    }
    let word = |at: usize| {
        let same = &places[all[at].name()];
        let differs = |way: &usize| {
            same.iter().map(|&other| &told[other][*way]).collect::<HashSet<_>>().len() == same.len()
        };
        let way = (0..4).find(differs).filter(|_| same.len() > 1)?;
        Some(told[at][way].clone())
    };
    let words: Vec<Option<String>> = (0..all.len()).map(word).collect();
    let named = |(session, word): (Session, Option<String>)| match word {
        Some(word) => {
            let name = format!("{} ({word})", session.name());
            session.named(name)
        }
        None => session,
    };
    all.into_iter().zip(words).map(named).collect()
}

/// What may tell a session from another of the same name, the plainest first.
fn trained_on(session: &Session) -> [String; 4] {
    let Some(record) = session.record() else { return Default::default() };
    let (dataset, seed) = (record.dataset().to_owned(), format!("seed {}", session.training().seed));
    let both = format!("{dataset}, {seed}");
    [dataset, seed, both, record.recipe.key()]
}

/// The sessions at a path.
fn found(path: &Path) -> Result<Vec<Session>> {
    let requirement = "it is not the archive of a session: name the folder that `softness train --out` or `replicate` wrote, the folder \
                       of one session, or its archive";
    Error::require(!path.is_file() || may_be_archive(path), "SESSIONS", path.display(), requirement)?;
    if path.is_file() || path.join("session.json").is_file() {
        return Ok(vec![Session::load(path)?.without_dense_layers()]);
    }
    let shelf = path.join("sessions");
    let sessions = saved_sessions(if shelf.is_dir() { &shelf } else { path })?;
    if sessions.is_empty() {
        let sentence = format!(
            "{} has no saved session: name the folder that `softness train --out` wrote",
            path.display()
        );
        return Err(Error::new(ErrorKind::NotFound, sentence));
    }
    Ok(sessions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::session::{Training, train_in_memory};

    #[test]
    fn sessions_of_one_name_at_one_path_differ_by_what_they_were_trained_on() {
        let architecture =
            crate::network::Architecture { filters: [1, 1], dense: 2, ..Training::paper().architecture };
        let training = Training::paper().architecture(architecture).iterations(1).batch(2);
        let trained = |seed: u64, dataset: &str| {
            let training = training.clone().seed(seed);
            let mut session = train_in_memory(&Dataset::tiny(), training, &()).unwrap().named("1-1");
            session.record.as_mut().unwrap().recipe.dataset = dataset.to_owned();
            session
        };
        let (one, two, far) = (trained(1, "A"), trained(2, "A"), trained(1, "B"));
        let (place, other) = (PathBuf::from("out"), PathBuf::from("other"));
        let names = |all: &[(&PathBuf, &Session)]| {
            let all = all.iter().map(|&(path, session)| (path, session.clone())).collect();
            by_training(by_path(all)).iter().map(|session| session.name().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&[(&place, &one), (&place, &far)]), ["1-1 (A)", "1-1 (B)"]);
        assert_eq!(names(&[(&place, &one), (&place, &two)]), ["1-1 (seed 1)", "1-1 (seed 2)"]);
        let all = [(&place, &one), (&place, &two), (&place, &far)];
        assert_eq!(names(&all), ["1-1 (A, seed 1)", "1-1 (A, seed 2)", "1-1 (B, seed 1)"]);
        // The batch is all that differs.
        let batch =
            train_in_memory(&Dataset::tiny(), training.clone().seed(1).batch(3), &()).unwrap().named("1-1");
        let same = train_in_memory(&Dataset::tiny(), training.clone().seed(1), &()).unwrap().named("1-1");
        let keys = [&batch, &same].map(|session| session.record().unwrap().recipe.key());
        let named = keys.map(|key| format!("1-1 ({key})"));
        assert_eq!(names(&[(&place, &batch), (&place, &same)]), named);
        assert_eq!(
            names(&[(&place, &one), (&other, &two)]),
            ["out/1-1", "other/1-1"]
                .map(|name| { Path::new(name).iter().collect::<PathBuf>().display().to_string() })
        );
        // Nothing tells a session from itself.
        assert_eq!(names(&[(&place, &one), (&place, &one)]), ["1-1", "1-1"]);
    }
}
