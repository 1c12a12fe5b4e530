//! Tokens in the URL, by the numbers of the threat model. They are the same
//! mechanism for every gateway.

use proptest::prelude::*;
use zaphook::auth::{AccountTokens, Mechanism, Reason, TokenPlace};
use zaphook::{EnviaAi, Head, Receiver, Request, SecretError, Token, Tokens};

use crate::fixtures;
use crate::thorough;

const TOKEN: &str = "9f2c51b7-5a0e+4d8e/ü";

fn token() -> Token {
    Token::new(TOKEN).unwrap()
}

/// The same request, all of the ways; what each of them says is the same.
fn check(policy: EnviaAi, uri: &str) -> Result<(), &'static str> {
    let receiver = Receiver::new(policy);
    let headers: [(&str, &str); 0] = [];
    let head = Head::new(&headers).uri(uri);
    let screened = receiver.screen(&head);
    let body = fixtures::text(crate::enviaai::SUBJECT.message);
    let proof = receiver.authenticate(&head.with_body(body.as_str()));
    // Nothing in a body makes up for a token, so none has to be read.
    assert_eq!(screened, proof.clone().map(drop), "{uri}");
    match receiver.receive(&head.with_body(body)) {
        Ok(delivery) => assert_eq!(delivery.proof(), proof.as_ref().unwrap()),
        Err(error) => {
            assert_eq!(error.status(), 401);
            assert_eq!(error.reason(), screened.clone().unwrap_err().reason().as_str());
        }
    }
    screened.map_err(|refusal| refusal.reason().as_str())
}

fn query(query: &str) -> Result<(), &'static str> {
    check(EnviaAi::by(zaphook::auth::Query::new("secret", token())), &format!("/hook?{query}"))
}

fn path(path: &str) -> Result<(), &'static str> {
    check(EnviaAi::by(zaphook::auth::Path::new(token())), path)
}

const ENCODED: &str = "9f2c51b7-5a0e+4d8e%2F%C3%BC";

const MISSING: Result<(), &str> = Err("missing_credential");
const MALFORMED: Result<(), &str> = Err("malformed_credential");
const AMBIGUOUS: Result<(), &str> = Err("ambiguous_credential");
const MISMATCH: Result<(), &str> = Err("mismatch");

#[test]
fn a16_the_whole_token_counts() {
    for (presented, result) in [
        (TOKEN.to_owned(), Ok(())),
        (format!("x{}", &TOKEN[1..]), MISMATCH),
        (format!("{}u", TOKEN.strip_suffix('ü').unwrap()), MISMATCH),
        (TOKEN.replace('ü', "\u{fd}"), MISMATCH),
        (TOKEN[..1].to_owned(), MISMATCH),
        (TOKEN.strip_suffix('ü').unwrap().to_owned(), MISMATCH),
        (TOKEN[1..].to_owned(), MISMATCH),
        (format!("{TOKEN}x"), MISMATCH),
        (format!("{TOKEN}\u{0}"), MISMATCH),
        (format!("{TOKEN} "), MISMATCH),
        (TOKEN.to_uppercase(), MISMATCH),
        (TOKEN.repeat(2), MISMATCH),
        (String::new(), MISSING),
    ] {
        let encoded: String = presented.bytes().map(|byte| format!("%{byte:02x}")).collect();
        assert_eq!(query(&format!("secret={encoded}")), result, "{presented:?}");
        assert_eq!(path(&format!("/hook/{encoded}")), result, "{presented:?}");
    }
    // Any single byte.
    for at in 0..TOKEN.len() {
        let mut bytes = TOKEN.as_bytes().to_vec();
        bytes[at] ^= 1;
        let encoded: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        assert_eq!(query(&format!("secret={encoded}")), MISMATCH, "{at}");
    }
}

#[test]
fn a16_a_token_is_not_guessed() {
    for text in ["", "0123456789abcde", " 0123456789abcdef", "0123456789abcdef\n"] {
        assert!(Token::new(text).is_err(), "{text:?}");
    }
    assert!(Token::new("0123456789abcdef").is_ok());
    assert!(Token::short("1234").is_ok());
    assert!(Token::short("").is_err() && Token::short(" 1234").is_err());
    assert!(Tokens::new([]).is_err());
    assert!(AccountTokens::new([] as [(&str, Token); 0]).is_err());
}

