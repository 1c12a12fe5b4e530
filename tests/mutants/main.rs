//! Mutation testing: every mutant of some files is written into them at once, each behind a
//! switch that is read from `ZAPHOOK_MUTANT` when the tests run. So all of them are built
//! once, and each costs a run of the unit tests of its module, and what those miss a run of
//! the tests through the public API that are about it; what is about frameworks and servers
//! has tests in packages of their own, which come last. The mutants are like those of
//! `cargo-mutants`: functions that return something else at once, other operators, conditions
//! that are not negated, arms that are left out. What is inside macros and constants is not
//! among them.
//!
//! ```text
//! cargo run --manifest-path tests/mutants/Cargo.toml -- auth/compare.rs wire/hex.rs
//! ```
//!
//! It prints those that no test notices.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use quote::{ToTokens, quote};
use serde_json::Value;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, BinOp, Block, Expr, ReturnType, Signature, Stmt, Type, UnOp, parse_quote};

/// How the files of a folder are tested.
struct Tested {
    /// How their paths begin.
    start: &'static str,
    /// What their code, or its tests, need besides the default features.
    features: &'static [&'static str],
    /// The unit tests whose job it is to notice.
    units: &'static [&'static str],
    /// For what those miss: the tests of `tests/it` that are related.
    related: &'static [&'static str],
    /// For what those miss: tests in a package of its own.
    package: Option<&'static Package>,
}

/// The first one that fits counts.
const TESTED: &[Tested] = &[
    tested("auth/", &[], &["auth::", "secret::"], PROOFS, None),
    tested("secret/", &[], &["auth::", "secret::"], PROOFS, None),
    tested("wire/", &[], &["wire::"], BODIES, None),
    tested("moment", &[], &["auth::", "moment::", "consumer::"], PROOFS, None),
    tested("idempotency/remote", STORES, &["idempotency::remote::"], &[], Some(&ON_SERVERS)),
    tested("idempotency/sqlite/", STORES, &["idempotency::sqlite::"], &[], Some(&IN_A_FILE)),
    tested("idempotency/redis/", STORES, &["idempotency::redis::"], &[], Some(&ON_REDIS)),
    tested("idempotency/postgres/", STORES, &["idempotency::postgres::"], &[], Some(&ON_POSTGRES)),
    tested("idempotency/", &[], &["idempotency::", "consumer::"], HANDLING, None),
    tested("consumer/web/", WEB, &["consumer::web::"], &["web::"], Some(&OVER_SOCKETS)),
    tested("consumer/", &[], &["consumer::", "idempotency::"], HANDLING, None),
    tested("retry", &[], &["retry::", "consumer::", "answer::"], HANDLING, None),
    tested("jid/", &[], &["jid::"], BODIES, None),
    tested("message_id/", &[], &["message_id::"], BODIES, None),
];

const fn tested(
    start: &'static str,
    features: &'static [&'static str],
    units: &'static [&'static str],
    related: &'static [&'static str],
    package: Option<&'static Package>,
) -> Tested {
    Tested { start, features, units, related, package }
}

const STORES: &[&str] = &["postgres", "redis", "sqlite"];
const WEB: &[&str] = &["actix-web", "http-body"];

/// Tests in a package of its own.
struct Package {
    name: &'static str,
    test: &'static str,
    features: &'static str,
    /// What is in the names of those that are run.
    tests: &'static [&'static str],
    /// How many mutants at a time, since each starts a server.
    at_a_time: usize,
}

const OVER_SOCKETS: Package = Package {
    name: "zaphook-readme",
    test: "glue",
    features: "servers",
    tests: &["on_actix", "on_hyper"],
    at_a_time: 2,
};
const ON_SERVERS: Package = servers(&[
    "redis refusals",
    "sqlite conforms",
    "postgres refusals",
    "redis state table",
    "postgres state table",
    "postgres isolation",
]);
const IN_A_FILE: Package = servers(&["sqlite conforms", "sqlite state table"]);
const ON_REDIS: Package =
    servers(&["redis conforms", "redis state table", "redis refusals", "redis cluster"]);
const ON_POSTGRES: Package = servers(&[
    "postgres conforms",
    "postgres state table",
    "postgres schema and purge",
    "postgres refusals",
    "postgres isolation",
]);

