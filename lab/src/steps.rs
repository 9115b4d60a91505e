//! Steps that leave a stamp each, so that an interrupted set-up resumes where it stopped.

use std::fs;
use std::time::Instant;

use crate::Result;
use crate::files;
use crate::places::Places;

/// One step of the set-up.
pub struct Step<'a> {
    /// The name of the stamp.
    pub name: &'a str,
    /// What the step creates, as shown to the user.
    pub title: &'a str,
    /// What the result depends on: if this changes, the step is repeated.
    pub key: String,
}

impl Step<'_> {
    /// Whether the step was done with this key.
    pub fn done(&self, places: &Places) -> bool {
        let stamp = fs::read_to_string(places.inside("stamps").join(self.name));
        stamp.is_ok_and(|text| text.split_once('\n').is_some_and(|(_, key)| key == self.key))
    }

    /// Does the step unless it is done. Leaves a stamp with the seconds it took.
    pub fn take(&self, places: &Places, work: impl FnOnce() -> Result<()>) -> Result<()> {
        if self.done(places) {
            return Ok(());
        }
        eprintln!("{} ..", self.title);
        let start = Instant::now();
        work()?;
        let seconds = start.elapsed().as_secs_f64();
        let stamp = format!("{seconds:.1}\n{}", self.key);
        files::write(&places.inside("stamps").join(self.name), stamp)?;
        eprintln!("{}: done in {seconds:.1} s", self.title);
        Ok(())
    }
}

/// Does two things side by side and waits for both. If both fail, the first one's error is returned.
pub fn both(first: impl FnOnce() -> Result<()>, second: impl FnOnce() -> Result<()> + Send) -> Result<()> {
    std::thread::scope(|scope| {
        let second = scope.spawn(second);
        let first = first();
        first.and(second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// The steps done so far with the seconds they took, in the order of their names.
pub fn times(places: &Places) -> Vec<(String, f64)> {
    let entries = fs::read_dir(places.inside("stamps")).into_iter().flatten().flatten();
    let mut times: Vec<_> = entries
        .filter_map(|entry| {
            let text = fs::read_to_string(entry.path()).ok()?;
            let seconds = text.lines().next()?.parse().ok()?;
            Some((entry.file_name().to_string_lossy().into_owned(), seconds))
        })
        .collect();
    times.sort_by(|a, b| a.0.cmp(&b.0));
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_things_are_done_and_the_first_error_is_told() {
        let (sender, receiver) = std::sync::mpsc::channel();
        // Each waits for the other.
        let first = || receiver.recv().map_err(|_| "the second one ended".to_owned());
        both(first, || sender.send(()).map_err(|_| "the first one ended".to_owned())).unwrap();
        let failed = |what: &str| Err(what.to_owned());
        assert_eq!(both(|| failed("the first"), || failed("the second")), failed("the first"));
        assert_eq!(both(|| Ok(()), || failed("the second")), failed("the second"));
    }

    #[test]
    fn a_step_is_done_once_and_again_if_its_key_changes_or_it_failed() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let mut taken = 0;
        let mut take = |key: &str, outcome: Result<()>| {
            let step = Step { name: "1-test", title: "a step", key: key.to_owned() };
            let _ = step.take(&places, || {
                taken += 1;
                outcome
            });
            taken
        };
        assert_eq!(take("a", Err("interrupted".to_owned())), 1);
        assert_eq!(take("a", Ok(())), 2);
        assert_eq!(take("a", Ok(())), 2);
        assert_eq!(take("b", Ok(())), 3);
        assert_eq!(times(&places).len(), 1);
    }
}
