//! What a run would do, in waves: the examples' evenings and mornings as a specification, and the order as a law.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use crate::support;
use std::time::Duration;

use crate::support::environment::{after, by_day, by_night};
use crate::support::{EXAMPLES, example, id, laws, tiers};
use curfew_core::blueprint::Blueprint;
use curfew_core::forecast::{Forecast, ForecastEnd, Model, forecast};
use curfew_core::model::*;
use curfew_core::next::{Step, Waiting, next};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn evening(blueprint: &Blueprint) -> Forecast {
    forecast(&blueprint.environment, &blueprint.tier, &by_day(blueprint), Target::Down)
}

fn morning(blueprint: &Blueprint) -> Forecast {
    forecast(&blueprint.environment, &blueprint.tier, &by_night(blueprint), Target::Up)
}

/// Seconds, action and subject; then the end.
fn told(forecast: &Forecast) -> String {
    let mut lines = String::new();
    for wave in &forecast.waves {
        for (index, action) in wave.actions.iter().enumerate() {
            let seconds = if index == 0 { format!("at {:>3} s", wave.after.as_secs()) } else { " ".repeat(8) };
            lines.push_str(&format!("{seconds}  {} {}\n", action.name(), action.subject()));
        }
    }
    lines.push_str(&format!("in {:>3} s  {:?}\n", forecast.duration.as_secs(), forecast.end));
    lines
}

fn check(forecast: &Forecast, expected: Expect) {
    expected.assert_eq(&told(forecast));
}

