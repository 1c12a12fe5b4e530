//! What is compared.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderName;
use sha2::{Sha256, Sha512};
use zaphook::auth::{AccountSecrets, AccountTokens, Header, Query, TokenPlace};
use zaphook::zavu::Form;
use zaphook::{
    EazeWa, EnviaAi, Evolution, Gateway, Head, Receiver, Request, Secret, Token, Wawp, Zavu,
};

use super::compare::{equal, first_equal};
use super::{Call, Case, Demand, Input, black_box, timed};

const SECRET: &str = "whs_3b9ff21c6a0e4d8e";
const TOKEN: &str = "9f2c51b7-5a0e-4d8e-b1c2-77aa";
const BODY: &str = r#"{"event":"x","instance":"a","instanceId":"33","data":{"instanceId":"33"}}"#;
const NO_HEADERS: [(&str, &[u8]); 0] = [];

/// Where a guess goes wrong first.
const FIRST_OR_LAST: [&str; 2] = ["wrong at the start", "wrong at the end"];

pub(crate) fn all() -> Vec<Case> {
    [controls(), comparisons(), signatures(), tokens(), accounts(), lengths(), told()]
        .into_iter()
        .flatten()
        .collect()
}

fn secret() -> Secret {
    Secret::new(SECRET).expect("a secret")
}

fn token(text: &str) -> Token {
    Token::short(text).expect("a token")
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).expect("a time")
}

/// Guesses with another character at this place, whichever.
fn wrong(right: &str, place: usize) -> Vec<Input> {
    let others = b"0123456789abcdef".iter().filter(|other| **other != right.as_bytes()[place]);
    others
        .map(|other| {
            let mut guess = right.as_bytes().to_vec();
            guess[place] = *other;
            Input::new(&guess)
        })
        .collect()
}

/// Guesses that go wrong at the start and at the end of what follows a prefix.
fn wrong_after(prefix: usize, right: &str, end: usize) -> [Vec<Input>; 2] {
    [wrong(right, prefix), wrong(right, right.len() - 1 - end)]
}

/// Bytes with another one at this place.
fn wrong_bytes(right: &[u8], place: usize) -> Vec<Input> {
    let guess = |change: u8| {
        let mut guess = right.to_vec();
        guess[place] ^= change;
        Input::new(&guess)
    };
    (1..16).map(guess).collect()
}

fn right(value: &[u8]) -> Vec<Input> {
    vec![Input::new(value); 15]
}

fn case(name: &'static str, demand: Demand, inputs: [Vec<Input>; 2], call: Call) -> Case {
    Case { name, classes: FIRST_OR_LAST, demand, inputs, call }
}

/// A comparison that leaves at the first difference.
#[inline(never)]
fn leaves_early(ours: &[u8], theirs: &[u8]) -> bool {
    for (our, their) in ours.iter().zip(theirs) {
        if black_box(*our) != *their {
            return false;
        }
    }
    ours.len() == theirs.len()
}

/// 32 bytes that have nothing to do with one another.
fn digest() -> [u8; 32] {
    tag::<Hmac<Sha256>>(b"").try_into().expect("32 bytes")
}

fn controls() -> Vec<Case> {
    let ours = digest();
    let bytes = [wrong_bytes(&ours, 0), wrong_bytes(&ours, 31)];
    let early = move |theirs: &[u8], _| timed(|| leaves_early(black_box(&ours), theirs));
    let digits: String = ours.iter().map(|byte| format!("{byte:02x}")).collect();
    let guesses = wrong_after(0, &digits, 0);
    let plain = move |theirs: &[u8], _| timed(|| black_box(digits.as_bytes()) == theirs);
    vec![
        case("a loop over 32 bytes that leaves early", Demand::Control, bytes, Box::new(early)),
        case("`==` of 64 digits", Demand::Control, guesses, Box::new(plain)),
    ]
}

