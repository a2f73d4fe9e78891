//! Where ids and names are written that are others each morning.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support::environment::by_day;
use crate::support::{example, id, tiers};
use curfew_core::mentions::{Mentions, callbacks, needles};
use curfew_core::model::*;
use expect_test::expect;

#[test]
fn each_identity_that_a_night_ends_is_looked_for() {
    let mut blueprint = example("durable");
    blueprint.tier.vpc_endpoints.insert(id("secrets"), tiers::secrets_endpoint());
    blueprint.tier.addresses.values_mut().for_each(|address| address.while_down = AddressWhileDown::Release);
    let seen = by_day(&blueprint);
    let needles = needles(&blueprint.tier, &seen);
    let mut mentions = Mentions::default();
    for (place, text) in [
        ("variable URL", "https://durable-dev-alb-123.us-west-2.elb.amazonaws.com/x"),
        ("dashboard", r#"["AWS/ApplicationELB","LoadBalancer","app/durable-dev-alb/day"]"#),
        ("alarm nat-ports", "NatGatewayId nat-day0"),
        ("flow log fl-1 on interface eni-1", "VPC Endpoint Interface vpce-day0"),
        ("health check", "198.51.100.0"),
        ("variable OTHER", "https://durable-dev-alb-1234.us-west-2.elb.amazonaws.com nat-day01 198.51.100.01"),
    ] {
        mentions.look_at(place, text, &needles);
    }
    mentions.unseen.push("dashboards could not be looked through: no".to_owned());
    expect![[r#"
        alarm nat-ports names the id of NAT gateway egress, which is another one each morning; name something that stays
        dashboard names the ARN of load balancer durable-dev-alb, which is another one each morning; name something that stays
        flow log fl-1 on interface eni-1 names the id of VPC endpoint secrets, which is another one each morning; name something that stays
        health check names the address egress, which is another one each morning; name something that stays
        variable URL names the DNS name of load balancer durable-dev-alb, which is another one each morning; name something that stays
        whether anything names what is another one each morning: dashboards could not be looked through: no"#]]
    .assert_eq(&mentions.notes().join("\n"));
}

#[test]
fn an_address_that_is_kept_is_nobodys_matter() {
    let blueprint = example("durable");
    let seen = by_day(&blueprint);
    let mut mentions = Mentions::default();
    mentions.look_at("health check", "198.51.100.0", &needles(&blueprint.tier, &seen));
    assert_eq!(mentions.notes(), [""; 0]);
}

#[test]
fn who_signs_in_without_a_dns_record_is_told() {
    let mut blueprint = example("durable");
    let sign_in = RuleAction::AuthenticateCognito {
        user_pool_arn: "arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_a".to_owned(),
        user_pool_client_id: "client-1".to_owned(),
        user_pool_domain: "dev".to_owned(),
        session_cookie_name: None,
        scope: None,
        session_timeout: None,
        on_unauthenticated_request: None,
        extra_parameters: Default::default(),
    };
    let balancer = blueprint.tier.load_balancers.values_mut().next().unwrap();
    balancer.listeners.get_mut(&443).unwrap().default_actions.insert(0, sign_in);
    assert_eq!(callbacks(&blueprint.tier), [""; 0], "it is reached by the name of a record");
    blueprint.tier.dns_records.clear();
    expect!["no DNS record leads to load balancer durable-dev-alb, so the callback URLs of Cognito's client client-1 name its own DNS name, which is another one each morning; give it a DNS record"]
        .assert_eq(&callbacks(&blueprint.tier).join("\n"));
}