const fn servers(tests: &'static [&'static str]) -> Package {
    Package {
        name: "zaphook-servers",
        test: "servers",
        features: "postgres,redis,sqlite",
        tests,
        at_a_time: 3,
    }
}

const PROOFS: &[&str] = &[
    "accounts::",
    "any::",
    "eazewa::",
    "enviaai::",
    "evolution::",
    "jwt::",
    "keys::",
    "proof::",
    "refusals::",
    "secrecy::",
    "tenants::",
    "tokens::",
    "wawp::",
    "zavu::",
];
const BODIES: &[&str] = &[
    "eazewa::",
    "enviaai::",
    "evolution",
    "fixtures::",
    "fuzz::",
    "gateways::",
    "jid::",
    "keys::",
    "message_id::",
    "parsing::",
    "send::",
    "unified::",
    "wawp::",
    "zavu::",
];
const HANDLING: &[&str] = &[
    "any::",
    "handle::",
    "inbox::",
    "kit::",
    "observed::",
    "refusals::",
    "schedules::",
    "store::",
    "tenants::",
];

/// How much longer than without a mutant tests may take, since others run beside them; what
/// takes longer, and twice as long at the second attempt, hangs: it is counted as noticed, but
/// told.
const TIMES: u32 = 8;
const LEAST: Duration = Duration::from_secs(10);
/// Those over sockets wait for so long themselves.
const LEAST_OF_PACKAGES: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let copy = root.join("target/mutants");
    let files: Vec<String> = env::args().skip(1).collect();
    assert!(!files.is_empty(), "which files of src?");
    fs::create_dir_all(&copy).expect("a folder");
    fs::write(copy.join("Cargo.toml"), manifest(&root)).expect("a manifest");
    for file in ["CONTRIBUTING.md", "Cargo.lock", "README.md", "SECURITY.md"] {
        fs::copy(root.join(file), copy.join(file)).expect("a file");
    }
    // What tests read. They run in the copy, where the sources are mutated.
    let packages = ["tests/readme", "tests/servers"];
    let others = ["examples", "fuzz/corpus", "fuzz/src", "tests/fixtures", "tests/it"];
    for folder in packages.into_iter().chain(others) {
        fs::remove_dir_all(copy.join(folder)).ok();
        copy_folder(&root.join(folder), &copy.join(folder));
    }

    // With what the tests are built with, some code is there and other is not.
    let mut features: BTreeSet<&str> = BTreeSet::from(["testing", "tokio", "tracing"]);
    let mut packages = BTreeMap::new();
    for file in &files {
        let tested = tested_as(file);
        features.extend(tested.features);
        packages.extend(tested.package.map(|package| ((package.name, package.tests), package)));
    }
    let features = features.into_iter().collect::<Vec<_>>().join(",");

    // What does not build is known by its place in the text, and left out.
    let mut without = BTreeSet::new();
    let list = loop {
        fs::remove_dir_all(copy.join("src")).ok();
        copy_folder(&root.join("src"), &copy.join("src"));
        let list = mutate(&copy.join("src"), &files, &without);
        let check = ["check", "--lib", "--no-default-features", "--features", &features];
        let (built, messages) = cargo(&copy, &check);
        if built {
            break list;
        }
        let before = without.len();
        without.extend(messages.iter().filter_map(|message| broken(&copy, message)));
        assert!(without.len() > before, "it does not build, and no mutant is why");
    };
    let started = Instant::now();
    let all = list.len();
    // Three at a time for each core: most of the time of a test that is slow is spent waiting.
    let many = thread::available_parallelism().map_or(1, usize::from).saturating_mul(3);
    // Without any gateway, which is quick: first the tests in the same file.
    let units = program(&copy, &["--lib", "--no-default-features", "--features", &features]);
    let missed = missed(&copy, &units, list, many, LEAST, |place, _| vec![module(place)]);
    let missed = self::missed(&copy, &units, missed, many, LEAST, |_, tested| owned(tested.units));
    let by_units = all - missed.len();
    println!("{by_units} of {all} are noticed by unit tests; not so:");
    tell(&missed);
    let through = program(&copy, &["--test", "it", "--features", &features]);
    let mut missed = missed;
    // First those in the file of the same name.
    for namesakes in [true, false] {
        missed = self::missed(&copy, &through, missed, many, LEAST, |_, tested| {
            owned(if namesakes && !tested.related.is_empty() {
                tested.units
            } else {
                tested.related
            })
        });
    }
    for package in packages.into_values() {
        let features = ["--features", package.features];
        let of_it = ["-p", package.name, "--test", package.test];
        let program = program(&copy, &[&of_it[..], &features[..]].concat());
        missed = self::missed(
            &copy,
            &program,
            missed,
            package.at_a_time,
            LEAST_OF_PACKAGES,
            |_, tested| {
                let tests = tested.package.filter(|theirs| theirs.tests == package.tests);
                owned(tests.map_or(&[], |package| package.tests))
            },
        );
    }
    println!("missed by all:");
    tell(&missed);
    println!(
        "{all} mutants, {by_units} noticed by unit tests, {} missed by all, {} s",
        missed.len(),
        started.elapsed().as_secs()
    );
    ExitCode::SUCCESS
}

