//! The web ACL that guards a load balancer: "association is lost with the LB" (facts §2), so it is made again.

use aws_sdk_wafv2::Client;
use aws_sdk_wafv2::types::WebAcl;

use super::errors::{Outcome, failed, parsed};
use crate::model::*;
use crate::ports::ActionError;

const GET: &str = "wafv2:GetWebACLForResource";
/// The load balancer was there a moment ago: WAF does not know it yet, or no more.
const UNKNOWN_TO_WAF: &[&str] = &["WAFNonexistentItemException", "WAFUnavailableEntityException"];

/// How far AWS has come with a load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is provisioning; WAF need not know it yet.
    BeingMade,
    /// It is active.
    Standing,
}

/// The web ACL of a load balancer, if it has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FoundWebAcl {
    /// One that can be associated again.
    pub(super) arn: Option<WebAclArn>,
    /// The name of one that Firewall Manager associates.
    pub(super) managed: Option<String>,
}

/// Asks for the web ACL of a load balancer.
pub(super) async fn of(client: &Client, arn: &LoadBalancerArn, stage: Stage) -> Result<FoundWebAcl, ActionError> {
    let answer = client.get_web_acl_for_resource().resource_arn(arn.as_str()).send().await.map_err(failed(GET));
    match answer {
        // Nobody has associated anything with what WAF does not know.
        Err(error) if stage == Stage::BeingMade && UNKNOWN_TO_WAF.contains(&error.code.as_str()) => {
            Ok(FoundWebAcl::default())
        }
        answer => answer.later_on(UNKNOWN_TO_WAF)?.web_acl().map_or(Ok(FoundWebAcl::default()), read),
    }
}

fn read(web_acl: &WebAcl) -> Result<FoundWebAcl, ActionError> {
    if web_acl.managed_by_firewall_manager() {
        return Ok(FoundWebAcl { arn: None, managed: Some(web_acl.name().to_owned()) });
    }
    Ok(FoundWebAcl { arn: Some(parsed(GET, Some(web_acl.arn()))?), managed: None })
}

/// Sets the web ACL of a load balancer, in the place of any other. One that WAF does not know yet is tried again.
pub(super) async fn associate(
    client: &Client,
    load_balancer: &Owned<LoadBalancerArn>,
    web_acl: &WebAclArn,
) -> Result<(), ActionError> {
    client
        .associate_web_acl()
        .web_acl_arn(web_acl.as_str())
        .resource_arn(load_balancer.id().as_str())
        .send()
        .await
        .map_err(failed("wafv2:AssociateWebACL"))
        .later_on(UNKNOWN_TO_WAF)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_sdk_wafv2::types::{AllowAction, DefaultAction, VisibilityConfig};

    use super::*;

    fn web_acl(managed: bool) -> WebAcl {
        let visibility = VisibilityConfig::builder()
            .sampled_requests_enabled(true)
            .cloud_watch_metrics_enabled(true)
            .metric_name("dev")
            .build()
            .expect("it is whole");
        WebAcl::builder()
            .name("dev")
            .id("1")
            .arn("arn:aws:wafv2:us-west-2:123456789012:regional/webacl/dev/1")
            .default_action(DefaultAction::builder().allow(AllowAction::builder().build()).build())
            .visibility_config(visibility)
            .managed_by_firewall_manager(managed)
            .build()
            .expect("it is whole")
    }

    #[test]
    fn one_is_associated_again_unless_firewall_manager_does() {
        let own = read(&web_acl(false)).expect("an ARN");
        assert_eq!(own.arn.as_ref().map(WebAclArn::name), Some("dev"));
        assert_eq!(own.managed, None);
        assert_eq!(read(&web_acl(true)), Ok(FoundWebAcl { arn: None, managed: Some("dev".to_owned()) }));
    }
}
