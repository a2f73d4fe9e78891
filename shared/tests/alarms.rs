//! Alarms that watch a load balancer or a NAT gateway: put again for the new one where the blueprint lets them, and told of where not.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;

use crate::support::world::{EVENING, MORNING, NEXT_EVENING, NEXT_MORNING, Refusal, World, error};
use crate::support::{example, id};
use curfew_core::alarms;
use curfew_core::blueprint::Blueprint;
use curfew_core::forecast::forecast;
use curfew_core::model::*;
use curfew_core::next::{Step, next};
use curfew_core::report::Outcome;
use expect_test::expect;

const BALANCER: &str = "durable-dev-alb";
const OLD: &str = "app/durable-dev-alb/day";
const GROUP: &str = "targetgroup/web/fedcba9876543210";

fn repointing() -> Blueprint {
    let mut blueprint = example("durable");
    blueprint.tier.load_balancers.values_mut().for_each(|one| one.alarms = Alarms::Repoint);
    blueprint
}

fn metric(name: &str, dimensions: &[(&str, &str)]) -> MetricStatistic {
    MetricStatistic {
        namespace: Some("AWS/ApplicationELB".to_owned()),
        name: Some(name.to_owned()),
        dimensions: dimensions.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        statistic: "Sum".to_owned(),
        period: Some(60),
        unit: None,
    }
}

fn alarm(name: &str, measure: Measure) -> MetricAlarm {
    MetricAlarm {
        name: name.to_owned(),
        description: Some("people come".to_owned()),
        actions_enabled: true,
        ok_actions: vec![],
        alarm_actions: vec!["arn:aws:sns:us-west-2:123456789012:people".to_owned()],
        insufficient_data_actions: vec![],
        measure,
        comparison_operator: "GreaterThanThreshold".to_owned(),
        threshold: Some(TargetValue(5.0)),
        evaluation_periods: 3,
        datapoints_to_alarm: Some(2),
        treat_missing_data: Some("notBreaching".to_owned()),
        evaluate_low_sample_count_percentile: None,
        evaluation_window: None,
        evaluation_interval: None,
        warm_up: None,
        tags_propagation: None,
    }
}

fn errors() -> MetricAlarm {
    let dimensions = [("TargetGroup", GROUP), ("LoadBalancer", OLD)];
    alarm("errors", Measure::Metric(metric("HTTPCode_Target_5XX_Count", &dimensions)))
}

/// Metric math and a band of expected values, over a metric and a query.
fn unusual() -> MetricAlarm {
    let of_metric = MetricQuery {
        id: "m1".to_owned(),
        metric: Some(metric("RequestCount", &[("LoadBalancer", OLD)])),
        expression: None,
        label: None,
        return_data: Some(true),
        period: None,
        account: None,
    };
    let expression = |id: &str, text: String| MetricQuery {
        id: id.to_owned(),
        metric: None,
        expression: Some(text),
        ..of_metric.clone()
    };
    let band = expression("band", "ANOMALY_DETECTION_BAND(m1, 2)".to_owned());
    let asked = expression(
        "asked",
        format!("SELECT SUM(RequestCount) FROM \"AWS/ApplicationELB\" WHERE LoadBalancer = '{OLD}'"),
    );
    let elsewhere = MetricQuery { id: "m2".to_owned(), account: Some("210987654321".to_owned()), ..of_metric.clone() };
    let queries = vec![of_metric, band, asked, elsewhere];
    alarm("unusual", Measure::Queries { queries, threshold_metric: Some("band".to_owned()) })
}

fn lay(world: &World, alarms: &[MetricAlarm]) {
    let alarms: BTreeMap<String, MetricAlarm> = alarms.iter().map(|one| (one.name.clone(), one.clone())).collect();
    world.by_hand(|seen| {
        seen.alarms.insert(id(BALANCER), Seen::Ready(alarms));
    });
}

fn alarms_of(world: &World) -> BTreeMap<String, MetricAlarm> {
    world.seen().alarms[&id::<LoadBalancerName>(BALANCER)].ready().expect("alarms watch it").clone()
}

fn there(world: &World) -> WatchedLoadBalancer {
    let found = world.seen().load_balancers[&id::<LoadBalancerName>(BALANCER)].ready().expect("it stands").clone();
    WatchedLoadBalancer::of(found.ownership.id()).expect("an application load balancer's")
}

fn put(world: &World) -> String {
    let put = |action: &Action| matches!(action, Action::PutMetricAlarm { .. });
    world.performed().iter().filter(|action| put(action)).map(|action| format!("{action}\n")).collect()
}

