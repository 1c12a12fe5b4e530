//! `examples/send`, as a program.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use zaphook::testing::AnySample;
use zaphook::{Head, Secret};

use crate::adapter::program::example;

const SECRET: &str = "whs_3b9ff21c_of_16_bytes";

/// What a server was sent: the target, the headers, the body.
struct Got {
    uri: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// A server that answers each request with the next of these, the last one from then on.
fn serve(answers: &'static [&'static str]) -> (SocketAddr, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (send, got) = channel();
    std::thread::spawn(move || {
        let answers = answers.iter().chain(answers.last().into_iter().cycle());
        for (stream, answer) in listener.incoming().map_while(Result::ok).zip(answers) {
            if send.send(read(&stream)).is_err() {
                return;
            }
            (&stream).write_all(format!("HTTP/1.1 {answer}").as_bytes()).unwrap();
        }
    });
    (address, got)
}

fn read(mut stream: &TcpStream) -> Got {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let uri = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").unwrap();
    let mut body = vec![0; length.1.parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    Got { uri, headers, body: String::from_utf8(body).unwrap() }
}

/// What the program prints, and its exit code.
fn send(arguments: &[&str]) -> (String, String, i32) {
    let output = Command::new(example("send")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn a_delivery_of_each_gateway_is_accepted_and_its_answer_shown() {
    for gateway in ["eazewa", "enviaai", "evolution", "evolution_go", "wawp", "zavu"] {
        let (address, got) = serve(&["200 OK\r\ncontent-length: 2\r\n\r\nok"]);
        let url = format!("http://{address}/hooks/{gateway}");
        let arguments = [
            "--gateway",
            gateway,
            "--scenario",
            "text",
            "--text",
            "ping",
            "--secret",
            SECRET,
            &url,
        ];
        let (printed, said, code) = send(&arguments);
        assert_eq!((said.as_str(), code), ("", 0), "{gateway}");
        assert_eq!(printed, "HTTP/1.1 200 OK\ncontent-length: 2\n\nok\n");
        let got = got.recv().unwrap();
        let token = format!("/hooks/eazewa/{SECRET}");
        assert_eq!(
            got.uri,
            if gateway == "eazewa" { &*token } else { &url[url.find("/hooks").unwrap()..] }
        );
        let samples = zaphook::testing::Scenario::Text.samples();
        let sample = samples.iter().find(|sample| sample.sender() == gateway).unwrap();
        let headers: Vec<(&str, &str)> =
            got.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let request = Head::new(&headers).uri(&got.uri).with_body(&got.body);
        let delivery = sample.receiver(&Secret::new(SECRET).unwrap()).receive(&request).unwrap();
        let unified = serde_json::to_value(delivery.unified()).unwrap();
        assert_eq!(unified["text"], "ping", "{gateway}");
    }
}

#[test]
fn many_are_events_of_their_own_and_are_counted() {
    let (address, got) =
        serve(&["200 OK\r\n\r\n", "503 Service Unavailable\r\n\r\n", "200 OK\r\n\r\n"]);
    let url = format!("http://{address}/?key=1");
    for rate in [&[][..], &["--rate", "1000"]] {
        let arguments = ["--gateway", "zavu", "--event", "message.inbound", "--repeat", "5", &url];
        let (printed, _, code) = send(&[&arguments, rate].concat());
        let is_first = rate.is_empty();
        assert_eq!(printed.contains("      1  503 Service Unavailable\n"), is_first, "{printed}");
        assert!(printed.contains(if is_first { "      4  200 OK" } else { "      5  200 OK" }));
        assert!(printed.contains("5 in "), "{printed}");
        assert_eq!(code, i32::from(is_first));
        let keys: std::collections::BTreeSet<_> = (0..5)
            .map(|_| {
                let got = got.recv().unwrap();
                assert_eq!(got.uri, "/?key=1");
                zaphook::AnyDelivery::parse_trusted("zavu", got.body).unwrap().key().unwrap()
            })
            .collect();
        assert_eq!(keys.len(), 5);
    }
}

#[test]
fn a_delivery_is_retried_as_the_gateway_does() {
    let (address, got) =
        serve(&["503 Service Unavailable\r\n\r\n", "500 No\r\n\r\n", "204 Yes\r\n\r\n"]);
    let url = format!("http://{address}/");
    let arguments = ["--gateway", "enviaai", "--event", "message.received", "--secret", SECRET];
    let (printed, _, code) = send(&[&arguments[..], &["--retry", &url]].concat());
    assert_eq!(code, 0, "{printed}");
    let expected = "attempt 1, after 0 s: 503 Service Unavailable\n\
        attempt 2, after 30 s: 500 Internal Server Error\n\
        attempt 3, after 150 s: 204 No Content\nDelivered\n";
    assert_eq!(printed, expected);
    let bodies: Vec<String> = got.iter().take(3).map(|got| got.body).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[test]
fn it_lists_prints_and_says_what_is_wrong() {
    let (listed, _, code) = send(&["--list"]);
    assert_eq!(code, 0);
    for sample in AnySample::all() {
        assert!(listed.contains(&format!("  {} ", sample.event())), "{sample:?}");
    }
    for scenario in zaphook::testing::Scenario::ALL {
        assert!(listed.contains(&format!("  {scenario} ")), "{scenario}");
    }
    let (printed, _, _) = send(&[
        "--gateway",
        "zavu",
        "--event",
        "message.read",
        "--target",
        "M1",
        "--set",
        "data.channel=sms",
        "--set",
        "data.n=1.5",
        "--without",
        "projectId",
    ]);
    let body: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(body["data"]["messageId"], "M1");
    assert_eq!(body["data"]["channel"], "sms");
    assert_eq!(body["data"]["n"], 1.5);
    assert!(body.get("projectId").is_none());
    assert!(send(&["--help"]).0.contains("--repeat N"));
    for (arguments, expected) in [
        (&["--gateway", "zavu"][..], "one of --event and --scenario"),
        (&["--scenario", "text"], "which --gateway?"),
        (&["--gateway", "zavu", "--event", "coffee"], "not a documented event"),
        (&["--gateway", "enviaai", "--scenario", "reply"], "enviaai cannot tell reply"),
        (&["--gateway", "zavu", "--event", "message.read", "--text", "x"], "no place for --text"),
        (&["--coffee"], "--coffee is not known"),
        (&["--gateway", "zavu", "--scenario", "text", "https://x/"], "a plain one"),
        (&["--rate", "0"], "--rate is above 0"),
        (&["--text"], "--text takes a value"),
    ] {
        let (_, said, code) = send(arguments);
        assert!(said.contains(expected) && code == 2, "{arguments:?}: {said}");
    }
    // A port that nobody listens on.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}/");
    let (printed, _, code) = send(&["--gateway", "zavu", "--scenario", "text", &url]);
    assert!(printed.starts_with("no answer: ") && code == 1, "{printed}");
}