fn tag<M: Mac + KeyInit>(body: &[u8]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// The comparison itself, apart from what is done with the verdict: `src/auth/compare.rs`.
fn comparisons() -> Vec<Case> {
    let short = digest();
    let long = tag::<Hmac<Sha512>>(b"");
    let bare = |ours: Vec<u8>| -> Call {
        Box::new(move |theirs: &[u8], _| timed(|| equal(black_box(&ours), theirs)))
    };
    let mut cases = vec![
        case(
            "`equal`, 32 bytes",
            Demand::Same,
            [wrong_bytes(&short, 0), wrong_bytes(&short, 31)],
            bare(short.to_vec()),
        ),
        case(
            "`equal`, 64 bytes",
            Demand::Same,
            [wrong_bytes(&long, 0), wrong_bytes(&long, 63)],
            bare(long.clone()),
        ),
    ];
    let right_or_wrong = ["right", "wrong at the end"];
    cases.push(Case {
        classes: right_or_wrong,
        ..case(
            "`equal`, 32 bytes",
            Demand::Same,
            [right(&short), wrong_bytes(&short, 31)],
            bare(short.to_vec()),
        )
    });
    cases.push(Case {
        classes: right_or_wrong,
        ..case(
            "`equal`, 64 bytes",
            Demand::Same,
            [right(&long), wrong_bytes(&long, 63)],
            bare(long),
        )
    });
    // The tag computed and compared, as `auth::hmac` does it, up to the verdict.
    fn to_the_verdict<M: Mac + KeyInit + Clone + 'static>() -> ([Vec<Input>; 2], Call) {
        let key = <M as KeyInit>::new_from_slice(SECRET.as_bytes()).expect("a key");
        let right_tag = tag::<M>(BODY.as_bytes());
        let inputs = [right(&right_tag), wrong_bytes(&right_tag, right_tag.len() - 1)];
        let call = move |claimed: &[u8], _| {
            timed(|| {
                let mut mac = key.clone();
                mac.update(BODY.as_bytes());
                let ours = mac.finalize().into_bytes();
                first_equal(std::iter::once(equal(&ours, claimed))).is_some()
            })
        };
        (inputs, Box::new(call))
    }
    let (inputs, call) = to_the_verdict::<Hmac<Sha256>>();
    let hmac = case("HMAC-SHA256, up to the verdict", Demand::Same, inputs, call);
    cases.push(Case { classes: right_or_wrong, ..hmac });
    let (inputs, call) = to_the_verdict::<Hmac<Sha512>>();
    let hmac = case("HMAC-SHA512, up to the verdict", Demand::Same, inputs, call);
    cases.push(Case { classes: right_or_wrong, ..hmac });
    cases
}

/// A request whose header is the input.
fn in_header<G: Gateway>(name: &'static str, policy: G) -> Call {
    let receiver = Receiver::new(policy);
    Box::new(move |value: &[u8], _| {
        let headers = [(name, value)];
        let request = Head::new(&headers).received_at(at()).with_body(BODY.as_bytes());
        timed(|| receiver.authenticate(&request))
    })
}

/// A request whose path and query are the input.
fn in_uri<G: Gateway>(policy: G) -> Call {
    let receiver = Receiver::new(policy);
    Box::new(move |uri: &[u8], _| {
        let uri = std::str::from_utf8(uri).expect("a URL");
        let request = Head::new(&NO_HEADERS).uri(uri).with_body(BODY.as_bytes());
        timed(|| receiver.authenticate(&request))
    })
}

/// A request whose body is the input.
fn in_body<G: Gateway>(policy: G, name: &'static str, value: String) -> Call {
    let receiver = Receiver::new(policy);
    Box::new(move |body: &[u8], _| {
        let headers = [(name, value.as_bytes())];
        let request = Request::new(&headers, body);
        timed(|| receiver.authenticate(&request))
    })
}

