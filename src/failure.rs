//! The error type of handlers.

use std::error::Error;
use std::fmt;

/// Why a handler failed, and whether the gateway should retry.
///
/// `?` on any error means: retry. Give up on what no retry can fix; otherwise
/// the gateway sends it again until it gives up itself.
///
/// ```
/// use zaphook::{Delivery, EnviaAi, Failure, enviaai::Event};
///
/// # async fn save(_: &str) -> std::io::Result<()> { Ok(()) }
/// async fn handler(delivery: Delivery<EnviaAi>) -> Result<(), Failure> {
///     match delivery.event() {
///         Event::MessageReceived(message) => save(&message.message_id).await?,
///         Event::Malformed(event) => return Err(Failure::give_up(event.fault().clone())),
///         _ => {}
///     }
///     Ok(())
/// }
/// ```
pub struct Failure {
    pub(crate) again: bool,
    pub(crate) error: Box<dyn Error + Send + Sync>,
}

impl Failure {
    /// It failed now but may work later: the claim is released, and the gateway
    /// is asked to retry.
    pub fn retry(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { again: true, error: error.into() }
    }

    /// It will never work: the delivery is marked as done, so that it is not
    /// retried, and handed to
    /// [`on_dead_letter`](crate::Consumer::on_dead_letter).
    pub fn give_up(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { again: false, error: error.into() }
    }

    /// Whether the delivery should be retried.
    pub fn is_retry(&self) -> bool {
        self.again
    }

    /// What went wrong.
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }
}

/// Not an error itself, so that `?` can convert every error into it.
impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::retry(error)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.again { "retry" } else { "give_up" };
        write!(f, "Failure::{kind}({})", self.error)
    }
}
