//! `examples/inspect`: run as a program, over captures in files, on standard
//! input and by flags.

mod eazewa;
mod enviaai;
mod evolution;
mod wawp;
mod zavu;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::adapter::example;

/// A capture, and what must be said of it.
pub struct Case {
    pub what: &'static str,
    pub capture: Value,
    pub verdict: &'static str,
    pub reason: Option<&'static str>,
    pub by: &'static [&'static str],
    pub secret: Option<u64>,
    pub status: u16,
}

impl Case {
    pub fn accepted(what: &'static str, capture: Value, by: &'static [&'static str]) -> Self {
        Self { what, capture, verdict: "accepted", reason: None, by, secret: Some(0), status: 200 }
    }

    pub fn refused(what: &'static str, capture: Value, reason: &'static str) -> Self {
        Self {
            what,
            capture,
            verdict: "refused",
            reason: Some(reason),
            by: &[],
            secret: None,
            status: 401,
        }
    }

    pub fn by_secret(self, secret: Option<u64>) -> Self {
        Self { secret, ..self }
    }
}

/// What the tests know of a gateway.
struct Subject {
    name: &'static str,
    /// The keys of `auth` that it has.
    keys: &'static [&'static str],
    /// At least one accepted and one refused capture for each of them.
    cases: fn() -> Vec<Case>,
}

const ALL: &[Subject] =
    &[eazewa::SUBJECT, enviaai::SUBJECT, evolution::SUBJECT, wawp::SUBJECT, zavu::SUBJECT];

fn all_cases() -> Vec<Case> {
    ALL.iter().flat_map(|subject| (subject.cases)()).collect()
}

/// Each key of `auth`, with a value that is right in form.
fn keys() -> Vec<(&'static str, Value)> {
    vec![
        ("secrets", json!(["a"])),
        ("require", json!("v2")),
        ("accept_timestamped_v1", json!(true)),
        ("max_age_s", json!(1)),
        ("max_ahead_s", json!(1)),
        ("tokens", json!({"33": "a"})),
        ("token_query", json!("t")),
        ("query", json!({"name": "t", "values": ["a"]})),
        ("path", json!({"values": ["a"]})),
        ("header", json!({"name": "x-t", "values": ["a"]})),
        ("jwt", json!({"secrets": ["a"], "leeway_s": 5})),
        ("basic", json!({"user": "a", "passwords": ["a"]})),
        ("apikey", json!(["a"])),
        ("instance_token", json!(["a"])),
        ("instances", json!(["a"])),
        ("networks", json!(["10.0.0.0/8"])),
        ("none", json!(true)),
    ]
}

struct Said {
    code: Option<i32>,
    text: String,
    errors: String,
}

