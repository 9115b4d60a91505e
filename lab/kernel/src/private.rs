//! The names that a library keeps to itself. rust-analyzer takes the facade for code under work and offers them too.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ra_ap_syntax::ast::{self, AstNode, HasModuleItem, HasName, HasVisibility};
use ra_ap_syntax::{Edition, SourceFile};

/// What a completion belongs to.
#[derive(Debug, Clone, PartialEq)]
pub enum Owner {
    /// A type with this name.
    Type(String),
    /// A module with this path, from the name of the crate on.
    Module(String),
    /// What is not known.
    Unknown,
}

/// The private names of a crate. Its source is read when it is asked for the first time.
#[derive(Debug, Default)]
pub struct Private {
    folder: PathBuf,
    found: OnceCell<Found>,
}

impl Private {
    /// Those of the crate whose source is in this folder.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder, found: OnceCell::new() }
    }

    /// Whether a completion of this kind is a private name of what it belongs to. What belongs to something unknown is none: one private
    /// name too many misleads less than a public one that is hidden.
    pub fn has(&self, owner: &Owner, kind: &str, code: &str) -> bool {
        let name = code.split(['(', '!', ':']).next().unwrap_or(code);
        let found = self.found.get_or_init(|| Found::in_folder(&self.folder));
        let names = match (owner, kind) {
            (Owner::Type(owner), "field") => found.fields.get(owner),
            (Owner::Type(owner), _) => found.members.get(owner),
            (Owner::Module(path), _) => found.modules.get(path),
            (Owner::Unknown, _) => None,
        };
        names.is_some_and(|names| names.private.contains(name) && !names.public.contains(name))
    }
}

/// Names that are declared: a name may be both, in two types with one name.
#[derive(Debug, Default)]
struct Names {
    public: HashSet<String>,
    private: HashSet<String>,
}

impl Names {
    fn add(&mut self, name: &str, is_public: bool) {
        let names = if is_public { &mut self.public } else { &mut self.private };
        names.insert(name.to_owned());
    }
}

#[derive(Debug, Default)]
struct Found {
    /// By the name of a type: functions and constants.
    members: HashMap<String, Names>,
    /// By the name of a type.
    fields: HashMap<String, Names>,
    /// By a path.
    modules: HashMap<String, Names>,
}

impl Found {
    fn in_folder(folder: &Path) -> Self {
        let mut found = Self::default();
        found.read_folder(folder, "softness");
        found
    }

    fn read_folder(&mut self, folder: &Path, path: &str) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let file = entry.path();
            let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            if file.is_dir() {
                self.read_folder(&file, &format!("{path}::{name}"));
            } else if file.extension().is_some_and(|kind| kind == "rs") {
                let path = match name {
                    "lib" | "mod" => path.to_owned(),
                    name => format!("{path}::{name}"),
                };
                self.read(&std::fs::read_to_string(&file).unwrap_or_default(), &path);
            }
        }
    }

    fn read(&mut self, text: &str, path: &str) {
        self.read_items(SourceFile::parse(text, Edition::Edition2024).tree().items(), path);
    }

    fn read_items(&mut self, items: impl Iterator<Item = ast::Item>, path: &str) {
        for item in items {
            let names = self.modules.entry(path.to_owned()).or_default();
            if let ast::Item::Use(item) = &item {
                let trees = item.syntax().descendants().filter_map(ast::UseTree::cast);
                for name in trees.filter_map(|tree| used(&tree)) {
                    names.add(&name, is_public(item));
                }
            } else if let Some((name, public)) = declared(&item) {
                names.add(&name, public);
            }
            match item {
                ast::Item::Struct(item) => self.add_fields(&item),
                ast::Item::Impl(item) => self.add_members(&item),
                ast::Item::Module(item) => {
                    if let (Some(name), Some(list)) = (item.name(), item.item_list()) {
                        self.read_items(list.items(), &format!("{path}::{}", name.text()));
                    }
                }
                _ => {}
            }
        }
    }

    fn add_fields(&mut self, item: &ast::Struct) {
        let (Some(owner), Some(ast::FieldList::RecordFieldList(fields))) = (item.name(), item.field_list())
        else {
            return;
        };
        let names = self.fields.entry(owner.text().to_string()).or_default();
        for field in fields.fields() {
            if let Some(name) = field.name() {
                names.add(name.text(), is_public(&field));
            }
        }
    }

    fn add_members(&mut self, item: &ast::Impl) {
        let Some(ast::Type::PathType(kind)) = item.self_ty() else { return };
        let Some(owner) = kind.path().and_then(|path| path.segment()).and_then(|last| last.name_ref()) else {
            return;
        };
        let of_trait = item.trait_().is_some();
        let names = self.members.entry(owner.text().to_string()).or_default();
        for member in item.assoc_item_list().into_iter().flat_map(|list| list.assoc_items()) {
            let (name, public) = match member {
                ast::AssocItem::Fn(function) => (function.name(), is_public(&function)),
                ast::AssocItem::Const(constant) => (constant.name(), is_public(&constant)),
                _ => continue,
            };
            if let Some(name) = name {
                names.add(name.text(), of_trait || public);
            }
        }
    }
}

