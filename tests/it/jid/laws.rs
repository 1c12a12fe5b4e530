//! What holds for every text, whatever it is.

use std::collections::HashSet;

use zaphook::Jid;
use zaphook::jid::{JidRef, Kind, same_line};

/// Checks one text.
#[track_caller]
pub(crate) fn holds(text: &str) {
    let jid = Jid::from_wire(text);

    // What comes in goes out.
    assert_eq!(jid.as_str(), text);
    assert_eq!(jid.to_string(), text);
    let json = serde_json::to_string(&jid).unwrap();
    assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text, "as JSON");
    let read: Jid = serde_json::from_str(&json).unwrap();
    assert_eq!(read, jid, "from JSON");
    assert_eq!(read.as_str(), text, "from JSON");
    assert_eq!(serde_json::to_string(&read).unwrap(), json, "to JSON");

    // Strict parsing takes exactly the well-formed, unchanged.
    match text.parse::<Jid>() {
        Ok(strict) => {
            assert_eq!(strict.to_string(), text, "parsed {text:?}");
            assert!(jid.is_well_formed(), "{text:?}");
            assert!(strict.server().is_some(), "{text:?}");
        }
        Err(error) => {
            assert!(!jid.is_well_formed(), "{text:?}");
            assert!(error.position() <= text.len(), "{text:?}: {error}");
            assert!(text.is_char_boundary(error.position()), "{text:?}: {error}");
            assert!(error.to_string().len() < 100, "{text:?}: {error}");
            assert!(matches!(jid.kind(), Kind::Phone | Kind::Unrecognised), "{text:?}");
        }
    }
    assert_eq!(JidRef::parse(text).err(), text.parse::<Jid>().err());

    // Parts are where the text has them.
    if let (Some(user), Some(server)) = (jid.user(), jid.server()) {
        assert!(text.starts_with(user), "{text:?}");
        assert!(text.ends_with(server.as_str()), "{text:?}");
        assert!(text.contains('@'), "{text:?}");
    }
    if let Some(phone) = jid.phone() {
        assert!((5..=15).contains(&phone.len()), "{text:?}");
        assert!(phone.bytes().all(|byte| byte.is_ascii_digit()), "{text:?}");
        assert!(same_line(phone, phone), "{text:?}");
    }

    // Normal forms are idempotent, translate into each other, and name the
    // same user.
    let (protocol, web) = (jid.to_s_whatsapp_net(), jid.to_c_us());
    for normal in [&protocol, &web] {
        assert_eq!(normal.to_s_whatsapp_net(), protocol, "{text:?}");
        assert_eq!(normal.to_c_us(), web, "{text:?}");
        assert!(normal.same_user(&jid), "{text:?} and {normal:?}");
        assert_eq!(normal.phone(), jid.phone(), "{text:?} and {normal:?}");
        if jid.family().is_some() {
            let numbers = (normal.agent(), normal.legacy_suffix(), normal.device());
            assert_eq!(numbers, (None, None, None), "{text:?}");
        } else {
            assert_eq!(*normal, jid);
        }
    }
    assert!(jid.same_user(&jid) && jid.same_device(&jid), "{text:?}");

    let _ = (jid.integrator(), jid.legacy_suffix(), jid.is_hosted(), jid.is_person());
    let _ = (jid.legacy_group_creator_phone(), jid.legacy_group_created_at(), jid.family());
}

/// Checks three texts against each other.
#[track_caller]
pub(crate) fn relate(texts: [&str; 3]) {
    let jids = texts.map(Jid::from_wire);
    for one in &jids {
        for other in &jids {
            let same = one.same_user(other);
            assert_eq!(same, other.same_user(one), "{one:?} and {other:?}");
            assert_eq!(same, one.to_s_whatsapp_net() == other.to_s_whatsapp_net());
            assert_eq!(same, one.to_c_us() == other.to_c_us());
            assert_eq!(one.same_device(other), other.same_device(one), "{one:?} and {other:?}");
            assert!(same || !one.same_device(other), "{one:?} and {other:?}");
            assert_eq!(one.same_line(other), other.same_line(one), "{one:?} and {other:?}");
            if same && one.phone().is_some() {
                assert!(one.same_line(other), "{one:?} and {other:?}");
            }
            assert_eq!(one == other, one.as_str() == other.as_str());
            assert_eq!(one.cmp(other), one.as_str().cmp(other.as_str()));
        }
    }
    let [a, b, c] = &jids;
    for (related, relation) in [
        ([a.same_user(b), b.same_user(c), a.same_user(c)], "same user"),
        ([a.same_device(b), b.same_device(c), a.same_device(c)], "same device"),
        ([a.same_line(b), b.same_line(c), a.same_line(c)], "same line"),
    ] {
        let links = related.iter().filter(|related| **related).count();
        assert_ne!(links, 2, "{relation} is not transitive: {texts:?}");
    }
    let set: HashSet<&Jid> = jids.iter().collect();
    let distinct: HashSet<&str> = texts.into_iter().collect();
    assert_eq!(set.len(), distinct.len());
}
