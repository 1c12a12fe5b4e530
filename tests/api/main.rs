//! The public API, a line each, from rustdoc's JSON: what a change of the code changes for
//! users.
//!
//! ```text
//! cargo run -p zaphook-api               # shows what differs from tests/api/api.txt
//! cargo run -p zaphook-api -- --write    # renews it
//! ```
//!
//! With all features. Traits that a type implements are on one line, auto traits only where
//! they are missing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

use serde_json::Value;

mod render;

use render::{Names, function, generics, text, ty};

/// The version of rustdoc's JSON that this reads.
const FORMAT: u64 = 57;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let json = document(&root);
    let krate: Value = serde_json::from_str(&json).expect("rustdoc writes JSON");
    if krate["format_version"] != FORMAT {
        println!("left out: this toolchain's rustdoc writes JSON {}", krate["format_version"]);
        return ExitCode::SUCCESS;
    }
    let listing = Listing::of(&krate).lines();
    let file = root.join("tests/api/api.txt");
    if env::args().any(|argument| argument == "--write") {
        fs::write(&file, listing).expect("the listing can be written");
        return ExitCode::SUCCESS;
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    if committed == listing {
        println!("{} lines, as committed", listing.lines().count());
        return ExitCode::SUCCESS;
    }
    let (old, new): (BTreeSet<_>, BTreeSet<_>) =
        (committed.lines().collect(), listing.lines().collect());
    for line in old.difference(&new) {
        println!("- {line}");
    }
    for line in new.difference(&old) {
        println!("+ {line}");
    }
    println!("\ntests/api/api.txt is stale: cargo run -p zaphook-api -- --write");
    ExitCode::FAILURE
}