fn tell(mutants: &[Mutant]) {
    for (_, place, what) in mutants {
        println!("{place}\t{what}");
    }
}

fn owned(tests: &[&str]) -> Vec<String> {
    tests.iter().map(|test| (*test).to_owned()).collect()
}

/// The module of a place such as `auth/mod.rs:12`.
fn module(place: &str) -> String {
    let (file, _) = place.split_once(".rs").unwrap_or((place, ""));
    format!("{}::", file.strip_suffix("/mod").unwrap_or(file).replace('/', "::"))
}

fn tested_as(place: &str) -> &'static Tested {
    let tested = TESTED.iter().find(|tested| place.starts_with(tested.start));
    tested.unwrap_or_else(|| panic!("{place}: which tests?"))
}

/// The mutants that these tests do not notice.
fn missed(
    copy: &Path,
    program: &str,
    list: Vec<Mutant>,
    at_a_time: usize,
    least: Duration,
    tests: impl Fn(&str, &'static Tested) -> Vec<String> + Sync,
) -> Vec<Mutant> {
    let tests = |mutant: &Mutant| tests(&mutant.1, tested_as(&mutant.1));
    let (list, mut missed): (Vec<_>, Vec<_>) =
        list.into_iter().partition(|mutant| !tests(mutant).is_empty());
    // Some read the sources, which are others here: what fails without a mutant tells nothing.
    let mut failing = BTreeMap::new();
    for mutant in &list {
        failing.entry(tests(mutant)).or_insert_with_key(|tests| {
            let started = Instant::now();
            let failing = fails(copy, program, tests);
            (failing, started.elapsed().saturating_mul(TIMES).max(least))
        });
    }
    let survivors = |list: &[Mutant], at_a_time: usize, times: u32| {
        let next = AtomicUsize::new(0);
        let found = Mutex::new((Vec::new(), Vec::new()));
        let run = || {
            while let Some(mutant) = list.get(next.fetch_add(1, Ordering::Relaxed)) {
                let tests = tests(mutant);
                let (failing, longest) = &failing[&tests];
                let longest = longest.saturating_mul(times);
                let survives = survives(copy, program, mutant.0, &tests, failing, longest);
                let mut found = found.lock().expect("no panic");
                match survives {
                    Some(true) => found.0.push(mutant.clone()),
                    Some(false) => {}
                    None => found.1.push(mutant.clone()),
                }
            }
        };
        thread::scope(|scope| (0..at_a_time).for_each(|_| drop(scope.spawn(run))));
        found.into_inner().expect("no panic")
    };
    let (survived, late) = survivors(&list, at_a_time, 1);
    let (survived_late, hanging) = survivors(&late, at_a_time.min(2), 2);
    for (_, place, what) in hanging {
        println!("{place}\t{what} (hangs)");
    }
    missed.extend(survived.into_iter().chain(survived_late));
    missed.sort();
    missed
}

fn program(copy: &Path, arguments: &[&str]) -> String {
    let (built, messages) = cargo(copy, &[&["test", "--no-run"], arguments].concat());
    assert!(built, "the tests do not build");
    let program = messages.iter().rev().find_map(|message| message["executable"].as_str());
    program.expect("a program").to_owned()
}

/// The crate's own manifest, without most other packages.
fn manifest(root: &Path) -> String {
    let text = fs::read_to_string(root.join("Cargo.toml")).expect("a manifest");
    let (before, rest) = text.split_once("members = [").expect("members");
    let (_, after) = rest.split_once("resolver = ").expect("the last line about them");
    format!("{before}members = [\".\", \"tests/readme\", \"tests/servers\"]\nresolver = {after}")
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a file");
        }
    }
}

