//! Media that come along with a message.

use crate::wire::LazyBytes;
use crate::wire::object::object;
use crate::wire::scalar::integer;

object! {
    /// A file that came along with a message: inline, in base64.
    ///
    /// It is kept as that text, in one copy, and made into bytes when asked:
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
        /// Its name. Documents only. It is the sender's text: mind what it is
        /// used for.
        pub filename: Option<String>,
        /// Its size, in bytes.
        #[serde(with = "integer")]
        pub filesize: Option<u64>,
    }
}
