//! Which fixtures tell of one happening.

/// Fixtures below `tests/fixtures/evolution` that are deliveries of one and the
/// same event, and why: each group has one key, and no two groups share one.
pub const REDELIVERIES: &[(&str, &[&str])] = &[
    (
        "Meta delivers a message again, and the server names another chat (up to 2.3.7)",
        &["messages.upsert.cloud_text", "messages.upsert.cloud_text_again"],
    ),
    ("the same of a receipt", &["messages.update.cloud", "messages.update.cloud_again"]),
    (
        "receipts of one message by hidden id and by phone number",
        &["messages.update.2_3_0", "messages.update.2_3_7", "messages.update.2_3_7_by_phone"],
    ),
    (
        "a stored label's deletion is posted twice",
        &["labels.edit.deletion", "labels.edit.deletion_again"],
    ),
    ("one deletion, as two versions write it", &["messages.delete.2_3_5", "messages.delete.2_3_7"]),
    (
        "one receipt, as three versions write it",
        &["messages.update.2_2_3", "messages.update.2_3_5", "messages.update.v1"],
    ),
    (
        "one message, by the server and by a relay",
        &["messages.upsert.config_spelling", "messages.upsert.key_2_3_7"],
    ),
    (
        "one edit through the API, as two versions write it",
        &["send.message.update", "send.message.update.2_3_0"],
    ),
    (
        "a message that the server writes as an object and a relay as a list",
        &["messages.upsert.list_of_one", "messages.upsert.one"],
    ),
];
