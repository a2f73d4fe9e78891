//! What of a service could not be brought back, in words (facts §3).

use aws_sdk_ecs::types::{
    Deployment, DeploymentControllerType, DeploymentStrategy, LaunchType, ResourceManagementType, SchedulingStrategy,
    Service,
};

/// What Curfew does not handle even by changing the count.
pub(super) fn always(service: &Service) -> Vec<String> {
    let mut reasons = Vec::new();
    let strategy = service.deployment_configuration().and_then(|configuration| configuration.strategy());
    if let Some(strategy) = strategy.filter(|strategy| **strategy != DeploymentStrategy::Rolling) {
        reasons.push(format!("deploys by {strategy}: its listener rules would be others every morning"));
    }
    let controller = service.deployment_controller().map(|controller| controller.r#type());
    if let Some(controller) = controller.filter(|controller| **controller != DeploymentControllerType::Ecs) {
        reasons.push(format!("is deployed by {controller}"));
    }
    if service.load_balancers().iter().any(|one| one.advanced_configuration().is_some()) {
        reasons.push("names listener rules, which are others every morning".to_owned());
    }
    if service.resource_management_type() == Some(&ResourceManagementType::Ecs) {
        reasons.push("is an Express Mode service, whose load balancer belongs to ECS".to_owned());
    }
    if service.scheduling_strategy() == Some(&SchedulingStrategy::Daemon) {
        reasons.push("is a daemon, which has no desired count".to_owned());
    }
    if let Some(launch_type) = service.launch_type().filter(|launch_type| **launch_type != LaunchType::Fargate) {
        reasons.push(format!("runs on {launch_type}, not on Fargate"));
    }
    for share in service.capacity_provider_strategy() {
        if !matches!(share.capacity_provider(), "FARGATE" | "FARGATE_SPOT") {
            reasons.push(format!("runs on the capacity provider {}, not on Fargate", share.capacity_provider()));
        }
    }
    reasons
}

/// What a service that is deleted at night could not be made again with.
pub(super) fn when_deleted(service: &Service) -> Vec<String> {
    let primary = service.deployments().iter().find(|deployment| deployment.status() == Some("PRIMARY"));
    let connected = |deployment: &Deployment| {
        deployment.service_connect_configuration().is_some_and(|configuration| configuration.enabled())
    };
    let breaker = service.deployment_configuration().and_then(|one| one.deployment_circuit_breaker());
    let tuned = breaker.is_some_and(|breaker| {
        breaker.reset_on_healthy_task() == Some(false) || breaker.threshold_configuration().is_some()
    });
    let rolling = service.deployment_configuration();
    let placed = !service.placement_constraints().is_empty() || !service.placement_strategy().is_empty();
    let classic = service.load_balancers().iter().any(|one| one.load_balancer_name().is_some_and(|n| !n.is_empty()));
    [
        (primary.is_some_and(connected), "uses Service Connect"),
        (primary.is_some_and(|one| !one.volume_configurations().is_empty()), "has volumes configured at deployment"),
        (primary.is_some_and(|one| !one.vpc_lattice_configurations().is_empty()), "uses VPC Lattice"),
        (placed, "has placement constraints or strategies"),
        (classic, "is attached to a classic load balancer"),
        (tuned, "has a circuit breaker with a threshold of its own"),
        (rolling.is_some_and(|one| !one.lifecycle_hooks().is_empty()), "has deployment lifecycle hooks"),
        (rolling.is_some_and(|one| one.early_success_criteria().is_some()), "has early success criteria"),
        (rolling.is_some_and(|one| one.bake_time_in_minutes().is_some_and(|time| time > 0)), "has a bake time"),
    ]
    .into_iter()
    .filter(|(present, _)| *present)
    .map(|(_, words)| format!("{words}, which Curfew could not make again"))
    .collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_ecs::types::{DeploymentConfiguration, PlacementStrategy};

    use super::*;

    #[test]
    fn a_rolling_fargate_service_is_supported() {
        let configuration = DeploymentConfiguration::builder().strategy(DeploymentStrategy::Rolling).build();
        let service =
            Service::builder().launch_type(LaunchType::Fargate).deployment_configuration(configuration).build();
        assert_eq!((always(&service), when_deleted(&service)), (vec![], vec![]));
    }

    #[test]
    fn blue_green_is_refused() {
        let configuration = DeploymentConfiguration::builder().strategy(DeploymentStrategy::BlueGreen).build();
        let service = Service::builder().deployment_configuration(configuration).build();
        assert_eq!(always(&service).len(), 1);
    }

    #[test]
    fn what_only_a_deletion_would_lose_is_refused_only_then() {
        let service = Service::builder().placement_strategy(PlacementStrategy::builder().build()).build();
        assert_eq!(always(&service), Vec::<String>::new());
        assert_eq!(when_deleted(&service).len(), 1);
    }
}