#[test]
fn a_morning_puts_alarms_again_with_another_load_balancer_and_all_else_as_it_was() {
    let world = World::known(repointing());
    lay(&world, &[errors(), unusual()]);
    world.at(EVENING).stop();
    assert_eq!(put(&world), "", "nothing of alarms is changed at night");
    assert_eq!(alarms_of(&world)["errors"], errors());
    world.at(MORNING).start();
    expect![[r#"
        PutMetricAlarm alarm errors (for load balancer durable-dev-alb)
        PutMetricAlarm alarm unusual (for load balancer durable-dev-alb)
    "#]]
    .assert_eq(&put(&world));
    let (after, now) = (alarms_of(&world), there(&world).to_string());
    assert_eq!(after["errors"].watched(), [there(&world)].into());
    // What was put differs from what was there by the load balancer alone, and another account's is not touched.
    let back = |alarm: &MetricAlarm| alarm.clone().pointed_at(&OLD.parse().expect("a dimension"));
    assert_eq!([back(&after["errors"]), back(&after["unusual"])], [errors(), unusual()]);
    let Measure::Queries { queries, .. } = &after["unusual"].measure else { panic!("it has queries") };
    let texts: Vec<String> =
        queries.iter().map(|query| format!("{query:?}").replace(&now, "app/durable-dev-alb/NEW")).collect();
    let counted = texts.iter().map(|text| (text.contains("NEW"), text.contains(OLD))).collect::<Vec<_>>();
    assert_eq!(counted, [(true, false), (false, false), (true, false), (false, true)]);
    world.assert_unchanged();
}

#[test]
fn nothing_is_put_unless_the_blueprint_says_so() {
    let world = World::known(example("durable"));
    lay(&world, &[errors()]);
    let down = world.at(EVENING).stop();
    expect![[r#"["these alarms will watch a load balancer that is gone, because durable-dev-alb is another one each morning: errors; `alarms: repoint` in the blueprint lets each morning put them again"]"#]]
        .assert_eq(&format!("{:?}", down.notes));
    let up = world.at(MORNING).start();
    assert_eq!((put(&world), up.notes), (String::new(), vec![]));
    assert_eq!(alarms_of(&world)["errors"], errors());
    world.assert_unchanged();
    // Not even if somebody looks.
    let Blueprint { environment, tier, .. } = &world.blueprint;
    assert_eq!(next(environment, tier, &world.seen(), Target::Up), Step::Done);
}

#[test]
fn an_alarm_that_fires_on_silence_is_told_of_before_the_night() {
    let silent = MetricAlarm { treat_missing_data: Some("breaching".to_owned()), ..errors() };
    let muted = MetricAlarm { name: "muted".to_owned(), actions_enabled: false, ..silent.clone() };
    let world = World::known(repointing());
    lay(&world, &[silent, muted]);
    let (tier, seen) = (world.blueprint.tier.clone(), world.seen());
    let foreseen = forecast(&world.blueprint.environment, &tier, &seen, Target::Down);
    expect![[r#"["these alarms treat missing data as breaching, so they fire while load balancer durable-dev-alb is gone: errors"]"#]]
        .assert_eq(&format!("{:?}", foreseen.notes));
    assert_eq!(alarms::of_tier(&tier, &seen), foreseen.notes);
    assert_eq!(forecast(&world.blueprint.environment, &tier, &seen, Target::Up).notes, Vec::<String>::new());
    assert_eq!(world.at(EVENING).stop().notes, foreseen.notes);
}

#[test]
fn alarms_that_cannot_be_listed_keep_nobody_from_a_night_and_only_repointing_ones_fail_a_morning() {
    for (blueprint, outcome) in [(example("durable"), Outcome::Converged), (repointing(), Outcome::Failed)] {
        let world = World::known(blueprint);
        lay(&world, &[errors()]);
        world.blind(Part::Alarms, Retry::Never);
        let down = world.at(EVENING).stop();
        assert!(down.notes.iter().any(|note| note.starts_with("which alarms watch")), "{down}");
        let up = world.at(MORNING).scheduled(Target::Up);
        assert_eq!(up.outcome, outcome, "{up}");
        // All else was done before.
        world.assert_up();
    }
}

/// It is told with what would help, and tried again by each tick.
#[test]
fn an_alarm_that_may_not_be_put_keeps_nobody_from_a_morning() {
    let world = World::known(repointing());
    lay(&world, &[errors()]);
    world.at(EVENING).stop();
    let error = error("AccessDenied", Retry::NextRun);
    world.refuse(Refusal { call: "PutMetricAlarm", error, times: 2, works: false });
    let up = world.at(MORNING).scheduled(Target::Up);
    assert_eq!(up.outcome, Outcome::Converged, "{up}");
    let told = "AdoptedArns";
    assert!(up.notes.iter().any(|note| note.contains("alarm errors") && note.contains(told)), "{up}");
    assert_eq!(world.state().phase, Some(Phase::Up));
    world.tick();
    assert_eq!(alarms_of(&world)["errors"], errors());
    world.tick();
    assert_eq!(alarms_of(&world)["errors"].watched(), [there(&world)].into());
    world.assert_unchanged();
}

#[test]
fn an_alarm_somebody_points_back_by_day_is_put_again_by_the_next_tick() {
    let world = World::known(repointing());
    lay(&world, &[errors().pointed_at(&"app/durable-dev-alb/0123".parse().expect("a dimension"))]);
    world.tick();
    assert_eq!(put(&world), "PutMetricAlarm alarm errors (for load balancer durable-dev-alb)\n");
    world.assert_unchanged();
}

#[test]
fn a_dimension_is_the_end_of_an_application_load_balancers_arn() {
    for text in ["", "app/dev-alb", "app/dev-alb/", "net/dev-nlb/1", "app/dev-alb/1/2", "arn:app/dev-alb/1"] {
        assert!(text.parse::<WatchedLoadBalancer>().is_err(), "{text}");
    }
    let arn = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer";
    let of = |end: &str| WatchedLoadBalancer::of(&id(&format!("{arn}/{end}"))).map(|one| one.to_string());
    assert_eq!(of(OLD).as_deref(), Some(OLD));
    assert_eq!(of("net/dev-nlb/0123"), None);
}

#[test]
fn another_load_balancers_alarms_are_nobodys_here() {
    let other = "app/durable-dev-alb-2/1";
    let mut others = errors();
    others.measure = Measure::Metric(metric("RequestCount", &[("LoadBalancer", other), ("AvailabilityZone", OLD)]));
    let watched: Vec<String> = others.watched().iter().map(ToString::to_string).collect();
    assert_eq!(watched, [other]);
    let here: WatchedLoadBalancer = "app/durable-dev-alb/1".parse().expect("a dimension");
    assert_eq!(others.clone().pointed_at(&here), others);
}

#[test]
fn an_alarm_on_two_load_balancers_is_put_for_the_one_that_is_another() {
    let query = |id: &str, watched: &str| MetricQuery {
        id: id.to_owned(),
        metric: Some(metric("RequestCount", &[("LoadBalancer", watched)])),
        expression: None,
        label: None,
        return_data: None,
        period: None,
        account: None,
    };
    let queries = vec![query("ours", OLD), query("theirs", "app/other-alb/1")];
    let world = World::known(repointing());
    lay(&world, &[alarm("both", Measure::Queries { queries, threshold_metric: None })]);
    world.tick();
    assert_eq!(put(&world), "");
    world.at(EVENING).stop();
    world.at(MORNING).start();
    assert_eq!(put(&world), "PutMetricAlarm alarm both (for load balancer durable-dev-alb)\n");
    world.assert_unchanged();
}

#[test]
fn the_blueprint_says_it_of_each_load_balancer_and_a_recording_keeps_it() {
    let said = |tier: &RuntimeTier| tier.load_balancers.values().map(|one| one.alarms).collect::<Vec<_>>();
    let written = curfew_core::recording::tier_document(&repointing(), &repointing().tier);
    let read = curfew_core::recording::tier(&written).expect("a tier");
    assert_eq!([said(&example("durable").tier), said(&read)], [vec![Alarms::Leave], vec![Alarms::Repoint]]);
    let world = World::known(repointing());
    lay(&world, &[errors()]);
    world.at(EVENING).stop();
    // An edit at night takes effect in the morning.
    let mut edited = world.clone();
    edited.blueprint.tier.load_balancers.values_mut().for_each(|one| one.alarms = Alarms::Leave);
    edited.at(MORNING).start();
    assert_eq!(put(&edited), "");
}

fn with_gateways(alarms: Alarms) -> Blueprint {
    let mut blueprint = example("durable");
    blueprint.tier.nat_gateways.values_mut().for_each(|one| one.alarms = alarms);
    blueprint
}

/// Metric math over a NAT gateway's metrics, as generated templates have it.
fn lost_ports(gateway: &NatGatewayId) -> MetricAlarm {
    let query = |id: &str, metric, expression: Option<String>| MetricQuery {
        id: id.to_owned(),
        metric,
        expression,
        label: None,
        return_data: None,
        period: None,
        account: None,
    };
    let of_gateway = |name: &str| {
        let dimensions = [("NatGatewayId", gateway.as_str())];
        Some(MetricStatistic { namespace: Some("AWS/NATGateway".to_owned()), ..metric(name, &dimensions) })
    };
    let search = format!("SUM(SEARCH('{{AWS/NATGateway,NatGatewayId}} NatGatewayId={gateway}', 'Sum', 60))");
    let queries = vec![
        query("errors", of_gateway("ErrorPortAllocation"), None),
        query("packets", of_gateway("PacketsDropCount"), None),
        query("all", None, Some(search)),
        query("lost", None, Some("errors + packets".to_owned())),
    ];
    alarm("lost ports", Measure::Queries { queries, threshold_metric: None })
}

fn gateway(world: &World) -> (LogicalName, NatGatewayId) {
    let seen = world.seen();
    let (name, found) = seen.nat_gateways.iter().next().expect("it has one");
    (name.clone(), found.ready().expect("it is available").ownership.id().clone())
}

fn lay_on_gateway(world: &World, alarm: &MetricAlarm) {
    let (name, _) = gateway(world);
    let alarms = BTreeMap::from([(alarm.name.clone(), alarm.clone())]);
    let laid = GatewayAlarms { ids: alarm.nat_gateways(), alarms };
    world.by_hand(|seen| {
        seen.gateway_alarms.insert(name, Seen::Ready(laid));
    });
}

fn laid_on_gateway(world: &World) -> MetricAlarm {
    let (name, _) = gateway(world);
    world.seen().gateway_alarms[&name].ready().expect("an alarm watches it").alarms["lost ports"].clone()
}

#[test]
fn an_alarm_on_a_nat_gateway_follows_it_each_morning() {
    let world = World::known(with_gateways(Alarms::Repoint));
    let (_, first) = gateway(&world);
    lay_on_gateway(&world, &lost_ports(&first));
    for (evening, morning) in [(EVENING, MORNING), (NEXT_EVENING, NEXT_MORNING)] {
        world.at(evening).stop();
        assert_eq!(put(&world), "", "nothing of alarms is changed at night");
        world.at(morning).start();
        expect![[r#"
            PutMetricAlarm alarm lost ports (for NAT gateway egress)
        "#]]
        .assert_eq(&put(&world));
        let (_, there) = gateway(&world);
        assert_eq!(laid_on_gateway(&world), lost_ports(&there), "all else is as it was");
        world.assert_unchanged();
    }
}

#[test]
fn an_alarm_on_a_nat_gateway_that_is_left_is_told_of_before_the_night() {
    let world = World::known(with_gateways(Alarms::Leave));
    let (_, first) = gateway(&world);
    let silent = MetricAlarm { treat_missing_data: Some("breaching".to_owned()), ..lost_ports(&first) };
    lay_on_gateway(&world, &silent);
    let (tier, seen) = (world.blueprint.tier.clone(), world.seen());
    let foreseen = forecast(&world.blueprint.environment, &tier, &seen, Target::Down).notes;
    expect![[r#"
        these alarms will watch a NAT gateway that is gone, because egress is another one each morning: lost ports; `alarms: repoint` in the blueprint lets each morning put them again
        these alarms treat missing data as breaching, so they fire while NAT gateway egress is gone: lost ports"#]].assert_eq(&foreseen.join("\n"));
    assert_eq!(alarms::of_tier(&tier, &seen), foreseen);
    assert_eq!(world.at(EVENING).stop().notes, foreseen);
    world.at(MORNING).start();
    assert_eq!((put(&world), laid_on_gateway(&world)), (String::new(), silent.clone()));
    // Nor is it lost: the state knows which NAT gateway it was.
    let mut edited = world.clone();
    edited.blueprint.tier.nat_gateways.values_mut().for_each(|one| one.alarms = Alarms::Repoint);
    edited.tick();
    let (_, there) = gateway(&edited);
    assert_eq!(laid_on_gateway(&edited).nat_gateways(), [there].into());
}

#[test]
fn an_alarm_on_another_nat_gateway_is_nobodys_here() {
    let (first, other): (NatGatewayId, NatGatewayId) = (id("nat-1"), id("nat-11"));
    let alarm = lost_ports(&other);
    assert_eq!(alarm.nat_gateways(), [other].into());
    assert_eq!(alarm.clone().leaving_by(&id("nat-2"), &[first].into()), alarm, "a longer id is another one");
}
