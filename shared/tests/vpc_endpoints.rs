//! VPC endpoints: made before the tasks that use them, deleted after them, never twice, and what is refused.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::time::Duration;

use crate::support::environment::{by_day, by_night};
use crate::support::{home, id};
use curfew_core::blueprint::{Blueprint, warnings};
use curfew_core::forecast::{Forecast, ForecastEnd, durations, forecast};
use curfew_core::merge::merge;
use curfew_core::model::*;
use curfew_core::money::{Prices, hourly};
use curfew_core::next::{Step, next};
use curfew_core::placing::{FoundVpcEndpoint, VpcEndpointState, place_vpc_endpoints};
use curfew_core::ports::Scope;
use curfew_core::recording::{Recording, capture};
use expect_test::expect;

const BLUEPRINT: &str = r#"
version: 1
environment: dev
region: us-east-1
schedule: Mon-Fri 08:00-20:00 America/New_York
cluster: dev
services: { web: { desiredCount: 2, adopted: "arn:aws:ecs:us-east-1:123456789012:service/dev/web" } }
vpcEndpoints:
  secrets:
    service: com.amazonaws.us-east-1.secretsmanager
    vpc: vpc-1
    subnets: [subnet-1, subnet-2]
    securityGroups: [sg-1]
  objects:
    service: com.amazonaws.us-east-1.s3
    vpc: vpc-1
    subnets: [subnet-1]
    securityGroups: [sg-1]
    privateDns: inbound-resolvers-only
    dnsRecordType: ipv4
    policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }] }
    adopted: vpce-0a1
"#;

fn blueprint() -> Blueprint {
    Blueprint::parse(BLUEPRINT).unwrap_or_else(|problems| panic!("{problems}"))
}

fn foreseen(blueprint: &Blueprint, seen: &Observation, target: Target) -> Forecast {
    let forecast = forecast(&blueprint.environment, &blueprint.tier, seen, target);
    assert_eq!(forecast.end, ForecastEnd::Done);
    forecast
}

fn when(forecast: &Forecast, name: &str) -> Vec<Duration> {
    let waves = forecast.waves.iter().filter(|wave| wave.actions.iter().any(|action| action.name() == name));
    waves.map(|wave| wave.after).collect()
}

fn reasons(blueprint: &Blueprint, seen: &Observation, target: Target) -> String {
    match next(&blueprint.environment, &blueprint.tier, seen, target) {
        Step::Blocked(reasons) | Step::Missing(reasons) => reasons.iter().map(|one| format!("{one}\n")).collect(),
        Step::Act(_) | Step::Wait { .. } | Step::Done => String::new(),
    }
}

#[test]
fn they_go_after_the_tasks_and_come_before_them() {
    let blueprint = blueprint();
    let night = foreseen(&blueprint, &by_day(&blueprint), Target::Down);
    assert_eq!(when(&night, "DeleteVpcEndpoints"), [durations::TASK_STOP]);
    assert_eq!(night.duration, durations::TASK_STOP + durations::VPC_ENDPOINT_DELETE);
    let morning = foreseen(&blueprint, &by_night(&blueprint), Target::Up);
    assert_eq!(when(&morning, "CreateVpcEndpoint"), [Duration::ZERO]);
    assert_eq!(when(&morning, "UpdateService"), [durations::VPC_ENDPOINT_CREATE]);
}

#[test]
fn one_that_is_leaving_still_has_its_names() {
    let blueprint = blueprint();
    let mut seen = by_night(&blueprint);
    let was = by_day(&blueprint).vpc_endpoints[&id("secrets")].present().unwrap().clone();
    seen.vpc_endpoints.insert(id("secrets"), Seen::Leaving(was));
    let morning = foreseen(&blueprint, &seen, Target::Up);
    assert_eq!(when(&morning, "CreateVpcEndpoint"), [Duration::ZERO, durations::VPC_ENDPOINT_DELETE]);
    let again = durations::VPC_ENDPOINT_DELETE + durations::VPC_ENDPOINT_CREATE;
    assert_eq!(when(&morning, "UpdateService"), [again]);
}

