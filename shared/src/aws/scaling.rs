//! Application Auto Scaling of services: their scalable targets, policies and scheduled actions.
//!
//! Scalable targets are looked at with their services, every time: somebody may resume one in the middle of a stop. What
//! of them is only remembered is asked for once in a run and carried over; so are policies, unless one of them names a
//! load balancer, which Curfew may have put again.

mod measure;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use aws_config::SdkConfig;
use aws_sdk_applicationautoscaling::Client;
use aws_sdk_applicationautoscaling::types::{
    MetricType, PolicyType, PredefinedMetricSpecification, ScalableDimension, ScalableTarget, ScalingPolicy,
    ServiceNamespace, SuspendedState, TargetTrackingScalingPolicyConfiguration,
};
use futures::future::join_all;

use super::errors::{Outcome, failed};
use crate::model::*;
use crate::ports::ActionError;

/// The most resource ids that one DescribeScalableTargets takes (bc:application-autoscaling).
const TARGET_BATCH: usize = 50;
/// The scalable target was there at the last look.
const GONE_MEANWHILE: &[&str] = &["ObjectNotFoundException"];

/// A service's auto scaling as it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// In the blueprint's words.
    pub(super) scaling: Scaling,
    /// The policies that name a load balancer.
    pub(super) load_balancer_policies: BTreeMap<String, LoadBalancerPolicy>,
}

/// Application Auto Scaling in one region.
#[derive(Debug)]
pub(super) struct ApplicationAutoScaling {
    client: Client,
}

impl ApplicationAutoScaling {
    pub(super) fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config) }
    }

    /// The auto scaling of those of these services that have any, each with what an earlier look saw.
    pub(super) async fn of_services(
        &self,
        cluster: &ClusterName,
        services: &BTreeMap<ServiceName, Option<Seen>>,
    ) -> Result<BTreeMap<ServiceName, Seen>, ActionError> {
        let names: Vec<&ServiceName> = services.keys().collect();
        let batches = join_all(names.chunks(TARGET_BATCH).map(|batch| self.targets(cluster, batch))).await;
        let targets = batches.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
        let found = join_all(targets.map(|(name, target)| async move {
            let before = services.get(&name).cloned().flatten();
            Ok((name.clone(), self.complete(cluster, &name, &target, before).await?))
        }));
        found.await.into_iter().collect()
    }

    async fn targets(
        &self,
        cluster: &ClusterName,
        services: &[&ServiceName],
    ) -> Result<Vec<(ServiceName, ScalableTarget)>, ActionError> {
        let ids = services.iter().map(|service| resource_id(cluster, service)).collect();
        let call = self.client.describe_scalable_targets().service_namespace(ServiceNamespace::Ecs);
        let pages = call.set_resource_ids(Some(ids)).into_paginator().items().send();
        let targets: Vec<ScalableTarget> =
            pages.collect::<Result<_, _>>().await.map_err(failed("application-autoscaling:DescribeScalableTargets"))?;
        let of = |target: ScalableTarget| {
            let name = services.iter().find(|service| resource_id(cluster, service) == target.resource_id)?;
            Some(((*name).clone(), target))
        };
        Ok(targets.into_iter().filter_map(of).collect())
    }

    async fn complete(
        &self,
        cluster: &ClusterName,
        service: &ServiceName,
        target: &ScalableTarget,
        before: Option<Seen>,
    ) -> Result<Seen, ActionError> {
        let mut seen = match before {
            Some(before) if before.load_balancer_policies.is_empty() => before,
            Some(before) => {
                let policies = self.policies(cluster, service).await?;
                with_policies(before.scaling, &policies)
            }
            None => {
                let both = tokio::join!(self.policies(cluster, service), self.scheduled_actions(cluster, service));
                let (policies, scheduled_actions) = (both.0?, both.1?);
                with_policies(Scaling { scheduled_actions, ..Scaling::default() }, &policies)
            }
        };
        seen.scaling.suspended = suspensions(target.suspended_state());
        seen.scaling.bounds =
            Some(Bounds { minimum: count(target.min_capacity()), maximum: count(target.max_capacity()) });
        Ok(seen)
    }

    async fn policies(&self, cluster: &ClusterName, service: &ServiceName) -> Result<Vec<ScalingPolicy>, ActionError> {
        let call = self.client.describe_scaling_policies().service_namespace(ServiceNamespace::Ecs);
        let call = call
            .resource_id(resource_id(cluster, service))
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
        let pages = call.into_paginator().items().send();
        pages.collect::<Result<_, _>>().await.map_err(failed("application-autoscaling:DescribeScalingPolicies"))
    }

    async fn scheduled_actions(
        &self,
        cluster: &ClusterName,
        service: &ServiceName,
    ) -> Result<BTreeMap<String, String>, ActionError> {
        let call = self.client.describe_scheduled_actions().service_namespace(ServiceNamespace::Ecs);
        let call = call
            .resource_id(resource_id(cluster, service))
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
        let pages = call.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let actions = pages.map_err(failed("application-autoscaling:DescribeScheduledActions"))?;
        Ok(actions.iter().map(|one| (one.scheduled_action_name().to_owned(), words::scheduled_action(one))).collect())
    }

    /// Sets what is suspended. Bounds that are not sent are left as they are (bc:application-autoscaling), but the count is
    /// moved into them.
    pub(super) async fn suspend(
        &self,
        cluster: &ClusterName,
        service: &ServiceName,
        suspended: &BTreeSet<Suspension>,
    ) -> Result<(), ActionError> {
        let call = self.client.register_scalable_target().service_namespace(ServiceNamespace::Ecs);
        let call = call
            .resource_id(resource_id(cluster, service))
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
        let answer = call.suspended_state(suspended_state(suspended)).send().await;
        answer.map_err(failed("application-autoscaling:RegisterScalableTarget")).later_on(GONE_MEANWHILE)?;
        Ok(())
    }

    /// Puts a policy again, all of it.
    pub(super) async fn put_policy(
        &self,
        cluster: &ClusterName,
        service: &ServiceName,
        policy: &str,
        configuration: &RequestCount,
    ) -> Result<(), ActionError> {
        let call = self.client.put_scaling_policy().policy_name(policy).service_namespace(ServiceNamespace::Ecs);
        let call = call
            .resource_id(resource_id(cluster, service))
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
        let call = call.policy_type(PolicyType::TargetTrackingScaling);
        let configuration = request_count(configuration)?;
        let answer = call.target_tracking_scaling_policy_configuration(configuration).send().await;
        answer.map_err(failed("application-autoscaling:PutScalingPolicy")).later_on(GONE_MEANWHILE)?;
        Ok(())
    }
}

