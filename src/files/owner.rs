//! Which process of which host a file belongs to.

use std::path::Path;
use std::time::{Duration, SystemTime};

use super::TEMPORARY;

/// The age at which a temporary file belongs to nobody: no write takes that long.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// The process identifiers of Linux, outside of containers, are those of this name space.
const FIRST_NAME_SPACE: &str = "pid:[4026531836]";

/// A process of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The host's name in letters, digits, `-` and `_`. Inside a container the number of its process name space follows, since
    /// process identifiers mean nothing outside.
    pub host: String,
    pub process: u32,
}

impl Owner {
    /// This process.
    pub(crate) fn this() -> Self {
        let mut host =
            host_name().replace(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-', "_");
        host.truncate(63);
        let space = std::fs::read_link("/proc/self/ns/pid").ok();
        if let Some(space) = space.filter(|space| space != Path::new(FIRST_NAME_SPACE)) {
            let digits = |letter: &char| letter.is_ascii_digit();
            host = format!("{host}_{}", space.to_string_lossy().chars().filter(digits).collect::<String>());
        }
        Self { host, process: std::process::id() }
    }

    /// The end of a temporary file's name, before its random part: `.HOST.PROCESS.`
    pub(super) fn suffix(&self) -> String {
        format!(".{}.{}.", self.host, self.process)
    }

    /// The process that made the temporary file of this name; `None` if the name says nothing.
    fn of(name: &str) -> Option<Self> {
        let mut parts = name.strip_prefix(TEMPORARY)?.rsplitn(4, '.').skip(1);
        let process = parts.next()?.parse().ok()?;
        Some(Self { host: parts.next()?.to_owned(), process })
    }

    /// Whether there is certainly no such process: it would be on this host, where all processes can be seen.
    pub(crate) fn has_ended(&self) -> bool {
        let process = |number: u32| Path::new("/proc").join(number.to_string()).exists();
        // Where the processes of others are hidden, so is the first of all.
        self.host == Self::this().host && process(1) && !process(self.process)
    }
}

/// Whether nobody can be writing the temporary file at `path` any more: its process has ended, or it is a day old.
pub(crate) fn is_abandoned(path: &Path) -> bool {
    is_of_ended(path) || age(path).is_some_and(|age| age >= OLD)
}

/// Whether the name is that of a temporary file of a process of this host that has ended.
fn is_of_ended(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Owner::of(&name).is_some_and(|owner| owner.has_ended())
}

/// Deletes the temporary files in a folder of results that a process of this host left which has ended. Those of other hosts stay,
/// whatever their age: results may be anywhere. What cannot be deleted stays and does no harm.
pub(crate) fn sweep(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_file()) && is_of_ended(&entry.path()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The time since a file was written; `None` if it cannot be told.
pub(crate) fn age(path: &Path) -> Option<Duration> {
    let written = std::fs::metadata(path).ok()?.modified().ok()?;
    SystemTime::now().duration_since(written).ok()
}

/// The name of this host.
pub(crate) fn host_name() -> String {
    hostname::get().map_or_else(|_| "unknown".into(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::temporary_name;

    #[test]
    fn the_owner_is_in_the_name_of_a_temporary_file() {
        let path = Path::new("a.b-c.checkpoint");
        assert_eq!(Owner::of(&(temporary_name(path) + "x1Yz")), Some(Owner::this()));
        for name in ["", ".softness-a", ".softness-a.b.c.d", "1.2.3"] {
            assert_eq!(Owner::of(name), None, "{name}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn only_what_is_old_or_of_a_process_of_this_host_that_has_ended_is_abandoned() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let ended = Owner { process: child.id(), ..Owner::this() };
        child.wait().unwrap();
        let elsewhere = Owner { host: "another".into(), ..ended.clone() };
        let folder = tempfile::tempdir().unwrap();
        for (owner, is_old, expected) in [
            (&ended, false, true),
            (&Owner::this(), false, false),
            (&elsewhere, false, false),
            (&elsewhere, true, true),
        ] {
            let path = folder.path().join(format!(".softness-k{}abc", owner.suffix()));
            let file = std::fs::File::create(&path).unwrap();
            if is_old {
                file.set_modified(SystemTime::now() - OLD).unwrap();
            }
            assert_eq!(is_abandoned(&path), expected, "{owner:?} {is_old}");
        }
    }
}
