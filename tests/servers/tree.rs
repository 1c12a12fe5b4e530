//! What the features bring into the tree of an application.

use std::collections::BTreeSet;
use std::process::Command;

use crate::run::Run;

fn crates(edges: &str, arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "zaphook",
            "--edges",
            edges,
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .args(["--target", "x86_64-unknown-linux-gnu"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// No store in the default tree, and nothing that compiles or links C.
pub(crate) fn check(run: &Run) {
    let default = crates("normal", &[]);
    for name in ["redis", "tokio-postgres", "tokio", "getrandom", "rusqlite"] {
        assert!(!default.contains(name), "{name} is in the default tree");
    }
    let mut counts = Vec::new();
    for feature in ["redis", "postgres"] {
        let tree = crates("normal", &["--features", feature]);
        assert!(tree.contains(if feature == "redis" { "redis" } else { "tokio-postgres" }));
        for name in &crates("normal,build", &["--features", feature]) {
            let c = ["cc", "cmake", "bindgen", "pkg-config", "ring", "openssl"];
            assert!(!c.contains(&name.as_str()) && !name.ends_with("-sys"), "{feature}: {name}");
        }
        counts.push(format!("{} with `{feature}`", tree.len() - 1));
    }
    run.figure(
        "Crates in the tree",
        "no store among the defaults, nothing in C",
        &format!("{} by default, {}", default.len() - 1, counts.join(", ")),
    );
}
