//! Policies and scheduled actions in words: what is remembered of them, and told apart the next morning.
//!
//! Of a load balancer only its name is said: its id is another one every morning, and that is no change.

use std::hash::{DefaultHasher, Hash, Hasher};

use aws_sdk_applicationautoscaling::primitives::DateTime;
use aws_sdk_applicationautoscaling::types::{
    ScalingPolicy, ScheduledAction, StepScalingPolicyConfiguration, TargetTrackingScalingPolicyConfiguration,
};

/// A policy.
pub(super) fn policy(policy: &ScalingPolicy) -> String {
    if let Some(tracking) = policy.target_tracking_scaling_policy_configuration() {
        return target_tracking(tracking);
    }
    if let Some(steps) = policy.step_scaling_policy_configuration() {
        return step_scaling(steps);
    }
    let rest = policy.predictive_scaling_policy_configuration();
    format!("{} {}", policy.policy_type(), fingerprint(&format!("{rest:?}")))
}

fn target_tracking(tracking: &TargetTrackingScalingPolicyConfiguration) -> String {
    let metric = match (tracking.predefined_metric_specification(), tracking.customized_metric_specification()) {
        (Some(metric), _) => match metric.resource_label().map(str::parse::<crate::model::ResourceLabel>) {
            Some(Ok(label)) => format!("{} of {}", metric.predefined_metric_type(), label.load_balancer),
            Some(Err(error)) => format!("{} of {}", metric.predefined_metric_type(), error.text),
            None => metric.predefined_metric_type().to_string(),
        },
        (None, Some(metric)) => {
            let name = metric.metric_name().unwrap_or("metric math");
            format!("{name} {}", fingerprint(&format!("{metric:?}")))
        }
        (None, None) => "nothing".to_owned(),
    };
    let mut text = format!("tracks {metric} at {}", tracking.target_value());
    for (cooldown, direction) in [(tracking.scale_out_cooldown(), "out"), (tracking.scale_in_cooldown(), "in")] {
        if let Some(seconds) = cooldown {
            text.push_str(&format!(", {direction} at most every {seconds} s"));
        }
    }
    if tracking.disable_scale_in() == Some(true) {
        text.push_str(", never in");
    }
    text
}

fn step_scaling(steps: &StepScalingPolicyConfiguration) -> String {
    let kind = steps.adjustment_type().map_or("adjusts", |kind| kind.as_str());
    let bound = |bound: Option<f64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    let all = steps.step_adjustments().iter().map(|step| {
        let (from, to) = (bound(step.metric_interval_lower_bound()), bound(step.metric_interval_upper_bound()));
        format!("{from}..{to}: {}", step.scaling_adjustment())
    });
    let mut text = format!("{kind} in steps {}", all.collect::<Vec<_>>().join(", "));
    if let Some(magnitude) = steps.min_adjustment_magnitude() {
        text.push_str(&format!(", by {magnitude} at least"));
    }
    if let Some(seconds) = steps.cooldown() {
        text.push_str(&format!(", at most every {seconds} s"));
    }
    if let Some(aggregation) = steps.metric_aggregation_type() {
        text.push_str(&format!(", {aggregation}"));
    }
    text
}

/// A scheduled action.
pub(super) fn scheduled_action(action: &ScheduledAction) -> String {
    let mut text = action.schedule().to_owned();
    if let Some(zone) = action.timezone() {
        text.push_str(&format!(" {zone}"));
    }
    for (at, word) in [(action.start_time(), "from"), (action.end_time(), "until")] {
        if let Some(at) = at {
            text.push_str(&format!(" {word} {}", instant(at)));
        }
    }
    let change = action.scalable_target_action();
    for (count, word) in [
        (change.and_then(|change| change.min_capacity()), "minimum"),
        (change.and_then(|change| change.max_capacity()), "maximum"),
    ] {
        if let Some(count) = count {
            text.push_str(&format!(", {word} {count}"));
        }
    }
    text
}

fn instant(at: &DateTime) -> String {
    chrono::DateTime::from_timestamp(at.secs(), 0).map_or_else(|| at.secs().to_string(), |at| at.to_rfc3339())
}

/// Tells two configurations apart that are too long to say.
fn fingerprint(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("({:08x})", hasher.finish() >> 32)
}

#[cfg(test)]
mod tests {
    use aws_sdk_applicationautoscaling::types::{
        AdjustmentType, MetricType, PredefinedMetricSpecification, ScalableDimension, ScalableTargetAction,
        ServiceNamespace, StepAdjustment,
    };

    use super::*;

    fn requests(id: &str) -> String {
        let metric = PredefinedMetricSpecification::builder()
            .predefined_metric_type(MetricType::AlbRequestCountPerTarget)
            .resource_label(format!("app/dev-alb/{id}/targetgroup/web/1"))
            .build()
            .expect("a metric");
        let tracking = TargetTrackingScalingPolicyConfiguration::builder().target_value(600.0).scale_out_cooldown(30);
        let tracking = tracking.predefined_metric_specification(metric).disable_scale_in(true);
        target_tracking(&tracking.build().expect("a configuration"))
    }

    #[test]
    fn another_load_balancer_of_the_same_name_is_no_change() {
        let words = "tracks ALBRequestCountPerTarget of dev-alb at 600, out at most every 30 s, never in";
        assert_eq!([requests("1"), requests("2")], [words, words]);
    }

    #[test]
    fn steps_are_said_one_by_one() {
        let step = StepAdjustment::builder().metric_interval_lower_bound(0.0).scaling_adjustment(2).build();
        let steps = StepScalingPolicyConfiguration::builder()
            .adjustment_type(AdjustmentType::ChangeInCapacity)
            .step_adjustments(step.expect("a step"))
            .cooldown(60)
            .build();
        assert_eq!(step_scaling(&steps), "ChangeInCapacity in steps 0..: 2, at most every 60 s");
    }

    #[test]
    fn a_schedule_is_said_with_its_zone_and_its_bounds() {
        let action = ScheduledAction::builder()
            .scheduled_action_name("lunch")
            .scheduled_action_arn("arn:of:it")
            .service_namespace(ServiceNamespace::Ecs)
            .schedule("cron(0 12 * * ? *)")
            .timezone("America/New_York")
            .resource_id("service/dev/web")
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
            .scalable_target_action(ScalableTargetAction::builder().min_capacity(3).build())
            .creation_time(DateTime::from_secs(0))
            .build()
            .expect("an action");
        assert_eq!(scheduled_action(&action), "cron(0 12 * * ? *) America/New_York, minimum 3");
    }
}
