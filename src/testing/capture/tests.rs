//! A capture read and written, and made of a request.

use http::HeaderName;
use proptest::prelude::*;

use super::*;
use crate::request::Headers;

fn parse(text: &str) -> Capture {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn headers_of(capture: &Capture) -> Vec<(String, String)> {
    let mut all = Vec::new();
    capture.headers.each(&mut |name, value| {
        all.push((name.to_owned(), String::from_utf8(value.to_vec()).unwrap()));
    });
    all
}

const WHOLE: &str = r#"{"provider":"zavu","uri":"/hook?a=%20b","headers":{"X-Zavu-Signature":["t=1,v2=ab","t=2"],"host":"example.org"},"peer":"203.0.113.7","received_at":1705312500.25,"body":"{\"type\":\"x\"}","auth":{"secrets":["whsec_1"]},"tag":{"case": 1}}"#;

#[test]
fn every_member_is_read_and_written() {
    let capture = parse(WHOLE);
    assert_eq!(capture.to_string(), WHOLE);
    assert_eq!(capture.provider(), "zavu");
    assert_eq!(capture.auth().unwrap().as_str(), r#"{"secrets":["whsec_1"]}"#);
    assert_eq!(capture.tag().unwrap().as_str(), r#"{"case": 1}"#);
    let request = capture.request();
    assert_eq!(request.body(), r#"{"type":"x"}"#);
    assert_eq!((request.head().path(), request.head().query()), ("/hook", Some("a=%20b")));
    assert_eq!(request.head().peer_address(), Some("203.0.113.7".parse().unwrap()));
    assert_eq!(request.received_at().timestamp_millis(), 1_705_312_500_250);
    let mut values = Vec::new();
    let name = HeaderName::from_static("x-zavu-signature");
    request.head().headers().values(&name, &mut |value| values.push(value.to_vec()));
    assert_eq!(values, [b"t=1,v2=ab".to_vec(), b"t=2".to_vec()]);
}

#[test]
fn what_is_absent_has_its_default() {
    for text in [
        r#"{"provider":"enviaai","body":""}"#,
        r#" {"body":"", "provider":"enviaai", "anything":[1]} "#,
        r#"{"provider":"enviaai","uri":null,"headers":null,"peer":null,"received_at":null,"body":"","body_base64":null,"auth":null,"tag":null}"#,
    ] {
        let before = Utc::now();
        let capture = parse(text);
        assert_eq!(
            capture.to_string(),
            r#"{"provider":"enviaai","uri":"/","headers":{},"body":""}"#
        );
        assert!(capture.auth().is_none() && capture.tag().is_none());
        let request = capture.request();
        assert!(request.received_at() >= before && request.received_at() <= Utc::now());
        assert_eq!(request.head().path(), "/");
        assert_eq!(request.head().peer_address(), None);
        assert!(headers_of(&capture).is_empty());
    }
}

#[test]
fn each_member_has_its_forms() {
    let with = |member: &str, value: &str| {
        let body = if member.starts_with("body") { "" } else { r#","body":"""# };
        parse(&format!(r#"{{"provider":"wawp","{member}":{value}{body}}}"#))
    };
    for (peer, read) in [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:80", "2001:db8::1"),
    ] {
        assert_eq!(with("peer", &format!("\"{peer}\"")).peer, Some(read.parse().unwrap()));
    }
    for (seconds, micros) in
        [("0", 0), ("-1", -1_000_000), ("1705312500.123456", 1_705_312_500_123_456)]
    {
        let read = with("received_at", seconds).received_at.unwrap();
        assert_eq!(read.timestamp_micros(), micros);
    }
    for base64 in ["/+8AMQ==", "/+8AMQ", "_-8AMQ=="] {
        let capture = with("body_base64", &format!("\"{base64}\""));
        assert_eq!(*capture.body, [0xFF, 0xEF, 0x00, 0x31]);
        assert!(capture.to_string().contains(r#""body_base64":"/+8AMQ==""#));
    }
    // Bytes that are text are written as text.
    assert!(with("body_base64", "\"e30=\"").to_string().contains(r#""body":"{}""#));
    let capture = with("headers", r#"{"A":"1","b":[],"a":["2","3"],"C":"","A":"4"}"#);
    let expected = [("A", "1"), ("A", "2"), ("A", "3"), ("A", "4"), ("C", "")];
    assert_eq!(
        headers_of(&capture),
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(with("tag", "\"x\"").tag().unwrap().as_str(), "\"x\"");
    assert_eq!(with("tag", "\n[1,\r\n 2]").tag().unwrap().as_str(), "[1,   2]");
}

#[test]
fn a_faulty_capture_is_told_by_its_member() {
    for (text, fault) in [
        ("", "not JSON in UTF-8, at column 0"),
        ("x", "not JSON in UTF-8, at column 1"),
        (r#"{"provider":"zavu""#, "not JSON in UTF-8, at column 18"),
        (r#"{"provider":"zavu","body":""} {}"#, "not JSON in UTF-8, at column 31"),
        ("{\n\"provider\":\n!", "not JSON in UTF-8, at line 3, column 1"),
        ("[]", "expected an object, found an array"),
        ("\"MARK\"", "expected an object, found a string"),
        ("{}", "provider: missing"),
        (r#"{"provider":null,"body":""}"#, "provider: missing"),
        (r#"{"provider":7,"body":""}"#, "provider: expected a string, found a number"),
        (
            r#"{"provider":"MARK","body":""}"#,
            "provider: not one of enviaai, eazewa, evolution, wawp and zavu",
        ),
        (
            r#"{"provider":"Zavu","body":""}"#,
            "provider: not one of enviaai, eazewa, evolution, wawp and zavu",
        ),
        (r#"{"provider":"zavu","body":"","provider":"wawp"}"#, "provider: appears more than once"),
        (r#"{"provider":"zavu"}"#, "there is neither body nor body_base64"),
        (
            r#"{"provider":"zavu","body":"MARK","body_base64":"TUFSSw=="}"#,
            "there are both body and body_base64",
        ),
        (r#"{"provider":"zavu","body":{"a":"MARK"}}"#, "body: expected a string, found an object"),
        (r#"{"provider":"zavu","body":"MARK","body":""}"#, "body: appears more than once"),
        (r#"{"provider":"zavu","body":"MARK\ud83d"}"#, "body: not a text: half a character in it"),
        (r#"{"provider":"zavu","body_base64":"MARK!"}"#, "body_base64: not base64"),
        (
            r#"{"provider":"zavu","body_base64":[1]}"#,
            "body_base64: expected a string, found an array",
        ),
        (r#"{"provider":"zavu","body":"","uri":7}"#, "uri: expected a string, found a number"),
        (
            r#"{"provider":"zavu","body":"","headers":["MARK"]}"#,
            "headers: expected an object, found an array",
        ),
        (
            r#"{"provider":"zavu","body":"","headers":{"MARK":"","MARK2":7}}"#,
            "headers: expected a text or a list of texts for name 2, found a number",
        ),
        (
            r#"{"provider":"zavu","body":"","headers":{"MARK":["MARK",null]}}"#,
            "headers: expected a text or a list of texts for name 1, found an array",
        ),
        (r#"{"provider":"zavu","body":"","peer":"MARK"}"#, "peer: not an address"),
        (r#"{"provider":"zavu","body":"","peer":1}"#, "peer: expected a string, found a number"),
        (
            r#"{"provider":"zavu","body":"","received_at":"1705312500"}"#,
            "received_at: expected a number, found a string",
        ),
        (
            r#"{"provider":"zavu","body":"","received_at":1e300}"#,
            "received_at: not a time in seconds since 1970",
        ),
        (
            r#"{"provider":"zavu","body":"","auth":["MARK"]}"#,
            "auth: expected an object, found an array",
        ),
        (r#"{"provider":"zavu","body":"","tag":1,"tag":2}"#, "tag: appears more than once"),
    ] {
        let error = Capture::parse(text).expect_err(text);
        assert_eq!(error.to_string(), fault, "{text}");
        assert!(!format!("{error} {error:?}").contains("MARK"));
    }
    let error = Capture::parse(b"{\"provider\":\"zavu\",\"body\":\"\xFF\"}").unwrap_err();
    assert_eq!(error.to_string(), "not JSON in UTF-8, at column 28");
    let error = Capture::parse(b"{\n\"body\":\"\xFF\"}").unwrap_err();
    assert_eq!(error.to_string(), "not JSON in UTF-8, at line 2, column 9");
}

#[test]
fn a_request_is_kept_as_it_came() {
    let headers = [("X-Token", "a"), ("Content-Type", "application/json"), ("x-token", "b")];
    let time = DateTime::from_timestamp(1_705_312_500, 123_456_789).unwrap();
    let head = Head::new(&headers)
        .uri("/a%20b?c=d?e")
        .peer("203.0.113.7".parse().unwrap())
        .received_at(time);
    let capture = Capture::from_request("enviaai", &head.with_body(&b"\xFF\xFF\xFF"[..]));
    let line = r#"{"provider":"enviaai","uri":"/a%20b?c=d?e","headers":{"X-Token":["a","b"],"Content-Type":"application/json"},"peer":"203.0.113.7","received_at":1705312500.123456,"body_base64":"////"}"#;
    assert_eq!(capture.to_string(), line);
    assert_eq!(parse(line), capture);
    assert_eq!(Capture::from_request("enviaai", &capture.request()), capture);

    // Headers that cannot list their names.
    struct Nameless;
    impl Headers for Nameless {
        fn values<'a>(&'a self, name: &HeaderName, each: &mut dyn FnMut(&'a [u8])) {
            if ["x-enviaai-signature"].contains(&name.as_str()) {
                each(b"sha256=ab");
            }
        }

        fn each<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }
    let capture = Capture::from_request("enviaai", &Request::new(&Nameless, "{}"));
    assert!(capture.to_string().contains(r#""headers":{"x-enviaai-signature":"sha256=ab"}"#));
}

#[test]
fn auth_and_tag_stay_on_one_line() {
    let json = |text: &str| RawJson::from_text(text).unwrap();
    let capture = parse(r#"{"provider":"enviaai","body":""}"#);
    let capture = capture.with_auth(json("{\n\"none\":\r\n true}")).with_tag(json("[1,\n2]"));
    let line = capture.to_string();
    assert!(!line.contains(['\n', '\r']), "{line}");
    assert_eq!(parse(&line), capture);
    assert!(capture.with_tag(json("null")).tag().is_none());
}

#[test]
fn urls_keep_their_form_without_their_credentials() {
    for (uri, replaced) in [
        ("/", "/"),
        ("", ""),
        ("/enviaai", "/enviaai"),
        ("/webhooks", "/webhooks"),
        ("/hooks/MARK", "/hooks/REPLACED"),
        ("/hooks/MARK/", "/hooks/REPLACED/"),
        ("/a/0123456789abcdef/enviaai", "/a/REPLACED/enviaai"),
        ("/a?secret=MARK", "/REPLACED?secret=REPLACED"),
        (
            "/hook?secret=MARK&x=MARK&secret=MARK",
            "/hook?secret=REPLACED&x=REPLACED&secret=REPLACED",
        ),
        ("/hook?MARK", "/hook?REPLACED"),
        ("/hook?secret=&&a=b=MARK", "/hook?secret=&&a=REPLACED"),
        ("/hook?a=%4D?MARK", "/hook?a=REPLACED"),
        ("/hook?", "/hook?"),
    ] {
        assert_eq!(redact::uri(uri, "enviaai", UNCUT, &mut |_| {}), replaced, "{uri}");
    }
    let cut: Cut = |text| text.strip_suffix("/messages-upsert").unwrap_or(text);
    for (uri, replaced) in [
        ("/hook/MARK/messages-upsert", "/hook/REPLACED/messages-upsert"),
        ("/hook?token=MARK/messages-upsert", "/hook?token=REPLACED/messages-upsert"),
        ("/hook/messages-upsert?token=MARK/x", "/hook/messages-upsert?token=REPLACED"),
    ] {
        assert_eq!(redact::uri(uri, "evolution", cut, &mut |_| {}), replaced, "{uri}");
    }
}

#[test]
fn headers_keep_their_form_without_their_credentials() {
    for (name, value, replaced) in [
        ("Content-Type", "application/json", "application/json"),
        ("x-forwarded-for", "203.0.113.7", "203.0.113.7"),
        ("X-Zavu-Event", "message.inbound", "message.inbound"),
        ("X-Webhook-Hmac-Algorithm", "sha512", "sha512"),
        ("X-EnviaAI-Signature", "sha256=MARK", "sha256=REPLACED"),
        ("x-enviaai-signature", "", ""),
        ("X-Webhook-Hmac", "MARK", "REPLACED"),
        ("X-Zavu-Signature", "MARK", "REPLACED"),
        (
            "X-Zavu-Signature",
            "t=1705312500,v1=MARK, v2=MARK",
            "t=1705312500,v1=REPLACED, v2=REPLACED",
        ),
        ("X-Zavu-Signature", "t=MARK,MARK=MARK,,v2=", "t=REPLACED,REPLACED,,v2="),
        ("Authorization", "Bearer MARK.MARK.MARK", "Bearer REPLACED"),
        ("authorization", "Basic MARK", "Basic REPLACED"),
        ("authorization", "MARK", "REPLACED"),
        ("authorization", "MARK MARK", "REPLACED"),
        ("x-anything", "Bearer MARK", "REPLACED"),
        ("jwt_key", "MARK", "REPLACED"),
        ("cookie", "MARK", "REPLACED"),
    ] {
        assert_eq!(redact::header(name, value, &mut |_| {}), replaced, "{name}: {value}");
    }
}

#[test]
fn bodies_keep_every_other_byte() {
    for (before, after) in [
        (r#"{"apikey":"MARK","a":1}"#, r#"{"apikey":"REPLACED","a":1}"#),
        (r#"{ "apiKey" : "MARK" , "a":1}"#, r#"{ "apiKey" : "REPLACED" , "a":1}"#),
        (r#"{"data":[{"api_key":"MA\"RK"}]}"#, r#"{"data":[{"api_key":"REPLACED"}]}"#),
        (r#"{"instanceToken":"MARK"}"#, r#"{"instanceToken":"REPLACED"}"#),
        ("{\"api\\u006bey\":\"MARK\"}", "{\"api\\u006bey\":\"REPLACED\"}"),
        (r#"{"token":12345}"#, r#"{"token":"REPLACED"}"#),
        (r#"{"secret":{"a":["MARK","}"]},"b":2}"#, r#"{"secret":"REPLACED","b":2}"#),
        (r#"{"jwt":["MARK"]}"#, r#"{"jwt":"REPLACED"}"#),
        (
            r#"{"qrcode":{"instance":"a","pairingCode":"MARK","code":"MARK","base64":"MARK"},"code":7}"#,
            r#"{"qrcode":{"instance":"a","pairingCode":"REPLACED","code":"REPLACED","base64":"REPLACED"},"code":7}"#,
        ),
        (
            r#"{"qrcode":{"a":{"qrcode":{}},"code":"MARK"},"base64":"kept"}"#,
            r#"{"qrcode":{"a":{"qrcode":{}},"code":"REPLACED"},"base64":"kept"}"#,
        ),
        (r#"{"qrcode":"MARK"}"#, r#"{"qrcode":"REPLACED"}"#),
        (r#"{"qrCode":"data:image/png;base64,MARK"}"#, r#"{"qrCode":"REPLACED"}"#),
        // By the end of a name, for texts.
        (
            r#"{"mytoken":"MARK","client_secret":"MARK","X-Api-Key":"MARK","webhookSecret":"MARK","session_token":"MARK"}"#,
            r#"{"mytoken":"REPLACED","client_secret":"REPLACED","X-Api-Key":"REPLACED","webhookSecret":"REPLACED","session_token":"REPLACED"}"#,
        ),
        (r#"{"mediaKey":{"0":1,"1":2},"b":2}"#, r#"{"mediaKey":"REPLACED","b":2}"#),
        (
            r#"{"appStateSyncKeyShare":{"keys":[{"keyData":{"keyData":"MARK"}}]}}"#,
            r#"{"appStateSyncKeyShare":"REPLACED"}"#,
        ),
        (r#"{"group":{"id":"g","invite":"MARK"}}"#, r#"{"group":{"id":"g","invite":"REPLACED"}}"#),
        (
            r#"{"event":"QRCode","data":{"code":"MARK"}}"#,
            r#"{"event":"QRCode","data":{"code":"REPLACED"}}"#,
        ),
        // A form.
        ("apikey=MARK&a=1&access_token=MARK%20&b=", "apikey=REPLACED&a=1&access_token=REPLACED&b="),
        // JSON in a text.
        (
            r#"{"note":"{\"apikey\":\"MARK\",\"a\":[1]}"}"#,
            r#"{"note":"{\"apikey\":\"REPLACED\",\"a\":[1]}"}"#,
        ),
        // Not JSON any more, and still searched.
        (r#"{"apikey":"MARK"#, r#"{"apikey":"REPLACED""#),
        (r#"{"a":1,,"apikey":"MARK","b""#, r#"{"a":1,,"apikey":"REPLACED","b""#),
        (r#"{"secret":{"a":"MARK""#, r#"{"secret":"REPLACED""#),
        (r#"{"secret":MARK}"#, r#"{"secret":"REPLACED"}"#),
        ("x\"apikey\":\"MARK\"x", "x\"apikey\":\"REPLACED\"x"),
    ] {
        let replaced = body::without_credentials(before.as_bytes()).expect(before);
        assert_eq!(String::from_utf8(replaced).unwrap(), after);
    }
    let replaced = body::without_credentials(b"{\"a\":\"\xFF\",\"apikey\":\"MARK\xFF\"}").unwrap();
    assert_eq!(replaced, b"{\"a\":\"\xFF\",\"apikey\":\"REPLACED\"}");
    for same in [
        "",
        "{}",
        "\"apikey\"",
        r#"{"apikey":null,"token":"","jwt":{},"qr":[],"secret":true}"#,
        r#"{"apikey":"Apikey not found"}"#,
        r#"{"text":"apikey: MARK","code":"MARK","base64":"MARK"}"#,
        r#"{"key":{"remoteJid":"a","id":"b"},"parentMsgKey":{"id":"c"},"Key":"a/b"}"#,
        r#"{"text":"\"apikey\":\"MARK\""}"#,
        r#"["apikey","MARK"]"#,
        r#"{"apikey":"#,
    ] {
        assert_eq!(body::without_credentials(same.as_bytes()), None, "{same}");
    }
}

#[test]
fn a_capture_without_credentials_has_none() {
    let capture = parse(
        r#"{"provider":"evolution","uri":"/hook/MARK?token=MARK","headers":{"authorization":["Bearer MARK","MARK"],"X-Team":"MARK","host":"example.org"},"peer":"203.0.113.7","received_at":1,"body":"{\"event\":\"messages.upsert\",\"apikey\":\"MARK\"}","auth":{"apikey":["MARK"]},"tag":"a tag"}"#,
    );
    let shown = capture.without_credentials();
    assert_eq!(
        shown.to_string(),
        r#"{"provider":"evolution","uri":"/hook/REPLACED?token=REPLACED","headers":{"authorization":["Bearer REPLACED","REPLACED"],"X-Team":"REPLACED","host":"example.org"},"peer":"203.0.113.7","received_at":1,"body":"{\"event\":\"messages.upsert\",\"apikey\":\"REPLACED\"}","tag":"a tag"}"#
    );
    assert_eq!(shown.clone().without_credentials(), shown);
}

/// Whatever was replaced in one place is replaced in all of them.
#[test]
fn values_are_replaced_wherever_they_stand() {
    let capture = parse(
        r#"{"provider":"evolution","uri":"/s3cr3t-1/evolution?token=a%2BMARK/messages-upsert","headers":{"authorization":"Basic dTpwQVNTTUFSS3c=","X-Team":"teamMARK1","user-agent":"x a%2BMARK"},"received_at":1,"body":"","auth":{"jwt":{"secrets":["jwtMARK-1"]},"query":{"name":"token","values":["abc"]}}}"#,
    );
    let body = r#"{"event":"messages.upsert","destination":"https://u:p@hooks.example.org/s3cr3t-1/evolution?token=a%2BMARK","note":"say a+MARK, \"jwtMARK-1\"","a":["abc","abcde","pASSMARKw","x teamMARK1 s3cr3t-1"],"abc":1,"data":{"webhookUrl":"https://hooks.example.org/hook/abcdefgh?x=a%2bMARK"}}"#;
    let capture = Capture { body: body.into(), ..capture };
    let shown = capture.without_credentials();
    let text = String::from_utf8(shown.body.to_vec()).unwrap();
    assert_eq!(
        text,
        r#"{"event":"messages.upsert","destination":"https://REPLACED@hooks.example.org/REPLACED/evolution?token=REPLACED","note":"say REPLACED, \"REPLACED\"","a":["REPLACED","abcde","REPLACED","x REPLACED REPLACED"],"abc":1,"data":{"webhookUrl":"https://hooks.example.org/hook/REPLACED?x=REPLACED"}}"#
    );
    assert!(!shown.to_string().contains("MARK"), "{shown}");
    assert_eq!(shown.clone().without_credentials(), shown);
}

/// A short segment of a path stays, also when a value that was replaced in it made it long.
#[test]
fn a_segment_is_as_long_as_it_was() {
    for (uri, expected) in [
        ("/orders-4fd0/4fd0", "/orders-REPLACED/REPLACED"),
        ("/a4fd0b4fd0c/4fd0", "/aREPLACEDbREPLACEDc/REPLACED"),
        ("/orders-of-2026-4fd0/4fd0", "/REPLACED/REPLACED"),
        ("/orders-of---2026/4fd0", "/REPLACED/REPLACED"),
        ("/orders-of-2026/4fd0", "/orders-of-2026/REPLACED"),
        // A value with what divides a URL, which is another URL without it.
        ("/a?4fd0=?4fd0&b", "/REPLACED"),
    ] {
        let capture = parse(&format!(r#"{{"provider":"zavu","uri":"{uri}","body":""}}"#));
        let shown = capture.without_credentials();
        assert_eq!(shown.uri, expected);
        assert_eq!(shown.clone().without_credentials(), shown, "{uri}");
    }
}

/// Values that are parts of what they are replaced by.
#[test]
fn replacing_ends_whatever_is_replaced() {
    let word = Capture::REPLACED;
    let parts = (0..word.len()).flat_map(|from| (from + 1..=word.len()).map(move |to| (from, to)));
    for (from, to) in parts {
        let part = &word[from..to];
        let line = format!(
            r#"{{"provider":"zavu","uri":"/{part}/a{part}b?t={part}","headers":{{"x":"{part}{part}"}},"body":"{part}"}}"#
        );
        let shown = parse(&line).without_credentials();
        assert_eq!(shown.clone().without_credentials(), shown, "{part}");
    }
}

/// What is typed as sensitive is found by its value, wherever else it stands.
#[test]
fn sensitive_values_are_replaced_wherever_they_stand() {
    let body = r#"{"event":"messages.upsert","instance":"a","data":{"key":{"id":"A"},"note":"EAAG-MARK-1"},"apikey":"EAAG-MARK-1"}"#;
    let capture = Capture { body: body.into(), ..parse(r#"{"provider":"evolution","body":""}"#) };
    let shown = capture.without_credentials().to_string();
    assert!(!shown.contains("MARK") && shown.contains("messages.upsert"), "{shown}");
}

#[test]
fn debug_shows_neither_text_nor_credential() {
    let capture = parse(
        r#"{"provider":"zavu","uri":"/MARK?MARK","headers":{"a":"MARK"},"body":"MARK","auth":{"secrets":["MARK"]},"tag":"MARK"}"#,
    );
    let shown = format!("{capture:?} {capture:#?}");
    assert!(shown.contains("zavu") && !shown.contains("MARK"), "{shown}");
}

fn any_capture() -> impl Strategy<Value = Capture> {
    let provider = prop::sample::select(vec!["enviaai", "eazewa", "evolution", "wawp", "zavu"]);
    let uri = (any::<String>(), prop::option::of(any::<String>())).prop_map(|(path, query)| {
        let path = path.replace('?', "");
        query.map_or(path.clone(), |query| format!("{path}?{query}"))
    });
    let headers = prop::collection::vec((any::<String>(), any::<String>()), 0..6);
    let peer = prop::option::of(any::<std::net::IpAddr>());
    let micros = -1_000_000_000_000_000_i64..4_000_000_000_000_000;
    let body = prop::collection::vec(any::<u8>(), 0..40);
    let body = prop_oneof![body, any::<String>().prop_map(String::into_bytes)];
    (provider, uri, headers, peer, micros, body).prop_map(
        |(provider, uri, headers, peer, micros, body)| {
            let time = DateTime::from_timestamp_micros(micros).unwrap();
            let mut head = Head::new(&headers).uri(&uri).received_at(time);
            if let Some(peer) = peer {
                head = head.peer(peer);
            }
            Capture::from_request(provider, &head.with_body(body))
        },
    )
}

proptest! {
    #[test]
    fn every_capture_is_read_as_it_was_written(capture in any_capture()) {
        let line = capture.to_string();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(&Capture::parse(&line).unwrap(), &capture);
        prop_assert_eq!(Capture::from_request(capture.provider(), &capture.request()), capture);
    }

    #[test]
    fn replacing_credentials_ends(capture in any_capture()) {
        let shown = capture.without_credentials();
        prop_assert_eq!(&Capture::parse(shown.to_string()).unwrap(), &shown);
        prop_assert_eq!(&shown.clone().without_credentials(), &shown);
    }

    #[test]
    fn no_text_panics(text in any::<Vec<u8>>()) {
        if let Err(error) = Capture::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
        let _ = body::without_credentials(&text);
    }

    /// Pieces that a capture and a body are made of, in any order.
    #[test]
    fn no_pieces_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", " ", "\"", "\\", "\"apikey\"", "\"body\":", "\"qrcode\":",
        "\"code\":", "\"provider\":\"zavu\"", "null", "1", "\"\\ud83d\"", "\"a\":",
    ]), 0..20)) {
        let text = pieces.concat();
        let read = Capture::parse(&text);
        let replaced = body::without_credentials(text.as_bytes());
        if let (Ok(capture), Some(replaced)) = (read, replaced) {
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&replaced).is_ok());
            prop_assert_eq!(Capture::parse(capture.to_string()).unwrap(), capture);
        }
    }
}