#[test]
fn the_evening_of_durable() {
    check(
        &evening(&example("durable")),
        expect![[r#"
            at   0 s  ChangeResourceRecordSets DNS dev.durable.example.com A
            at   0 s  UpdateService service durable-dev-backend
                      UpdateService service durable-dev-frontend
            at 330 s  DeleteLoadBalancer load balancer durable-dev-alb
                      DeleteNatGateway NAT gateway egress
            in 391 s  Done
        "#]],
    );
}

#[test]
fn a_service_stops_before_the_one_it_comes_after_and_starts_when_that_serves() {
    let mut blueprint = example("platform");
    let frontend = blueprint.tier.services.get_mut(&id::<ServiceName>("platform-dev-frontend")).expect("it is there");
    frontend.after.insert(id("platform-dev-backend"));
    let services = |forecast: &Forecast| {
        let updates = forecast.waves.iter().flat_map(|wave| wave.actions.iter().map(|action| (wave.after, action)));
        let updates = updates.filter(|(_, action)| action.name() == "UpdateService");
        updates.map(|(at, action)| format!("at {} s {action}\n", at.as_secs())).collect::<String>()
    };
    expect![[r#"
        at 0 s UpdateService service platform-dev-frontend (desired count 0)
        at 330 s UpdateService service platform-dev-backend (desired count 0)
    "#]]
    .assert_eq(&services(&evening(&blueprint)));
    expect![[r#"
        at 360 s UpdateService service platform-dev-backend (desired count 2)
        at 430 s UpdateService service platform-dev-frontend (desired count 2)
    "#]]
    .assert_eq(&services(&morning(&blueprint)));
}

#[test]
fn nobody_waits_for_a_service_that_is_to_have_no_tasks() {
    let mut blueprint = example("platform");
    let (backend, frontend): (ServiceName, ServiceName) = (id("platform-dev-backend"), id("platform-dev-frontend"));
    let service = |blueprint: &mut Blueprint, name| blueprint.tier.services.get_mut(name).expect("it is there").clone();
    let first = Service { desired_count: 0, ..service(&mut blueprint, &backend) };
    let second = Service { after: [backend.clone()].into(), ..service(&mut blueprint, &frontend) };
    blueprint.tier.services = [(backend, first), (frontend, second)].into();
    let morning = morning(&blueprint);
    assert_eq!(morning.end, ForecastEnd::Done);
    let started: Vec<_> = morning.actions().filter(|action| action.name() == "UpdateService").collect();
    assert_eq!(started.len(), 1, "{started:?}");
}

#[test]
fn the_morning_of_durable() {
    check(
        &morning(&example("durable")),
        expect![[r#"
            at   0 s  CreateNatGateway NAT gateway egress
                      CreateLoadBalancer load balancer durable-dev-alb
            at   0 s  ModifyLoadBalancerAttributes load balancer durable-dev-alb
                      CreateListener listener 80 of durable-dev-alb
                      CreateListener listener 443 of durable-dev-alb
                      ChangeResourceRecordSets DNS dev.durable.example.com A
            at   0 s  CreateRule rule 10 of listener 443 of durable-dev-alb
            at 106 s  ReplaceRoute route 0.0.0.0/0 in rtb-0d1a000000000001a
                      ReplaceRoute route 0.0.0.0/0 in rtb-0d1a000000000002b
            at 106 s  UpdateService service durable-dev-backend
                      UpdateService service durable-dev-frontend
            in 176 s  Done
        "#]],
    );
}

#[test]
fn the_evening_of_platform() {
    check(
        &evening(&example("platform")),
        expect![[r#"
            at   0 s  RegisterScalableTarget auto scaling of service platform-dev-backend
                      RegisterScalableTarget auto scaling of service platform-dev-frontend
            at   0 s  ChangeResourceRecordSets DNS dev.platform.example.com A
            at   0 s  UpdateService service platform-dev-backend
                      UpdateService service platform-dev-frontend
            at 330 s  DeleteLoadBalancer load balancer platform-dev-alb
                      DeleteNatGateway NAT gateway a
                      DeleteNatGateway NAT gateway b
                      StopDBInstance database main
            in 570 s  Done
        "#]],
    );
}

#[test]
fn the_morning_of_platform() {
    check(
        &morning(&example("platform")),
        expect![[r#"
            at   0 s  CreateNatGateway NAT gateway a
                      CreateNatGateway NAT gateway b
                      StartDBInstance database main
                      CreateLoadBalancer load balancer platform-dev-alb
            at   0 s  ModifyLoadBalancerAttributes load balancer platform-dev-alb
                      CreateListener listener 80 of platform-dev-alb
                      CreateListener listener 443 of platform-dev-alb
                      ChangeResourceRecordSets DNS dev.platform.example.com A
            at   0 s  ModifyListenerAttributes listener 443 of platform-dev-alb
                      AddListenerCertificates listener 443 of platform-dev-alb
                      CreateRule rule 10 of listener 443 of platform-dev-alb
                      CreateRule rule 20 of listener 443 of platform-dev-alb
                      CreateRule rule 30 of listener 443 of platform-dev-alb
                      CreateRule rule 40 of listener 443 of platform-dev-alb
                      PutScalingPolicy scaling policy requests of service platform-dev-frontend
            at   0 s  PutScalingPolicy scaling policy requests of service platform-dev-backend
            at 106 s  ReplaceRoute route 0.0.0.0/0 in rtb-0b1a000000000001a
                      ReplaceRoute route 0.0.0.0/0 in rtb-0b1a000000000002b
            at 360 s  UpdateService service platform-dev-backend
                      UpdateService service platform-dev-frontend
            at 360 s  RegisterScalableTarget auto scaling of service platform-dev-backend
                      RegisterScalableTarget auto scaling of service platform-dev-frontend
            in 430 s  Done
        "#]],
    );
}

#[test]
fn the_evening_of_portyfoul() {
    check(
        &evening(&example("portyfoul")),
        expect![[r#"
            at   0 s  UpdateService service portyfoul-dev-web-service
                      UpdateService service portyfoul-dev-worker-service
            at 330 s  DeleteLoadBalancer load balancer portyfoul-dev-alb
                      DeleteNatGateway NAT gateway nat
                      StopDBInstance database main
            in 570 s  Done
        "#]],
    );
}

#[test]
fn the_morning_of_portyfoul() {
    check(
        &morning(&example("portyfoul")),
        expect![[r#"
            at   0 s  CreateNatGateway NAT gateway nat
                      StartDBInstance database main
                      CreateLoadBalancer load balancer portyfoul-dev-alb
            at   0 s  CreateListener listener 80 of portyfoul-dev-alb
            at 106 s  ReplaceRoute route 0.0.0.0/0 in rtb-0f01000000000001a
            at 360 s  UpdateService service portyfoul-dev-web-service
                      UpdateService service portyfoul-dev-worker-service
            in 430 s  Done
        "#]],
    );
}

#[test]
fn an_evening_and_a_morning_where_all_that_can_be_deleted_is() {
    let blueprint = tiers::with_everything_deleted(example("durable"));
    check(
        &evening(&blueprint),
        expect![[r#"
            at   0 s  ChangeResourceRecordSets DNS dev.durable.example.com A
            at   0 s  UpdateService service durable-dev-backend
                      UpdateService service durable-dev-frontend
            at 330 s  DeleteService service durable-dev-backend
            at 358 s  DeleteLoadBalancer load balancer durable-dev-alb
                      DeleteNatGateway NAT gateway egress
            at 419 s  ReleaseAddress address egress
            in 419 s  Done
        "#]],
    );
    check(
        &morning(&blueprint),
        expect![[r#"
            at   0 s  AllocateAddress address egress
                      CreateLoadBalancer load balancer durable-dev-alb
            at   0 s  CreateNatGateway NAT gateway egress
                      ModifyLoadBalancerAttributes load balancer durable-dev-alb
                      CreateListener listener 80 of durable-dev-alb
                      CreateListener listener 443 of durable-dev-alb
                      ChangeResourceRecordSets DNS dev.durable.example.com A
            at   0 s  CreateRule rule 10 of listener 443 of durable-dev-alb
            at 106 s  ReplaceRoute route 0.0.0.0/0 in rtb-0d1a000000000001a
                      ReplaceRoute route 0.0.0.0/0 in rtb-0d1a000000000002b
            at 106 s  CreateService service durable-dev-backend
                      UpdateService service durable-dev-frontend
            in 176 s  Done
        "#]],
    );
}

#[test]
fn a_morning_takes_less_than_five_minutes() {
    for name in EXAMPLES {
        let mut blueprint = example(name);
        // How long RDS takes is RDS's own: all else waits for no database.
        blueprint.tier.databases.clear();
        assert!(morning(&blueprint).duration < Duration::from_secs(300), "{name}");
    }
}

#[test]
fn names_are_parked_or_show_the_sleeping_page_at_night() {
    let mut blueprint = example("durable");
    let page = SleepingPage { dns_name: "sleep.example.com".to_owned(), hosted_zone: support::id("ZSLEEP") };
    let target = |blueprint: &Blueprint| by_night(blueprint).records.into_values().find_map(|r| r.ready().cloned());
    assert_eq!(target(&blueprint).map(|r| r.target), Some(RecordTarget::Values(vec!["192.0.2.1".to_owned()])));
    blueprint.tier.dns_records.values_mut().for_each(|record| record.sleeping_page = Some(page.clone()));
    let shown = target(&blueprint).map(|record| record.target);
    let (dns_name, hosted_zone) = (page.dns_name, page.hosted_zone);
    assert_eq!(shown, Some(RecordTarget::Alias { dns_name, hosted_zone, evaluate_target_health: false }));
    blueprint.tier.dns_records.values_mut().for_each(|record| {
        (record.while_down, record.sleeping_page) = (RecordWhileDown::Leave, None);
    });
    let left = target(&blueprint).map(|record| record.target);
    let by_day = by_day(&blueprint).records.into_values().find_map(|r| r.ready().cloned()).map(|r| r.target);
    assert_eq!(left, by_day, "left as it is");
}

#[test]
fn what_is_as_it_should_be_needs_nothing() {
    for name in EXAMPLES {
        let blueprint = example(name);
        for (seen, target) in [(by_day(&blueprint), Target::Up), (by_night(&blueprint), Target::Down)] {
            let forecast = forecast(&blueprint.environment, &blueprint.tier, &seen, target);
            assert_eq!((forecast.waves.len(), forecast.end), (0, ForecastEnd::Done), "{name}");
        }
    }
}

/// Plays a forecast and checks each of its actions; answers what is there then.
fn play(blueprint: &Blueprint, seen: &Observation, forecast: &Forecast) -> Observation {
    let mut model = Model::new(&blueprint.environment, seen.clone());
    for wave in &forecast.waves {
        model.advance_by(wave.after - model.elapsed());
        for action in &wave.actions {
            laws::check(&blueprint.tier, model.seen(), action);
            model.perform(action);
            laws::check_state(&blueprint.tier, model.seen());
        }
    }
    after(blueprint, seen, forecast)
}

/// Down and up again from a day, checked in every step; then once more from the day that this makes.
fn night_and_morning(blueprint: &Blueprint) {
    let (environment, tier) = (&blueprint.environment, &blueprint.tier);
    let mut day = by_day(blueprint);
    for _ in 0..2 {
        let down = forecast(environment, tier, &day, Target::Down);
        assert_eq!(down.end, ForecastEnd::Done);
        let night = play(blueprint, &day, &down);
        assert!(night.nat_gateways.values().all(|found| *found == Seen::Absent));
        assert!(night.load_balancers.values().all(|found| *found == Seen::Absent));
        for (name, address) in &tier.addresses {
            let kept = address.while_down == AddressWhileDown::Keep;
            assert_eq!(night.addresses[name].present().is_some(), kept, "address {name}");
        }
        let up = forecast(environment, tier, &night, Target::Up);
        assert_eq!(up.end, ForecastEnd::Done);
        let next_day = play(blueprint, &night, &up);
        for (name, service) in &tier.services {
            let found = next_day.services[name].ready().expect("it is back");
            assert_eq!(found.tasks.running, service.desired_count, "service {name}");
        }
        for name in tier.load_balancers.keys() {
            let configuration = |day: &Observation| {
                let found = day.load_balancers[name].ready().expect("it is there");
                LoadBalancer { adopted: None, ..found.configuration.clone() }
            };
            assert_eq!(configuration(&next_day), configuration(&day), "load balancer {name}");
        }
        let again = forecast(environment, tier, &next_day, Target::Up);
        assert_eq!(again.actions().count(), 0, "run again: nothing changes");
        day = next_day;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_night_and_morning_keeps_the_order(tier in tiers::tier()) {
        night_and_morning(&tiers::blueprint_of(tier));
    }
}

/// Begins one way, turns round after so many seconds, and arrives; every action is checked.
fn turn_round(blueprint: &Blueprint, from: Target, after: u64) {
    let (environment, tier) = (&blueprint.environment, &blueprint.tier);
    let seen = match from {
        Target::Down => by_day(blueprint),
        Target::Up => by_night(blueprint),
    };
    let mut model = Model::new(environment, seen.clone());
    let after = Duration::from_secs(after);
    for wave in forecast(environment, tier, &seen, from).waves.iter().filter(|wave| wave.after <= after) {
        model.advance_by(wave.after - model.elapsed());
        wave.actions.iter().for_each(|action| model.perform(action));
    }
    model.advance_by(after - model.elapsed());
    let half = model.seen().clone();
    let back = forecast(environment, tier, &half, from.opposite());
    assert_eq!(back.end, ForecastEnd::Done, "{from} turned round after {after:?}");
    let end = play(blueprint, &half, &back);
    assert_eq!(forecast(environment, tier, &end, from.opposite()).actions().count(), 0, "run again: nothing changes");
}

#[test]
fn a_run_that_is_called_back_at_any_moment_keeps_the_order() {
    for name in EXAMPLES {
        for blueprint in [example(name), tiers::with_everything_deleted(example(name))] {
            for seconds in (0..450).step_by(10) {
                turn_round(&blueprint, Target::Down, seconds);
                turn_round(&blueprint, Target::Up, seconds);
            }
        }
    }
}

#[test]
fn a_nat_gateway_waits_for_its_address() {
    let blueprint = example("durable");
    let mut seen = by_night(&blueprint);
    for found in seen.addresses.values_mut() {
        if let Seen::Ready(address) = found {
            address.associated = true;
        }
    }
    let Step::Act(actions) = next(&blueprint.environment, &blueprint.tier, &seen, Target::Up) else {
        panic!("it acts")
    };
    let names: Vec<&str> = actions.iter().map(Action::name).collect();
    assert_eq!(names, ["CreateLoadBalancer"], "all that does not need the address");
}

#[test]
fn what_holds_an_address_is_named() {
    let blueprint = example("durable");
    let interface = |of: &str| AddressHolder::Interface { id: "eni-0a1".to_owned(), of: of.to_owned() };
    let holders = [
        AddressHolder::Instance(id("i-0a1")),
        AddressHolder::NatGateway(id("nat-0a1")),
        interface("Interface for NAT Gateway nat-0b2"),
        interface(""),
    ];
    let told = holders.map(|holder| {
        let mut seen = by_night(&blueprint);
        for found in seen.addresses.values_mut() {
            if let Seen::Ready(address) = found {
                (address.associated, address.holder) = (true, Some(holder.clone()));
            }
        }
        let morning = forecast(&blueprint.environment, &blueprint.tier, &seen, Target::Up);
        let ForecastEnd::Open(on) = morning.end else { panic!("it waits: {:?}", morning.end) };
        let on = on.iter().filter(|one| matches!(one, Waiting::AddressFree { .. }));
        on.map(|one| format!("{one}\n")).collect::<String>()
    });
    expect![[r#"
        address egress to be free; instance i-0a1 holds it
        address egress to be free; NAT gateway nat-0a1 holds it
        address egress to be free; network interface eni-0a1 (Interface for NAT Gateway nat-0b2) holds it
        address egress to be free; network interface eni-0a1 holds it
    "#]]
    .assert_eq(&told.concat());
}

#[test]
fn the_examples_keep_the_order() {
    for name in EXAMPLES {
        night_and_morning(&example(name));
        night_and_morning(&tiers::with_everything_deleted(example(name)));
    }
}