/// Number, place, and what is changed there.
type Mutant = (u32, String, String);

fn mutate(source: &Path, files: &[String], without: &BTreeSet<u32>) -> Vec<Mutant> {
    let mut list = Vec::new();
    let mut next = 1;
    for file in files {
        let path = source.join(file);
        let text = fs::read_to_string(&path).expect("a file of the crate");
        let mut tree = syn::parse_file(&text).expect("Rust");
        let mut mutator =
            Mutator { file: file.clone(), next, without, inside: Vec::new(), list: Vec::new() };
        mutator.visit_file_mut(&mut tree);
        next = mutator.next;
        list.extend(mutator.list);
        fs::write(&path, tree.to_token_stream().to_string()).expect("written");
    }
    fs::write(source.join("mutants.rs"), SWITCH).expect("written");
    let lib = source.join("lib.rs");
    let text = fs::read_to_string(&lib).expect("the crate");
    fs::write(&lib, format!("{text}\n#[doc(hidden)]\npub mod mutants;\n")).expect("written");
    list
}

/// Runs cargo in the copy, and its messages.
fn cargo(copy: &Path, arguments: &[&str]) -> (bool, Vec<Value>) {
    let output = Command::new("cargo")
        .args(arguments)
        .arg("--message-format=json")
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", copy.join("target"))
        .env("RUSTFLAGS", "-Awarnings")
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let messages = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    (output.status.success(), messages)
}

/// The mutant that an error is about: the last one that begins before it.
fn broken(copy: &Path, message: &Value) -> Option<u32> {
    let message = &message["message"];
    (message["level"] == "error").then_some(())?;
    let span = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let text = fs::read_to_string(copy.join(span["file_name"].as_str()?)).ok()?;
    let end = usize::try_from(span["byte_end"].as_u64()?).ok()?;
    // Numbers written with this type are nowhere else.
    let before = text.get(..end)?;
    before.rmatch_indices("u32 ").find_map(|(at, _)| {
        before[..at].rsplit(|char: char| !char.is_ascii_digit()).next()?.parse().ok()
    })
}

/// The tests that fail as they are.
fn fails(copy: &Path, program: &str, tests: &[String]) -> Vec<String> {
    let output = tests_of(copy, program, 0, tests).output().expect("the tests can be run");
    let text = String::from_utf8_lossy(&output.stdout);
    // Those on servers say how long they took.
    let failed = |line: &str| {
        let (name, _) = line.split_once(" ... FAILED")?;
        Some(name.strip_prefix("test ").unwrap_or(name).to_owned())
    };
    let failing: Vec<_> = text.lines().filter_map(failed).collect();
    assert!(output.status.success() || !failing.is_empty(), "the tests end early: {text}");
    failing
}

fn tests_of(copy: &Path, program: &str, number: u32, tests: &[String]) -> Command {
    let mut command = Command::new(program);
    command
        .args(tests)
        .env("ZAPHOOK_MUTANT", number.to_string())
        .env("PROPTEST_CASES", "32")
        .current_dir(copy);
    command
}