#[test]
fn a_morning_is_recorded_word_for_word() {
    let blueprint = blueprint();
    let observed = capture(&blueprint.tier, &by_day(&blueprint));
    assert_eq!(observed.vpc_endpoints, blueprint.tier.vpc_endpoints);
    let recording = Recording {
        recorded_at: "2026-11-20T01:00:00Z".parse().unwrap(),
        run: "r1".to_owned(),
        replaces: None,
        declared: blueprint.tier.clone(),
        observed: observed.clone(),
    };
    assert_eq!(
        Recording::parse(&recording.to_json(&blueprint, &home(&blueprint)), &home(&blueprint)).expect("it can be read"),
        recording
    );
    // What a person changed by day stays, but for what the blueprint says anew.
    let mut by_hand = observed;
    let secrets = by_hand.vpc_endpoints.get_mut(&id("secrets")).unwrap();
    secrets.security_groups.insert(id("sg-2"));
    secrets.private_dns = PrivateDns::Disabled;
    let mut edited = blueprint.tier.clone();
    edited.vpc_endpoints.get_mut(&id("secrets")).unwrap().private_dns = PrivateDns::InboundResolversOnly;
    let merged = merge(&edited, &blueprint.tier, &by_hand).vpc_endpoints;
    assert_eq!(merged[&id("secrets")].security_groups, [id("sg-1"), id("sg-2")].into());
    assert_eq!(merged[&id("secrets")].private_dns, PrivateDns::InboundResolversOnly);
}