/// `pub(crate)` is private to those who use the crate.
fn is_public(item: &impl HasVisibility) -> bool {
    item.visibility().is_some_and(|visibility| visibility.syntax().text() == "pub")
}

/// The name that an item declares, and whether it is public.
fn declared(item: &ast::Item) -> Option<(String, bool)> {
    fn of(item: &(impl HasName + HasVisibility)) -> Option<(String, bool)> {
        Some((item.name()?.text().to_string(), is_public(item)))
    }
    match item {
        ast::Item::Const(item) => of(item),
        ast::Item::Enum(item) => of(item),
        ast::Item::Fn(item) => of(item),
        ast::Item::Module(item) => of(item),
        ast::Item::Static(item) => of(item),
        ast::Item::Struct(item) => of(item),
        ast::Item::Trait(item) => of(item),
        ast::Item::TypeAlias(item) => of(item),
        ast::Item::Union(item) => of(item),
        _ => None,
    }
}

/// The name that a branch of a `use` brings in, if it ends there.
fn used(tree: &ast::UseTree) -> Option<String> {
    if let Some(rename) = tree.rename() {
        return rename.name().map(|name| name.text().to_string());
    }
    if tree.use_tree_list().is_some() || tree.star_token().is_some() {
        return None;
    }
    tree.path()?.segment()?.name_ref().map(|name| name.text().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(text: &str) -> Private {
        let mut found = Found::default();
        found.read(text, "softness::fit");
        let private = Private::default();
        private.found.set(found).unwrap();
        private
    }

    #[test]
    fn private_names_are_told_from_public_ones() {
        let private = private(
            "use std::{fmt, path::Path as Place};\npub use other::*;\npub mod open {}\nmod shut { pub(crate) fn inner() {} }\n\
             pub struct Fit { form: Form, pub n: usize }\n\
             impl Fit { pub const N: usize = 1; fn new() {} pub fn slope(&self) {} pub(crate) fn linearise(&self) {} fn own(&self) {} }\n\
             impl Other { pub fn own(&self) {} pub fn new() {} }\nimpl Show for Fit { fn show(&self) {} }\n\
             pub trait Observer { fn progress(&self); }\nfn helper() {}\n",
        );
        let of_type = |code: &str| private.has(&Owner::Type("Fit".to_owned()), "function", code);
        let names = ["new()", "slope()", "linearise()", "own()", "show()", "N", "clone()"].map(of_type);
        assert_eq!(names, [true, false, true, true, false, false, false]);
        // Other types have public functions and fields of the same names.
        for owner in [Owner::Type("Vec".to_owned()), Owner::Unknown] {
            for (kind, code) in [("function", "own()"), ("function", "new()"), ("field", "form")] {
                assert!(!private.has(&owner, kind, code), "{code} of {owner:?}");
            }
        }
        let field = |name: &str| private.has(&Owner::Type("Fit".to_owned()), "field", name);
        assert_eq!(["form", "n", "slope"].map(field), [true, false, false]);
        let of_module = |path: &str, name: &str| private.has(&Owner::Module(path.to_owned()), "class", name);
        let names = ["fmt", "path", "Place", "open", "shut", "Fit", "helper()", "Observer"];
        let names = names.map(|name| of_module("softness::fit", name));
        assert_eq!(names, [true, false, true, false, true, false, true, false]);
        assert!(of_module("softness::fit::shut", "inner()"));
        assert!(!of_module("other", "fmt"));
    }
}