impl Said {
    fn reports(&self) -> Vec<Value> {
        let lines = self.text.lines();
        lines.map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    fn faults(&self) -> Vec<&str> {
        self.errors.lines().collect()
    }
}

fn inspect(arguments: &[&str], input: &[u8]) -> Said {
    let mut child = Command::new(example("inspect"))
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // It may say all it has to say without reading.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Said {
        code: output.status.code(),
        text: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

fn lines(captures: &[Value]) -> Vec<u8> {
    captures.iter().flat_map(|capture| format!("{capture}\n").into_bytes()).collect()
}

/// A file that is gone again when the test is over.
struct File(PathBuf);

impl File {
    fn with(name: &str, bytes: &[u8]) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let path = folder.join(format!("inspect-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn one(capture: &Value) -> Value {
    let said = inspect(&[], &lines(std::slice::from_ref(capture)));
    assert_eq!((said.code, &*said.errors), (Some(0), ""), "{capture}");
    said.reports().remove(0)
}

fn fault(capture: &Value) -> String {
    let said = inspect(&[], &lines(std::slice::from_ref(capture)));
    assert_eq!((said.code, &*said.text), (Some(2), ""), "{capture}");
    said.errors.trim_end().to_owned()
}

#[track_caller]
fn check(case: &Case, report: &Value) {
    let what = case.what;
    assert_eq!(report["verdict"], case.verdict, "{what}: {report}");
    assert_eq!(report["reason"], json!(case.reason), "{what}: {report}");
    assert_eq!(report["status"], case.status, "{what}: {report}");
    match case.verdict {
        "accepted" => {
            assert_eq!(report["proof"], json!({"by": case.by, "secret": case.secret}), "{what}");
            assert!(report["envelope"].is_object(), "{what}");
        }
        _ => {
            assert_eq!(report["proof"], Value::Null, "{what}");
            assert!(report["envelope"].is_null() && report["key"].is_null(), "{what}");
        }
    }
}

#[test]
fn every_mechanism_accepts_and_refuses() {
    let cases = all_cases();
    let captures: Vec<Value> = cases.iter().map(|case| case.capture.clone()).collect();
    let said = inspect(&[], &lines(&captures));
    assert_eq!((said.code, &*said.errors), (Some(0), ""));
    let reports = said.reports();
    assert_eq!(reports.len(), cases.len());
    for (case, report) in cases.iter().zip(&reports) {
        check(case, report);
    }
    for subject in ALL {
        for key in subject.keys {
            let with = |verdict: &str| {
                (subject.cases)().iter().any(|case| {
                    case.verdict == verdict
                        && case.capture["auth"].to_string().contains(&format!("{key:?}:"))
                })
            };
            assert!(with("accepted"), "{} {key}", subject.name);
            // What accepts everything, or more, refuses nothing by itself.
            let widens = ["none", "accept_timestamped_v1", "token_query"].contains(key);
            assert!(widens || with("refused"), "{} {key}", subject.name);
        }
    }
}

#[test]
fn a_mechanism_that_the_gateway_does_not_have_is_a_fault() {
    for subject in ALL {
        let foreign: Vec<_> =
            keys().into_iter().filter(|(key, _)| !subject.keys.contains(key)).collect();
        assert!(!foreign.is_empty());
        let captures: Vec<Value> = foreign
            .iter()
            .map(|(key, value)| {
                json!({"provider": subject.name, "body": "{}",
                    "auth": {"networks": ["10.0.0.0/8"], *key: value}})
            })
            .collect();
        let said = inspect(&[], &lines(&captures));
        assert_eq!((said.code, &*said.text), (Some(2), ""));
        for (index, (key, _)) in foreign.iter().enumerate() {
            let fault =
                format!("line {}: auth.{key}: {} has no such mechanism", index + 1, subject.name);
            assert_eq!(said.faults()[index], fault);
        }
    }
}

#[test]
fn of_a_hundred_captures_three_faulty_ones_are_named() {
    let cases = all_cases();
    let faulty = [
        (17, json!({"provider": "enviaai", "auth": {"none": true}})),
        (50, json!({"provider": "enviaai", "body": "{}", "auth": {"jwt": {"secrets": ["a"]}}})),
        (100, json!("not a capture")),
    ];
    let mut captures = Vec::new();
    let mut expected = Vec::new();
    for number in 1..=100 {
        if let Some((_, capture)) = faulty.iter().find(|(line, _)| *line == number) {
            captures.push(capture.clone());
            continue;
        }
        let case = &cases[number % cases.len()];
        let mut capture = case.capture.clone();
        capture["tag"] = json!(number);
        captures.push(capture);
        expected.push((number, case));
    }
    let file = File::with("hundred.jsonl", &lines(&captures));
    let said = inspect(&[file.path()], b"");
    assert_eq!(said.code, Some(2));
    assert_eq!(
        said.faults(),
        [
            "line 17: there is neither body nor body_base64",
            "line 50: auth.jwt: enviaai has no such mechanism",
            "line 100: expected an object, found a string",
        ]
    );
    let reports = said.reports();
    assert_eq!(reports.len(), 97);
    for ((number, case), report) in expected.iter().zip(&reports) {
        assert_eq!(report["tag"], *number);
        check(case, report);
    }

    // The same without the faulty ones.
    let good: Vec<Value> =
        captures.into_iter().filter(|capture| !capture["tag"].is_null()).collect();
    let said = inspect(&[file.path(), "-"], b"");
    assert_eq!(said.code, Some(2));
    assert!(said.errors.starts_with(&format!("{}, line 17: ", file.path())), "{}", said.errors);
    let said = inspect(&["-"], &lines(&good));
    assert_eq!((said.code, &*said.errors, said.reports().len()), (Some(0), "", 97));
    assert_eq!(said.reports(), reports);
}

#[test]
fn a_report_has_every_key_in_its_order() {
    let keys = [
        "tag",
        "verdict",
        "reason",
        "status",
        "proof",
        "event",
        "recognition",
        "malformed",
        "set_aside",
        "name_source",
        "key",
        "message_key",
        "account",
        "happened_at",
        "envelope",
        "unified",
    ];
    let cases = all_cases();
    let captures: Vec<Value> = cases.into_iter().map(|case| case.capture).collect();
    let said = inspect(&[], &lines(&captures));
    for (line, report) in said.text.lines().zip(said.reports()) {
        assert_eq!(report.as_object().unwrap().len(), keys.len(), "{line}");
        let mut rest = line;
        for key in keys {
            let name = format!("\"{key}\":");
            rest = rest.split_once(&name).unwrap_or_else(|| panic!("{key} in {line}")).1;
        }
        assert_eq!(report["unified"].is_null(), report["verdict"] != "accepted", "{line}");
    }
}

#[test]
fn the_values_of_a_report_are_those_of_the_delivery() {
    let (secret, message) = (enviaai::SECRET, enviaai::MESSAGE);
    let capture = |body: &str| {
        let mut capture = enviaai::signed(secret, body, json!({"secrets": [secret]}));
        capture["tag"] = json!({"case": [1, "x"]});
        one(&capture)
    };
    assert_eq!(
        capture(message),
        json!({
            "tag": {"case": [1, "x"]},
            "verdict": "accepted",
            "reason": null,
            "status": 200,
            "proof": {"by": ["secrets"], "secret": 0},
            "event": "message.received",
            "recognition": "known",
            "malformed": null,
            "set_aside": [],
            "name_source": "body",
            "key": "enviaai/inst_1/message.received/message/msg_1",
            "message_key": "enviaai/inst_1/message/msg_1",
            "account": "inst_1",
            "happened_at": 1769948998.25,
            "envelope": {
                "event": "message.received",
                "timestamp": "2026-02-01T12:30:00Z",
                "data": {
                    "messageId": "msg_1",
                    "instanceId": "inst_1",
                    "from": "5511999990001",
                    "content": "Oi",
                    "timestamp": "2026-02-01T12:29:58.250Z",
                },
            },
            "unified": {
                "kind": "message",
                "type": "text",
                "id": "msg_1",
                "sender": "5511999990001",
                "sender_phone": "5511999990001",
                "from_me": false,
                "text": "Oi",
                "timestamp": 1_769_948_998,
            },
        })
    );

    let report = capture(r#"{"event":"message.pinned","data":{"instanceId":"inst_1"}}"#);
    assert_eq!(report["event"], "message.pinned");
    assert_eq!(report["recognition"], "unknown");
    assert_eq!(report["happened_at"], Value::Null);

    let report = capture(r#"{"event":"message.read","data":{"instanceId":"inst_1"}}"#);
    assert_eq!(report["recognition"], "malformed");
    assert_eq!(report["malformed"], json!({"path": "data.messageId", "reason": "missing"}));

    let report = capture(
        r#"{"event":"message.read","timestamp":7,"data":{"messageId":"msg_1","instanceId":"inst_1","to":"5511999990001","readAt":{"a":1}}}"#,
    );
    assert_eq!(report["recognition"], "known");
    assert_eq!(report["set_aside"], json!(["timestamp", "data.readAt"]));

    for (body, reason) in [
        ("not JSON", "not_json"),
        (r#"{"data":{}}"#, "no_event"),
        (r#"{"event":"message.read","event":"message.sent","data":{}}"#, "repeated_key"),
    ] {
        let report = capture(body);
        assert_eq!(report["tag"], json!({"case": [1, "x"]}));
        assert_eq!(report["verdict"], "unreadable");
        assert_eq!(report["reason"], reason);
        assert_eq!(report["status"], 200);
        assert_eq!(report["proof"], json!({"by": ["secrets"], "secret": 0}));
        assert!(report["event"].is_null() && report["recognition"].is_null());
        assert!(report["name_source"].is_null() && report["envelope"].is_null());
        assert_eq!(report["set_aside"], json!([]));
    }
}

#[test]
fn pretty_says_the_same_over_several_lines() {
    let captures: Vec<Value> = all_cases()
        .into_iter()
        .map(|case| {
            let mut capture = case.capture;
            capture["tag"] = json!({"a \"text\", {with} [all]: \\": [[], {}, [{}], " \\\" "]});
            capture
        })
        .collect();
    let input = lines(&captures);
    let (compact, pretty) = (inspect(&[], &input), inspect(&["--pretty"], &input));
    assert_eq!(pretty.code, Some(0));
    let reread: Vec<Value> = serde_json::Deserializer::from_str(&pretty.text)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(reread, compact.reports());
    // As serde_json sets it.
    let set: String = pretty_of(&compact.text);
    assert_eq!(pretty.text, set);
}

/// The same through a map that keeps the order.
fn pretty_of(lines: &str) -> String {
    struct Value<'a>(&'a serde_json::value::RawValue);

    impl serde::Serialize for Value<'_> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let text = self.0.get();
            match text.as_bytes()[0] {
                b'{' => {
                    let members: Members<'_> = serde_json::from_str(text).unwrap();
                    serializer.collect_map(members.0.into_iter().map(|(k, v)| (k, Value(v))))
                }
                b'[' => {
                    let items: Vec<&serde_json::value::RawValue> =
                        serde_json::from_str(text).unwrap();
                    serializer.collect_seq(items.into_iter().map(Value))
                }
                _ => self.0.serialize(serializer),
            }
        }
    }

    struct Members<'a>(Vec<(String, &'a serde_json::value::RawValue)>);

    impl<'de: 'a, 'a> serde::Deserialize<'de> for Members<'a> {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Object;
            impl<'de> serde::de::Visitor<'de> for Object {
                type Value = Members<'de>;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Members<'de>, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(Members(members))
                }
            }
            deserializer.deserialize_map(Object)
        }
    }

