//! Which of the things that were found stands in which place of the tier: the one whose id is remembered, else the only one
//! with the tag that stands where the blueprint says. What Curfew made and has no place is an orphan; what only carries the
//! tag is foreign. And who else uses what goes, and what a morning would not find.
//!
//! The Tagging API and filters find candidates; these functions judge them by what their owning service says of them.
//! The AWS adapters and the simulator share them.

mod addresses;
mod judge;
mod load_balancers;
mod nat_gateways;
mod needs;
pub mod other_users;
mod vpc_endpoints;

pub use addresses::{place_addresses, unseen_addresses};
pub use load_balancers::{FoundLoadBalancer, Placeless, placeless_load_balancer, whose_load_balancer};
pub use nat_gateways::{FoundNatGateway, NatGatewayState, own_nat_gateway, place_nat_gateways};
pub use needs::{lacking, open_needs};
pub use other_users::place_other_users;
pub use vpc_endpoints::{FoundVpcEndpoint, VpcEndpointState, own_vpc_endpoint, place_vpc_endpoints};
