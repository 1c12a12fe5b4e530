//! Advertisements that start conversations.

use super::ContextInfo;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::object_keeping_rest;
use crate::wire::scalar::boolean;
use crate::wire::{Coded, Id, LazyBytes};

object_keeping_rest! {
    /// The advertisement or post that a conversation started from: someone
    /// clicked "send message" on it.
    #[serde(rename_all = "camelCase")]
    pub struct ExternalAdReply {
        /// Its title.
        pub title: Option<String>,
        /// Its text.
        pub body: Option<String>,
        /// The kind of media in it.
        pub media_type: Option<Coded<AdMediaType>>,
        /// The URL of its preview.
        pub thumbnail_url: Option<String>,
        /// The URL of its media.
        pub media_url: Option<String>,
        /// Its preview: a JPEG.
        pub thumbnail: Option<LazyBytes>,
        /// `ad` or `post`.
        pub source_type: Option<String>,
        /// The advertisement's id at Meta.
        pub source_id: Option<Id>,
        /// The link to it.
        pub source_url: Option<String>,
        /// Whether it has an automatic greeting.
        #[serde(with = "boolean")]
        pub contains_auto_reply: Option<bool>,
        /// Whether the preview is shown large.
        #[serde(with = "boolean")]
        pub render_larger_thumbnail: Option<bool>,
        /// Whether it is shown as an advertisement.
        #[serde(with = "boolean")]
        pub show_ad_attribution: Option<bool>,
        /// The click id, for reporting conversions to Meta.
        pub ctwa_clid: Option<Id>,
        /// The advertiser's reference in the link.
        #[serde(rename = "ref")]
        pub reference: Option<String>,
        /// The app that shows it, such as `facebook`.
        pub source_app: Option<String>,
        /// The text of the automatic greeting.
        pub greeting_message_body: Option<String>,
    }
}

coded_enum! {
    /// The kind of media in an advertisement.
    pub enum AdMediaType {
        /// Nothing.
        None = 0 "NONE",
        /// An image.
        Image = 1 "IMAGE",
        /// A video.
        Video = 2 "VIDEO",
    }
}

/// Where a conversation came from, according to the message.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ad<'a> {
    /// The click id (`ctwaClid`), for reporting conversions to Meta.
    pub click_id: Option<&'a str>,
    /// `ad` or `post`.
    pub source_type: Option<&'a str>,
    /// The advertisement's id at Meta.
    pub source_id: Option<&'a str>,
    /// The link to the advertisement.
    pub source_url: Option<&'a str>,
    /// The app that showed it, such as `facebook`.
    pub app: Option<&'a str>,
    /// The entry point of the conversation, such as `ctwa_ad`.
    pub entry_point: Option<&'a str>,
    /// The advertisement's title.
    pub title: Option<&'a str>,
}

impl<'a> Ad<'a> {
    /// What the context says about an advertisement, if anything.
    pub(super) fn of(context: &'a ContextInfo) -> Option<Self> {
        let reply = context.external_ad_reply.as_deref();
        let entry_point = context.entry_point_conversion_source.as_deref();
        if reply.is_none() && entry_point.is_none() {
            return None;
        }
        let of_reply = |field: fn(&ExternalAdReply) -> &Option<String>| {
            reply.and_then(|reply| field(reply).as_deref())
        };
        Some(Self {
            click_id: reply.and_then(|reply| reply.ctwa_clid.as_deref()),
            source_type: of_reply(|reply| &reply.source_type),
            source_id: reply.and_then(|reply| reply.source_id.as_deref()),
            source_url: of_reply(|reply| &reply.source_url),
            app: of_reply(|reply| &reply.source_app)
                .or(context.entry_point_conversion_app.as_deref()),
            entry_point,
            title: of_reply(|reply| &reply.title),
        })
    }
}