    lines
        .lines()
        .map(|line| {
            let raw = serde_json::from_str(line).unwrap();
            serde_json::to_string_pretty(&Value(raw)).unwrap() + "\n"
        })
        .collect()
}

#[test]
fn flags_describe_a_delivery() {
    let (secret, message) = (enviaai::SECRET, enviaai::MESSAGE);
    let header = format!("X-EnviaAI-Signature: {}", enviaai::signature(secret, message));
    let body = File::with("body.json", message.as_bytes());
    let flags = ["--provider", "enviaai", "--secret", secret, "--header", &header];
    let rest = ["--at", "1769949005", "--body", body.path(), "--tag", "by flags"];
    let said = inspect(&[&flags[..], &rest].concat(), b"");
    assert_eq!((said.code, &*said.errors), (Some(0), ""));
    let report = said.reports().remove(0);
    assert_eq!(report["verdict"], "accepted");
    assert_eq!(report["tag"], "by flags");

    // On standard input, and with `=`.
    let provider = ["--provider=enviaai", "--body=-", "--secret=other"];
    let said = inspect(&[&provider[..], &["--header", &header]].concat(), message.as_bytes());
    assert_eq!(said.reports()[0]["reason"], "mismatch");
    let secret = format!("--secret={secret}");
    let said =
        inspect(&[&provider[..], &[&secret, "--header", &header]].concat(), message.as_bytes());
    assert_eq!(said.reports()[0]["proof"], json!({"by": ["secrets"], "secret": 1}));

    // Twice the same header.
    let said = inspect(
        &[&provider[..], &["--header", &header, "--header", &header]].concat(),
        message.as_bytes(),
    );
    assert_eq!(said.reports()[0]["reason"], "ambiguous_credential");
    // Everything else of a delivery.
    let place = ["--uri", "/hook/t1?token=t2", "--peer", "203.0.113.7", "--body", body.path()];
    let auth = ["--network", "203.0.113.0/24", "--query", "token=x", "--query", "token=t2"];
    let path = ["--provider", "enviaai", "--path", "t1", "--pretty"];
    let said = inspect(&[&place[..], &auth, &path].concat(), b"");
    assert_eq!(said.code, Some(0), "{}", said.errors);
    let report: Value = serde_json::from_str(&said.text).unwrap();
    assert_eq!(report["proof"], json!({"by": ["query", "path", "networks"], "secret": 1}));
    // What the gateway does not have.
    let said = inspect(&["--provider=enviaai", "--body=-", "--apikey=a"], b"{}");
    assert_eq!(said.code, Some(2));
    assert_eq!(said.errors, "the delivery: auth.apikey: enviaai has no such mechanism\n");
}