/// How Application Auto Scaling names a service of ECS (bc:application-autoscaling).
fn resource_id(cluster: &ClusterName, service: &ServiceName) -> String {
    format!("service/{cluster}/{service}")
}

fn with_policies(scaling: Scaling, policies: &[ScalingPolicy]) -> Seen {
    let in_words = policies.iter().map(|one| (one.policy_name().to_owned(), words::policy(one))).collect();
    let of_load_balancers = policies.iter().filter_map(|one| Some((one.policy_name().to_owned(), measure::of(one)?)));
    Seen { scaling: Scaling { policies: in_words, ..scaling }, load_balancer_policies: of_load_balancers.collect() }
}

fn suspensions(state: Option<&SuspendedState>) -> BTreeSet<Suspension> {
    let is = |field: fn(&SuspendedState) -> Option<bool>| state.and_then(field).unwrap_or_default();
    [
        (Suspension::DynamicScalingIn, is(SuspendedState::dynamic_scaling_in_suspended)),
        (Suspension::DynamicScalingOut, is(SuspendedState::dynamic_scaling_out_suspended)),
        (Suspension::ScheduledScaling, is(SuspendedState::scheduled_scaling_suspended)),
    ]
    .into_iter()
    .filter_map(|(suspension, suspended)| suspended.then_some(suspension))
    .collect()
}

/// All three are said: what is left out is not changed.
fn suspended_state(suspended: &BTreeSet<Suspension>) -> SuspendedState {
    SuspendedState::builder()
        .dynamic_scaling_in_suspended(suspended.contains(&Suspension::DynamicScalingIn))
        .dynamic_scaling_out_suspended(suspended.contains(&Suspension::DynamicScalingOut))
        .scheduled_scaling_suspended(suspended.contains(&Suspension::ScheduledScaling))
        .build()
}

fn request_count(wanted: &RequestCount) -> Result<TargetTrackingScalingPolicyConfiguration, ActionError> {
    let unmade = |error: aws_sdk_applicationautoscaling::error::BuildError| ActionError {
        call: "application-autoscaling:PutScalingPolicy".to_owned(),
        code: "request".to_owned(),
        message: error.to_string(),
        retry: Retry::Never,
    };
    let metric = PredefinedMetricSpecification::builder()
        .predefined_metric_type(MetricType::AlbRequestCountPerTarget)
        .resource_label(wanted.label.to_string())
        .build()
        .map_err(unmade)?;
    let signed = |seconds: Option<u32>| seconds.map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX));
    TargetTrackingScalingPolicyConfiguration::builder()
        .target_value(wanted.target_value.0)
        .predefined_metric_specification(metric)
        .set_scale_out_cooldown(signed(wanted.scale_out_cooldown))
        .set_scale_in_cooldown(signed(wanted.scale_in_cooldown))
        .set_disable_scale_in(wanted.disable_scale_in)
        .build()
        .map_err(unmade)
}

/// AWS counts in signed numbers.
fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_named_with_its_cluster() {
        let cluster: ClusterName = "durable-dev".parse().expect("a name");
        let service: ServiceName = "api".parse().expect("a name");
        assert_eq!(resource_id(&cluster, &service), "service/durable-dev/api");
    }

    #[test]
    fn what_is_suspended_is_said_and_read_one_by_one() {
        let some: BTreeSet<Suspension> = [Suspension::DynamicScalingIn, Suspension::ScheduledScaling].into();
        for suspended in [BTreeSet::new(), some, Suspension::all()] {
            let state = suspended_state(&suspended);
            assert_eq!(suspensions(Some(&state)), suspended);
            assert!(state.dynamic_scaling_out_suspended().is_some(), "what is left out is not changed");
        }
        assert_eq!(suspensions(None), BTreeSet::new());
    }
}
