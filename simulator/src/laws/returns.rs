//! Nothing goes that could not come back, by what was there when the evening began (invariant 8).

use chrono::{DateTime, Utc};
use curfew_core::model::*;

use super::BLINK;
use crate::account::Account;

/// What an action takes that could not be made again. What is lost in the middle of an evening does not stop it.
pub(super) fn against(account: &Account, action: &Action, lowering_since: Option<DateTime<Utc>>) -> Option<String> {
    let since = lowering_since?;
    let words = match action {
        Action::DeleteLoadBalancer { load_balancer, .. } => {
            let one = account.load_balancers.get(load_balancer.id())?;
            format!("{:?}", one.configuration)
        }
        Action::DeleteNatGateway { nat_gateway, .. } => {
            let one = account.nat_gateways.get(nat_gateway.id())?;
            format!("{:?}", one.subnet)
        }
        Action::DeleteService { name, .. } => format!("{:?}", account.services.get(name)?.definition),
        Action::DeleteVpcEndpoints { vpc_endpoint, .. } => {
            let one = account.vpc_endpoints.get(vpc_endpoint.id())?;
            format!("{:?}", one.configuration)
        }
        _ => return None,
    };
    let missing = account.spoilt_among(&words, since - BLINK)?;
    Some(format!("it could not come back: {missing} was gone or unfit before the evening began"))
}
