//! Every gateway through the example receivers: what is accepted, what is
//! refused and why, how much a body may have, and what becomes of work whose
//! caller is gone.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use zaphook::{EazeWa, EnviaAi, Evolution, Gateway, Secret, Wawp, Zavu};

use super::program::{Framework, Program, SECRET, Service, answer, chunked, raw};
use super::{HANG_UP, NOTICED};
use crate::thorough;

const ZAVU_SECRET: &str = "whsec_77e0b1a4";
const WAHA_SECRET: &str = "waha_5d1f0cc3";
const JWT_KEY: &str = "jwt_0f6d3c1ab29e";
const QUERY_TOKEN: &str = "f2Q8xN4pL0sV7kT3";
const PATH_TOKEN: &str = "9f2c51b7-5a0e-4d8e";
const OTHER_INSTANCE: &str = "c4cfb1a0-77d1-4b1f";

/// Besides EnviaAI's.
const SETTINGS: &[(&str, &str)] = &[
    ("ZAVU_SECRETS", ZAVU_SECRET),
    ("EAZEWA_TOKENS", "33=9f2c51b7-5a0e-4d8e,34=c4cfb1a0-77d1-4b1f"),
    ("WAWP_TOKENS", QUERY_TOKEN),
    ("WAHA_SECRETS", WAHA_SECRET),
    ("EVOLUTION_JWT_KEYS", JWT_KEY),
    ("EVOLUTION_INSTANCES", "cantina,33"),
];

