//! What a handler says when it could not do its work.

use std::error::Error;
use std::fmt;

/// Why a delivery was not handled, and whether to try again.
///
/// `?` on any error means: try again. What no repetition will mend is given
/// up, so that it does not come back until the gateway gives up itself.
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
    /// It did not work now and may later: the delivery is released, and the
    /// gateway asked to come again.
    pub fn retry(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { again: true, error: error.into() }
    }

    /// It will never work: the delivery is completed, so that it does not
    /// come again, and handed to
    /// [`on_dead_letter`](crate::Consumer::on_dead_letter).
    pub fn give_up(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { again: false, error: error.into() }
    }

    /// Whether the delivery is to be tried again.
    pub fn is_retry(&self) -> bool {
        self.again
    }

    /// What went wrong.
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }
}

/// Not an error itself, so that every error can become one.
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
