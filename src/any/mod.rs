//! Gateways that are known at run time only.

mod delivery;
mod policy;
mod receiver;
mod tenants;

pub use delivery::AnyDelivery;
pub use policy::AnyPolicy;
pub use receiver::AnyReceiver;
pub use tenants::AnyTenants;
