//! Which of the things that were found stands in which place of the tier; what is ours and has no place is an orphan.
//!
//! The Tagging API and filters find candidates; these functions judge them by what their owning service says of them.
//! The AWS adapters and the simulator share them.

mod addresses;
mod nat_gateways;
mod vpc_endpoints;

pub use addresses::place_addresses;
pub use nat_gateways::{FoundNatGateway, NatGatewayState, own_nat_gateway, place_nat_gateways};
pub use vpc_endpoints::{FoundVpcEndpoint, VpcEndpointState, own_vpc_endpoint, place_vpc_endpoints};