#[test]
fn what_could_not_come_back_or_is_not_ours_is_refused() {
    let blueprint = blueprint();
    let mut seen = by_day(&blueprint);
    let Some(Seen::Ready(secrets)) = seen.vpc_endpoints.get_mut(&id("secrets")) else { panic!() };
    secrets.unsupported.push("is a gateway endpoint, which costs nothing".to_owned());
    let Some(Seen::Ready(objects)) = seen.vpc_endpoints.get_mut(&id("objects")) else { panic!() };
    objects.ownership = Ownership::prove(&blueprint.environment, id("vpce-0f1"), &Tags::new(), None);
    expect![[r#"
        VPC endpoint objects (vpce-0f1) exists and is not Curfew's; name it as `adopted` in the blueprint if it is this environment's, else rename or remove it (`curfew doctor` says who made it)
        VPC endpoint secrets could not come back exactly: is a gateway endpoint, which costs nothing; change that, or let it stay at night: take it out of the blueprint
    "#]].assert_eq(&reasons(&blueprint, &seen, Target::Down));
    let mut seen = by_night(&blueprint);
    seen.failed_vpc_endpoints.insert(id("secrets"), vec!["vpce-0f2 is failed: code: words".to_owned()]);
    expect![[r#"
        VPC endpoint secrets could not be made: vpce-0f2 is failed: code: words; fix what AWS names and delete it; Curfew makes it again
    "#]].assert_eq(&reasons(&blueprint, &seen, Target::Up));
    assert_eq!(reasons(&blueprint, &seen, Target::Down), "");
}

/// An endpoint as a describe shows it.
fn found(name: &str, state: VpcEndpointState, tags: Tags, like: &VpcEndpoint) -> FoundVpcEndpoint {
    let environment = id("dev");
    let ownership = Ownership::prove(&environment, id(name), &tags, Some(&id("vpce-ad0")));
    let observed = ObservedVpcEndpoint { ownership, configuration: like.clone(), tags, unsupported: Vec::new() };
    FoundVpcEndpoint { id: id(name), state, observed }
}

#[test]
fn each_name_has_one_and_of_two_that_nobody_knows_none() {
    use VpcEndpointState::{Available, Deleting, Failed, Pending};
    let secrets =
        VpcEndpoint { adopted: Some(id("vpce-ad0")), ..blueprint().tier.vpc_endpoints[&id("secrets")].clone() };
    let tier = RuntimeTier { vpc_endpoints: [(id("secrets"), secrets.clone())].into(), ..RuntimeTier::default() };
    let ours = |name: &str| tags_for(&id("dev"), name, &Tags::new());
    let other = Tags::from([(ENVIRONMENT_TAG.to_owned(), "staging".to_owned())]);
    let beside = VpcEndpoint { private_dns: PrivateDns::Disabled, ..secrets.clone() };
    let placed = |all: &[FoundVpcEndpoint]| {
        let (environment, cluster) = (id("dev"), id("c"));
        let scope = Scope { environment: &environment, cluster: &cluster, tier: &tier, identities: &NOTHING_KNOWN };
        let seen = place_vpc_endpoints(scope, all);
        let one = &seen.vpc_endpoints[&id("secrets")];
        let which = one.present().map(|one| one.ownership.id().to_string()).unwrap_or_default();
        let foreign = seen.foreign[&Part::VpcEndpoints].len();
        assert_eq!(seen.orphans[&Part::VpcEndpoints], [], "no run made any of them");
        format!("{one} {which} {foreign} {}", seen.failed_vpc_endpoints[&id("secrets")].join(", "))
    };
    let gone = found("vpce-a0", Deleting, ours("secrets"), &secrets);
    let adopted = found("vpce-ad0", Available, Tags::new(), &secrets);
    let first = found("vpce-a1", Available, ours("secrets"), &secrets);
    let second = found("vpce-a2", Pending, ours("secrets"), &secrets);
    let failed = found("vpce-a3", Failed("no".to_owned()), ours("secrets"), &secrets);
    let nameless = found("vpce-a0b", Available, ours("secrets"), &beside);
    // The blueprint does not name it any more.
    let dropped = found("vpce-a4", Available, ours("dropped"), &secrets);
    let theirs = found("vpce-f1", Available, other.clone(), &secrets);
    let harmless = found("vpce-f2", Available, other, &beside);
    for (all, expected) in [
        (vec![], "absent  0 "),
        (vec![harmless.clone()], "absent  0 "),
        (vec![theirs.clone()], "ready vpce-f1 0 "),
        (vec![gone.clone(), theirs.clone()], "leaving vpce-a0 0 "),
        (vec![gone.clone(), adopted.clone()], "ready vpce-ad0 0 "),
        (vec![adopted, first.clone()], "ready vpce-ad0 1 "),
        (vec![second.clone(), first.clone()], "absent  2 "),
        (vec![nameless, first.clone()], "absent  2 "),
        (vec![failed.clone()], "absent  1 vpce-a3 no"),
        (vec![failed, second], "pending vpce-a2 1 vpce-a3 no"),
        (vec![first, dropped], "ready vpce-a1 0 "),
    ] {
        assert_eq!(placed(&all), expected);
    }
}

#[test]
fn an_orphan_goes_when_the_other_works() {
    let blueprint = blueprint();
    let mut seen = by_day(&blueprint);
    let tags = tags_for(&blueprint.environment, "secrets", &Tags::new());
    let owned = Ownership::prove(&blueprint.environment, id("vpce-0b2"), &tags, None).owned().cloned().unwrap();
    seen.orphans.insert(Part::VpcEndpoints, vec![Orphan::VpcEndpoint { vpc_endpoint: owned, name: id("secrets") }]);
    let Step::Act(actions) = next(&blueprint.environment, &blueprint.tier, &seen, Target::Up) else { panic!() };
    assert_eq!(
        actions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["DeleteVpcEndpoints VPC endpoint secrets (vpce-0b2)"]
    );
}

#[test]
fn each_zone_costs_and_where_no_price_is_known_that_is_said() {
    let blueprint = blueprint();
    let with = hourly(&blueprint.tier, &Prices::of(&blueprint.region).unwrap());
    let tier = RuntimeTier { vpc_endpoints: Default::default(), ..blueprint.tier.clone() };
    let without = hourly(&tier, &Prices::of(&blueprint.region).unwrap());
    assert_eq!(((with.up - without.up) * 1000.0).round(), 30.0);
    let elsewhere = hourly(&blueprint.tier, &Prices::of(&id("us-west-2")).unwrap());
    assert_eq!(elsewhere.vpc_endpoints_not_counted, [id("objects"), id("secrets")]);
}

#[test]
fn mistakes_are_told_with_what_to_write_instead() {
    let wrong = BLUEPRINT
        .replace("com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.secretsmanager")
        .replace("[subnet-1, subnet-2]", "[]")
        .replace("securityGroups: [sg-1]\n    privateDns", "securityGroups: []\n    privateDns");
    let told = |text: &str| Blueprint::parse(text).expect_err("wrong").to_string();
    expect![[r#"
        line 9: vpcEndpoints.secrets.privateDns: the names of com.amazonaws.us-east-1.secretsmanager already lead to VPC endpoint objects
        line 12: vpcEndpoints.secrets.subnets: an interface endpoint needs a subnet in one zone at least
        line 18: vpcEndpoints.objects.securityGroups: at least one is wanted; AWS would take the VPC's default"#]].assert_eq(&told(&wrong));
    let offered = BLUEPRINT.replace("com.amazonaws.us-east-1.s3", "com.amazonaws.vpce.us-east-1.vpce-svc-1");
    expect!["line 15: vpcEndpoints.objects.service: whoever offers this service may have to accept each new endpoint by hand: leave it out of the blueprint"].assert_eq(&told(&offered));
    let text = BLUEPRINT.replace(r#"policy: { Version"#, r#"policy: "everything" # { Version"#);
    expect!["line 21: vpcEndpoints.objects.policy: wanted: fields (name: value), found: a text"]
        .assert_eq(&told(&text));
}

#[test]
fn what_becomes_another_one_is_told_beforehand() {
    let text = BLUEPRINT.replace("privateDns: inbound-resolvers-only", "privateDns: disabled");
    let told = warnings(&Blueprint::parse(&text).unwrap()).join("\n");
    expect![[r#"
        VPC endpoint objects has another id each morning: a policy that names it (aws:SourceVpce) shuts its users out, and its clients have to use its new names
        VPC endpoint secrets has another id each morning: a policy that names it (aws:SourceVpce) shuts its users out"#]]
    .assert_eq(&told);
}