/// Where a delivery goes, and what it shows to prove itself.
#[derive(Clone)]
struct Claim {
    path: String,
    headers: Vec<(&'static str, String)>,
}

impl Claim {
    fn new(path: &str) -> Self {
        Self { path: path.to_owned(), headers: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A request that claims so much of the body, and is framed so.
    fn framed(&self, method: &str, framing: (&str, &str), sent: &[u8]) -> Vec<u8> {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        raw(method, &self.path, &[&headers[..], &[framing]].concat(), sent)
    }

    fn post(&self, body: &[u8]) -> Vec<u8> {
        self.framed("POST", ("content-length", &body.len().to_string()), body)
    }
}

const CHUNKED: (&str, &str) = ("transfer-encoding", "chunked");

/// A refused claim, the reason and the status.
type Refused = (Claim, &'static str, u16);

struct Subject {
    gateway: &'static str,
    event: &'static str,
    limit: usize,
    /// Whether a body that is cut short no longer fits its proof.
    bound: bool,
    body: fn(&str) -> String,
    /// What proves a body.
    claim: fn(&[u8]) -> Claim,
    /// What proves nothing of it.
    refused: fn(&[u8]) -> Vec<Refused>,
}

const ALL: &[Subject] = &[
    Subject {
        gateway: EazeWa::NAME,
        event: "message",
        limit: EazeWa::BODY_LIMIT,
        bound: true,
        body: |id| {
            format!(
                r#"{{"event":"message","instanceId":"33","data":{{"message":{{"id":"false_5511999990001@c.us_{id}","body":"Oi"}}}}}}"#
            )
        },
        claim: |_| Claim::new(&format!("/eazewa/{PATH_TOKEN}")),
        refused: |_| {
            vec![
                (Claim::new("/eazewa"), "mismatch", 401),
                (Claim::new("/eazewa/"), "missing_credential", 401),
                (Claim::new("/eazewa/0123456789abcdef"), "mismatch", 401),
                (Claim::new(&format!("/eazewa/{PATH_TOKEN}%")), "malformed_credential", 401),
                (Claim::new(&format!("/eazewa/{OTHER_INSTANCE}")), "mismatch", 401),
            ]
        },
    },
    Subject {
        gateway: EnviaAi::NAME,
        event: "message.received",
        limit: EnviaAi::BODY_LIMIT,
        bound: true,
        body: |id| {
            format!(
                r#"{{"event":"message.received","data":{{"messageId":"{id}","instanceId":"inst_1","from":"5511999990001"}}}}"#
            )
        },
        claim: |body| enviaai(SECRET, body),
        refused: |body| {
            let bare = Claim::new("/enviaai");
            let header = "x-enviaai-signature";
            let right = enviaai(SECRET, body);
            let twice = enviaai("whs_other", body).headers.remove(0).1;
            vec![
                (bare.clone(), "missing_credential", 401),
                (bare.clone().with(header, ""), "malformed_credential", 401),
                (bare.clone().with(header, "sha256=ab"), "malformed_credential", 401),
                (right.with(header, twice), "ambiguous_credential", 401),
                (enviaai("whs_other", body), "mismatch", 401),
            ]
        },
    },
    Subject {
        gateway: Evolution::NAME,
        event: "messages.upsert",
        limit: Evolution::BODY_LIMIT,
        bound: true,
        body: |id| evolution("cantina", id),
        claim: |_| jwt(JWT_KEY, 0),
        refused: |_| {
            let bare = Claim::new("/evolution");
            let unsigned = "eyJhbGciOiJub25lIn0.e30.";
            vec![
                (bare.clone(), "missing_credential", 401),
                (bare.clone().with("authorization", "Bearer x"), "malformed_credential", 401),
                (
                    bare.with("authorization", format!("Bearer {unsigned}")),
                    "unsupported_algorithm",
                    401,
                ),
                (
                    jwt(JWT_KEY, 0).with("authorization", "Basic Zm9vOmJhcg=="),
                    "ambiguous_credential",
                    401,
                ),
                (jwt("jwt_of_somebody_else", 0), "mismatch", 401),
                (jwt(JWT_KEY, 3600), "expired", 503),
            ]
        },
    },
    Subject {
        gateway: Wawp::NAME,
        event: "message",
        limit: Wawp::BODY_LIMIT,
        bound: false,
        body: wawp,
        claim: |_| Claim::new(&format!("/wawp?secret={QUERY_TOKEN}")),
        refused: |_| {
            vec![
                (Claim::new("/wawp"), "missing_credential", 401),
                (Claim::new("/wawp?secret="), "missing_credential", 401),
                (Claim::new("/wawp?secret=guess"), "mismatch", 401),
                (
                    Claim::new(&format!("/wawp?secret={QUERY_TOKEN}&secret=guess")),
                    "ambiguous_credential",
                    401,
                ),
            ]
        },
    },
    // WAHA, on the same route.
    Subject {
        gateway: Wawp::NAME,
        event: "message",
        limit: Wawp::BODY_LIMIT,
        bound: true,
        body: wawp,
        claim: |body| waha(WAHA_SECRET, body),
        refused: |body| {
            let bare = Claim::new("/wawp");
            let (header, algorithm) = ("x-webhook-hmac", "x-webhook-hmac-algorithm");
            vec![
                (bare.clone().with(header, "ab"), "malformed_credential", 401),
                (waha(WAHA_SECRET, body).with(algorithm, "md5"), "unsupported_algorithm", 401),
                (
                    waha(WAHA_SECRET, body).with(header, "0".repeat(128)),
                    "ambiguous_credential",
                    401,
                ),
                (waha("waha_other", body), "mismatch", 401),
            ]
        },
    },
    Subject {
        gateway: Zavu::NAME,
        event: "message.inbound",
        limit: Zavu::BODY_LIMIT,
        bound: true,
        body: |id| {
            format!(
                r#"{{"id":"evt_{id}","type":"message.inbound","timestamp":1705312500123,"projectId":"prj_1","data":{{"messageId":"{id}","from":"+5511999990001","to":"+5511888880001","channel":"whatsapp","text":"Oi"}}}}"#
            )
        },
        claim: |body| zavu(ZAVU_SECRET, 0, body),
        refused: |body| {
            let bare = Claim::new("/zavu");
            let header = "x-zavu-signature";
            let (now, digits) = (Utc::now().timestamp(), "0".repeat(64));
            vec![
                (bare.clone(), "missing_credential", 401),
                (bare.clone().with(header, &digits), "malformed_credential", 401),
                (bare.clone().with(header, "t=1705312500"), "malformed_credential", 401),
                (
                    bare.with(header, format!("t={now},t={},v2={digits}", now + 1)),
                    "ambiguous_credential",
                    401,
                ),
                (
                    zavu(ZAVU_SECRET, 0, body).with(header, format!("t={now},v2={digits}")),
                    "ambiguous_credential",
                    401,
                ),
                (zavu("whsec_other", 0, body), "mismatch", 401),
                (zavu(ZAVU_SECRET, -3600, body), "stale", 401),
                (zavu(ZAVU_SECRET, 3600, body), "too_far_ahead", 401),
            ]
        },
    },
];

fn enviaai(secret: &str, body: &[u8]) -> Claim {
    let signature = EnviaAi::sign(&Secret::new(secret).unwrap(), body);
    Claim::new("/enviaai").with("x-enviaai-signature", signature)
}

fn jwt(key: &str, seconds_ago: i64) -> Claim {
    let made_at = Utc::now().timestamp() - seconds_ago;
    let authorization = Evolution::sign(&Secret::new(key).unwrap(), made_at);
    // As a webhook by events posts.
    Claim::new("/evolution/messages-upsert").with("authorization", authorization)
}

fn waha(key: &str, body: &[u8]) -> Claim {
    let signature = Wawp::sign(&Secret::new(key).unwrap(), body);
    Claim::new("/wawp").with("x-webhook-hmac", signature)
}

fn zavu(secret: &str, seconds_ahead: i64, body: &[u8]) -> Claim {
    let at = Utc::now() + TimeDelta::seconds(seconds_ahead);
    let signature = Zavu::sign(&Secret::new(secret).unwrap(), at, body);
    Claim::new("/zavu").with("x-zavu-signature", signature)
}

fn evolution(instance: &str, id: &str) -> String {
    format!(
        r#"{{"event":"messages.upsert","instance":"{instance}","data":{{"key":{{"remoteJid":"5511999990001@s.whatsapp.net","fromMe":false,"id":"{id}"}},"message":{{"conversation":"Oi"}},"messageType":"conversation","messageTimestamp":1770733425}},"date_time":"2026-02-10T11:23:45.678Z"}}"#
    )
}

fn wawp(id: &str) -> String {
    format!(
        r#"{{"id":"evt_{id}","timestamp":1770733425678,"event":"message","session":"default","payload":{{"id":"false_5511999990001@c.us_{id}","timestamp":1770733424,"from":"5511999990001@c.us","fromMe":false,"body":"Oi","hasMedia":false}},"engine":"NOWEB"}}"#
    )
}

fn start(framework: Framework, more: &[(&str, &str)]) -> Program {
    Program::start(framework, &[SETTINGS, more].concat())
}

fn start_at(service: &Service, framework: Framework, more: &[(&str, &str)]) -> Program {
    super::start_at(service, framework, &[SETTINGS, more].concat())
}

impl Subject {
    /// A delivery that proves itself, of an event of its own.
    fn delivery(&self, id: &str) -> Vec<u8> {
        let body = (self.body)(id);
        (self.claim)(body.as_bytes()).post(body.as_bytes())
    }

    /// The same for a caller who is going to hang up.
    fn delivery_to_hang_up(&self, id: &str) -> Vec<u8> {
        let body = (self.body)(id);
        let (name, value) = HANG_UP;
        (self.claim)(body.as_bytes()).with(name, value).post(body.as_bytes())
    }

    /// The next event that was handled, and that it is this gateway's.
    #[track_caller]
    fn is_handled(&self, program: &Program, id: &str) {
        let line = program.handled().unwrap();
        let begin = format!("{} {} {}/", self.gateway, self.event, self.gateway);
        assert!(line.starts_with(&begin) && line.contains(id), "{line}");
    }
}

/// So many bytes of JSON that names no event, and every gateway's instance.
fn unreadable(length: usize) -> Vec<u8> {
    let (start, end) = (r#"{"instanceId":"33","instance":"cantina","text":""#, r#""}"#);
    format!("{start}{}{end}", "~".repeat(length - start.len() - end.len())).into_bytes()
}

/// An id of its own for each subject.
fn id(index: usize, what: &str) -> String {
    format!("3EB0{index}{what}")
}

cases! {
    fn each_gateway_is_received_once(framework: Framework) {
        let program = start(framework, &[]);
        for (index, subject) in ALL.iter().enumerate() {
            let delivery = subject.delivery(&id(index, "AA"));
            assert_eq!(program.send(&delivery).0, 200, "{}", subject.gateway);
            subject.is_handled(&program, &id(index, "AA"));
            assert_eq!(program.send(&delivery).0, 200, "{}", subject.gateway);
            // eazeWA and Evolution are asked for their instance first.
            for body in [r#"{"instanceId":"33","instance":"cantina"}"#, r#"{"instanceId":"33","instance":"cantina","event":7}"#] {
                let claim = (subject.claim)(body.as_bytes());
                let (status, answer) = program.send(&claim.post(body.as_bytes()));
                assert_eq!(status, 200, "{} {body}: {answer}", subject.gateway);
                // It is handed over to be kept, then answered.
                for expected in ["dead letter, unreadable", "200 unreadable, "] {
                    let said = program.says().unwrap();
                    let expected = format!("{}: {expected}", subject.gateway);
                    assert!(said.starts_with(&expected), "{said}");
                }
            }
        }
        // The repetitions were not handled again.
        assert!(program.lines.try_recv().is_err());
        assert!(program.said.try_recv().is_err());
    }

    fn each_reason_to_refuse_is_answered_and_named(framework: Framework) {
        let program = start(framework, &[]);
        for subject in ALL {
            let body = (subject.body)("3EB0C0DE");
            for (claim, reason, status) in (subject.refused)(body.as_bytes()) {
                let shown = format!("{} {reason} {:?}", claim.path, claim.headers);
                let (answered, head) = program.send(&claim.post(body.as_bytes()));
                assert_eq!(answered, status, "{shown}");
                assert!(head.contains("content-length: 0"), "{head}");
                let said = program.says().unwrap();
                let expected = format!("{}: {status} refused, {reason}: ", subject.gateway);
                assert!(said.starts_with(&expected), "{shown}: {said}");
                // Neither what was presented nor what would have been right.
                let presented = claim.headers.iter().map(|(_, value)| value.as_str());
                let presented = presented.filter(|value| value.len() > 8);
                for credential in presented.chain([PATH_TOKEN, QUERY_TOKEN, SECRET]) {
                    assert!(!said.contains(credential) && !head.contains(credential), "{said}");
                }
            }
        }
        let body = evolution("oficina", "3EB0C0DE");
        assert_eq!(program.send(&jwt(JWT_KEY, 0).post(body.as_bytes())).0, 401);
        assert!(program.says().unwrap().starts_with("evolution: 401 refused, wrong_instance: "));
        assert!(program.lines.try_recv().is_err());
    }

    fn the_connections_other_end_is_told(framework: Framework) {
        let body = evolution("cantina", "3EB0C0DE");
        let request = jwt(JWT_KEY, 0).with("x-forwarded-for", "192.0.2.7").post(body.as_bytes());
        let elsewhere = start(framework, &[("EVOLUTION_NETWORKS", "192.0.2.0/24")]);
        assert_eq!(elsewhere.send(&request).0, 401);
        assert!(elsewhere.says().unwrap().starts_with("evolution: 401 refused, network: "));
        let here = start(framework, &[("EVOLUTION_NETWORKS", "192.0.2.0/24,127.0.0.0/8")]);
        assert_eq!(here.send(&request).0, 200);
    }

    fn every_route_takes_posts_alone(framework: Framework) {
        let program = start(framework, &[]);
        for subject in ALL {
            let body = (subject.body)("3EB0C0DE");
            let claim = (subject.claim)(body.as_bytes());
            for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                let length = body.len().to_string();
                let request = claim.framed(method, ("content-length", &length), body.as_bytes());
                assert_eq!(program.send(&request).0, 405, "{method} {}", subject.gateway);
            }
        }
        let nowhere = Claim::new("/nowhere").post(b"{}");
        assert_eq!(program.send(&nowhere).0, 404);
        assert!(program.lines.try_recv().is_err());
    }

    fn each_gateway_has_its_own_limit(framework: Framework) {
        let program = start(framework, &[]);
        let mut routes: Vec<&Subject> = ALL.iter().collect();
        routes.dedup_by_key(|subject| subject.gateway);
        let mut turn = 0;
        for subject in routes {
            let limit = subject.limit;
            // Whatever ends the delivery: it would be as large the next time.
            let too_large = if subject.gateway == "eazewa" { 413 } else { 200 };
            // What is unreadable is a dead letter, and an outcome; the other is not read.
            for (length, status, said) in [
                (limit - 1, 200, ["unreadable"; 2].as_slice()),
                (limit, 200, &["unreadable"; 2]),
                (limit + 1, too_large, &["too_large"]),
            ] {
                let body = unreadable(length);
                let claim = (subject.claim)(&body);
                let shown = format!("{} {length}", subject.gateway);
                turn += 1;
                let requests = [claim.post(&body), claim.framed("POST", CHUNKED, &chunked(&body))];
                for request in thorough::in_turn(requests, turn) {
                    assert_eq!(program.send(&request).0, status, "{shown}");
                    for word in said {
                        let line = program.says().unwrap();
                        assert!(line.contains(word), "{shown}: {line}");
                    }
                }
            }
        }
    }

    fn a_length_that_lies_does_no_harm(framework: Framework) {
        let program = start(framework, &[("BODY_WITHIN_MS", "500")]);
        for subject in ALL {
            let body = (subject.body)("3EB0C0DE");
            let claim = (subject.claim)(body.as_bytes());
            let framed = |length: &str| {
                claim.framed("POST", ("content-length", length), body.as_bytes())
            };
            // Less than there is: the proof does not fit, or the JSON ends early.
            let less = program.send(&framed(&(body.len() - 10).to_string())).0;
            assert_eq!(less, if subject.bound { 401 } else { 200 }, "{}", subject.gateway);
            // More: the rest does not come.
            let more = program.send(&framed(&(body.len() + 10).to_string())).0;
            assert_eq!(more, 408, "{}", subject.gateway);
            for length in ["-1", "ten", "99999999999999999999999"] {
                assert_eq!(program.send(&framed(length)).0, 400, "{} {length}", subject.gateway);
            }
        }
        assert!(program.lines.try_recv().is_err());
    }

    fn who_hangs_up_at_any_gateway_cancels_nothing(framework: Framework) {
        let service = Service::start();
        let program = start_at(&service, framework, &[]);
        let deliveries: Vec<Vec<u8>> =
            ALL.iter().enumerate().map(|(i, subject)| subject.delivery(&id(i, "AB"))).collect();
        let (streams, work): (Vec<TcpStream>, Vec<TcpStream>) = ALL
            .iter()
            .enumerate()
            .map(|(index, subject)| {
                let mut stream = program.connect();
                stream.write_all(&subject.delivery_to_hang_up(&id(index, "AB"))).unwrap();
                (stream, service.begun())
            })
            .unzip();
        drop(streams);
        std::thread::sleep(NOTICED);
        drop(work);
        let mut handled: Vec<String> = ALL.iter().map(|_| program.handled().unwrap()).collect();
        handled.sort();
        for (index, _) in ALL.iter().enumerate() {
            let id = id(index, "AB");
            assert_eq!(handled.iter().filter(|line| line.contains(&id)).count(), 1, "{handled:?}");
        }
        // They were completed: repetitions are duplicates.
        for delivery in &deliveries {
            assert_eq!(program.send(delivery).0, 200);
        }
        assert!(program.lines.try_recv().is_err() && service.is_idle());
    }

    fn a_shutdown_loses_nothing_of_any_gateway(framework: Framework) {
        const EACH: usize = 5;
        let service = Service::start();
        let mut program = start_at(&service, framework, &[]);
        let busy: Vec<(TcpStream, TcpStream)> = (0..ALL.len() * EACH)
            .map(|index| {
                let mut stream = program.connect();
                let subject = &ALL[index % ALL.len()];
                stream.write_all(&subject.delivery(&id(index, "AC"))).unwrap();
                (stream, service.begun())
            })
            .collect();
        program.signal("-TERM");
        std::thread::sleep(NOTICED);
        for (mut stream, work) in busy {
            drop(work);
            assert_eq!(answer(&mut stream).0, 200);
        }
        assert_eq!(program.ends_within(Duration::from_secs(10)), Some(0));
        let handled: Vec<String> = program.lines.iter().collect();
        assert_eq!(handled.len(), ALL.len() * EACH);
        for index in 0..ALL.len() * EACH {
            let id = id(index, "AC");
            assert_eq!(handled.iter().filter(|line| line.contains(&id)).count(), 1, "{id}");
        }
    }

    fn a_gateway_that_would_not_come_again_waits_for_a_place(framework: Framework) {
        let service = Service::start();
        let program = start_at(&service, framework, &[("CONCURRENCY", "1")]);
        let begin = |index: usize, subject: &Subject| {
            let mut stream = program.connect();
            stream.write_all(&subject.delivery(&id(index, "AD"))).unwrap();
            stream
        };
        let mut first = begin(0, &ALL[0]);
        let work = service.begun();
        for (index, subject) in ALL.iter().enumerate().skip(1) {
            let full = program.send(&subject.delivery(&id(index, "AD"))).0;
            assert_eq!(full, 503, "{}", subject.gateway);
        }
        // eazeWA takes a 503 as final.
        let mut second = begin(ALL.len(), &ALL[0]);
        std::thread::sleep(NOTICED);
        assert!(service.is_idle());
        drop(work);
        assert_eq!(answer(&mut first).0, 200);
        drop(service.begun());
        assert_eq!(answer(&mut second).0, 200);
        ALL[0].is_handled(&program, &id(0, "AD"));
        ALL[0].is_handled(&program, &id(ALL.len(), "AD"));
        assert!(program.lines.try_recv().is_err());
    }
}
