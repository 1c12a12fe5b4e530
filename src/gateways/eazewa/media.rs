//! Media attached to a message.

use crate::wire::LazyBytes;
use crate::wire::object::object;
use crate::wire::scalar::integer;

object! {
    /// A file attached to a message: inline, as base64.
    ///
    /// It is kept as base64, in one copy, and decoded on demand:
    ///
    /// ```
    /// use zaphook::eazewa::Media;
    ///
    /// let media: Media = serde_json::from_str(
    ///     r#"{"mimetype":"text/plain","data":"T2k=","filename":"oi.txt"}"#,
    /// )?;
    /// assert_eq!(media.data.decode()?, b"Oi");
    /// assert_eq!(media.filename.as_deref(), Some("oi.txt"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[serde(rename_all = "camelCase")]
    pub struct Media {
        /// Its type, perhaps with parameters (`audio/ogg; codecs=opus`).
        pub mimetype: Option<String>,
        /// Its bytes, in base64 without a prefix.
        pub data: LazyBytes,
        /// Its name. Documents only. It is chosen by the sender: treat it as
        /// untrusted input.
        pub filename: Option<String>,
        /// Its size, in bytes.
        #[serde(with = "integer")]
        pub filesize: Option<u64>,
    }
}
