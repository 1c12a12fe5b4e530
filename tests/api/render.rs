//! Types and signatures as text.

use std::collections::BTreeMap;

use serde_json::Value;

/// What items are called.
pub(crate) struct Names<'a> {
    /// Those of the crate, by the shortest path that leads to them.
    pub(crate) local: BTreeMap<u64, String>,
    /// All others.
    pub(crate) paths: &'a Value,
}

impl Names<'_> {
    /// Another crate's item: by its name alone if it is the standard library's.
    fn foreign(&self, id: u64, value: &Value) -> String {
        let path: Vec<&str> = each(&self.paths[id.to_string()]["path"]).map(text).collect();
        match path.as_slice() {
            ["core" | "alloc" | "std", .., name] => (*name).to_owned(),
            [first, .., name] => format!("{first}::{name}"),
            _ => text(&value["path"]).to_owned(),
        }
    }
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn joined(parts: impl Iterator<Item = String>, by: &str) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by)
}

/// The only member of an object that stands for a variant.
fn variant(value: &Value) -> (&str, &Value) {
    match value {
        Value::String(name) => (name, &Value::Null),
        value => value
            .as_object()
            .and_then(|members| members.iter().next())
            .map_or(("", &Value::Null), |(name, value)| (name.as_str(), value)),
    }
}

/// A named type or trait with its arguments.
pub(crate) fn path(names: &Names<'_>, value: &Value) -> String {
    let id = value["id"].as_u64().unwrap_or_default();
    let name = names.local.get(&id).cloned().unwrap_or_else(|| names.foreign(id, value));
    name + &arguments(names, &value["args"])
}

fn arguments(names: &Names<'_>, value: &Value) -> String {
    match variant(value) {
        ("angle_bracketed", inner) => {
            let arguments = each(&inner["args"]).map(|argument| match variant(argument) {
                ("type", of) => ty(names, of),
                ("lifetime", lifetime) => text(lifetime).to_owned(),
                ("const", constant) => text(&constant["expr"]).to_owned(),
                _ => "_".to_owned(),
            });
            let constraints = each(&inner["constraints"]).map(|constraint| {
                let name = text(&constraint["name"]);
                match variant(&constraint["binding"]) {
                    ("equality", term) => format!("{name} = {}", self::term(names, term)),
                    (_, bound) => format!("{name}: {}", bounds(names, bound)),
                }
            });
            let all = joined(arguments.chain(constraints), ", ");
            if all.is_empty() { all } else { format!("<{all}>") }
        }
        ("parenthesized", inner) => {
            let inputs = joined(each(&inner["inputs"]).map(|of| ty(names, of)), ", ");
            format!("({inputs}){}", output(names, &inner["output"]))
        }
        _ => String::new(),
    }
}

fn term(names: &Names<'_>, value: &Value) -> String {
    match variant(value) {
        ("type", of) => ty(names, of),
        (_, constant) => text(&constant["expr"]).to_owned(),
    }
}

fn output(names: &Names<'_>, value: &Value) -> String {
    if value.is_null() { String::new() } else { format!(" -> {}", ty(names, value)) }
}

pub(crate) fn bounds(names: &Names<'_>, list: &Value) -> String {
    joined(
        each(list).map(|bound| match variant(bound) {
            ("trait_bound", inner) => {
                let question = if inner["modifier"] == "maybe" { "?" } else { "" };
                format!(
                    "{}{question}{}",
                    binder(&inner["generic_params"]),
                    path(names, &inner["trait"])
                )
            }
            ("outlives", lifetime) => text(lifetime).to_owned(),
            ("use", list) => {
                let captured = joined(each(list).map(|one| text(variant(one).1).to_owned()), ", ");
                format!("use<{captured}>")
            }
            _ => String::new(),
        }),
        " + ",
    )
}

/// `for<'a>`
fn binder(parameters: &Value) -> String {
    let all = joined(each(parameters).map(|one| text(&one["name"]).to_owned()), ", ");
    if all.is_empty() { all } else { format!("for<{all}> ") }
}

