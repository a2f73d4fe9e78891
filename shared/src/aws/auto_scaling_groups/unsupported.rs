//! Why a group's instances would not go, would not stay gone, or would not come back: from what a describe shows.

use aws_sdk_autoscaling::types::{AutoScalingGroup, Instance, LifecycleState};

use crate::model::Tags;

/// Processes without which a group does not follow its capacity.
const NEEDED: &[&str] = &["Launch", "Terminate"];
/// The process that carries out scheduled actions.
const SCHEDULED: &str = "ScheduledActions";
/// Tags of those who set a group's capacity themselves.
const MANAGED: &[(&str, &str)] = &[
    ("AmazonECSManaged", "a capacity provider of ECS sets its capacity"),
    ("eks:nodegroup-name", "a node group of EKS sets its capacity"),
    ("elasticbeanstalk:environment-id", "Elastic Beanstalk sets its capacity"),
];

pub(super) fn of(one: &AutoScalingGroup, tags: &Tags, scheduled_actions: &[String]) -> Vec<String> {
    let mut reasons = Vec::new();
    let suspended: Vec<&str> = one.suspended_processes().iter().filter_map(|process| process.process_name()).collect();
    if !scheduled_actions.is_empty() && !suspended.contains(&SCHEDULED) {
        reasons.push(format!(
            "it has scheduled actions ({}), which would start instances at night; suspend the process {SCHEDULED}, or let \
             one of the two have the schedule",
            scheduled_actions.join(", ")
        ));
    }
    for process in suspended.iter().filter(|process| NEEDED.contains(process)) {
        reasons.push(format!("its process {process} is suspended, so it does not follow its capacity"));
    }
    if one.warm_pool_configuration().is_some() {
        reasons.push("it has a warm pool, whose instances would stay".to_owned());
    }
    if one.new_instances_protected_from_scale_in() == Some(true) {
        reasons.push("it protects its instances from scale in".to_owned());
    } else if let Some(ids) = ids(one.instances(), |one| one.protected_from_scale_in() == Some(true)) {
        reasons.push(format!("instances of it are protected from scale in ({ids})"));
    }
    let stands_by = |one: &Instance| {
        matches!(one.lifecycle_state(), Some(LifecycleState::Standby | LifecycleState::EnteringStandby))
    };
    if let Some(ids) = ids(one.instances(), stands_by) {
        reasons.push(format!("instances of it are in standby ({ids}), and would stay"));
    }
    if let Some(unit) = one.desired_capacity_type().filter(|unit| *unit != "units") {
        reasons.push(format!("its capacity is counted in {unit}, not in instances"));
    }
    reasons.extend(MANAGED.iter().filter(|(tag, _)| tags.contains_key(*tag)).map(|(_, why)| (*why).to_owned()));
    if let Some(operator) = one.operator() {
        reasons.push(format!("{} manages it", operator.principal().unwrap_or("a service of AWS")));
    }
    reasons
}

fn ids(instances: &[Instance], which: impl Fn(&Instance) -> bool) -> Option<String> {
    let ids: Vec<&str> = instances.iter().filter(|one| which(one)).filter_map(Instance::instance_id).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

#[cfg(test)]
mod tests {
    use aws_sdk_autoscaling::types::builders::AutoScalingGroupBuilder;
    use aws_sdk_autoscaling::types::{SuspendedProcess, WarmPoolConfiguration};

    use super::*;

    fn suspended(process: &str) -> SuspendedProcess {
        SuspendedProcess::builder().process_name(process).build()
    }

    fn instance() -> aws_sdk_autoscaling::types::builders::InstanceBuilder {
        Instance::builder().instance_id("i-0a").lifecycle_state(LifecycleState::InService)
    }

    #[test]
    fn a_group_is_refused_for_what_would_not_follow_its_capacity() {
        let refused = |change: fn(AutoScalingGroupBuilder) -> AutoScalingGroupBuilder| {
            of(&change(AutoScalingGroup::builder().instances(instance().build())).build(), &Tags::new(), &[]).join("; ")
        };
        for (change, expected) in [
            ((|one| one) as fn(AutoScalingGroupBuilder) -> AutoScalingGroupBuilder, ""),
            (|one| one.suspended_processes(suspended("AZRebalance")), ""),
            (
                |one| one.suspended_processes(suspended("Terminate")),
                "its process Terminate is suspended, so it does not follow its capacity",
            ),
            (
                |one| one.warm_pool_configuration(WarmPoolConfiguration::builder().build()),
                "it has a warm pool, whose instances would stay",
            ),
            (|one| one.new_instances_protected_from_scale_in(true), "it protects its instances from scale in"),
            (
                |one| one.instances(instance().protected_from_scale_in(true).build()),
                "instances of it are protected from scale in (i-0a)",
            ),
            (
                |one| one.instances(instance().lifecycle_state(LifecycleState::Standby).build()),
                "instances of it are in standby (i-0a), and would stay",
            ),
            (|one| one.desired_capacity_type("units"), ""),
            (|one| one.desired_capacity_type("vcpu"), "its capacity is counted in vcpu, not in instances"),
        ] {
            assert_eq!(refused(change), expected);
        }
    }

    #[test]
    fn whoever_else_sets_its_capacity_keeps_it() {
        let tagged =
            |key: &str| of(&AutoScalingGroup::builder().build(), &[(key.to_owned(), String::new())].into(), &[]);
        assert_eq!(tagged("AmazonECSManaged"), ["a capacity provider of ECS sets its capacity"]);
        assert!(tagged("team").is_empty());
        let scheduled = |one: AutoScalingGroupBuilder| of(&one.build(), &Tags::new(), &["morning".to_owned()]);
        let reasons = scheduled(AutoScalingGroup::builder());
        assert!(reasons.len() == 1 && reasons[0].starts_with("it has scheduled actions (morning)"), "{reasons:?}");
        assert!(scheduled(AutoScalingGroup::builder().suspended_processes(suspended(SCHEDULED))).is_empty());
    }
}
