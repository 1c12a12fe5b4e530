//! What the docs say is said in the words of the field.

use std::fs;
use std::path::{Path, PathBuf};

/// What must not be said, from the table in CONTRIBUTING.
fn avoided() -> Vec<String> {
    let contributing = include_str!("../../CONTRIBUTING.md");
    let table = contributing.split_once("| say | avoid |\n|---|---|\n").unwrap().1;
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let phrases = rows.flat_map(|row| row.split('|').nth(2).unwrap().split(';'));
    phrases.map(|phrase| phrase.trim().to_lowercase()).collect()
}

/// The first avoided phrase in a text, as whole words.
fn found<'a>(text: &str, avoided: &'a [String]) -> Option<&'a str> {
    let text = text.to_lowercase();
    let whole = |phrase: &str| {
        let word = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
        text.match_indices(phrase).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + phrase.len()..]);
            !word(before.chars().next_back()) && !word(after.chars().next())
        })
    };
    avoided.iter().map(String::as_str).find(|phrase| whole(phrase))
}

fn files(folder: &Path, ends: &[&str], into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "target" {
            files(&path, ends, into);
        } else if ends.iter().any(|end| name.ends_with(end)) {
            into.push(path);
        }
    }
}

/// The paragraphs of the comments of a source, and its string literals. Lines of a
/// paragraph are joined, since a phrase may go on in the next one.
fn said(source: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut paragraph = String::new();
    for line in source.lines().map(str::trim) {
        let comment = ["///", "//!", "//"].iter().find_map(|mark| line.strip_prefix(mark));
        if let Some(text) = comment.map(str::trim).filter(|text| !text.is_empty()) {
            paragraph.push(' ');
            paragraph.push_str(text);
            continue;
        }
        said.push(std::mem::take(&mut paragraph));
        if comment.is_none() {
            // Every other piece between quotation marks is one.
            said.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
            said.extend(line.split_once(" // ").map(|(_, text)| text.to_owned()));
        }
    }
    said.push(paragraph);
    said
}

/// The paragraphs of a page.
fn paragraphs(page: &str) -> Vec<String> {
    page.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect()
}

#[test]
fn nothing_is_said_that_the_table_avoids() {
    let avoided = avoided();
    assert!(avoided.len() > 40, "{avoided:?}");

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> =
        ["README.md", "SECURITY.md", "CHANGELOG.md"].map(|name| root.join(name)).into();
    files(&root.join("src"), &[".md"], &mut pages);
    let mut sources = Vec::new();
    files(&root.join("src"), &[".rs"], &mut sources);
    files(&root.join("examples"), &[".rs"], &mut sources);
    assert!(pages.len() > 10 && sources.len() > 100);

    let mut faults = Vec::new();
    for path in pages.iter().chain(&sources) {
        let text = fs::read_to_string(path).unwrap();
        let is_page = path.extension().is_some_and(|extension| extension == "md");
        // Unit tests come last in a file; whole files of them say so at their top.
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code = if code.contains("#![cfg(test)]") { "" } else { code };
        for said in if is_page { paragraphs(&text) } else { said(code) } {
            if let Some(phrase) = found(&said, &avoided) {
                faults.push(format!("{}: {phrase}: {said}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_phrase_is_found_wherever_it_is_said() {
    let avoided = vec!["comes again".to_owned(), "film".to_owned()];
    let source = "/// It comes\n/// again.\nlet text = \"a film\"; // films\n// Filmed.\n";
    let said = said(source);
    let phrases: Vec<_> = said.iter().filter_map(|said| found(said, &avoided)).collect();
    assert_eq!(phrases, ["comes again", "film"]);
    assert_eq!(found("A Film.", &avoided), Some("film"));
}
