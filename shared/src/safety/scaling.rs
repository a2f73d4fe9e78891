//! What of a service's auto scaling could not come back.

use super::{Reason, unsupported};
use crate::model::*;

/// The reasons against taking down a service of ours. Its resource is what the reasons name.
pub(super) fn reasons(
    tier: &RuntimeTier,
    resource: &str,
    declared: Option<&Service>,
    service: &ObservedService,
    reasons: &mut Vec<Reason>,
) {
    let deleted = declared.is_some_and(|declared| declared.while_down == ServiceWhileDown::Delete);
    if deleted && service.configuration.scaling.is_some() {
        let what = "it is deleted at night, and its scalable target with its policies would go with it";
        let remedy =
            "write `whileDown: scale-to-zero` for it in the blueprint, or deregister its scalable target".to_owned();
        reasons.push(Reason { remedy, ..unsupported(resource, what) });
    }
    for (policy, kind) in &service.load_balancer_policies {
        match kind {
            LoadBalancerPolicy::RequestCount(configuration) => {
                let name = &configuration.label.load_balancer;
                if !tier.load_balancers.contains_key(name) {
                    let what = format!(
                        "its scaling policy {policy} counts requests of load balancer {name}, which is not the blueprint's"
                    );
                    reasons.push(unsupported(resource, &what));
                }
            }
            LoadBalancerPolicy::Unsupported(why) => {
                reasons.push(unsupported(resource, &format!("its scaling policy {policy} {why}")));
            }
        }
    }
}