#[test]
fn a18_exactly_one_parameter_percent_decoded_once() {
    for (text, result) in [
        // As configured, and as encoded by others.
        (format!("secret={ENCODED}"), Ok(())),
        (format!("secret={TOKEN}"), Ok(())),
        (format!("secret={}", ENCODED.to_lowercase()), Ok(())),
        (format!("secret={}", ENCODED.replace('+', "%2B")), Ok(())),
        (format!("secret={}", ENCODED.replace('-', "%2d")), Ok(())),
        (format!("%73ecret={ENCODED}"), Ok(())),
        (format!("%73%65%63%72%65%74={ENCODED}"), Ok(())),
        // Among others.
        (format!("x=1&secret={ENCODED}"), Ok(())),
        (format!("secret={ENCODED}&x=1"), Ok(())),
        (format!("&&secret={ENCODED}&"), Ok(())),
        (format!("x&=y&%&secret={ENCODED}"), Ok(())),
        (format!("secret%=x&secret={ENCODED}"), Ok(())),
        // Other names.
        (format!("secret[]={ENCODED}"), MISSING),
        (format!("secret%5B%5D={ENCODED}"), MISSING),
        (format!("secret[]=bad&secret={ENCODED}"), Ok(())),
        (format!("secret={ENCODED}&secret[0]=bad"), Ok(())),
        (format!("Secret={ENCODED}"), MISSING),
        (format!("secret%20={ENCODED}"), MISSING),
        (format!("+secret={ENCODED}"), MISSING),
        (format!("secre={ENCODED}"), MISSING),
        (format!("%2573ecret={ENCODED}"), MISSING),
        (format!("x=secret={ENCODED}"), MISSING),
        // Two of them, whichever is right.
        (format!("secret=bad&secret={ENCODED}"), AMBIGUOUS),
        (format!("secret={ENCODED}&secret=bad"), AMBIGUOUS),
        (format!("secret={ENCODED}&secret={ENCODED}"), AMBIGUOUS),
        (format!("secret={ENCODED}&%73ecret=bad"), AMBIGUOUS),
        (format!("secret&secret={ENCODED}"), AMBIGUOUS),
        (format!("secret=&x&secret={ENCODED}"), AMBIGUOUS),
        // Other separators than `&` are none.
        (format!("x=1;secret={ENCODED}"), MISSING),
        (format!("secret={ENCODED};x=1"), MISMATCH),
        (format!("secret={ENCODED},bad"), MISMATCH),
        // A plus sign is no space, and nothing is decoded twice.
        (format!("secret={}", ENCODED.replace('+', "%20")), MISMATCH),
        (format!("secret={}", ENCODED.replace('%', "%25")), MISMATCH),
        (format!("secret=={ENCODED}"), MISMATCH),
        (format!("secret={ENCODED}#"), MISMATCH),
        // Nothing there, or no encoding.
        (String::new(), MISSING),
        ("secret".to_owned(), MISSING),
        ("secret=".to_owned(), MISSING),
        ("secret=%".to_owned(), MALFORMED),
        ("secret=%2".to_owned(), MALFORMED),
        ("secret=%2x".to_owned(), MALFORMED),
        ("secret=%+f".to_owned(), MALFORMED),
        ("secret=%é".to_owned(), MALFORMED),
        (format!("secret={}", "a".repeat(4097)), MALFORMED),
        (format!("secret={}", "a".repeat(4096)), MISMATCH),
    ] {
        assert_eq!(query(&text), result, "{text}");
    }
    assert_eq!(check(EnviaAi::by(zaphook::auth::Query::new("secret", token())), "/hook"), MISSING);
    // A plus sign stands for itself on both sides.
    let plus =
        || EnviaAi::by(zaphook::auth::Query::new("a b+", Token::new("0123+5678+abcdef").unwrap()));
    assert_eq!(check(plus(), "/?a%20b+=0123+5678%2Babcdef"), Ok(()));
    assert_eq!(check(plus(), "/?a+b+=0123+5678+abcdef"), MISSING);
}

