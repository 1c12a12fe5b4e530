//! The content of a message in the engine's own data.

use serde::Deserialize;

use crate::event::Nested;
use crate::whatsapp::{Content, GoContent};
use crate::wire::{Fault, RawJson};

/// The content of a message in the engine's own data: WhatsApp's own object,
/// with everything that the message itself leaves out (buttons, lists,
/// contexts, mentions, polls). Kept raw, typed on demand.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EngineContent {
    /// From NOWEB: `_data.message`.
    Noweb(Nested<Content>),
    /// From GOWS: `_data.Message`, in Go's spelling.
    Gows(GoContent),
}

impl EngineContent {
    /// The content, typed. Values that do not have the documented shape are
    /// left out; [`nested`](Self::nested) reports which.
    ///
    /// # Errors
    ///
    /// When it cannot be typed at all.
    pub fn content(&self) -> Result<Content, Fault> {
        self.nested().parse()
    }

    /// The content in the protocol's own spelling, not yet typed.
    pub fn nested(&self) -> Nested<Content> {
        match self {
            Self::Noweb(content) => content.clone(),
            Self::Gows(content) => content.nested(),
        }
    }
}

/// The content in an engine's data. WEBJS and WPP have their own form of a
/// message, without this.
pub(super) fn content_of(engine_data: &RawJson) -> Option<EngineContent> {
    #[derive(Deserialize)]
    struct Data {
        message: Option<RawJson>,
        #[serde(rename = "Message")]
        go: Option<RawJson>,
    }

    let is_object = |raw: &RawJson| raw.as_str().starts_with('{');
    let Data { message, go } = engine_data.read().ok()?;
    match go {
        Some(go) => GoContent::of(go).map(EngineContent::Gows),
        None => message.filter(is_object).map(|raw| EngineContent::Noweb(raw.into())),
    }
}
