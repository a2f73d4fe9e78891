//! Which policies name a load balancer, and whether they can be put again with another one.

use aws_sdk_applicationautoscaling::types::{
    CustomizedMetricSpecification, MetricType, PredictiveScalingPolicyConfiguration, ScalingPolicy,
    TargetTrackingMetricDataQuery, TargetTrackingScalingPolicyConfiguration,
};

use crate::model::{LoadBalancerPolicy, RequestCount, TargetValue};

/// How the label and the dimension of an application load balancer begin.
const LOAD_BALANCER: &str = "app/";

/// What of a policy a new load balancer makes wrong; none of one that outlives it.
pub(super) fn of(policy: &ScalingPolicy) -> Option<LoadBalancerPolicy> {
    let tracking = policy.target_tracking_scaling_policy_configuration();
    let predictive = policy.predictive_scaling_policy_configuration();
    tracking.and_then(of_tracking).or_else(|| predictive.and_then(of_predictive))
}

fn of_tracking(tracking: &TargetTrackingScalingPolicyConfiguration) -> Option<LoadBalancerPolicy> {
    if let Some(metric) = tracking.customized_metric_specification() {
        let why = "measures a metric of its own that names a load balancer, which is another one every morning";
        return names_load_balancer(metric).then(|| LoadBalancerPolicy::Unsupported(why.to_owned()));
    }
    let metric = tracking.predefined_metric_specification()?;
    if *metric.predefined_metric_type() != MetricType::AlbRequestCountPerTarget {
        return None;
    }
    let text = metric.resource_label().unwrap_or_default();
    let seconds = |cooldown: Option<i32>| cooldown.and_then(|seconds| u32::try_from(seconds).ok());
    Some(match text.parse() {
        Ok(label) => LoadBalancerPolicy::RequestCount(RequestCount {
            label,
            target_value: TargetValue(tracking.target_value()),
            scale_out_cooldown: seconds(tracking.scale_out_cooldown()),
            scale_in_cooldown: seconds(tracking.scale_in_cooldown()),
            disable_scale_in: tracking.disable_scale_in(),
        }),
        Err(error) => LoadBalancerPolicy::Unsupported(format!("counts the requests of something unknown: {error}")),
    })
}

fn names_load_balancer(metric: &CustomizedMetricSpecification) -> bool {
    let in_query = |query: &TargetTrackingMetricDataQuery| {
        let metric = query.metric_stat().and_then(|stat| stat.metric());
        let dimensions = metric.map(|metric| metric.dimensions()).unwrap_or_default();
        query.expression().is_some_and(|text| text.contains(LOAD_BALANCER))
            || dimensions.iter().any(|one| is_load_balancer(Some(one.name()), Some(one.value())))
    };
    metric.dimensions().iter().any(|one| is_load_balancer(Some(one.name()), Some(one.value())))
        || metric.metrics().iter().any(in_query)
}

fn is_load_balancer(name: Option<&str>, value: Option<&str>) -> bool {
    name == Some("LoadBalancer") && value.is_some_and(|value| value.starts_with(LOAD_BALANCER))
}

/// Predictive policies learn from weeks of a metric: with another load balancer they would know nothing.
fn of_predictive(policy: &PredictiveScalingPolicyConfiguration) -> Option<LoadBalancerPolicy> {
    // Labels, dimensions and expressions stand in six places of it; its text has them all.
    let why = "predicts from a load balancer's metric, and is another one's every morning";
    format!("{policy:?}").contains(LOAD_BALANCER).then(|| LoadBalancerPolicy::Unsupported(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use aws_sdk_applicationautoscaling::primitives::DateTime;
    use aws_sdk_applicationautoscaling::types::{
        MetricDimension, PolicyType, PredefinedMetricSpecification, ScalableDimension, ServiceNamespace,
        TargetTrackingMetric, TargetTrackingMetricDimension, TargetTrackingMetricStat,
    };

    use super::*;

    const LABEL: &str = "app/dev-alb/0123456789abcdef/targetgroup/web/fedcba9876543210";

    fn policy(tracking: TargetTrackingScalingPolicyConfiguration) -> ScalingPolicy {
        ScalingPolicy::builder()
            .policy_arn("arn:of:it")
            .policy_name("requests")
            .service_namespace(ServiceNamespace::Ecs)
            .resource_id("service/dev/web")
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
            .policy_type(PolicyType::TargetTrackingScaling)
            .target_tracking_scaling_policy_configuration(tracking)
            .creation_time(DateTime::from_secs(0))
            .build()
            .expect("a policy")
    }

    fn predefined(kind: MetricType, label: Option<&str>) -> ScalingPolicy {
        let metric = PredefinedMetricSpecification::builder().predefined_metric_type(kind);
        let metric = metric.set_resource_label(label.map(str::to_owned)).build().expect("a metric");
        let tracking = TargetTrackingScalingPolicyConfiguration::builder().target_value(600.5);
        let tracking = tracking.predefined_metric_specification(metric).scale_in_cooldown(60).disable_scale_in(true);
        policy(tracking.build().expect("a configuration"))
    }

    fn customized(metric: CustomizedMetricSpecification) -> ScalingPolicy {
        let tracking = TargetTrackingScalingPolicyConfiguration::builder().target_value(1.0);
        policy(tracking.customized_metric_specification(metric).build().expect("a configuration"))
    }

    #[test]
    fn a_policy_that_counts_requests_is_read_whole() {
        let Some(LoadBalancerPolicy::RequestCount(found)) =
            of(&predefined(MetricType::AlbRequestCountPerTarget, Some(LABEL)))
        else {
            panic!("it counts requests")
        };
        let wanted = RequestCount {
            label: LABEL.parse().expect("a label"),
            target_value: TargetValue(600.5),
            scale_out_cooldown: None,
            scale_in_cooldown: Some(60),
            disable_scale_in: Some(true),
        };
        assert_eq!(found, wanted);
        assert_eq!(of(&predefined(MetricType::EcsServiceAverageCpuUtilization, None)), None);
    }

    #[test]
    fn a_label_that_is_not_whole_cannot_be_put_again() {
        for label in [None, Some("app/dev-alb/0123456789abcdef")] {
            let found = of(&predefined(MetricType::AlbRequestCountPerTarget, label));
            assert!(matches!(found, Some(LoadBalancerPolicy::Unsupported(_))), "{label:?}: {found:?}");
        }
    }

    #[test]
    fn metrics_of_their_own_that_name_a_load_balancer_cannot_be_put_again() {
        let (ours, other) = ("app/dev-alb/0123456789abcdef", "net/dev-nlb/0123456789abcdef");
        let simple = |value: &str| {
            let dimension = MetricDimension::builder().name("LoadBalancer").value(value).build().expect("a dimension");
            customized(CustomizedMetricSpecification::builder().dimensions(dimension).build())
        };
        let math = |value: &str| {
            let dimension = TargetTrackingMetricDimension::builder().name("LoadBalancer").value(value);
            let metric = TargetTrackingMetric::builder().dimensions(dimension.build().expect("a dimension")).build();
            let stat = TargetTrackingMetricStat::builder().metric(metric).stat("Sum").build().expect("a statistic");
            let query = TargetTrackingMetricDataQuery::builder().id("m1").metric_stat(stat).build().expect("a query");
            customized(CustomizedMetricSpecification::builder().metrics(query).build())
        };
        for named in [simple(ours), math(ours)] {
            assert!(matches!(of(&named), Some(LoadBalancerPolicy::Unsupported(_))), "{named:?}");
        }
        assert_eq!([of(&simple(other)), of(&math(other))], [None, None]);
    }
}