/// Whether all tests pass, but for those that fail anyway; `None` when they do not end.
fn survives(
    copy: &Path,
    program: &str,
    number: u32,
    tests: &[String],
    failing: &[String],
    longest: Duration,
) -> Option<bool> {
    // What is killed leaves its files.
    let folder = env::temp_dir().join(format!("zaphook-mutant-{number}"));
    fs::create_dir_all(&folder).expect("a folder");
    let mut child = tests_of(copy, program, number, tests)
        .args(failing.iter().flat_map(|test| ["--skip", test]))
        .env("TMPDIR", &folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("the tests can be run");
    let stdout = BufReader::new(child.stdout.take().expect("its output"));
    let (sender, ended) = mpsc::channel();
    // The first test that fails is enough.
    thread::spawn(move || {
        let failed = |line: &Vec<u8>| String::from_utf8_lossy(line).contains(" ... FAILED");
        let failed = stdout.split(b'\n').map_while(Result::ok).any(|line| failed(&line));
        sender.send(failed).ok();
    });
    let failed = ended.recv_timeout(longest).ok();
    let success = match failed {
        Some(false) => child.wait().expect("a child").success(),
        _ => {
            // And the servers that it has started.
            let group = format!("-{}", child.id());
            Command::new("kill").args(["-KILL", "--", &group]).status().ok();
            child.wait().ok();
            false
        }
    };
    // A server that was killed may write for a moment yet.
    for _ in 0..20 {
        if fs::remove_dir_all(&folder).is_ok() {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    failed.map(|_| success)
}

/// The switch.
const SWITCH: &str = "
use std::sync::LazyLock;

static ACTIVE: LazyLock<u32> = LazyLock::new(|| {
    std::env::var(\"ZAPHOOK_MUTANT\").ok().and_then(|number| number.parse().ok()).unwrap_or(0)
});

pub fn active() -> u32 { *ACTIVE }
";

struct Mutator<'a> {
    file: String,
    next: u32,
    without: &'a BTreeSet<u32>,
    /// The functions around.
    inside: Vec<String>,
    list: Vec<Mutant>,
}

impl Mutator<'_> {
    /// The number of a further mutant, unless it does not build.
    fn number(&mut self, line: usize, what: &str) -> Option<u32> {
        let number = self.next;
        self.next += 1;
        if self.without.contains(&number) {
            return None;
        }
        let inside = self.inside.join("::");
        self.list.push((number, format!("{}:{line}", self.file), format!("{what} in {inside}")));
        Some(number)
    }

    fn function(&mut self, attributes: &[Attribute], signature: &Signature, block: &mut Block) {
        let is_fmt = signature.ident == "fmt";
        if is_left_out(attributes) || signature.constness.is_some() || is_fmt {
            return;
        }
        self.inside.push(signature.ident.to_string());
        visit_mut::visit_block_mut(self, block);
        let line = signature.ident.span().start().line;
        for value in instead(&signature.output) {
            let shown = value.to_token_stream().to_string();
            if let Some(number) = self.number(line, &format!("returns {shown}")) {
                let stmt: Stmt = parse_quote! {
                    if crate::mutants::active() == #number { return #value; }
                };
                block.stmts.insert(0, stmt);
            }
        }
        self.inside.pop();
    }
}

fn is_left_out(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = attribute.to_token_stream().to_string();
        let is_test = text.contains("cfg (test") || text.contains("# [test");
        is_test || text.contains("cfg (not (feature")
    })
}

/// What a function may return instead.
fn instead(output: &ReturnType) -> Vec<Expr> {
    let ReturnType::Type(_, ty) = output else { return vec![parse_quote!(())] };
    let text = ty.to_token_stream().to_string();
    let (head, _) = text.split_once(" <").unwrap_or((&text, ""));
    match head {
        "bool" => vec![parse_quote!(true), parse_quote!(false)],
        "Choice" => vec![parse_quote!(Choice::from(0)), parse_quote!(Choice::from(1))],
        "u8" | "u32" | "u64" | "usize" | "i32" | "i64" | "u128" => {
            vec![parse_quote!(0), parse_quote!(1)]
        }
        "Option" => vec![parse_quote!(None), parse_quote!(Some(Default::default()))],
        "Result" | "fmt :: Result" => vec![parse_quote!(Ok(Default::default()))],
        "& str" | "& 'a str" | "& 'static str" => vec![parse_quote!(""), parse_quote!("xyzzy")],
        "Self" | "!" => Vec::new(),
        _ if matches!(**ty, Type::ImplTrait(_) | Type::Reference(_)) => Vec::new(),
        _ => vec![parse_quote!(Default::default())],
    }
}

