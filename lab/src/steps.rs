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

    /// Does the step unless it is done. Leaves a stamp with the seconds it took, elapsed and of processor time.
    pub fn take(&self, places: &Places, work: impl FnOnce() -> Result<()>) -> Result<()> {
        if self.done(places) {
            return Ok(());
        }
        eprintln!("{} ..", self.title);
        let (start, before) = (Instant::now(), work_of_children());
        work()?;
        let seconds = start.elapsed().as_secs_f64();
        let spent = work_of_children() - before;
        files::write(
            &places.inside("stamps").join(self.name),
            format!("{seconds:.1} {spent:.1}\n{}", self.key),
        )?;
        eprintln!("{}: done in {seconds:.1} s", self.title);
        Ok(())
    }
}

/// The steps done so far with the seconds they took, elapsed and of processor time, in the order of their names.
pub fn times(places: &Places) -> Vec<(String, [f64; 2])> {
    let entries = fs::read_dir(places.inside("stamps")).into_iter().flatten().flatten();
    let mut times: Vec<(String, [f64; 2])> = entries
        .filter_map(|entry| {
            let text = fs::read_to_string(entry.path()).ok()?;
            let (clock, work) = text.lines().next()?.split_once(' ')?;
            let times = [clock.parse().ok()?, work.parse().ok()?];
            Some((entry.file_name().to_string_lossy().into_owned(), times))
        })
        .collect();
    times.sort_by(|a, b| a.0.cmp(&b.0));
    times
}

/// Processor seconds of the child processes that have ended; 0 except on Linux.
fn work_of_children() -> f64 {
    /// Linux counts in hundredths of a second here, whatever the kernel's timer frequency.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The process name may contain anything, so start after it, at field 3. Fields 16 and 17 are needed.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks = fields.skip(13).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    #[cfg(target_os = "linux")]
    fn the_processor_time_of_a_step_s_child_processes_is_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let step = Step { name: "1-test", title: "a step", key: String::new() };
        let spin = "i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done";
        let spins = || {
            std::process::Command::new("sh").args(["-c", spin]).status().map(drop).map_err(|e| e.to_string())
        };
        step.take(&places, spins).unwrap();
        let (_, [clock, work]) = times(&places).remove(0);
        assert!(work > 0.0 && work <= clock + 0.2, "{work} s of work in {clock} s");
    }
}