#[test]
fn the_last_segment_of_the_path_is_the_token() {
    for (text, result) in [
        (format!("/hook/{ENCODED}"), Ok(())),
        (format!("/{ENCODED}"), Ok(())),
        (ENCODED.to_owned(), Ok(())),
        (format!("//{ENCODED}"), Ok(())),
        (format!("/hook/{ENCODED}?x=/y"), Ok(())),
        (format!("/hook/{}", ENCODED.replace('5', "%35")), Ok(())),
        (format!("/hook/{TOKEN}"), MISMATCH),
        (format!("/hook/{ENCODED}/"), Ok(())),
        (format!("/{ENCODED}/"), Ok(())),
        (format!("/hook/{ENCODED}/?x=1"), Ok(())),
        (format!("/hook/{ENCODED}//"), MISSING),
        (format!("/hook/{ENCODED}%2f"), MISMATCH),
        (format!("/hook/x{ENCODED}/"), MISMATCH),
        ("/hook/".to_owned(), MISSING),
        ("//".to_owned(), MISSING),
        (format!("/hook/{ENCODED}/x"), MISMATCH),
        (format!("/{ENCODED}/hook"), MISMATCH),
        (format!("/hook/{ENCODED};x=1"), MISMATCH),
        (format!("/hook?secret={ENCODED}"), MISMATCH),
        (format!("/hook/{}", ENCODED.replace('%', "%25")), MISMATCH),
        ("/hook/%zz".to_owned(), MALFORMED),
        (format!("/{}", "a".repeat(4097)), MALFORMED),
        ("/".to_owned(), MISSING),
        (String::new(), MISSING),
    ] {
        assert_eq!(path(&text), result, "{text}");
    }
}

#[test]
fn a23_old_and_new_tokens_are_accepted_while_both_are_configured() {
    let [old, new] = ["0123456789-old-0", "0123456789-new-0"];
    let both: [Token; 2] = [new, old].map(|text| Token::new(text).unwrap());
    for (policy, way) in [
        (EnviaAi::by(zaphook::auth::Query::new("secret", both.clone())), Mechanism::Query),
        (EnviaAi::by(zaphook::auth::Path::new(both)), Mechanism::Path),
    ] {
        let receiver = Receiver::new(policy);
        for (text, index) in [(new, Some(0)), (old, Some(1)), ("0123456789-gone-", None)] {
            let uri = format!("/hook/{text}?secret={text}");
            let headers: [(&str, &str); 0] = [];
            let proof = receiver.authenticate(&Head::new(&headers).uri(&uri).with_body("{}"));
            let expected = index.map(|index| (vec![way], Some(index), Some(index)));
            let proof = proof
                .map(|proof| (proof.by().collect(), proof.secret(), proof.secret_of(way)))
                .ok();
            assert_eq!(proof, expected);
        }
    }
}

