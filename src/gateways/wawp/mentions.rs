//! The people mentioned in a message, from the engine's data.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;

use crate::jid::Jid;
use crate::wire::{List, RawJson};

/// WEBJS lists them next to the message; NOWEB and GOWS inside its content,
/// whatever its type.
pub(super) fn mentioned(engine_data: &RawJson) -> Vec<Jid> {
    let Ok(data) = engine_data.read::<EngineData>() else { return Vec::new() };
    let contents = [data.noweb, data.gows].into_iter().flatten();
    data.webjs.or_else(|| contents.flat_map(|content| content.0).next()).unwrap_or_default().into_vec()
}

#[derive(serde::Deserialize)]
struct EngineData {
    #[serde(default, rename = "mentionedJidList")]
    webjs: Option<List<Jid>>,
    #[serde(default, rename = "message")]
    noweb: Option<Content>,
    #[serde(default, rename = "Message")]
    gows: Option<Content>,
}

/// The mentions of every content type that has some.
struct Content(Vec<List<Jid>>);

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Kinds;

        impl<'de> Visitor<'de> for Kinds {
            type Value = Content;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
                let mut lists = Vec::new();
                while map.next_key::<IgnoredAny>()?.is_some() {
                    let kind: RawJson = map.next_value()?;
                    let context = kind.read::<Kind>().ok().and_then(|kind| kind.context);
                    lists.extend(context.and_then(|context| context.noweb.or(context.gows)));
                }
                Ok(Content(lists))
            }
        }

        deserializer.deserialize_map(Kinds)
    }
}

#[derive(serde::Deserialize)]
struct Kind {
    #[serde(default, rename = "contextInfo")]
    context: Option<Context>,
}

#[derive(serde::Deserialize)]
struct Context {
    #[serde(default, rename = "mentionedJid")]
    noweb: Option<List<Jid>>,
    #[serde(default, rename = "mentionedJID")]
    gows: Option<List<Jid>>,
}
