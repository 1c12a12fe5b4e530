//! Guides: how to do what an application needs, step by step.
//!
//! | guide | for |
//! |---|---|
//! | [Choosing a store](store) | deciding between memory, SQLite, Redis and PostgreSQL |
//! | [Deploying](deploying) | proxies, body limits, timeouts, shutdown |
//! | [Many tenants](tenants) | accounts with policies of their own, in a database |
//! | [Rotating secrets](rotation) | changing a secret without losing a delivery |
//! | [Upgrading](upgrading) | a new version of this crate |
//! | [From Express or n8n](migrating) | replacing a receiver that you already have |
//!
//! Each gateway also has a page of its own: [`eazewa`](crate::eazewa),
//! [`enviaai`](crate::enviaai), [`evolution`](crate::evolution),
//! [`wawp`](crate::wawp), [`zavu`](crate::zavu). How to test an application is told by the
//! module [`testing`](https://docs.rs/zaphook/latest/zaphook/testing/).

#[doc = include_str!("store.md")]
pub mod store {}

#[doc = include_str!("deploying.md")]
pub mod deploying {}

#[doc = include_str!("tenants.md")]
pub mod tenants {}

#[doc = include_str!("rotation.md")]
pub mod rotation {}

#[doc = include_str!("upgrading.md")]
pub mod upgrading {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}
