//! What of a service's auto scaling could not come back.

use super::{Reason, change_service, unsupported};
use crate::model::*;

/// The reasons against taking down a service of ours.
pub(super) fn reasons(
    tier: &RuntimeTier,
    name: &ServiceName,
    declared: Option<&Service>,
    service: &ObservedService,
    reasons: &mut Vec<Reason>,
) {
    let (resource, remedy) = (format!("service {name}"), change_service(name));
    let deleted = declared.is_some_and(|declared| declared.while_down == ServiceWhileDown::Delete);
    if deleted && service.configuration.scaling.is_some() {
        let what = "it is deleted at night, and its scalable target with its policies would go with it";
        let remedy =
            "write `whileDown: scale-to-zero` for it in the blueprint, or deregister its scalable target".to_owned();
        reasons.push(Reason { remedy, ..unsupported(&resource, what, "") });
    }
    for (policy, kind) in &service.load_balancer_policies {
        match kind {
            LoadBalancerPolicy::RequestCount(configuration) => {
                let counted = &configuration.label.load_balancer;
                if !tier.load_balancers.contains_key(counted) {
                    let what = format!(
                        "its scaling policy {policy} counts requests of load balancer {counted}, which is not the blueprint's"
                    );
                    reasons.push(unsupported(&resource, &what, &remedy));
                }
            }
            LoadBalancerPolicy::Unsupported(why) => {
                reasons.push(unsupported(&resource, &format!("its scaling policy {policy} {why}"), &remedy));
            }
        }
    }
}
