//! Alarms that watch load balancers and NAT gateways, and what a morning must have made of them.

use std::collections::BTreeMap;

use curfew_core::model::*;

use crate::account::{Account, parsed};

/// Lays one on each that is there; what the blueprint says of it is in its name.
pub(super) fn lay(account: &mut Account, tier: &RuntimeTier) {
    let all = account.load_balancers.iter();
    let watched: Vec<_> =
        all.filter_map(|(arn, one)| Some((one.name.clone(), WatchedLoadBalancer::of(arn)?))).collect();
    for (name, there) in watched {
        let fate = tier.load_balancers.get(&name).map(|meant| meant.alarms);
        let name = format!("{} of {name}", word(fate));
        account.alarms.insert(name.clone(), errors(name, &there));
    }
    let gateways: Vec<_> = account.nat_gateways.iter().map(|(id, one)| (id.clone(), one.subnet.clone())).collect();
    for (id, subnet) in gateways {
        let fate = tier.nat_gateways.values().find(|meant| meant.subnet == subnet).map(|meant| meant.alarms);
        let name = format!("{} of the NAT gateway in {subnet}", word(fate));
        account.alarms.insert(name.clone(), ports(name, &id));
    }
}

/// Whether something expected is an alarm on a NAT gateway.
pub(super) fn is_on_nat_gateway(name: &str) -> bool {
    name.starts_with("alarm ") && name.contains(" of the NAT gateway in ")
}

fn word(fate: Option<Alarms>) -> &'static str {
    match fate {
        Some(Alarms::Repoint) => "repointed",
        Some(Alarms::Leave) => "left",
        None => FOREIGN,
    }
}

const FOREIGN: &str = "foreign";

/// What is told of each alarm on the environment's own: one that is put again names its load balancer, if it is there.
pub(super) fn expected(account: &Account) -> BTreeMap<String, String> {
    let there: Vec<WatchedLoadBalancer> = account.load_balancers.keys().filter_map(WatchedLoadBalancer::of).collect();
    let told = |alarm: &MetricAlarm| {
        let text = format!("{:?}", by_place(account, alarm));
        let of_name =
            |text: String, one: &WatchedLoadBalancer| text.replace(&one.to_string(), &format!("app/{}", one.name));
        // What is left watches one that is gone, whichever that was.
        let shown = if alarm.name.starts_with("left") { alarm.watched().into_iter().collect() } else { there.clone() };
        shown.iter().fold(text, of_name)
    };
    let own = account.alarms.values().filter(|alarm| !alarm.name.starts_with(FOREIGN));
    own.map(|alarm| (format!("alarm {}", alarm.name), told(alarm))).collect()
}

/// An alarm in which the NAT gateway that it watches is called by its place; one that it is left to watch by none.
fn by_place(account: &Account, alarm: &MetricAlarm) -> MetricAlarm {
    let is_left = alarm.name.starts_with("left");
    let call = |alarm: MetricAlarm, id: &NatGatewayId| {
        let there = account.nat_gateways.get(id).filter(|one| one.state.is_alive());
        let place = match (is_left, there) {
            (true, _) => parsed("nat-left".to_owned()),
            (false, Some(one)) => parsed(one.subnet.as_str().replace("subnet-", "nat-")),
            (false, None) => id.clone(),
        };
        alarm.leaving_by(&place, &[id.clone()].into())
    };
    alarm.nat_gateways().iter().fold(alarm.clone(), call)
}

/// Those on somebody else's, whole.
pub(super) fn foreign(account: &Account) -> BTreeMap<String, String> {
    let theirs = account.alarms.values().filter(|alarm| alarm.name.starts_with(FOREIGN));
    theirs.map(|alarm| (format!("alarm {}", alarm.name), format!("{alarm:?}"))).collect()
}

/// Whether a NAT gateway has no port left: metric math, as generated templates write it.
fn ports(name: String, there: &NatGatewayId) -> MetricAlarm {
    let metric = MetricStatistic {
        namespace: Some("AWS/NATGateway".to_owned()),
        name: Some("ErrorPortAllocation".to_owned()),
        dimensions: vec![("NatGatewayId".to_owned(), there.to_string())],
        statistic: "Sum".to_owned(),
        period: Some(60),
        unit: None,
    };
    let query = |id: &str, metric, expression| MetricQuery {
        id: id.to_owned(),
        metric,
        expression,
        label: None,
        return_data: None,
        period: None,
        account: None,
    };
    let math = query("lost", None, Some("IF(errors > 0, errors, 0)".to_owned()));
    let queries = vec![query("errors", Some(metric), None), math];
    MetricAlarm { measure: Measure::Queries { queries, threshold_metric: None }, ..alarm(name) }
}

fn errors(name: String, there: &WatchedLoadBalancer) -> MetricAlarm {
    let metric = MetricStatistic {
        namespace: Some("AWS/ApplicationELB".to_owned()),
        name: Some("HTTPCode_ELB_5XX_Count".to_owned()),
        dimensions: vec![("LoadBalancer".to_owned(), there.to_string())],
        statistic: "Sum".to_owned(),
        period: Some(60),
        unit: None,
    };
    MetricAlarm { measure: Measure::Metric(metric), ..alarm(name) }
}

/// An alarm that measures nothing yet.
fn alarm(name: String) -> MetricAlarm {
    MetricAlarm {
        name,
        description: None,
        actions_enabled: true,
        ok_actions: Vec::new(),
        alarm_actions: vec!["arn:aws:sns:us-west-2:123456789012:people".to_owned()],
        insufficient_data_actions: Vec::new(),
        measure: Measure::Queries { queries: Vec::new(), threshold_metric: None },
        comparison_operator: "GreaterThanThreshold".to_owned(),
        threshold: Some(TargetValue(5.0)),
        evaluation_periods: 3,
        datapoints_to_alarm: None,
        treat_missing_data: Some("breaching".to_owned()),
        evaluate_low_sample_count_percentile: None,
        evaluation_window: None,
        evaluation_interval: None,
        warm_up: None,
        tags_propagation: None,
    }
}