/// What rustdoc says of the crate.
fn document(root: &Path) -> String {
    // The option is unstable, and the stable toolchain takes it so.
    let status = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .args(["rustdoc", "--quiet", "-p", "zaphook", "--lib", "--all-features", "--"])
        .args(["-Z", "unstable-options", "--output-format", "json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root)
        .status()
        .expect("cargo can be run");
    assert!(status.success(), "cargo rustdoc fails");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    fs::read_to_string(target.join("doc/zaphook.json")).expect("rustdoc wrote it")
}

struct Listing<'a> {
    index: &'a Value,
    names: Names<'a>,
    /// The items, each at the first path that leads to it, and the further paths.
    items: Vec<(String, &'a Value)>,
    again: Vec<(String, u64)>,
    lines: BTreeSet<String>,
}

impl<'a> Listing<'a> {
    fn of(krate: &'a Value) -> Self {
        let mut listing = Self {
            index: &krate["index"],
            names: Names { local: BTreeMap::new(), paths: &krate["paths"] },
            items: Vec::new(),
            again: Vec::new(),
            lines: BTreeSet::new(),
        };
        let root = krate["root"].as_u64().expect("a root");
        listing.walk(root);
        listing
    }

    fn item(&self, id: u64) -> Option<&'a Value> {
        self.index.get(id.to_string())
    }

    /// Finds a path for every item, the shortest first.
    fn walk(&mut self, root: u64) {
        let mut modules = VecDeque::from([("zaphook".to_owned(), root)]);
        self.names.local.insert(root, "zaphook".to_owned());
        while let Some((path, id)) = modules.pop_front() {
            let Some(module) = self.item(id) else { continue };
            let mut found = Vec::new();
            self.members(module, &mut found, &mut BTreeSet::new());
            found.sort();
            for (name, id) in found {
                let Some(item) = self.item(id) else { continue };
                let path = format!("{path}::{name}");
                if self.names.local.contains_key(&id) {
                    self.again.push((path, id));
                    continue;
                }
                self.names.local.insert(id, path.clone());
                self.items.push((path.clone(), item));
                if !item["inner"]["module"].is_null() {
                    modules.push_back((path, id));
                }
            }
        }
    }

    /// The public members of a module, those that it re-exports too.
    fn members(
        &self,
        module: &'a Value,
        found: &mut Vec<(String, u64)>,
        globs: &mut BTreeSet<u64>,
    ) {
        let ids = module["inner"]["module"]["items"].as_array().into_iter().flatten();
        for id in ids.filter_map(Value::as_u64) {
            let Some(item) = self.item(id) else { continue };
            if item["visibility"] != "public" {
                continue;
            }
            let used = &item["inner"]["use"];
            if used.is_null() {
                found.push((text(&item["name"]).to_owned(), id));
                continue;
            }
            let target = used["id"].as_u64();
            match target.and_then(|target| Some((target, self.item(target)?))) {
                Some((target, module)) if used["is_glob"] == true => {
                    if globs.insert(target) {
                        self.members(module, found, globs);
                    }
                }
                Some((target, _)) => found.push((text(&used["name"]).to_owned(), target)),
                // Another crate's.
                None => found.push((text(&used["name"]).to_owned(), id)),
            }
        }
    }

    fn lines(mut self) -> String {
        for (path, item) in std::mem::take(&mut self.items) {
            self.list(&path, item);
        }
        for (path, id) in &self.again {
            let line = format!("{path} = {}", self.names.local[id]);
            self.lines.insert(line);
        }
        self.lines.into_iter().map(|line| line + "\n").collect()
    }

    fn add(&mut self, line: String) {
        self.lines.insert(line);
    }

    fn list(&mut self, path: &str, item: &'a Value) {
        let Some((kind, inner)) = item["inner"].as_object().and_then(|inner| inner.iter().next())
        else {
            return;
        };
        let names = &self.names;
        let exhaustive = match text_of_attributes(item).contains("NonExhaustive")
            || text_of_attributes(item).contains("non_exhaustive")
        {
            true => " (non_exhaustive)",
            false => "",
        };
        let (of, bounds) = generics(names, &inner["generics"]);
        let line = match kind.as_str() {
            "module" => format!("{path} mod"),
            "use" => format!("{path} = {}", text(&inner["source"])),
            "struct" => format!("{path} struct{of}{bounds}{exhaustive}"),
            "enum" => format!("{path} enum{of}{bounds}{exhaustive}"),
            "trait" => {
                let supers = render::bounds(names, &inner["bounds"]);
                let supers = if supers.is_empty() { supers } else { format!(": {supers}") };
                format!("{path} trait{of}{supers}{bounds}")
            }
            "function" => format!("{path} {}", function(names, inner)),
            "constant" => format!("{path} const: {}", ty(names, &inner["type"])),
            "static" => format!("{path} static: {}", ty(names, &inner["type"])),
            "type_alias" => format!("{path} type{of} = {}", ty(names, &inner["type"])),
            "macro" => format!("{path}! macro"),
            other => format!("{path} {other}"),
        };
        self.add(line);
        match kind.as_str() {
            "struct" => self.fields(path, &inner["kind"]),
            "enum" => {
                for variant in self.items_of(&inner["variants"]) {
                    let path = format!("{path}::{}", text(&variant["name"]));
                    let kind = &variant["inner"]["variant"]["kind"];
                    self.variant(&path, kind);
                }
            }
            "trait" => {
                for member in self.items_of(&inner["items"]) {
                    self.member(path, member);
                }
            }
            _ => {}
        }
        let impls = self.items_of(&inner["impls"]);
        if kind != "trait" && kind != "module" {
            self.impls(path, impls);
        }
    }

    /// The items with these ids.
    fn items_of(&self, ids: &'a Value) -> Vec<&'a Value> {
        let ids = ids.as_array().into_iter().flatten().filter_map(Value::as_u64);
        ids.filter_map(|id| self.item(id)).collect()
    }

    fn fields(&mut self, path: &str, kind: &'a Value) {
        for field in self.items_of(&kind["plain"]["fields"]) {
            if field["visibility"] == "public" {
                let of = ty(&self.names, &field["inner"]["struct_field"]);
                self.add(format!("{path}.{}: {of}", text(&field["name"])));
            }
        }
        self.places(path, &kind["tuple"]);
    }

    /// The fields of a tuple; private ones are `null`.
    fn places(&mut self, path: &str, ids: &'a Value) {
        for (place, id) in ids.as_array().into_iter().flatten().enumerate() {
            let field = id.as_u64().and_then(|id| self.item(id));
            if let Some(field) = field.filter(|field| field["visibility"] != "restricted") {
                let of = ty(&self.names, &field["inner"]["struct_field"]);
                self.add(format!("{path}.{place}: {of}"));
            }
        }
    }

    fn variant(&mut self, path: &str, kind: &'a Value) {
        self.add(format!("{path} variant"));
        self.places(path, &kind["tuple"]);
        for field in self.items_of(&kind["struct"]["fields"]) {
            let of = ty(&self.names, &field["inner"]["struct_field"]);
            self.add(format!("{path}.{}: {of}", text(&field["name"])));
        }
    }

    /// A method, a constant or a type of an implementation or of a trait.
    fn member(&mut self, path: &str, item: &'a Value) {
        let name = text(&item["name"]);
        let inner = &item["inner"];
        let names = &self.names;
        let line = if !inner["function"].is_null() {
            let provided = if inner["function"]["has_body"] == true { "" } else { " (required)" };
            let provided = if item["visibility"] == "default" { provided } else { "" };
            format!("{path}::{name} {}{provided}", function(names, &inner["function"]))
        } else if !inner["assoc_const"].is_null() {
            format!("{path}::{name} const: {}", ty(names, &inner["assoc_const"]["type"]))
        } else if !inner["assoc_type"].is_null() {
            let bounds = render::bounds(names, &inner["assoc_type"]["bounds"]);
            format!("{path}::{name} type: {bounds}")
        } else {
            return;
        };
        self.add(line);
    }

    fn impls(&mut self, path: &str, impls: Vec<&'a Value>) {
        let mut traits = BTreeSet::new();
        let mut missing = BTreeSet::new();
        for item in impls {
            let inner = &item["inner"]["impl"];
            if !inner["blanket_impl"].is_null() {
                continue;
            }
            if inner["trait"].is_null() {
                for member in self.items_of(&inner["items"]) {
                    if member["visibility"] == "public" {
                        self.member(path, member);
                    }
                }
                continue;
            }
            let shown = render::path(&self.names, &inner["trait"]);
            // What the compiler has for itself.
            if ["StructuralPartialEq", "Freeze", "UnsafeUnpin"].contains(&shown.as_str()) {
                continue;
            }
            match (inner["is_synthetic"] == true, inner["is_negative"] == true) {
                (_, true) => drop(missing.insert(shown)),
                (true, false) => {}
                (false, false) => {
                    let whole = ty(&self.names, &inner["for"]);
                    // Of a reference to it, or of one of its forms.
                    let plain = whole.split('<').next() == Some(path);
                    let shown = if plain { shown } else { format!("{shown} for {whole}") };
                    traits.insert(shown);
                }
            }
        }
        let list = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(", ");
        if !traits.is_empty() {
            self.add(format!("{path} implements {}", list(traits)));
        }
        if !missing.is_empty() {
            self.add(format!("{path} is not {}", list(missing)));
        }
    }
}

fn text_of_attributes(item: &Value) -> String {
    item["attrs"].to_string()
}
