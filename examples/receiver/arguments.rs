//! Demonstration, not to be copied alone: the command line. All other settings
//! are in the environment.

use std::path::PathBuf;

use crate::adapter::Problem;

pub(crate) const HELP: &str = "\
A receiver for the webhooks of WhatsApp gateways. Its settings are in the
environment; examples/receiver/config.rs lists them.

    --redis URL      remembers handled events in Redis (built with `--features redis`)
    --postgres URL   or in PostgreSQL (`--features postgres`), not in this process
                     alone
    --capture FILE   appends every delivery whose body was read to the file, as a
                     line of JSON that `cargo run --example inspect -- --none FILE`
                     reports on. Credentials are replaced; message texts, names
                     and phone numbers are not. The answer does not wait for it:
                     when the disk is too slow, deliveries are left out of the
                     file and counted on standard error.
    --store-first FILE
                     appends every delivery to the file, waits for the disk, and
                     answers then; nothing is handled. What cannot be written is
                     not answered by 200, and where any answer is final by none.
    --help
";

/// Where handled events are remembered.
#[derive(Default)]
pub(crate) enum Store {
    /// In this process only.
    #[default]
    Memory,
    Redis(String),
    Postgres(String),
}

#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) help: bool,
    pub(crate) store: Store,
    pub(crate) capture: Option<PathBuf>,
    pub(crate) store_first: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Problem> {
        let mut read = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--help" => read.help = true,
                "--redis" => {
                    read.store = Store::Redis(arguments.next().ok_or("--redis takes a URL")?);
                }
                "--postgres" => {
                    read.store = Store::Postgres(arguments.next().ok_or("--postgres takes a URL")?);
                }
                "--capture" => {
                    let file = arguments.next().ok_or("--capture takes a file")?;
                    read.capture = Some(file.into());
                }
                "--store-first" => {
                    let file = arguments.next().ok_or("--store-first takes a file")?;
                    read.store_first = Some(file.into());
                }
                other => return Err(format!("{other} is not known; --help tells what is").into()),
            }
        }
        Ok(read)
    }
}
