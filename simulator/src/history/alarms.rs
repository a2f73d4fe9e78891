//! Alarms that watch load balancers, and what a morning must have made of them.

use std::collections::BTreeMap;

use curfew_core::model::*;

use crate::account::Account;

/// Lays one on each load balancer that is there; what the blueprint says of it is in its name.
pub(super) fn lay(account: &mut Account, tier: &RuntimeTier) {
    let all = account.load_balancers.iter();
    let watched: Vec<_> =
        all.filter_map(|(arn, one)| Some((one.name.clone(), WatchedLoadBalancer::of(arn)?))).collect();
    for (name, there) in watched {
        let fate = tier.load_balancers.get(&name).map(|meant| meant.alarms);
        let name = format!("{} of {name}", word(fate));
        account.alarms.insert(name.clone(), errors(name, &there));
    }
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
        let text = format!("{alarm:?}");
        let of_name =
            |text: String, one: &WatchedLoadBalancer| text.replace(&one.to_string(), &format!("app/{}", one.name));
        // What is left watches one that is gone, whichever that was.
        let shown = if alarm.name.starts_with("left") { alarm.watched().into_iter().collect() } else { there.clone() };
        shown.iter().fold(text, of_name)
    };
    let own = account.alarms.values().filter(|alarm| !alarm.name.starts_with(FOREIGN));
    own.map(|alarm| (format!("alarm {}", alarm.name), told(alarm))).collect()
}

/// Those on somebody else's, whole.
pub(super) fn foreign(account: &Account) -> BTreeMap<String, String> {
    let theirs = account.alarms.values().filter(|alarm| alarm.name.starts_with(FOREIGN));
    theirs.map(|alarm| (format!("alarm {}", alarm.name), format!("{alarm:?}"))).collect()
}

fn errors(name: String, there: &WatchedLoadBalancer) -> MetricAlarm {
    MetricAlarm {
        name,
        description: None,
        actions_enabled: true,
        ok_actions: Vec::new(),
        alarm_actions: vec!["arn:aws:sns:us-west-2:123456789012:people".to_owned()],
        insufficient_data_actions: Vec::new(),
        measure: Measure::Metric(MetricStatistic {
            namespace: Some("AWS/ApplicationELB".to_owned()),
            name: Some("HTTPCode_ELB_5XX_Count".to_owned()),
            dimensions: vec![("LoadBalancer".to_owned(), there.to_string())],
            statistic: "Sum".to_owned(),
            period: Some(60),
            unit: None,
        }),
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
