//! Demonstration of a receiver for production: one route per gateway, on axum.
//!
//! ```text
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run --example axum
//!
//! body='{"event":"message.received","data":{"messageId":"msg_1","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}'
//! curl -i http://127.0.0.1:8080/enviaai -d "$body" -H 'content-type: application/json' \
//!   -H "x-enviaai-signature: sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac whs_3b9ff21c -r | cut -d' ' -f1)"
//! ```
//!
//! Handled events are remembered in memory. Many receivers share a server:
//!
//! ```text
//! cargo run --features redis --example axum -- --redis redis://127.0.0.1/
//! cargo run --features postgres --example axum -- --postgres postgres://user:password@127.0.0.1/database
//! ```
//!
//! To be copied is `adapter.rs`: everything between axum and
//! zaphook in one file, production-ready. This file and the folder `../receiver/`
//! show an application that plugs into it: settings in `config.rs`, policies in
//! `gateways.rs`, the store in `store.rs`, the work in `mod.rs`.
//! `--capture FILE` keeps what was received, for `--example inspect`, with
//! credentials replaced; `--help` tells more.
//! `SIGHUP` reads the secrets again, `SIGTERM` and Ctrl-C finish what is being
//! worked on and end.

mod adapter;
#[path = "../receiver/mod.rs"]
mod receiver;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), adapter::Problem> {
    match receiver::Example::from_environment().await? {
        Some((example, limits)) => adapter::serve(example, limits).await,
        None => Ok(()),
    }
}
