//! What a reader of the source can rely on.

use std::fs;
use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                // Unit tests come last in a file.
                let code = text.split("#[cfg(test)]").next().unwrap();
                // Whole files of them say so at their top.
                let code = code.split("#![cfg(test)]").next().unwrap().to_owned();
                into.push((path, code));
            }
        }
    }

    let mut into = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut into);
    assert!(into.len() > 20);
    into
}

/// The lines of code (A1): a tag, a token, a digest or a secret is compared in
/// constant time or not at all. A timing measurement would not notice every
/// such line, since short arrays compare in one instruction.
fn compares_a_secret(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default().to_lowercase();
    let compares = [
        "==",
        "!=",
        ".eq(",
        ".ne(",
        ".cmp(",
        "starts_with(",
        "ends_with(",
        "eq_ignore_ascii_case(",
        "matches!(",
    ];
    let secrets = [
        "tag",
        "token",
        "digest",
        "secret",
        "claimed",
        "signature",
        "credential",
        "presented",
        "password",
        "hmac",
        "apikey",
        "api_key",
    ];
    compares.iter().any(|word| code.contains(word))
        && secrets.iter().any(|word| code.contains(word))
}

#[test]
fn a1_no_tag_or_token_is_compared_in_variable_time() {
    for (path, code) in sources() {
        for (number, line) in code.lines().enumerate() {
            // Words that say what kind of credential is missing are no secret.
            let plain = line.contains("Reason::") || line.contains("Self::Secrets");
            assert!(plain || !compares_a_secret(line), "{}:{}: {line}", path.display(), number + 1);
        }
    }
    for line in [
        "if tag == claimed {",
        "token.eq(&given)",
        "expected_digest != digest // x",
        "pair.ends_with(password)",
        "given == *presented",
    ] {
        assert!(compares_a_secret(line), "{line}");
    }
}

/// Secrets and tokens cannot be compared at all, but by what exposes them (A1).
#[test]
fn a1_secrets_have_no_equality() {
    let all = sources();
    for (file, head) in [
        ("secret/mod.rs", "pub struct Secret("),
        ("secret/mod.rs", "pub struct $List("),
        ("secret/token.rs", "pub struct Token("),
    ] {
        let (_, code) = all.iter().find(|(path, _)| path.ends_with(file)).unwrap();
        let before = code.split_once(head).unwrap().0.trim_end();
        assert!(before.ends_with("#[derive(Clone)]"), "{head}");
    }
    for (path, code) in &all {
        for of in ["Secret", "Secrets", "Token", "Tokens"] {
            let equality = format!("PartialEq for {of} ");
            assert!(!code.contains(&equality), "{}: {equality}", path.display());
        }
    }
}

/// The comparison itself: no comparison that branches, and nothing that leaves
/// it early.
#[test]
fn a1_the_comparison_of_tags_has_no_way_out() {
    for (file, head) in [
        ("auth/compare.rs", "fn equal(ours: &[u8]"),
        ("auth/compare.rs", "fn first_equal("),
        ("auth/hmac.rs", "fn matching<M: Mac + Clone"),
        ("auth/token.rs", "fn matching<'a>("),
        ("auth/account.rs", "fn is_issued("),
    ] {
        let (_, code) = sources().into_iter().find(|(path, _)| path.ends_with(file)).unwrap();
        let body = code.split_once(head).unwrap().1.split_once("}\n\n").unwrap().0;
        assert!(
            ["ct_eq", "equal(", "conditional_assign("].iter().any(|word| body.contains(word)),
            "{body}"
        );
        for word in ["==", "!=", "return", "break", "?;", ".all(", ".any(", ".find", "if equal"] {
            assert!(!body.contains(word), "{word} in {head}");
        }
    }
}

/// From the ground up. What stands in one row may import what stands in the
/// rows below it, and from its own row only what stands before it: so there is
/// no circle.
const LAYERS: &[&[&str]] = &[
    &["moment", "secret", "wire", "jid", "message_id"],
    &["failure", "timer", "request", "retry", "event", "auth", "answer"],
    &["idempotency"],
    &["whatsapp"],
    &["gateways"],
    &["delivery", "receiver", "tenants", "consumer", "any"],
    &["unified"],
    &["testing"],
    &["guide"],
];

/// The modules of the crate that a line of code names.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let code = if line.contains("#[doc") { "" } else { line.split("//").next().unwrap() };
    code.split("crate::").skip(1).map(move |rest| {
        // Only macros name what is at the root of the crate.
        assert!(!rest.starts_with(char::is_uppercase) || line.contains("$crate"), "{line}");
        let end = rest.find(|c: char| c != '_' && !c.is_ascii_lowercase()).unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Each room imports only from those below it, the top ones too.
#[test]
fn rooms_import_downwards_only() {
    let order: Vec<&str> = LAYERS.iter().copied().flatten().copied().collect();
    let place = |module: &str| order.iter().position(|room| *room == module);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for (path, code) in sources() {
        let relative = path.strip_prefix(&root).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        let module = first.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let own = place(module).unwrap_or_else(|| panic!("{module} has no layer"));
        for line in code.lines() {
            for target in named(line).filter(|target| !target.is_empty()) {
                let below = place(target).unwrap_or_else(|| panic!("{target} has no layer"));
                assert!(below <= own, "{}: {line}", relative.display());
                checked += usize::from(below < own);
            }
        }
    }
    assert!(checked > 200, "{checked}");
}

/// Gateways do not know of one another.
#[test]
fn gateways_import_no_other_gateway() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gateways");
    let names: Vec<String> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(!names.is_empty());
    for (path, code) in sources() {
        let Ok(relative) = path.strip_prefix(&root) else { continue };
        let own = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        for other in names.iter().filter(|name| *name != own && relative.components().count() > 1) {
            assert!(!code.contains(&format!("gateways::{other}")), "{}", path.display());
            assert!(!code.contains(&format!("super::{other}")), "{}", path.display());
        }
    }
}

/// What is behind a gateway's feature asks for no feature but gateways' and `testing`: so
/// `.ci/run` checks one gateway beside each of the others.
#[test]
fn gateways_ask_for_no_other_feature() {
    let rooms = ["src/gateways", "src/unified", "src/whatsapp"];
    let mut checked = 0;
    for (path, code) in sources() {
        let relative = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
        if !rooms.iter().any(|room| relative.starts_with(room)) {
            continue;
        }
        for asked in code.split("feature = \"").skip(1) {
            let feature = asked.split('"').next().unwrap();
            let known = ["eazewa", "enviaai", "evolution", "testing", "wawp", "zavu"];
            assert!(known.contains(&feature), "{}: {feature}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
}

/// What serde derives for a type of another crate are functions of its own, as public
/// as the struct: on a public one anyone could read it from a list, field by field.
#[test]
fn functions_of_serde_are_private() {
    let mut seen = 0;
    for (path, code) in sources() {
        for (_, after) in code.match_indices("remote = \"").map(|(at, _)| code.split_at(at)) {
            let declared = after.lines().map(str::trim).find(|line| {
                line.starts_with("struct ") || line.starts_with("pub ") || line.starts_with("enum ")
            });
            let declared = declared.unwrap_or_default();
            assert!(!declared.starts_with("pub "), "{}: {declared}", path.display());
            assert!(!after.starts_with("remote = \"Self\""), "{}", path.display());
            seen += 1;
        }
    }
    assert_eq!(seen, 2);
}