#[test]
fn flags_say_auth_for_captures_that_do_not() {
    let (secret, message) = (enviaai::SECRET, enviaai::MESSAGE);
    let mut silent = enviaai::signed(secret, message, json!(null));
    let spoken = enviaai::signed(secret, message, json!({"secrets": ["other"]}));
    let input = lines(&[silent.clone(), spoken.clone()]);
    let reasons = |arguments: &[&str]| -> Vec<Value> {
        let said = inspect(arguments, &input);
        assert_eq!(said.code, Some(0), "{}", said.errors);
        said.reports().iter().map(|report| report["reason"].clone()).collect()
    };
    assert_eq!(reasons(&["--secret", secret]), [json!(null), json!("mismatch")]);
    assert_eq!(reasons(&["--secret", "another"]), [json!("mismatch"), json!("mismatch")]);
    assert_eq!(reasons(&["--none"]), [json!(null), json!("mismatch")]);
    let auth = format!(r#"{{"any_of":[{{"secrets":["x"]}},{{"secrets":["{secret}"]}}]}}"#);
    assert_eq!(reasons(&["--auth", &auth]), [json!(null), json!("mismatch")]);
    let file = File::with("auth.json", auth.as_bytes());
    let at = format!("@{}", file.path());
    assert_eq!(reasons(&["--auth", &at, "-"]), [json!(null), json!("mismatch")]);

    let said = inspect(&[], &input);
    assert_eq!(said.code, Some(2));
    assert_eq!(
        said.errors,
        "line 1: auth: missing; the capture may have it, or flags may say it\n"
    );
    silent.as_object_mut().unwrap().remove("auth");
    assert!(fault(&silent).starts_with("line 1: auth: missing"));
}

#[test]
fn a_wrong_command_line_is_told_without_its_secrets() {
    let file = File::with("empty.jsonl", b"");
    for (arguments, words) in [
        (&["--secrt", "MARK"][..], "--secrt is not known"),
        (&["--secret"], "--secret needs a value"),
        (&["--pretty=MARK"], "--pretty takes no value"),
        (&["--none=MARK"], "--none takes no value"),
        (&["--at", "MARK"], "--at needs a number"),
        (&["--max-age-s", "\"MARK\""], "--max-age-s needs a number"),
        (&["--header", "MARK"], "--header needs NAME: VALUE"),
        (&["--token", "MARK"], "--token needs INSTANCE=TOKEN"),
        (&["--query", "MARK"], "--query needs two parts"),
        (&["--query", "a=MARK", "--query", "b=MARK"], "--query is for one name only"),
        (&["--auth", "MARK"], "--auth needs JSON"),
        (&["--auth", "@/nowhere"], "--auth: "),
        (&["--auth", "{}", "--secret", "MARK"], "--auth stands alone"),
        (&["--body", "-"], "a delivery by flags needs --provider"),
        (&["--header", "a: MARK"], "a delivery by flags needs --provider"),
        (&["--provider", "enviaai"], "a delivery by flags needs --body"),
        (&["--provider", "MARK", "--body", "-"], "provider: not one of"),
        (&["--provider", "enviaai", "--body", "/nowhere"], "--body: "),
        (&["--provider", "enviaai", "--body", "-", "--peer", "MARK"], "peer: not an address"),
        (&["--provider", "enviaai", "--body", "-", file.path()], "a delivery by flags and files"),
        (&["/nowhere"], "/nowhere: "),
    ] {
        let said = inspect(arguments, b"");
        assert_eq!((said.code, &*said.text), (Some(1), ""), "{arguments:?}");
        assert!(said.errors.starts_with(words), "{}", said.errors);
        assert!(!said.errors.contains("MARK"), "{}", said.errors);
    }
    let said = inspect(&["--help"], b"");
    assert_eq!((said.code, &*said.errors), (Some(0), ""));
    for word in ["--pretty", "--provider", "--auth", "--none", "--instance-token"] {
        assert!(said.text.contains(word), "{word}");
    }
    // Nothing to say of nothing.
    let said = inspect(&[file.path()], b"");
    assert_eq!((said.code, &*said.text, &*said.errors), (Some(0), "", ""));
}

#[test]
fn an_auth_that_cannot_be_used_is_a_fault_without_its_secrets() {
    for (auth, words) in [
        (json!({}), "auth: it names no mechanism"),
        (json!({"any_of": []}), "auth.any_of: it offers nothing"),
        (json!({"any_of": {}}), "auth.any_of: expected a list, found an object"),
        (json!({"any_of": [{"secrets": ["MARK"]}, {}]}), "auth.any_of[1]: it names no mechanism"),
        (
            json!({"any_of": [{"secrets": ["MARK"]}], "secrets": ["MARK"]}),
            "auth.any_of[0].secrets: also beside `any_of`",
        ),
        (json!({"any_of": [{"secrets": ["MARK"]}, {"jwt": {"secrets": ["MARK"]}}]}), "auth.jwt: "),
        (json!({"secret": ["MARK"]}), "auth.secret: there is no such mechanism"),
        (json!({"secrets": "MARK"}), "auth.secrets: expected a list, found a text"),
        (json!({"secrets": []}), "auth.secrets: "),
        (json!({"secrets": ["MARK", 7]}), "auth.secrets[1]: expected a text, found a number"),
        (json!({"secrets": ["MARK", ""]}), "auth.secrets[1]: the secret is empty"),
        (json!({"secrets": ["MARK "]}), "auth.secrets[0]: the secret has white space"),
        (json!({"query": {"name": "t"}}), "auth.query: `values` is missing"),
        (json!({"query": {"values": ["MARK"]}}), "auth.query: `name` is missing"),
        (json!({"query": {"name": "t", "values": ["MARK"], "x": 1}}), "auth.query.x: not known"),
        (json!({"query": ["MARK"]}), "auth.query: expected an object, found a list"),
        (json!({"path": {"values": ["MARK", null]}}), "auth.path.values[1]: expected a text"),
        (json!({"path": {"values": []}}), "auth.path.values: "),
        (json!({"path": "MARK"}), "auth.path: expected an object, found a text"),
        (json!({"header": {"name": "a b", "values": ["MARK"]}}), "auth.header.name: not the name"),
        (json!({"jwt": {"leeway_s": 1}}), "auth.jwt: `secrets` is missing"),
        (json!({"jwt": {"secrets": ["MARK"], "leeway_s": -1}}), "auth.jwt.leeway_s: not a number"),
        (json!({"basic": {"user": "MARK"}}), "auth.basic: `passwords` is missing"),
        (json!({"tokens": {"MARK": 7}}), "auth.tokens[0]: expected a text, found a number"),
        (json!({"tokens": {}}), "auth.tokens: "),
        (json!({"apikey": [""]}), "auth.apikey[0]: "),
        (json!({"instances": []}), "auth.instances: it accepts nothing"),
        (json!({"networks": ["10.0.0.0/8", "MARK"]}), "auth.networks: "),
        (json!({"networks": []}), "auth.networks: it accepts nothing"),
        (json!({"none": false}), "auth.none: it is true, or absent"),
        (json!({"none": "MARK"}), "auth.none: expected true or false, found a text"),
        (json!({"require": "v1"}), "auth.require: only `v2` can be required"),
        (json!({"accept_timestamped_v1": 1}), "auth.accept_timestamped_v1: expected true or false"),
        (json!({"max_age_s": "MARK"}), "auth.max_age_s: expected a number, found a text"),
        (json!({"max_age_s": 1e300}), "auth.max_age_s: not a number of seconds"),
    ] {
        let capture = json!({"provider": "enviaai", "body": "MARK", "auth": auth});
        let fault = fault(&capture);
        assert!(fault.starts_with(&format!("line 1: {words}")), "{fault}");
        assert!(!fault.contains("MARK"), "{fault}");
    }
    let said = inspect(
        &[],
        br#"{"provider":"enviaai","body":"","auth":{"secrets":["MARK"],"secrets":["MARK"]}}"#,
    );
    assert_eq!(said.code, Some(2));
    assert_eq!(said.errors, "line 1: auth.secrets: appears more than once\n");
}

#[test]
fn no_secret_gets_out() {
    let secret = "whs_MARK_MARK_MARK";
    let body = r#"{"event":"message.received","data":{"instanceId":"inst_1"}}"#;
    let auth = json!({"any_of": [
        {"secrets": [secret, "whs_MARK2"]},
        {"query": {"name": "t", "values": ["MARK"]}, "path": {"values": ["MARK"]}},
    ]});
    let good = enviaai::signed(secret, body, auth.clone());
    let mut bad = enviaai::signed("other", body, auth);
    bad["uri"] = json!("/MARK2?t=MARK3");
    let mut tagged = bad.clone();
    tagged["tag"] = json!("MARK");
    for arguments in [&[][..], &["--pretty"]] {
        let said = inspect(arguments, &lines(&[good.clone(), bad.clone()]));
        assert_eq!(said.code, Some(0), "{}", said.errors);
        assert!(!said.text.contains("MARK") && !said.errors.contains("MARK"), "{}", said.text);
        let said = inspect(arguments, &lines(std::slice::from_ref(&tagged)));
        assert_eq!(said.text.matches("MARK").count(), 1, "{}", said.text);
    }
}

#[test]
fn lines_end_in_every_way() {
    let case = all_cases().remove(0);
    let line = case.capture.to_string();
    let text = format!("\n{line}\r\n  \n\t{line} \n\nx\n{line}");
    let said = inspect(&[], text.as_bytes());
    assert_eq!((said.code, said.reports().len()), (Some(2), 3));
    assert_eq!(said.errors, "line 6: not JSON in UTF-8, at column 1\n");
    let said = inspect(&[], b"{\"provider\":\"\xFF\"}\n");
    assert_eq!(said.errors, "line 1: not JSON in UTF-8, at column 14\n");
}

/// The committed sample, which the documentation shows.
#[test]
fn the_sample_is_reported() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/inspect/captures.jsonl");
    let said = inspect(&[sample], b"");
    assert_eq!((said.code, &*said.errors), (Some(0), ""));
    let reports = said.reports();
    let words = |report: &Value| {
        let word = |key: &str| report[key].as_str().unwrap_or("-").to_owned();
        format!("{}: {} {} {}", word("tag"), word("verdict"), word("reason"), word("recognition"))
    };
    for expected in [
        "a message: accepted - known",
        "no signature: refused missing_credential -",
        "another secret: refused mismatch -",
        "a signature of six digits: refused malformed_credential -",
        "an event that nobody knows yet: accepted - unknown",
        "without its message: accepted - malformed",
        "cut off: unreadable not_json -",
        "either of two ways: accepted - known",
    ] {
        assert!(reports.iter().any(|report| words(report) == expected), "{expected}");
    }
    for subject in ALL {
        let text = std::fs::read_to_string(sample).unwrap();
        assert!(text.contains(&format!("\"provider\":\"{}\"", subject.name)), "{}", subject.name);
    }
}

/// What is kept raw may be indented; a report is one line all the same.
#[test]
fn a_report_is_one_line_whatever_the_body_holds() {
    let body = "{\n  \"event\": \"message_pinned\",\r\n  \"instanceId\": \"33\",\n  \"data\": {\n    \"text\": \"a  b \\\" c\",\n    \"n\": [ 1.50 ,\t2 ]\n  }\n}";
    let raw = crate::fixtures::text("wawp/message.webjs.json");
    for (provider, body, kept) in [
        ("eazewa", body, r#""data":{"text":"a  b \" c","n":[1.50,2]}"#),
        ("wawp", &*raw, r#""_data":{"#),
    ] {
        let capture = json!({"provider": provider, "body": body, "auth": {"none": true}});
        let line = capture.to_string();
        let said = inspect(&[], line.as_bytes());
        assert_eq!(said.text.lines().count(), 1, "{}", said.text);
        assert_eq!(said.reports()[0]["verdict"], "accepted");
        assert!(said.text.contains(kept), "{}", said.text);
        let pretty = inspect(&["--pretty"], line.as_bytes());
        let compact: Value = serde_json::from_str(&said.text).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&pretty.text).unwrap(), compact);
    }
}