/// The operators that may be there instead.
fn others(op: &BinOp) -> Vec<BinOp> {
    match op {
        BinOp::Eq(_) => vec![parse_quote!(!=)],
        BinOp::Ne(_) => vec![parse_quote!(==)],
        BinOp::Lt(_) => vec![parse_quote!(==), parse_quote!(>), parse_quote!(<=)],
        BinOp::Gt(_) => vec![parse_quote!(==), parse_quote!(<), parse_quote!(>=)],
        BinOp::Le(_) => vec![parse_quote!(>), parse_quote!(<)],
        BinOp::Ge(_) => vec![parse_quote!(<), parse_quote!(>)],
        BinOp::And(_) => vec![parse_quote!(||)],
        BinOp::Or(_) => vec![parse_quote!(&&)],
        BinOp::Add(_) => vec![parse_quote!(-), parse_quote!(*)],
        BinOp::Sub(_) => vec![parse_quote!(+), parse_quote!(/)],
        BinOp::Mul(_) => vec![parse_quote!(+), parse_quote!(/)],
        BinOp::Div(_) | BinOp::Rem(_) => vec![parse_quote!(*), parse_quote!(+)],
        BinOp::Shl(_) => vec![parse_quote!(>>)],
        BinOp::Shr(_) => vec![parse_quote!(<<)],
        BinOp::BitAnd(_) => vec![parse_quote!(|), parse_quote!(^)],
        BinOp::BitOr(_) => vec![parse_quote!(&), parse_quote!(^)],
        BinOp::BitXor(_) => vec![parse_quote!(|), parse_quote!(&)],
        BinOp::BitAndAssign(_) => vec![parse_quote!(|=)],
        BinOp::BitOrAssign(_) => vec![parse_quote!(&=)],
        BinOp::AddAssign(_) => vec![parse_quote!(-=)],
        BinOp::SubAssign(_) => vec![parse_quote!(+=)],
        _ => Vec::new(),
    }
}

/// Whether a condition binds something, which no other place for it keeps.
fn binds(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        _ => false,
    }
}

impl VisitMut for Mutator<'_> {
    fn visit_item_mut(&mut self, item: &mut syn::Item) {
        match item {
            syn::Item::Mod(module) if is_left_out(&module.attrs) => {}
            syn::Item::Const(_) | syn::Item::Static(_) | syn::Item::Macro(_) => {}
            item => visit_mut::visit_item_mut(self, item),
        }
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        let name = item.self_ty.to_token_stream().to_string().replace(' ', "");
        self.inside.push(name);
        visit_mut::visit_item_impl_mut(self, item);
        self.inside.pop();
    }

    fn visit_item_fn_mut(&mut self, item: &mut syn::ItemFn) {
        self.function(&item.attrs, &item.sig, &mut item.block);
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig, &mut item.block);
    }

    fn visit_impl_item_const_mut(&mut self, _: &mut syn::ImplItemConst) {}

    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}

    fn visit_type_mut(&mut self, _: &mut Type) {}

    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        visit_mut::visit_arm_mut(self, arm);
    }

    fn visit_expr_match_mut(&mut self, expr: &mut syn::ExprMatch) {
        visit_mut::visit_expr_match_mut(self, expr);
        let caught = expr
            .arms
            .last()
            .is_some_and(|arm| arm.guard.is_none() && arm.pat.to_token_stream().to_string() == "_");
        let last = expr.arms.len().saturating_sub(1);
        for arm in expr.arms.iter_mut().take(if caught { last } else { 0 }) {
            let line = arm.pat.span().start().line;
            let shown = arm.pat.to_token_stream().to_string();
            let guard = arm.guard.as_ref().map(|(_, guard)| (**guard).clone());
            if guard.as_ref().is_some_and(binds) {
                continue;
            }
            if let Some(number) = self.number(line, &format!("no arm {shown}")) {
                let guard = guard.map(|guard| quote!(&& (#guard)));
                let guard: Expr = parse_quote!(crate::mutants::active() != #number #guard);
                arm.guard = Some((Default::default(), Box::new(guard)));
            }
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let original = expr.clone();
        visit_mut::visit_expr_mut(self, expr);
        match &original {
            Expr::Binary(binary) if !binds(&original) => {
                let line = binary.op.span().start().line;
                let from = binary.op.to_token_stream().to_string();
                let mut arms = Vec::new();
                for op in others(&binary.op) {
                    let to = op.to_token_stream().to_string();
                    if let Some(number) = self.number(line, &format!("{from} is {to}")) {
                        let (left, right) = (&binary.left, &binary.right);
                        arms.push(quote!(#number => { #left #op #right }));
                    }
                }
                if !arms.is_empty() {
                    let plain = expr.clone();
                    *expr = parse_quote!((match crate::mutants::active() { #(#arms)* _ => { #plain } }));
                }
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                let line = unary.op.span().start().line;
                if let Some(number) = self.number(line, "no !") {
                    let (inner, plain) = (&unary.expr, expr.clone());
                    *expr = parse_quote!((match crate::mutants::active() { #number => { #inner } _ => { #plain } }));
                }
            }
            _ => {}
        }
    }
}
