//! The example receivers over real sockets: started as programs, spoken to in
//! plain HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use zaphook::enviaai::EventName;
use zaphook::testing::{self, Capture};
use zaphook::{EnviaAi, Request, Secret};

use crate::fixtures;
pub(crate) use program::example;
use program::{Framework, Program, SECRET, Service, answer, raw};

const PATH: &str = "/enviaai";

/// What [`signed_to_hang_up`] adds.
const HANG_UP: (&str, &str) = ("expect", "100-continue");

/// Declares each case as a test of every framework.
macro_rules! cases {
    ($($(#[$meta:meta])* fn $case:ident($framework:ident: Framework) $body:block)+) => {
        $(fn $case($framework: Framework) $body)+

        mod axum {
            $($(#[$meta])* #[test] fn $case() { super::$case("axum") })+
        }

        // With `--all-features` only, so that nothing else waits for actix.
        #[cfg(feature = "actix-web")]
        mod actix {
            $($(#[$meta])* #[test] fn $case() { super::$case("actix") })+
        }
    };
}

mod gateways;
pub(crate) mod program;

/// The packages and features that these tests were built with: with others the crate would
/// be built once more for the examples.
const BUILT_WITH: &[&str] =
    if cfg!(feature = "actix-web") { &["--workspace", "--all-features"] } else { &[] };

fn sign(secret: &str, body: &[u8]) -> String {
    EnviaAi::sign(&Secret::new(secret).unwrap(), body)
}

fn signed(body: &[u8]) -> Vec<u8> {
    signed_with(&[], body)
}

/// As `signed`, and asks for an answer in between. It is not read: a connection
/// that is dropped then is reset, which no server takes for a caller who has
/// only said everything.
fn signed_to_hang_up(body: &[u8]) -> Vec<u8> {
    signed_with(&[HANG_UP], body)
}

fn signed_with(more: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let (signature, length) = (sign(SECRET, body), body.len().to_string());
    let headers = [("x-enviaai-signature", signature.as_str()), ("content-length", &length)];
    raw("POST", PATH, &[&headers, more].concat(), body)
}

/// An adapter is copied as one file, and one application runs on either.
#[test]
fn an_adapter_needs_no_other_file() {
    let axum = include_str!("../../examples/axum/adapter.rs");
    let actix = include_str!("../../examples/actix/adapter.rs");
    for adapter in [axum, actix] {
        for word in ["mod ", "#[path", "crate::", "super::", "include"] {
            let code = |line: &&str| !line.trim_start().starts_with("//");
            let line = adapter.lines().filter(code).find(|line| line.contains(word));
            assert_eq!(line, None);
        }
    }
    let application = |adapter: &'static str| {
        let (_, rest) = adapter.split_once("// ---- The application").unwrap();
        rest.split_once("// ---- A request").unwrap().0
    };
    assert_eq!(application(axum), application(actix));
}

/// `examples/bot` over HTTP.
#[test]
fn the_bot_answers_what_is_posted() {
    let program = Program::run(&example("bot"), &[], &["--listen", "127.0.0.1:0"]);
    let body = testing::sample(EventName::MessageReceived).text(" ping ").body();
    for _ in 0..2 {
        assert_eq!(program.send(&signed(&body)).0, 200);
    }
    let said = program.handled().unwrap();
    assert!(said.starts_with("enviaai: pong, "), "{said}");
    assert!(program.lines.try_recv().is_err(), "it answered twice");
}

/// And as the README runs it.
#[test]
fn the_bot_feeds_itself_and_ends() {
    let output = Command::new(example("bot")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    for gateway in ["eazewa", "enviaai", "evolution", "wawp", "zavu"] {
        assert!(said.contains(&format!("{gateway}: pong, ")), "{gateway}: {said}");
    }
    for words in ["came late", "is disconnected", "pairing, qr", "█"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

/// An event of its own for every text.
fn event(text: &str) -> Vec<u8> {
    let body = fixtures::text("enviaai/message.received.plain.json");
    body.replace("msg_8f2c41", &format!("msg_{text}")).into_bytes()
}

/// Long enough for a server to notice what has happened to a connection or
/// itself, when nothing tells that it has.
const NOTICED: Duration = Duration::from_millis(200);

fn start_at(service: &Service, framework: Framework, settings: &[(&str, &str)]) -> Program {
    let (name, address) = service.setting();
    Program::start(framework, &[settings, &[(name, &address)]].concat())
}

/// Hangs up so long after the work has begun, which goes on so long after that.
fn hang_up(framework: Framework, after: Duration, on: Duration) {
    let service = Service::start();
    let program = start_at(&service, framework, &[]);
    let body = event("hung_up");
    let mut stream = program.connect();
    stream.write_all(&signed_to_hang_up(&body)).unwrap();
    let work = service.begun();
    std::thread::sleep(after);
    drop(stream);
    std::thread::sleep(on);
    drop(work);
    assert!(program.handled().unwrap().ends_with("msg_hung_up"));
    // It was completed: the repetition is a duplicate.
    assert_eq!(program.send(&signed(&body)).0, 200);
    assert!(program.lines.try_recv().is_err() && service.is_idle());
}

cases! {
    fn what_is_stored_first_is_answered_then_and_otherwise_as_the_gateway_needs(framework: Framework) {
        let folder = std::env::temp_dir()
            .join(format!("zaphook-store-first-{framework}-{}", std::process::id()));
        let file = folder.join("inbox.jsonl");
        let token = "9f2c51b7-5a0e-4d8e";
        let settings = [("EAZEWA_TOKENS", "33=9f2c51b7-5a0e-4d8e")];
        let arguments = ["--store-first", file.to_str().unwrap()];
        let program = Program::start_with(framework, &settings, &arguments);
        let body = fixtures::text("eazewa/message_ack.json");
        let (path, length) = (format!("/eazewa/{token}"), body.len().to_string());
        let final_one = raw("POST", &path, &[("content-length", &length)], body.as_bytes());

        // There is no such folder: told to come again, or not answered at all.
        let mut stream = program.connect();
        stream.write_all(&final_one).unwrap();
        assert_eq!(program.send(&signed(&event("a"))).0, 503);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), "");
        program.says_in_the_end("eazewa: 503 not_stored");

        // With one it is stored, and no worse for having waited.
        std::fs::create_dir(&folder).unwrap();
        assert_eq!(program.send(&final_one).0, 200);
        assert_eq!(program.send(&signed(&event("a"))).0, 200);
        assert_eq!(program.send(&signed(b"not json")).0, 200);
        let rows = std::fs::read_to_string(&file).unwrap();
        let stored = rows.lines().map(serde_json::from_str::<zaphook::Stored>);
        let stored: Vec<_> = stored.collect::<Result<_, _>>().unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(stored[0].body(), body.as_bytes());
        assert_eq!(stored[1].body()[..], event("a"));
        assert_eq!(stored[2].body(), "not json");
        assert_eq!(program.lines.try_recv().ok(), None);
    }

    fn deliveries_are_answered_as_the_gateway_needs(framework: Framework) {
        let program = Program::start(framework, &[]);
        let body = event("a");
        assert_eq!(program.send(&signed(&body)).0, 200);
        let handled = "enviaai message.received enviaai/inst_4b7d/message.received/message/msg_a";
        assert_eq!(program.handled().unwrap(), handled);
        // The same once more, spelled the same: not handled again.
        assert_eq!(program.send(&signed(&body)).0, 200);
        // Unreadable, unknown, malformed: all 200.
        assert_eq!(program.send(&signed(b"not json")).0, 200);
        assert_eq!(program.send(&signed(br#"{"event":"x.y","data":{}}"#)).0, 200);
        assert!(program.handled().unwrap().starts_with("enviaai x.y enviaai/x.y/body/"));
        assert_eq!(program.send(&signed(br#"{"event":"message.read","data":7}"#)).0, 200);
        assert!(program.handled().unwrap().starts_with("enviaai message.read "));
        assert!(program.lines.try_recv().is_err());
    }

    fn an_unsigned_request_is_refused_before_its_body_is_read(framework: Framework) {
        let program = Program::start(framework, &[]);
        let mut stream = program.connect();
        stream.write_all(&raw("POST", PATH, &[("content-length", "1000000")], b"{")).unwrap();
        assert_eq!(answer(&mut stream).0, 401);
    }

    fn a_head_that_takes_too_long_ends_the_connection(framework: Framework) {
        // actix counts in half seconds.
        let program = Program::start(framework, &[("HEAD_WITHIN_MS", "1000")]);
        let mut stream = program.connect();
        stream.write_all(b"POST /enviaai HTTP/1.1\r\nhost: local").unwrap();
        let started = Instant::now();
        // Closed, with or without a word; nobody waits for the rest.
        assert!(matches!(answer(&mut stream).0, 0 | 408));
        assert!(started.elapsed() < Duration::from_secs(15));
        assert_eq!(program.send(&signed(&event("after"))).0, 200);
    }

    fn a_body_that_takes_too_long_ends_the_wait(framework: Framework) {
        let program = Program::start(framework, &[("BODY_WITHIN_MS", "200")]);
        let body = event("slow");
        let mut stream = program.connect();
        let request = signed(&body);
        stream.write_all(&request[..request.len() - 5]).unwrap();
        assert_eq!(answer(&mut stream).0, 408);
    }

    /// Hangs up while the handler is still at work: it is completed once.
    fn a_caller_who_hangs_up_cancels_nothing(framework: Framework) {
        hang_up(framework, Duration::ZERO, NOTICED);
    }

    #[ignore = "needs ten seconds of waiting"]
    fn a_caller_who_hangs_up_after_a_second_cancels_no_work_of_six(framework: Framework) {
        hang_up(framework, Duration::from_secs(1), Duration::from_secs(5));
    }

    fn a_delivery_that_takes_too_long_is_answered_and_goes_on(framework: Framework) {
        let service = Service::start();
        let program = start_at(&service, framework, &[("ANSWER_WITHIN_MS", "300")]);
        let body = event("long");
        assert_eq!(program.send(&signed(&body)).0, 503);
        drop(service.begun());
        assert!(program.handled().unwrap().ends_with("msg_long"));
        assert_eq!(program.send(&signed(&body)).0, 200);
        assert!(program.lines.try_recv().is_err() && service.is_idle());
    }

    fn above_the_limit_of_concurrency_the_answer_is_503(framework: Framework) {
        let service = Service::start();
        let program = start_at(&service, framework, &[("CONCURRENCY", "2")]);
        let begin = |text: &str| {
            let mut stream = program.connect();
            stream.write_all(&signed(&event(text))).unwrap();
            (stream, service.begun())
        };
        let busy = ["busy_0", "busy_1"].map(begin);
        assert_eq!(program.send(&signed(&event("one_too_many"))).0, 503);
        for (mut stream, work) in busy {
            drop(work);
            assert_eq!(answer(&mut stream).0, 200);
        }
        // The gateway comes again, and there is room.
        let (mut stream, work) = begin("one_too_many");
        drop(work);
        assert_eq!(answer(&mut stream).0, 200);
    }

    fn a_shutdown_loses_nothing(framework: Framework) {
        let service = Service::start();
        let mut program = start_at(&service, framework, &[]);
        let begin = |request: &[u8]| {
            let mut stream = program.connect();
            stream.write_all(request).unwrap();
            (stream, service.begun())
        };
        let busy: Vec<_> =
            (0..20).map(|index| begin(&signed(&event(&format!("last_{index}"))))).collect();
        // Its work ends last, when no connection waits for anything any more.
        let (stream, last) = begin(&signed_to_hang_up(&event("hung_up")));
        drop(stream);
        std::thread::sleep(NOTICED);
        program.signal("-TERM");
        std::thread::sleep(NOTICED);
        for (mut stream, work) in busy {
            drop(work);
            assert_eq!(answer(&mut stream).0, 200);
        }
        assert_eq!(program.ends_within(NOTICED), None);
        drop(last);
        assert_eq!(program.ends_within(Duration::from_secs(10)), Some(0));
        let mut handled: Vec<String> = program.lines.iter().collect();
        handled.sort();
        handled.dedup();
        assert_eq!(handled.len(), 21);
        assert!(TcpStream::connect(program.address).is_err());
    }

    fn a_shutdown_waits_for_work_that_was_answered_before_its_end(framework: Framework) {
        let service = Service::start();
        let mut program = start_at(&service, framework, &[("ANSWER_WITHIN_MS", "300")]);
        assert_eq!(program.send(&signed(&event("answered"))).0, 503);
        program.signal("-TERM");
        assert_eq!(program.ends_within(NOTICED), None);
        drop(service.begun());
        assert_eq!(program.ends_within(Duration::from_secs(10)), Some(0));
        let handled: Vec<String> = program.lines.iter().collect();
        assert!(matches!(&handled[..], [line] if line.ends_with("msg_answered")), "{handled:?}");
    }

    fn a_shutdown_waits_for_a_body_on_its_way(framework: Framework) {
        let service = Service::start();
        let mut program = start_at(&service, framework, &[("ANSWER_WITHIN_MS", "300")]);
        let request = signed_with(&[("expect", "100-continue")], &event("on_its_way"));
        let (start, rest) = request.split_at(request.len() - 10);
        let mut stream = program.connect();
        stream.write_all(start).unwrap();
        assert_eq!(answer(&mut stream).0, 100); // the body is being read
        std::thread::sleep(NOTICED);
        program.signal("-TERM");
        assert_eq!(program.ends_within(NOTICED), None);
        stream.write_all(rest).unwrap();
        assert_eq!(answer(&mut stream).0, 503); // too late, and not in vain
        drop(stream);
        assert_eq!(program.ends_within(NOTICED), None);
        drop(service.begun());
        assert_eq!(program.ends_within(Duration::from_secs(10)), Some(0));
        let handled: Vec<String> = program.lines.iter().collect();
        assert!(matches!(&handled[..], [line] if line.ends_with("msg_on_its_way")), "{handled:?}");
    }

    fn secrets_are_read_again_at_sighup(framework: Framework) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let file = folder.join(format!("secrets-{framework}-{}", std::process::id()));
        std::fs::write(&file, format!("{SECRET}\n")).unwrap();
        let program = Program::start(framework, &[("ENVIAAI_SECRETS_FILE", file.to_str().unwrap())]);
        let body = event("rotated");
        let length = body.len().to_string();
        let by = |secret: &str| {
            let signature = sign(secret, &body);
            let headers = [("x-enviaai-signature", signature.as_str()), ("content-length", &length)];
            program.send(&raw("POST", PATH, &headers, &body)).0
        };
        assert_eq!((by(SECRET), by("whs_new")), (200, 401));
        std::fs::write(&file, format!("whs_new\n{SECRET}\n")).unwrap();
        program.signal("-HUP");
        program.says_in_the_end("secrets read again");
        assert_eq!((by("whs_new"), by(SECRET)), (200, 200));
        // A file that cannot be used changes nothing.
        std::fs::write(&file, "\n").unwrap();
        program.signal("-HUP");
        program.says_in_the_end("the secrets stay as they are");
        assert_eq!(by("whs_new"), 200);
        std::fs::remove_file(file).unwrap();
    }

    fn what_is_received_can_be_kept_without_its_credentials(framework: Framework) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let file = folder.join(format!("captures-{framework}-{}", std::process::id()));
        let _ = std::fs::remove_file(&file);
        let arguments = ["--capture", file.to_str().unwrap()];
        let kept = || std::fs::read_to_string(&file).unwrap();
        let (body, forged) = (event("kept"), event("forged"));
        let other = sign("whs_other", &forged);

        let program = Program::start_with(framework, &[], &arguments);
        assert_eq!(program.send(&signed(&body)).0, 200);
        // It is in the file without anybody asking for it.
        let started = Instant::now();
        while kept().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(10));
            std::thread::sleep(Duration::from_millis(10));
        }
        drop(program);

        // Another start adds to it; an end loses nothing.
        let mut program = Program::start_with(framework, &[], &arguments);
        let length = forged.len().to_string();
        let headers = [
            ("x-enviaai-signature", other.as_str()),
            ("X-Team", "whs_team"),
            ("content-type", "application/json"),
            ("content-length", &length),
        ];
        assert_eq!(program.send(&raw("POST", PATH, &headers, &forged)).0, 401);
        assert_eq!(program.send(&signed(b"{\"apikey\":\"whs_body\",")).0, 200);
        // Without a signature its body is not read, and nothing is kept.
        assert_eq!(program.send(&raw("POST", PATH, &[("content-length", "2")], b"{}")).0, 401);
        program.signal("-TERM");
        assert_eq!(program.ends_within(Duration::from_secs(10)), Some(0));

        let kept = kept();
        let captures: Vec<Capture> = kept.lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(captures.len(), 3, "{kept}");
        let requests: Vec<Request<'_>> = captures.iter().map(Capture::request).collect();
        assert_eq!(*requests[0].body(), body);
        assert_eq!(*requests[1].body(), forged);
        assert_eq!(*requests[2].body(), &b"{\"apikey\":\"REPLACED\","[..]);
        assert!(requests.iter().all(|request| request.head().path() == "/enviaai"));
        assert!(kept.lines().all(|line| {
            line.contains(r#""peer":"127.0.0.1""#)
                && line.contains(r#""x-enviaai-signature":"sha256=REPLACED""#)
        }));
        for header in [r#""x-team":"REPLACED""#, r#""content-type":"application/json""#] {
            assert!(kept.contains(header), "{kept}");
        }
        for credential in ["whs_", &other[7..], &sign(SECRET, &body)[7..]] {
            assert!(!kept.contains(credential), "{kept}");
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }

        // And `inspect` reports on it.
        let output = Command::new(example("inspect")).arg("--none").arg(&file).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        let reports = String::from_utf8(output.stdout).unwrap();
        let verdicts: Vec<bool> =
            reports.lines().map(|report| report.contains(r#""verdict":"accepted""#)).collect();
        assert_eq!(verdicts, [true, true, false]);
        std::fs::remove_file(file).unwrap();
    }

    fn the_command_line_is_told(framework: Framework) {
        for (arguments, code, words) in [
            (&["--help"][..], 0, "--capture FILE"),
            (&["--capture"], 1, "--capture takes a file"),
            (&["--capture", "/nowhere/at/all"], 1, "--capture: "),
            (&["--captures"], 1, "--captures is not known"),
        ] {
            let output = Command::new(example(framework))
                .args(arguments)
                .env_clear()
                .envs([("LISTEN", "127.0.0.1:0"), ("ENVIAAI_SECRETS", SECRET)])
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(code), "{arguments:?}");
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(said.contains(words), "{said}");
        }
    }

    fn a_wrong_configuration_says_what_to_set(framework: Framework) {
        for (settings, words) in [
            (("ENVIAAI_SECRETS", ""), "ENVIAAI_SECRETS: the secret is empty"),
            (("ENVIAAI_SECRETS", "a, b"), "ENVIAAI_SECRETS: the secret has white space"),
            (("ENVIAAI_SECRETS_FILE", "/nowhere"), "ENVIAAI_SECRETS_FILE cannot be read"),
            (("LISTEN", "somewhere"), "LISTEN cannot be used"),
            (("CONCURRENCY", "-1"), "CONCURRENCY cannot be used"),
            (("CONCURRENCY", "0"), "CONCURRENCY cannot be used"),
            (("CONCURRENCY", "18446744073709551615"), "CONCURRENCY cannot be used"),
        ] {
            let output = Command::new(example(framework))
                .env_clear()
                .envs([("LISTEN", "127.0.0.1:0"), ("ENVIAAI_SECRETS", SECRET)])
                .env(settings.0, settings.1)
                .output()
                .unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{settings:?}");
            assert!(said.starts_with(words), "{said}");
            assert!(!said.contains(SECRET));
        }
    }
}