fn signatures() -> Vec<Case> {
    let body = BODY.as_bytes();
    let same = |name, inputs, call| case(name, Demand::Same, inputs, call);
    let enviaai = EnviaAi::sign(&secret(), body);
    let wawp = Wawp::sign(&secret(), body);
    let jwt = Evolution::sign(&secret(), at().timestamp());
    let tag_of_jwt = jwt.rfind('.').map_or(0, |dot| dot + 1);
    let zavu = |form| {
        let value = Zavu::sign_as(form, &secret(), at(), body);
        (
            wrong_after(value.len() - 64, &value, 0),
            in_header("x-zavu-signature", Zavu::signed(secret())),
        )
    };
    let mut cases = vec![
        same(
            "EnviaAI's signature",
            wrong_after("sha256=".len(), &enviaai, 0),
            in_header("x-enviaai-signature", EnviaAi::signed(secret())),
        ),
        same(
            "WAHA's signature",
            wrong_after(0, &wawp, 0),
            in_header("x-webhook-hmac", Wawp::signed(secret())),
        ),
        // The last character of base64url has bits to spare.
        same(
            "Evolution's JWT",
            wrong_after(tag_of_jwt, &jwt, 1),
            in_header("authorization", Evolution::jwt(secret())),
        ),
    ];
    for (name, form) in [
        ("Zavu's signature, F0", Form::F0),
        ("Zavu's signature, F1", Form::F1),
        ("Zavu's signature, F2", Form::F2),
    ] {
        let (inputs, call) = zavu(form);
        cases.push(same(name, inputs, call));
    }
    let rotated = |index: usize| Secret::new(format!("{SECRET}{index}")).expect("a secret");
    let eight: [Secret; 8] = std::array::from_fn(rotated);
    let made_by = |index| right(EnviaAi::sign(&rotated(index), body).as_bytes());
    cases.push(Case {
        classes: ["made by the first of eight secrets", "made by the last"],
        ..same(
            "EnviaAI's signature",
            [made_by(0), made_by(7)],
            in_header("x-enviaai-signature", EnviaAi::signed(eight)),
        )
    });
    cases
}

