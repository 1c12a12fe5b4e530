//! A demonstration of a production receiver, with one route per gateway, on
//! actix-web. Not to be copied alone: copy `adapter.rs`, next to this file.
//!
//! ```text
//! ENVIAAI_SECRETS=whs_3b9ff21c cargo run -p zaphook-actix --example actix
//!
//! body='{"event":"message.received","data":{"messageId":"msg_1","instanceId":"inst_1","from":"5511999990001","content":"Oi"}}'
//! curl -i http://127.0.0.1:8080/enviaai -d "$body" -H 'content-type: application/json' \
//!   -H "x-enviaai-signature: sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac whs_3b9ff21c -r | cut -d' ' -f1)"
//! ```
//!
//! `adapter.rs` is everything between actix-web and zaphook in one file, ready
//! for production. This file and the folder `../receiver/` show an application
//! that plugs into it: settings in `config.rs`, policies in `gateways.rs`, the
//! store in `store.rs`, the work in `mod.rs`. `--capture FILE` writes what was
//! received, for `--example inspect`, with credentials replaced; see `--help`.
//! `SIGHUP` reloads the secrets; `SIGTERM` and Ctrl-C finish the work in
//! progress and exit.

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