pub(crate) fn ty(names: &Names<'_>, value: &Value) -> String {
    match variant(value) {
        ("primitive" | "generic", name) => text(name).to_owned(),
        ("resolved_path", inner) => path(names, inner),
        ("borrowed_ref", inner) => {
            let lifetime = text(&inner["lifetime"]);
            let space = if lifetime.is_empty() { "" } else { " " };
            let mutable = if inner["is_mutable"] == true { "mut " } else { "" };
            format!("&{lifetime}{space}{mutable}{}", ty(names, &inner["type"]))
        }
        ("tuple", list) => {
            let parts = joined(each(list).map(|of| ty(names, of)), ", ");
            let comma = if list.as_array().is_some_and(|list| list.len() == 1) { "," } else { "" };
            format!("({parts}{comma})")
        }
        ("slice", of) => format!("[{}]", ty(names, of)),
        ("array", inner) => format!("[{}; {}]", ty(names, &inner["type"]), text(&inner["len"])),
        ("impl_trait", list) => format!("impl {}", bounds(names, list)),
        ("dyn_trait", inner) => {
            let traits = each(&inner["traits"])
                .map(|one| binder(&one["generic_params"]) + &path(names, &one["trait"]));
            let lifetime = text(&inner["lifetime"]).to_owned();
            format!("dyn {}", joined(traits.chain([lifetime]), " + "))
        }
        ("qualified_path", inner) => {
            let of = ty(names, &inner["self_type"]);
            let name = text(&inner["name"]);
            match inner["trait"].is_null() || text(&inner["trait"]["path"]).is_empty() {
                true => format!("{of}::{name}"),
                false => format!("<{of} as {}>::{name}", path(names, &inner["trait"])),
            }
        }
        ("function_pointer", inner) => {
            let inputs = each(&inner["sig"]["inputs"]).map(|input| ty(names, &input[1]));
            let for_ = binder(&inner["generic_params"]);
            format!("{for_}fn({}){}", joined(inputs, ", "), output(names, &inner["sig"]["output"]))
        }
        ("raw_pointer", inner) => format!("*{}", ty(names, &inner["type"])),
        (other, _) => other.to_owned(),
    }
}

/// The parameters in `<>`, and the predicates after `where`.
pub(crate) fn generics(names: &Names<'_>, value: &Value) -> (String, String) {
    let parameters = each(&value["params"]).map(|parameter| {
        let name = text(&parameter["name"]);
        match variant(&parameter["kind"]) {
            // Those of `impl Trait` are in the signature.
            ("type", inner) if inner["is_synthetic"] == true => String::new(),
            ("type", inner) => {
                let bounds = bounds(names, &inner["bounds"]);
                let bounds = if bounds.is_empty() { bounds } else { format!(": {bounds}") };
                let default = &inner["default"];
                let default = if default.is_null() {
                    String::new()
                } else {
                    format!(" = {}", ty(names, default))
                };
                format!("{name}{bounds}{default}")
            }
            ("const", inner) => format!("const {name}: {}", ty(names, &inner["type"])),
            (_, inner) => {
                let outlives =
                    joined(each(&inner["outlives"]).map(|one| text(one).to_owned()), " + ");
                if outlives.is_empty() { name.to_owned() } else { format!("{name}: {outlives}") }
            }
        }
    });
    let parameters = joined(parameters, ", ");
    let parameters = if parameters.is_empty() { parameters } else { format!("<{parameters}>") };
    let predicates = each(&value["where_predicates"]).map(|predicate| match variant(predicate) {
        ("bound_predicate", inner) => {
            let for_ = binder(&inner["generic_params"]);
            format!("{for_}{}: {}", ty(names, &inner["type"]), bounds(names, &inner["bounds"]))
        }
        ("lifetime_predicate", inner) => {
            let outlives = joined(each(&inner["outlives"]).map(|one| text(one).to_owned()), " + ");
            format!("{}: {outlives}", text(&inner["lifetime"]))
        }
        (_, inner) => format!("{} == {}", ty(names, &inner["lhs"]), term(names, &inner["rhs"])),
    });
    let predicates = joined(predicates, ", ");
    let predicates =
        if predicates.is_empty() { predicates } else { format!(" where {predicates}") };
    (parameters, predicates)
}

pub(crate) fn function(names: &Names<'_>, value: &Value) -> String {
    let header = &value["header"];
    let word = |name: &str, word: &'static str| if header[name] == true { word } else { "" };
    let (of, bounds) = generics(names, &value["generics"]);
    let inputs = each(&value["sig"]["inputs"]).map(|input| {
        let (name, of) = (text(&input[0]), ty(names, &input[1]));
        match (name, of.as_str()) {
            ("self", "Self") => "self".to_owned(),
            ("self", "&Self") => "&self".to_owned(),
            ("self", "&mut Self") => "&mut self".to_owned(),
            // Names of parameters are no part of the API.
            _ => of,
        }
    });
    format!(
        "{}{}{}fn{of}({}){}{bounds}",
        word("is_const", "const "),
        word("is_async", "async "),
        word("is_unsafe", "unsafe "),
        joined(inputs, ", "),
        output(names, &value["sig"]["output"]),
    )
}
