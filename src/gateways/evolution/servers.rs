//! Which Evolution server sends what.
//!
//! Nothing in a body says which version sent it, so all forms are read
//! whichever server sent them. This page helps if you wonder why a field is
//! missing.
//!
//! # Versions
//!
//! The repository moved from `EvolutionAPI/evolution-api` to
//! `evolution-foundation/evolution-api`, with its history.
//!
//! | server | from | form (below) | what is special |
//! |---|---|---|---|
//! | 1.0.9 to 1.8.2 | 2023-06 | A | one attempt per delivery; `data.owner` instead of `instanceId`; text stays in `extendedTextMessage`; no custom headers |
//! | 2.0 to 2.2.3 | 2024-07 | A | `instanceId`; text becomes `conversation`; poll votes in `messages.update` |
//! | 2.3.0 | 2025-06-17 | A | retries can be configured; `jwt_key`; `senderLid` or `senderPn`; no poll votes up to 2.3.6; an edit says `DELETED` in `messages.update` up to 2.3.4 |
//! | 2.3.1, 2.3.2 | 2025-07 | A | `previousRemoteJid`; `messages.edited` also for deletions and timers, from here on |
//! | 2.3.3, 2.3.4 | 2025-09 | B | `remoteJidAlt` |
//! | 2.3.5 | 2025-10-15 | B | `addressingMode` |
//! | 2.3.6 | 2025-10-21 | C | members of groups as objects |
//! | 2.3.7 | 2025-12-05 | C | the latest stable one, which most servers run; poll votes in `messages.upsert`; `messages.edited` and the `message` in `messages.update` in form A |
//! | 2.4.0-rc2 | 2026-05-17 | C | swapped keys; device metadata in `data.contextInfo`; headers `X-…`; `messaging-history.set` |
//! | Evolution Go 0.6 | | its own | see [`go`](super::go) |
//! | other servers with this wire, such as WhatsMiau | | 64-bit integers as in A | `key.fromMe` left out when false, empty texts and zeros left out; calls by `callId`; edits without `type`, as `messages.edited` or `messages.edit` |
//!
//! The *channel* of an instance matters as much as the version:
//! `WHATSAPP-BAILEYS` is the usual one, `WHATSAPP-BUSINESS` is Meta's Cloud API
//! behind Evolution and has Meta's field names in files (`mime_type`, `sha256`,
//! `id`), `EVOLUTION` passes on what is posted to it.
//!
//! # Forms
//!
//! One field of WhatsApp's protocol has three forms in JSON:
//!
//! | | A: up to 2.3.2 | B: 2.3.3 to 2.3.5 | C: from 2.3.6 |
//! |---|---|---|---|
//! | bytes | base64 text | `{"0": 137, "1": 80, …}` | as B |
//! | 64-bit integers | decimal text, `"98127"` | number, `98127` | `{"low": 98127, "high": 0, "unsigned": true}` |
//! | words | name, `"SINGLE_SELECT"` | number, `1` | number, `1` |
//! | empty lists | left out | `[]`, before all else | `[]`, first |
//!
//! * The value of the object is `high` shifted left by 32 bits, bitwise or
//!   `low` without its sign; `low` is a signed 32-bit number, negative for any
//!   time in milliseconds whose 32nd bit is set. `unsigned` says how to read
//!   the whole.
//! * Bytes with numbered members take about ten bytes of JSON each: a preview
//!   of 10 kB becomes 100 kB. [`LazyBytes`](crate::wire::LazyBytes) keeps them
//!   raw until you decode them. Empty bytes are `{}`, or `""` in form A;
//!   database dumps also have `{"type": "Buffer", "data": […]}`.
//! * Forms can be mixed within one body, as in 2.3.7.
//! * 32-bit integers, floats, booleans and texts are the same everywhere. A
//!   float may come without a fraction.
//! * Quoted and wrapped messages have the form of the one around them.
//!
//! # What is rare
//!
//! WhatsApp's messages have more members than anyone uses. Each content keeps
//! those without a field in its `rest`: `midQualityFileSha256`,
//! `firstScanSidecar`, `mediaKeyDomain`, `videoSourceType`, `metadataUrl` and
//! so on.
//!
//! From 2.3.1 on `messages.edited` also contains the account's own keys
//! (`APP_STATE_SYNC_KEY_SHARE`): be careful where you store bodies.
//!
//! # Where a message's context is
//!
//! | server | reply, mentions, advertisement |
//! |---|---|
//! | 1.x | in the content, and again in `data.contextInfo` |
//! | 2.x, text | in `data.contextInfo` only |
//! | 2.x, document with a caption | in `message.documentMessage.contextInfo` only |
//! | 2.x, all other content | in the content, and again in `data.contextInfo` |
//! | 2.4.0-rc, text | lost |
//! | Cloud channel | `{stanzaId}` in `message.contextInfo` and in `data.contextInfo` |
//!
//! [`Content::unwrapped_with`](crate::whatsapp::Content::unwrapped_with) looks into
//! all of them.
//!
//! Sources: `evolution-foundation/evolution-api`, tags 1.0.9 to 2.4.0-rc2;
//! `WhiskeySockets/Baileys`, tags v6.7.12 to v7.0.0-rc.9;
//! `EvolutionAPI/evolution-go` 0.6.1; `verbeux-ai/whatsmiau`.
