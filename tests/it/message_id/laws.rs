//! What holds for every text, whatever it is.

use zaphook::MessageId;
use zaphook::message_id::Parts;

/// Checks one text.
#[track_caller]
pub(crate) fn holds(text: &str) {
    let id = MessageId::from_wire(text);

    // What comes in goes out.
    assert_eq!(id.as_str(), text);
    assert_eq!(id.to_string(), text);
    let json = serde_json::to_string(&id).unwrap();
    assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text, "as JSON");
    let read: MessageId = serde_json::from_str(&json).unwrap();
    assert_eq!(read.as_str(), text, "from JSON");
    assert_eq!(serde_json::to_string(&read).unwrap(), json, "to JSON");

    // Strict parsing takes exactly the well-formed, unchanged, and their parts
    // make the same text again.
    let parts = id.parts();
    match text.parse::<MessageId>() {
        Ok(strict) => {
            assert_eq!(strict.to_string(), text, "parsed {text:?}");
            assert!(id.is_well_formed(), "{text:?}");
            let rebuilt = parts.to_message_id().unwrap_or_else(|e| panic!("{text:?}: {e}"));
            assert_eq!(rebuilt, text, "rebuilt");
            assert!(parts.id.is_some() || parts.server_id.is_some(), "{text:?}");
            for jid in [parts.chat, parts.participant].into_iter().flatten() {
                assert!(jid.is_well_formed(), "{jid:?} in {text:?}");
            }
        }
        Err(error) => {
            assert!(!id.is_well_formed(), "{text:?}");
            assert!(error.position() <= text.len(), "{text:?}: {error}");
            assert!(text.is_char_boundary(error.position()), "{text:?}: {error}");
            assert!(error.to_string().len() < 120, "{text:?}: {error}");
            // What can be had of it may be in order, but is another id.
            assert!(!parts.to_message_id().is_ok_and(|id| id == text), "{text:?}");
        }
    }

    // A bare id is nothing but an id.
    if id.is_bare() {
        let whole = Some(text).filter(|text| !text.is_empty());
        assert_eq!(parts, whole.map_or(Parts::default(), Parts::bare), "{text:?}");
    } else {
        assert!(id.from_me().is_some(), "{text:?}");
        assert!(text.starts_with("true_") || text.starts_with("false_"), "{text:?}");
    }
}

/// Checks parts: joined, if they can be, they are read as they were.
#[track_caller]
pub(crate) fn joins(parts: Parts<'_>) -> bool {
    let Ok(id) = parts.to_message_id() else { return false };
    assert_eq!(id.parts(), parts, "{id}");
    assert!(id.is_well_formed(), "{id}");
    holds(id.as_str());
    true
}
