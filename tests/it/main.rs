//! What the crate promises, through its public API.

#![allow(unreachable_pub, reason = "shared by the modules of one binary")]

mod fixtures;
mod gateways;
mod mutator;
mod thorough;

mod accounts;
mod adapter;
mod any;
mod eazewa;
mod enviaai;
mod evolution;
mod evolution_content;
mod evolution_go;
mod fuzz;
mod handle;
mod inbox;
mod inspect;
mod jid;
mod jwt;
mod keys;
mod kit;
mod message_id;
mod mutated;
mod observed;
mod parsing;
mod proof;
mod readme;
mod refusals;
mod schedules;
mod secrecy;
mod send;
mod sizes;
mod source;
mod store;
mod tenants;
mod tokens;
mod unified;
mod vectors;
mod wawp;
#[cfg(feature = "http-body")]
mod web;
mod words;
mod zavu;
