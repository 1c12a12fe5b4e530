//! Each gateway's policy, from the environment. A gateway without a setting
//! has no route.

use std::fmt::Display;
use std::time::Duration;

use zaphook::idempotency::SharedStore;
use zaphook::{AnyReceiver, EnviaAi, Gateway, Receiver, Secret, Secrets, TokioTimer};

use super::config::{Problem, listed};

/// A receiver for each gateway that is configured.
pub(crate) fn receivers(store: &SharedStore) -> Result<Vec<AnyReceiver<SharedStore>>, Problem> {
    let receivers = [enviaai()?.map(|policy| receiver(policy, store))];
    let receivers: Vec<_> = receivers.into_iter().flatten().collect();
    if receivers.is_empty() {
        return Err("no gateway is configured: set ENVIAAI_SECRETS, or another one's".into());
    }
    Ok(receivers)
}

/// `ENVIAAI_SECRETS` or `ENVIAAI_SECRETS_FILE`: the webhook's secrets, the
/// current one first, then those being rotated out.
fn enviaai() -> Result<Option<EnviaAi>, Problem> {
    Ok(secrets("ENVIAAI_SECRETS")?.map(EnviaAi::signed))
}

fn secrets(variable: &str) -> Result<Option<Secrets>, Problem> {
    let Some((source, texts)) = listed(variable)? else {
        return Ok(None);
    };
    let problem = |error: &dyn Display| format!("{source}: {error}; it takes the webhook's secret");
    let secrets = texts.iter().map(Secret::new).collect::<Result<Vec<_>, _>>();
    let secrets = secrets.map_err(|error| problem(&error))?;
    Ok(Some(Secrets::new(secrets).map_err(|error| problem(&error))?))
}

fn receiver<G: Gateway>(policy: G, store: &SharedStore) -> AnyReceiver<SharedStore>
where
    AnyReceiver<SharedStore>: From<Receiver<G, SharedStore>>,
{
    let receiver = Receiver::new(policy).with_store(store.clone()).timer(TokioTimer);
    // The timer extends the lease of who is at work; a short one and a hold that
    // outlives it end before the route's deadline.
    let receiver = receiver.lease(Duration::from_secs(10)).hold(Duration::from_secs(12));
    let receiver = receiver.on_unsaved(|unsaved| async move {
        // Write it where it can be handled by hand: `unsaved.stored()`.
        eprintln!("{}: not saved, {}", G::NAME, unsaved.reason().as_str());
    });
    receiver.into()
}
