//! What the server reports about itself.

use crate::wire::List;
use crate::wire::object::object;
use crate::wire::scalar::integer;

object! {
    /// A request to the server's API failed. It goes to an address of its own,
    /// and its envelope carries the key to the whole server.
    #[doc(alias = "error")]
    pub struct ErrorReport {
        /// The kind of error, such as `Internal Server Error`.
        pub error: Option<String>,
        /// What went wrong: one text or several.
        pub message: Option<List<String>>,
        /// The HTTP status that the server answered.
        #[serde(with = "integer")]
        pub status: Option<i64>,
        /// What the server answered.
        pub response: Option<ErrorResponse>,
    }
}

object! {
    /// What the server answered to a request that failed.
    pub struct ErrorResponse {
        /// What went wrong: one text or several.
        pub message: Option<List<String>>,
    }
}