#[test]
fn a_token_is_one_factor_beside_others() {
    let secret = crate::gateways::secret();
    let policy = EnviaAi::signed(secret.clone())
        .and(zaphook::auth::Query::new(
            "secret",
            [Token::new("0123456789-other").unwrap(), token()],
        ))
        .and(zaphook::auth::Path::new(token()));
    let receiver = Receiver::new(policy);
    let signed = [("X-EnviaAI-Signature", EnviaAi::sign(&secret, b"{}"))];
    let unsigned: [(&str, &str); 0] = [];
    let uri = format!("/{ENCODED}?secret={ENCODED}");
    let proof = receiver.authenticate(&Head::new(&signed).uri(&uri).with_body("{}")).unwrap();
    assert_eq!(
        proof.by().collect::<Vec<_>>(),
        [Mechanism::Secrets, Mechanism::Query, Mechanism::Path]
    );
    assert_eq!((proof.secret(), proof.secret_of(Mechanism::Query)), (Some(0), Some(1)));
    assert_eq!(proof.secret_of(Mechanism::Networks), None);
    let json = serde_json::to_string(&proof).unwrap();
    assert_eq!(json, r#"{"by":["secrets","query","path"],"secret":0,"secrets":[0,1,0]}"#);
    assert_eq!(serde_json::from_str::<zaphook::Proof>(&json).unwrap(), proof);

    for (headers, uri, reason) in [
        (&signed as &dyn zaphook::Headers, "/x?secret=x".to_owned(), Reason::Mismatch),
        (&signed, format!("/?secret={ENCODED}"), Reason::MissingCredential),
        (&signed, format!("/{ENCODED}"), Reason::MissingCredential),
        (&unsigned, uri, Reason::MissingCredential),
    ] {
        let head = Head::new(headers).uri(&uri);
        assert_eq!(receiver.screen(&head).unwrap_err().reason(), reason, "{uri}");
        assert_eq!(receiver.authenticate(&head.with_body("{}")).unwrap_err().reason(), reason);
    }
}

/// Many tenants: the digest finds the account, the account's policy decides.
#[test]
fn the_digest_of_a_token_finds_its_account() {
    let headers = [("x-token", TOKEN)];
    let head =
        Head::new(&headers).uri("/hook/9f2c51b7-5a0e%2B4d8e%2F%C3%BC?t=9f2c51b7-5a0e+4d8e/ü");
    let header = TokenPlace::header(http::HeaderName::from_static("x-token"));
    for place in [TokenPlace::path(), TokenPlace::query("t"), header] {
        assert_eq!(place.digest(&head), Ok(token().digest()), "{place:?}");
    }
    let kept = Token::from_digest(token().digest());
    assert_eq!(check(EnviaAi::by(zaphook::auth::Path::new(kept)), &format!("/{ENCODED}")), Ok(()));
}

#[test]
fn one_error_fits_secrets_and_tokens() -> Result<(), SecretError> {
    let _ = EnviaAi::signed(zaphook::Secret::new("a")?)
        .and(zaphook::auth::Path::new(Token::short("b")?));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(thorough::or(1000, 5000)))]

    #[test]
    fn no_text_of_any_kind_passes_or_panics(
        uri in prop_oneof![
            any::<String>(),
            "/[%+&=a-f0-9/]{0,40}\\?[%+&=;a-f0-9secrt\\[\\]]{0,60}",
            "/\\?(secret=[%0-9a-fé]{0,8}&?){0,3}",
        ],
        value in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let headers = [("x-token", value.as_slice())];
        let head = Head::new(&headers).uri(&uri);
        let header = TokenPlace::header(http::HeaderName::from_static("x-token"));
        for place in [TokenPlace::path(), TokenPlace::query("secret"), header.clone()] {
            match place.digest(&head) {
                Ok(digest) => prop_assert_ne!(digest, token().digest()),
                Err(refusal) => prop_assert!(matches!(
                    refusal.reason(),
                    Reason::MissingCredential
                        | Reason::MalformedCredential
                        | Reason::AmbiguousCredential
                )),
            }
        }
        // A header is taken as it is.
        let as_it_is = header.digest(&head);
        prop_assert_eq!(as_it_is.is_ok(), !value.is_empty());
        for policy in [EnviaAi::by(zaphook::auth::Query::new("secret", token())), EnviaAi::by(zaphook::auth::Path::new(token()))] {
            let receiver = Receiver::new(policy);
            prop_assert!(receiver.screen(&head).is_err());
            prop_assert!(receiver.receive(&Request::new(&headers, value.as_slice())).is_err());
        }
    }

    /// Encoded in any way, a token is the one that was meant.
    #[test]
    fn every_token_is_read_however_it_is_encoded(
        text in "[^\\s\\x00-\\x1f]{6,30}",
        encode in prop::collection::vec(any::<bool>(), 120),
    ) {
        let Ok(token) = Token::short(&text) else { return Ok(()) };
        let encoded: String = text
            .bytes()
            .zip(encode)
            .map(|(byte, encode)| match byte {
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' if !encode => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        let uri = format!("/hook/{encoded}?x=1&secret={encoded}");
        let (by_path, by_query) =
            (EnviaAi::by(zaphook::auth::Path::new(token.clone())), EnviaAi::by(zaphook::auth::Query::new("secret", token)));
        prop_assert_eq!(check(by_path, &uri), Ok(()));
        prop_assert_eq!(check(by_query, &uri), Ok(()));
    }
}
