//! The documented fields of every content, by the member that holds it.

/// What the reference of the wire lists, and what belongs to it by WhatsApp's
/// own definition.
#[rustfmt::skip]
pub const FIELDS: &[(&str, &[&str])] = &[
    ("extendedTextMessage", &["text", "matchedText", "title", "description", "previewType", "jpegThumbnail", "backgroundArgb", "textArgb", "font", "inviteLinkGroupTypeV2", "mediaKey", "mediaKeyTimestamp", "thumbnailDirectPath", "thumbnailSha256", "thumbnailEncSha256", "thumbnailHeight", "thumbnailWidth", "contextInfo"]),
    ("imageMessage", &["url", "directPath", "mimetype", "caption", "fileLength", "height", "width", "fileSha256", "fileEncSha256", "mediaKey", "mediaKeyTimestamp", "jpegThumbnail", "viewOnce", "scansSidecar", "scanLengths", "interactiveAnnotations", "annotations", "imageSourceType", "thumbnailDirectPath", "thumbnailSha256", "thumbnailEncSha256", "accessibilityLabel", "staticUrl", "contextInfo"]),
    ("videoMessage", &["url", "directPath", "mimetype", "caption", "fileLength", "seconds", "height", "width", "fileSha256", "fileEncSha256", "mediaKey", "mediaKeyTimestamp", "jpegThumbnail", "gifPlayback", "gifAttribution", "streamingSidecar", "processedVideos", "viewOnce", "scansSidecar", "scanLengths", "interactiveAnnotations", "annotations", "imageSourceType", "thumbnailDirectPath", "thumbnailSha256", "thumbnailEncSha256", "accessibilityLabel", "staticUrl", "contextInfo"]),
    ("ptvMessage", &["url", "directPath", "mimetype", "caption", "fileLength", "seconds", "height", "width", "fileSha256", "fileEncSha256", "mediaKey", "mediaKeyTimestamp", "jpegThumbnail", "gifPlayback", "gifAttribution", "streamingSidecar", "processedVideos", "viewOnce", "scansSidecar", "scanLengths", "interactiveAnnotations", "annotations", "imageSourceType", "thumbnailDirectPath", "thumbnailSha256", "thumbnailEncSha256", "accessibilityLabel", "staticUrl", "contextInfo"]),
    ("audioMessage", &["url", "directPath", "mimetype", "fileLength", "seconds", "ptt", "waveform", "fileSha256", "fileEncSha256", "mediaKey", "mediaKeyTimestamp", "viewOnce", "streamingSidecar", "backgroundArgb", "accessibilityLabel", "contextInfo"]),
    ("documentMessage", &["url", "directPath", "mimetype", "title", "fileName", "caption", "fileLength", "pageCount", "contactVcard", "jpegThumbnail", "fileSha256", "fileEncSha256", "mediaKey", "mediaKeyTimestamp", "thumbnailDirectPath", "thumbnailSha256", "thumbnailEncSha256", "thumbnailHeight", "thumbnailWidth", "accessibilityLabel", "contextInfo"]),
    ("stickerMessage", &["url", "directPath", "mimetype", "fileLength", "height", "width", "isAnimated", "isAvatar", "isAiSticker", "isLottie", "stickerSentTs", "firstFrameLength", "pngThumbnail", "fileSha256", "fileEncSha256", "mediaKey", "mediaKeyTimestamp", "emojis", "accessibilityLabel", "contextInfo"]),
    ("stickerPackMessage", &["stickerPackId", "name", "publisher", "stickers", "fileLength", "fileSha256", "fileEncSha256", "mediaKey", "mediaKeyTimestamp", "directPath", "caption", "packDescription", "trayIconFileName", "stickerPackSize", "contextInfo"]),
    ("locationMessage", &["degreesLatitude", "degreesLongitude", "name", "address", "url", "isLive", "accuracyInMeters", "speedInMps", "comment", "jpegThumbnail", "degreesClockwiseFromMagneticNorth", "contextInfo"]),
    ("liveLocationMessage", &["degreesLatitude", "degreesLongitude", "accuracyInMeters", "speedInMps", "degreesClockwiseFromMagneticNorth", "caption", "sequenceNumber", "timeOffset", "jpegThumbnail", "contextInfo"]),
    ("contactMessage", &["displayName", "vcard", "contextInfo"]),
    ("contactsArrayMessage", &["displayName", "contacts", "contextInfo"]),
    ("reactionMessage", &["key", "text", "groupingKey", "senderTimestampMs"]),
    ("encReactionMessage", &["targetMessageKey", "encPayload", "encIv"]),
    ("pollCreationMessage", &["name", "options", "selectableOptionsCount", "encKey", "pollContentType", "pollType", "correctAnswer", "endTime", "hideParticipantName", "allowAddOption", "contextInfo"]),
    ("pollCreationMessageV2", &["name", "options", "selectableOptionsCount", "encKey", "pollContentType", "pollType", "correctAnswer", "endTime", "hideParticipantName", "allowAddOption", "contextInfo"]),
    ("pollCreationMessageV3", &["name", "options", "selectableOptionsCount", "encKey", "pollContentType", "pollType", "correctAnswer", "endTime", "hideParticipantName", "allowAddOption", "contextInfo"]),
    ("pollCreationMessageV5", &["name", "options", "selectableOptionsCount", "encKey", "pollContentType", "pollType", "correctAnswer", "endTime", "hideParticipantName", "allowAddOption", "contextInfo"]),
    ("pollUpdateMessage", &["pollCreationMessageKey", "vote", "metadata", "senderTimestampMs"]),
    ("pollResultSnapshotMessage", &["name", "pollVotes", "pollType", "contextInfo"]),
    ("listMessage", &["title", "description", "buttonText", "footerText", "listType", "sections", "productListInfo", "contextInfo"]),
    ("listResponseMessage", &["title", "description", "listType", "singleSelectReply", "contextInfo"]),
    ("buttonsMessage", &["contentText", "footerText", "buttons", "headerType", "text", "documentMessage", "imageMessage", "videoMessage", "locationMessage", "contextInfo"]),
    ("buttonsResponseMessage", &["selectedButtonId", "selectedDisplayText", "type", "contextInfo"]),
    ("templateMessage", &["templateId", "hydratedTemplate", "hydratedFourRowTemplate", "interactiveMessageTemplate", "fourRowTemplate", "contextInfo"]),
    ("templateButtonReplyMessage", &["selectedId", "selectedDisplayText", "selectedIndex", "selectedCarouselCardIndex", "contextInfo"]),
    ("interactiveMessage", &["header", "body", "footer", "nativeFlowMessage", "collectionMessage", "carouselMessage", "shopStorefrontMessage", "contextInfo"]),
    ("interactiveResponseMessage", &["body", "nativeFlowResponseMessage", "contextInfo"]),
    ("orderMessage", &["orderId", "token", "itemCount", "status", "surface", "message", "orderTitle", "sellerJid", "totalAmount1000", "totalCurrencyCode", "thumbnail", "messageVersion", "orderRequestMessageId", "catalogType", "contextInfo"]),
    ("productMessage", &["product", "businessOwnerJid", "body", "footer", "catalog", "contextInfo"]),
    ("groupInviteMessage", &["groupJid", "inviteCode", "inviteExpiration", "groupName", "caption", "jpegThumbnail", "groupType", "contextInfo"]),
    ("newsletterAdminInviteMessage", &["newsletterJid", "newsletterName", "caption", "inviteExpiration", "jpegThumbnail", "contextInfo"]),
    ("eventMessage", &["name", "description", "isCanceled", "location", "joinLink", "startTime", "endTime", "extraGuestsAllowed", "isScheduleCall", "hasReminder", "reminderOffsetSec", "contextInfo"]),
    ("encEventResponseMessage", &["eventCreationMessageKey", "encPayload", "encIv"]),
    ("albumMessage", &["expectedImageCount", "expectedVideoCount", "contextInfo"]),
    ("pinInChatMessage", &["key", "type", "senderTimestampMs"]),
    ("keepInChatMessage", &["key", "keepType", "timestampMs"]),
    ("callLogMesssage", &["isVideo", "callOutcome", "durationSecs", "callType", "participants"]),
    ("scheduledCallCreationMessage", &["scheduledTimestampMs", "callType", "title"]),
    ("requestPaymentMessage", &["noteMessage", "currencyCodeIso4217", "amount1000", "requestFrom", "expiryTimestamp", "amount", "background", "contextInfo"]),
    ("sendPaymentMessage", &["noteMessage", "requestMessageKey", "background", "transactionData", "contextInfo"]),
    ("paymentInviteMessage", &["serviceType", "expiryTimestamp", "contextInfo"]),
    ("invoiceMessage", &["note", "token", "attachmentType", "attachmentMimetype", "attachmentMediaKey", "attachmentMediaKeyTimestamp", "attachmentFileSha256", "attachmentFileEncSha256", "attachmentDirectPath", "attachmentJpegThumbnail", "contextInfo"]),
    ("requestPhoneNumberMessage", &["contextInfo"]),
    ("commentMessage", &["message", "targetMessageKey"]),
    ("encCommentMessage", &["targetMessageKey", "encPayload", "encIv"]),
    ("secretEncryptedMessage", &["targetMessageKey", "encPayload", "encIv", "secretEncType"]),
    ("placeholderMessage", &["type"]),
    ("protocolMessage", &["key", "type", "editedMessage", "timestampMs", "ephemeralExpiration", "ephemeralSettingTimestamp", "disappearingMode", "limitSharing", "appStateSyncKeyShare", "typeName"]),
    ("senderKeyDistributionMessage", &["groupId", "axolotlSenderKeyDistributionMessage"]),
    ("messageContextInfo", &["deviceListMetadata", "deviceListMetadataVersion", "messageSecret", "messageAddOnDurationInSecs", "reportingTokenVersion", "messageAssociation", "threadId", "limitSharing", "limitSharingV2"]),
];

/// The members that wrap a message, each as `{message: …}`.
#[rustfmt::skip]
pub const WRAPPERS: &[&str] = &[
    "ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension",
    "documentWithCaptionMessage", "editedMessage", "groupMentionedMessage", "botInvokeMessage",
    "lottieStickerMessage", "eventCoverImage", "statusMentionMessage",
    "pollCreationOptionImageMessage", "associatedChildMessage", "groupStatusMentionMessage",
    "pollCreationMessageV4", "statusAddYours", "groupStatusMessage", "groupStatusMessageV2",
    "limitSharingMessage", "botTaskMessage", "questionMessage", "questionReplyMessage",
    "botForwardedMessage",
];

/// Members that may hold any JSON, so nothing is odd there.
#[rustfmt::skip]
pub const FREE: &[&str] = &[
    "interactiveAnnotations", "annotations", "processedVideos", "nativeFlowInfo",
    "productListInfo", "fourRowTemplate", "background", "catalog", "metadata",
    "dataSharingContext", "threadId", "appStateSyncKeyShare",
];

/// Members that hold messages which are typed on demand.
pub const NESTED: &[&str] = &["message", "editedMessage", "noteMessage", "cards", "quotedMessage"];
