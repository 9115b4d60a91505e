//! What an archive of a kernel says about itself, and whether it suits this copy of the project.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use crate::Result;
use crate::library::{FORMAT, contents};
use crate::places::Places;
use crate::toolchain::{self, Toolchain};

/// The version of the archive. Increase it whenever the meaning of its files changes.
const ARCHIVE: u32 = 1;

/// Says that a file is no archive of a kernel.
pub const NO_ARCHIVE: &str = "this is no archive of `cargo lab --pack`";

/// What a kernel and a library are built from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sources {
    /// What `rustc -vV` prints.
    pub compiler: String,
    /// The version of evcxr.
    pub evcxr: String,
    /// A hash of `lab/kernel`.
    pub kernel: String,
    /// A hash of `lab/views`.
    pub views: String,
}

/// An archive's manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    sources: Sources,
    /// The files of the project that the library was built from, with a hash of their contents.
    library: BTreeMap<String, String>,
    /// The files in the archive, with their SHA-256.
    files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of an archive to be made, without the files in it.
    pub fn to_pack(sources: &Sources, library: &BTreeMap<String, String>) -> Value {
        json!({
            "archive": ARCHIVE,
            "library_format": FORMAT,
            "compiler": sources.compiler,
            "evcxr": sources.evcxr,
            "kernel": sources.kernel,
            "views": sources.views,
            "library": library,
        })
    }

    /// Reads the manifest of an archive of this version.
    pub fn read(value: &Value) -> Result<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or(NO_ARCHIVE);
        for (name, here) in [("archive", ARCHIVE), ("library_format", FORMAT)] {
            let there = value[name].as_u64().ok_or(NO_ARCHIVE)?;
            if there != u64::from(here) {
                return Err(format!(
                    "another version of `cargo lab` made this archive ({name} {there}; this one takes {here})"
                ));
            }
        }
        let each = |value: &Value, content: &dyn Fn(&Value) -> Value| -> Result<BTreeMap<String, String>> {
            let entries = value.as_object().ok_or(NO_ARCHIVE)?.iter();
            entries.map(|(name, value)| Ok((name.clone(), text(&content(value))?))).collect()
        };
        Ok(Self {
            sources: Sources {
                compiler: text(&value["compiler"])?,
                evcxr: text(&value["evcxr"])?,
                kernel: text(&value["kernel"])?,
                views: text(&value["views"])?,
            },
            library: each(&value["library"], &Value::clone)?,
            files: each(&value["files"], &|file| file["sha256"].clone())?,
        })
    }

    /// Checks that it is for this platform and compiler, and from the sources in `places`.
    pub fn check(&self, places: &Places, toolchain: &Toolchain, here: &Sources) -> Result<()> {
        let there = &self.sources;
        let platform = toolchain::host_of(&there.compiler);
        if platform != toolchain.host {
            return Err(format!("this archive is for {platform}, and this machine is {}", toolchain.host));
        }
        if there.compiler != here.compiler {
            let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
            let (made, have) = (first(&there.compiler), first(&here.compiler));
            return Err(if made == have {
                format!("another build of {made} made this archive")
            } else {
                format!("{made} made this archive, and {have} is the compiler here")
            });
        }
        if there.evcxr != here.evcxr {
            return Err(format!(
                "this archive has evcxr {}, and this copy of the project uses {}",
                there.evcxr, here.evcxr
            ));
        }
        for (name, there, here) in
            [("lab/kernel", &there.kernel, &here.kernel), ("lab/views", &there.views, &here.views)]
        {
            if there != here {
                return Err(format!("{name} differs from the one that this archive was made from"));
            }
        }
        let differs =
            |(name, made): &(&String, &String)| contents(&places.project().join(name)).as_ref() != Ok(*made);
        let changed: Vec<&str> = self.library.iter().filter(differs).map(|(name, _)| name.as_str()).collect();
        match changed.as_slice() {
            [] => Ok(()),
            [one] => Err(format!("{one} differs from the one that this archive was made from")),
            [first, rest @ ..] => Err(format!(
                "{first} and {} other {} from those that this archive was made from",
                rest.len(),
                if rest.len() == 1 { "file differ" } else { "files differ" }
            )),
        }
    }

    /// The files of the project that the library was built from.
    pub fn library_sources(&self) -> Vec<String> {
        self.library.keys().cloned().collect()
    }

    /// A name for this build of the dependencies.
    pub fn dependencies(&self) -> String {
        let mut hasher = DefaultHasher::new();
        for (name, sha256) in self.files.iter().filter(|(name, _)| name.starts_with("dependencies/")) {
            (name, sha256).hash(&mut hasher);
        }
        format!("{:016x}", hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::files;

    const COMPILER: &str = "rustc 1.95.0 (59807616e 2026-04-14)\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\nLLVM version: 22.1.2";

    fn here() -> (Toolchain, Sources) {
        let host = "x86_64-unknown-linux-gnu".to_owned();
        let toolchain = Toolchain { sysroot: PathBuf::new(), version: COMPILER.into(), host };
        let sources = Sources {
            compiler: COMPILER.into(),
            evcxr: "0.22.0".into(),
            kernel: "1".into(),
            views: "2".into(),
        };
        (toolchain, sources)
    }

    /// A project of three files, and the manifest of an archive made from it.
    fn project() -> (tempfile::TempDir, Places, Value) {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path());
        let mut library = BTreeMap::new();
        for name in ["Cargo.toml", "src/a.rs", "src/b.rs"] {
            files::write(&folder.path().join(name), name).unwrap();
            library.insert(name.to_owned(), contents(&folder.path().join(name)).unwrap());
        }
        let mut value = Manifest::to_pack(&here().1, &library);
        value["files"] = json!({ "dependencies/a.rmeta": { "sha256": "00", "bytes": 1 } });
        (folder, places, value)
    }

    fn checked(places: &Places, value: &Value) -> Result<()> {
        let (toolchain, sources) = here();
        Manifest::read(value)?.check(places, &toolchain, &sources)
    }

    #[test]
    fn an_archive_of_the_same_sources_is_taken() {
        let (_folder, places, value) = project();
        assert_eq!(checked(&places, &value), Ok(()));
        let manifest = Manifest::read(&value).unwrap();
        assert_eq!(manifest.library_sources(), ["Cargo.toml", "src/a.rs", "src/b.rs"]);
        let mut other = value.clone();
        other["files"]["dependencies/a.rmeta"]["sha256"] = "01".into();
        assert_ne!(Manifest::read(&other).unwrap().dependencies(), manifest.dependencies());
    }

    #[test]
    fn what_differs_is_named() {
        let (_folder, places, value) = project();
        let with = |name: &str, text: Value| {
            let mut other = value.clone();
            other[name] = text;
            checked(&places, &other).unwrap_err()
        };
        assert_eq!(
            with("archive", 2.into()),
            "another version of `cargo lab` made this archive (archive 2; this one takes 1)"
        );
        assert_eq!(
            with("compiler", COMPILER.replace("x86_64-unknown-linux-gnu", "aarch64-apple-darwin").into()),
            "this archive is for aarch64-apple-darwin, and this machine is x86_64-unknown-linux-gnu"
        );
        assert_eq!(
            with("compiler", COMPILER.replace("1.95.0 (59807616e 2026-04-14)", "1.96.0").into()),
            "rustc 1.96.0 made this archive, and rustc 1.95.0 (59807616e 2026-04-14) is the compiler here"
        );
        assert_eq!(
            with("compiler", COMPILER.replace("22.1.2", "21").into()),
            "another build of rustc 1.95.0 (59807616e 2026-04-14) made this archive"
        );
        assert_eq!(
            with("evcxr", "0.21.0".into()),
            "this archive has evcxr 0.21.0, and this copy of the project uses 0.22.0"
        );
        assert_eq!(
            with("kernel", "9".into()),
            "lab/kernel differs from the one that this archive was made from"
        );
        assert_eq!(
            with("views", "9".into()),
            "lab/views differs from the one that this archive was made from"
        );
        for name in ["archive", "compiler", "library", "files"] {
            assert_eq!(with(name, Value::Null), NO_ARCHIVE, "{name}");
        }
        assert_eq!(checked(&places, &json!([])), Err(NO_ARCHIVE.to_owned()));
    }

    #[test]
    fn changed_and_missing_sources_are_counted() {
        let (folder, places, value) = project();
        let sentence = |tail: &str| Err(format!("{tail} that this archive was made from"));
        files::write(&folder.path().join("src/b.rs"), "edited").unwrap();
        assert_eq!(checked(&places, &value), sentence("src/b.rs differs from the one"));
        files::remove(&folder.path().join("src/a.rs")).unwrap();
        assert_eq!(checked(&places, &value), sentence("src/a.rs and 1 other file differ from those"));
        files::remove(&folder.path().join("Cargo.toml")).unwrap();
        assert_eq!(checked(&places, &value), sentence("Cargo.toml and 2 other files differ from those"));
    }
}