fn tokens() -> Vec<Case> {
    let same = |name, inputs, call| case(name, Demand::Same, inputs, call);
    let path = format!("/hooks/{TOKEN}");
    let query = format!("/hooks?secret={TOKEN}");
    let body = |guess: &Input| {
        let guess = String::from_utf8_lossy(guess.bytes()).into_owned();
        Input::new(format!(r#"{{"event":"x","apikey":"{guess}","data":{{}}}}"#).as_bytes())
    };
    let bodies = |inputs: Vec<Input>| -> Vec<Input> { inputs.iter().map(body).collect() };
    vec![
        same(
            "token in the path",
            wrong_after("/hooks/".len(), &path, 0),
            in_uri(EazeWa::any_instance(TokenPlace::path(), token(TOKEN))),
        ),
        same(
            "token in the query",
            wrong_after("/hooks?secret=".len(), &query, 0),
            in_uri(Wawp::by(Query::new("secret", token(TOKEN)))),
        ),
        same(
            "token in a header",
            wrong_after(0, TOKEN, 0),
            in_header(
                "x-token",
                Evolution::by(Header::new(HeaderName::from_static("x-token"), token(TOKEN))),
            ),
        ),
        same("password of HTTP Basic", passwords(), with_password(TOKEN)),
        same(
            "token in the body",
            wrong_after(0, TOKEN, 0).map(bodies),
            in_body(Evolution::apikey(token(TOKEN)), "host", "a".to_owned()),
        ),
    ]
}

/// Wrong at the start and at the end, as HTTP Basic has them.
fn passwords() -> [Vec<Input>; 2] {
    let basic = |guess: &Input| {
        let mut value = "Basic ".to_owned();
        push_base64(&mut value, &[b"zap:", guess.bytes()].concat());
        Input::new(value.as_bytes())
    };
    wrong_after(0, TOKEN, 0).map(|guesses| guesses.iter().map(basic).collect())
}

fn with_password(password: &str) -> Call {
    let password = Secret::new(password).expect("a password");
    in_header("authorization", Evolution::by(zaphook::evolution::Basic::new("zap", password)))
}

fn accounts() -> Vec<Case> {
    let same = |name, inputs, call| case(name, Demand::Same, inputs, call);
    let issued = |account: &str| format!("x-{account}-{TOKEN}");
    // Digits of one length.
    let names: Vec<String> = (10..40).map(|number: u32| number.to_string()).collect();
    let tokens = {
        let names = names.clone();
        move || {
            let tokens = names.iter().map(|name| (name.as_str(), token(&issued(name))));
            AccountTokens::new(tokens).expect("tokens")
        }
    };
    let secrets = move || {
        let secrets = names.iter().map(|name| (name.as_str(), secret()));
        AccountSecrets::new(secrets).expect("secrets")
    };
    let (issued_again, secrets_again) = (tokens.clone(), secrets.clone());
    let known_or_not = ["known account", "unknown account"];
    let bodies = |numbers: std::ops::Range<u32>| -> Vec<Input> {
        let body = |number| format!(r#"{{"event":"x","instanceId":"{number}","data":{{}}}}"#);
        numbers.map(|number| Input::new(body(number).as_bytes())).collect()
    };
    let either = || [bodies(10..25), bodies(50..65)];
    let with_uri = move |uri: String| -> Call {
        let receiver = Receiver::new(EazeWa::per_instance(TokenPlace::path(), tokens()));
        Box::new(move |body: &[u8], _| {
            let request = Head::new(&NO_HEADERS).uri(&uri).with_body(body);
            timed(|| receiver.authenticate(&request))
        })
    };
    let path = format!("/hooks/{}", issued("33"));
    let signed_bodies = |numbers: std::ops::Range<u32>| -> Vec<Input> {
        let body = |number| format!(r#"{{"event":"x","data":{{"instanceId":"{number}"}}}}"#);
        numbers.map(|number| Input::new(body(number).as_bytes())).collect()
    };
    let wrong_signature = format!("sha256={}", "0123456789abcdef".repeat(4));
    let account_33 = r#"{"event":"x","data":{"instanceId":"33"}}"#;
    let signed = EnviaAi::sign(&secret(), account_33.as_bytes());
    let receiver = Receiver::new(EnviaAi::per_instance(secrets()));
    let wrongly_signed = move |receiver: &Receiver<EnviaAi>, body: &[u8]| {
        let headers = [("x-enviaai-signature", wrong_signature.as_str())];
        let request = Request::new(&headers, body);
        timed(|| receiver.authenticate(&request))
    };
    let of_account = move |value: &[u8], _| {
        let headers = [("x-enviaai-signature", value)];
        let request = Request::new(&headers, account_33.as_bytes());
        timed(|| receiver.authenticate(&request))
    };
    vec![
        same(
            "token of an account",
            wrong_after(path.rfind('/').map_or(0, |slash| slash + 1), &path, 0),
            against(move |_| EazeWa::per_instance(TokenPlace::path(), issued_again()), by_path),
        ),
        Case {
            classes: known_or_not,
            ..same("token that nobody has", either(), with_uri(format!("/hooks/x-00-{TOKEN}")))
        },
        Case {
            classes: known_or_not,
            ..same("token of another account", either(), with_uri(path))
        },
        same(
            "secret of an account",
            wrong_after("sha256=".len(), &signed, 0),
            Box::new(of_account),
        ),
        Case {
            classes: known_or_not,
            ..same(
                "wrong signature, secrets per account",
                [signed_bodies(10..25), signed_bodies(50..65)],
                against(move |_| EnviaAi::per_instance(secrets_again()), wrongly_signed),
            )
        },
    ]
}

/// The class may decide which policy the guess meets. That is made anew each time, so that
/// it lies where the last one did, and so that where a hash table has an entry is another
/// matter each time. It is asked once before, so that what the making of it left behind in the
/// processor (how often a loop over the secret ran) does not count.
fn against<G: Gateway>(
    make: impl Fn(usize) -> G + 'static,
    call: impl Fn(&Receiver<G>, &[u8]) -> u64 + 'static,
) -> Call {
    Box::new(move |guess: &[u8], class| {
        let receiver = Receiver::new(make(class));
        call(&receiver, guess);
        call(&receiver, guess)
    })
}

fn by_path(receiver: &Receiver<EazeWa>, uri: &[u8]) -> u64 {
    let uri = std::str::from_utf8(uri).expect("a URL");
    let request = Head::new(&NO_HEADERS).uri(uri).with_body(BODY.as_bytes());
    timed(|| receiver.authenticate(&request))
}

fn lengths() -> Vec<Case> {
    let guess = || vec![Input::new(format!("/hooks/{}", "x".repeat(32)).as_bytes()); 15];
    let configured = move |lengths: [usize; 2]| {
        let make = move |class: usize| {
            EazeWa::any_instance(TokenPlace::path(), token(&"y".repeat(lengths[class])))
        };
        against(make, by_path)
    };
    let tag = format!("sha256={}", "0123456789abcdef".repeat(4));
    let tags = || vec![Input::new(tag.as_bytes()); 15];
    let signed = |receiver: &Receiver<EnviaAi>, value: &[u8]| {
        let headers = [("x-enviaai-signature", value)];
        let request = Request::new(&headers, BODY.as_bytes());
        timed(|| receiver.authenticate(&request))
    };
    let of_length =
        |class: usize| EnviaAi::signed(Secret::new("s".repeat([16, 64][class])).expect("a secret"));
    let same =
        |name, classes, inputs, call| Case { classes, ..case(name, Demand::Same, inputs, call) };
    vec![
        same(
            "configured token, 32 bytes presented",
            ["32 bytes", "33 bytes"],
            [guess(), guess()],
            configured([32, 33]),
        ),
        same(
            "configured token, 32 bytes presented",
            ["16 bytes", "50 bytes"],
            [guess(), guess()],
            configured([16, 50]),
        ),
        same(
            "configured secret",
            ["16 bytes", "64 bytes"],
            [tags(), tags()],
            against(of_length, signed),
        ),
    ]
}

fn told() -> Vec<Case> {
    let presented = |length: usize| right(format!("/hooks/{}", "x".repeat(length)).as_bytes());
    let signature = EnviaAi::sign(&secret(), BODY.as_bytes());
    let told =
        |name, classes, inputs, call| Case { classes, ..case(name, Demand::Told, inputs, call) };
    let by_token = || in_uri(EazeWa::any_instance(TokenPlace::path(), token(TOKEN)));
    vec![
        told(
            "presented token",
            ["17 bytes", "18 bytes"],
            [presented(17), presented(18)],
            by_token(),
        ),
        told(
            "presented token",
            ["17 bytes", "40 bytes"],
            [presented(17), presented(40)],
            by_token(),
        ),
        told(
            "presented token",
            ["17 bytes", "100 bytes"],
            [presented(17), presented(100)],
            by_token(),
        ),
        told(
            "the same passwords of HTTP Basic, where another one is right",
            ["as above", "as above"],
            passwords(),
            with_password("0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        ),
        told(
            "EnviaAI's signature, with its verdict",
            ["right", "wrong at the end"],
            [right(signature.as_bytes()), wrong(&signature, signature.len() - 1)],
            in_header("x-enviaai-signature", EnviaAi::signed(secret())),
        ),
    ]
}

/// What HTTP Basic is written in.
fn push_base64(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for three in bytes.chunks(3) {
        let byte = |place: usize| u32::from(three.get(place).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize % 64];
            text.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
}
