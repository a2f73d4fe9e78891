//! What a service is made from, to and from the SDK's types.

use aws_sdk_ecs::error::BuildError;
use aws_sdk_ecs::operation::create_service::builders::CreateServiceFluentBuilder;
use aws_sdk_ecs::types as sdk;

use crate::model::*;

/// Reads the definition of a service that is deleted at night.
///
/// # Errors
/// What in it the blueprint has no words for.
pub(super) fn from_sdk(service: &sdk::Service, tags: &Tags) -> Result<ServiceDefinition, String> {
    let network = service.network_configuration().and_then(|one| one.awsvpc_configuration());
    let network = network.ok_or("has no network configuration of its own")?;
    let deployment = service.deployment_configuration();
    let percent = |value: Option<i32>, default| value.and_then(|value| u32::try_from(value).ok()).unwrap_or(default);
    Ok(ServiceDefinition {
        subnets: ids(network.subnets())?,
        security_groups: ids(network.security_groups())?,
        assign_public_ip: network.assign_public_ip() == Some(&sdk::AssignPublicIp::Enabled),
        attachments: service.load_balancers().iter().map(attachment).collect::<Result<_, _>>()?,
        capacity: service.capacity_provider_strategy().iter().map(capacity).collect(),
        // What AWS fills in.
        platform_version: service.platform_version().filter(|version| *version != "LATEST").map(str::to_owned),
        maximum_percent: percent(deployment.and_then(|one| one.maximum_percent()), 200),
        minimum_healthy_percent: percent(deployment.and_then(|one| one.minimum_healthy_percent()), 100),
        circuit_breaker: deployment
            .and_then(|one| one.deployment_circuit_breaker())
            .map_or(CircuitBreaker::Off, circuit_breaker),
        deployment_alarms: deployment.and_then(|one| one.alarms()).and_then(alarms),
        health_check_grace_period: service
            .health_check_grace_period_seconds()
            .and_then(|seconds| u32::try_from(seconds).ok())
            .filter(|seconds| *seconds > 0),
        execute_command: service.enable_execute_command(),
        managed_tags: service.enable_ecs_managed_tags(),
        propagate_tags: service
            .propagate_tags()
            .filter(|whose| **whose != sdk::PropagateTags::None)
            .map(|whose| whose.as_str().to_owned()),
        availability_zone_rebalancing: service.availability_zone_rebalancing().map(|value| value.as_str().to_owned()),
        registries: service.service_registries().iter().map(registry).collect(),
        // ECS names its service-linked role in answers and refuses it in requests.
        role: service.role_arn().filter(|role| !role.contains("/aws-service-role/")).map(str::to_owned),
        tags: own_tags(tags),
    })
}

fn ids<T: std::str::FromStr<Err = InvalidId> + Ord>(texts: &[String]) -> Result<std::collections::BTreeSet<T>, String> {
    texts.iter().map(|text| text.parse().map_err(|error: InvalidId| error.to_string())).collect()
}

fn attachment(one: &sdk::LoadBalancer) -> Result<ServiceAttachment, String> {
    let target_group = one.target_group_arn().unwrap_or_default().parse().map_err(|error: InvalidId| error.to_string());
    Ok(ServiceAttachment {
        target_group: target_group?,
        container: one.container_name().unwrap_or_default().to_owned(),
        port: port(one.container_port()).ok_or("is attached to a target group without a port")?,
    })
}

fn port(number: Option<i32>) -> Option<u16> {
    number.and_then(|number| u16::try_from(number).ok())
}

fn capacity(item: &sdk::CapacityProviderStrategyItem) -> CapacityShare {
    CapacityShare {
        provider: item.capacity_provider().to_owned(),
        base: u32::try_from(item.base()).unwrap_or_default(),
        weight: u32::try_from(item.weight()).unwrap_or_default(),
    }
}

fn circuit_breaker(breaker: &sdk::DeploymentCircuitBreaker) -> CircuitBreaker {
    match (breaker.enable(), breaker.rollback()) {
        (false, _) => CircuitBreaker::Off,
        (true, false) => CircuitBreaker::Stop,
        (true, true) => CircuitBreaker::Rollback,
    }
}

fn alarms(alarms: &sdk::DeploymentAlarms) -> Option<DeploymentAlarms> {
    let names = alarms.alarm_names().to_vec();
    let anything = !names.is_empty() || alarms.enable() || alarms.rollback();
    anything.then_some(DeploymentAlarms { names, enable: alarms.enable(), rollback: alarms.rollback() })
}

fn registry(one: &sdk::ServiceRegistry) -> ServiceRegistry {
    ServiceRegistry {
        arn: one.registry_arn().unwrap_or_default().to_owned(),
        port: port(one.port()),
        container_name: one.container_name().map(str::to_owned),
        container_port: port(one.container_port()),
    }
}

/// Fills a CreateService call with a definition.
pub(super) fn fill(
    call: CreateServiceFluentBuilder,
    wanted: &ServiceDefinition,
) -> Result<CreateServiceFluentBuilder, BuildError> {
    let call = if wanted.capacity.is_empty() {
        call.launch_type(sdk::LaunchType::Fargate)
    } else {
        let shares = wanted.capacity.iter().map(to_capacity).collect::<Result<_, _>>()?;
        call.set_capacity_provider_strategy(Some(shares))
    };
    let attachments: Vec<_> = wanted.attachments.iter().map(to_attachment).collect();
    let registries: Vec<_> = wanted.registries.iter().map(to_registry).collect();
    Ok(call
        .network_configuration(to_network(wanted)?)
        .set_load_balancers((!attachments.is_empty()).then_some(attachments))
        .set_service_registries((!registries.is_empty()).then_some(registries))
        .set_platform_version(wanted.platform_version.clone())
        .deployment_configuration(to_deployment(wanted)?)
        .set_health_check_grace_period_seconds(wanted.health_check_grace_period.map(signed))
        .enable_execute_command(wanted.execute_command)
        .enable_ecs_managed_tags(wanted.managed_tags)
        .set_propagate_tags(wanted.propagate_tags.as_deref().map(Into::into))
        .set_availability_zone_rebalancing(wanted.availability_zone_rebalancing.as_deref().map(Into::into))
        .set_role(wanted.role.clone()))
}

/// AWS counts in signed numbers.
pub(super) fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn to_network(wanted: &ServiceDefinition) -> Result<sdk::NetworkConfiguration, BuildError> {
    let public = if wanted.assign_public_ip { sdk::AssignPublicIp::Enabled } else { sdk::AssignPublicIp::Disabled };
    let network = sdk::AwsVpcConfiguration::builder()
        .set_subnets(Some(wanted.subnets.iter().map(SubnetId::to_string).collect()))
        .set_security_groups(Some(wanted.security_groups.iter().map(SecurityGroupId::to_string).collect()))
        .assign_public_ip(public)
        .build()?;
    Ok(sdk::NetworkConfiguration::builder().awsvpc_configuration(network).build())
}

fn to_deployment(wanted: &ServiceDefinition) -> Result<sdk::DeploymentConfiguration, BuildError> {
    let (enable, rollback) = match wanted.circuit_breaker {
        CircuitBreaker::Off => (false, false),
        CircuitBreaker::Stop => (true, false),
        CircuitBreaker::Rollback => (true, true),
    };
    let breaker = sdk::DeploymentCircuitBreaker::builder().enable(enable).rollback(rollback).build();
    let alarms = wanted.deployment_alarms.as_ref().map(to_alarms).transpose()?;
    Ok(sdk::DeploymentConfiguration::builder()
        .maximum_percent(signed(wanted.maximum_percent))
        .minimum_healthy_percent(signed(wanted.minimum_healthy_percent))
        .deployment_circuit_breaker(breaker)
        .set_alarms(alarms)
        .build())
}

fn to_alarms(wanted: &DeploymentAlarms) -> Result<sdk::DeploymentAlarms, BuildError> {
    sdk::DeploymentAlarms::builder()
        .set_alarm_names(Some(wanted.names.clone()))
        .enable(wanted.enable)
        .rollback(wanted.rollback)
        .build()
}

fn to_capacity(share: &CapacityShare) -> Result<sdk::CapacityProviderStrategyItem, BuildError> {
    sdk::CapacityProviderStrategyItem::builder()
        .capacity_provider(&share.provider)
        .base(signed(share.base))
        .weight(signed(share.weight))
        .build()
}

fn to_attachment(wanted: &ServiceAttachment) -> sdk::LoadBalancer {
    sdk::LoadBalancer::builder()
        .target_group_arn(wanted.target_group.as_str())
        .container_name(&wanted.container)
        .container_port(i32::from(wanted.port))
        .build()
}

fn to_registry(wanted: &ServiceRegistry) -> sdk::ServiceRegistry {
    sdk::ServiceRegistry::builder()
        .registry_arn(&wanted.arn)
        .set_port(wanted.port.map(i32::from))
        .set_container_name(wanted.container_name.clone())
        .set_container_port(wanted.container_port.map(i32::from))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition() -> ServiceDefinition {
        let group = "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/api/0123456789abcdef";
        ServiceDefinition {
            subnets: ["subnet-1".parse().expect("an id"), "subnet-2".parse().expect("an id")].into(),
            security_groups: ["sg-1".parse().expect("an id")].into(),
            assign_public_ip: true,
            attachments: vec![ServiceAttachment {
                target_group: group.parse().expect("an ARN"),
                container: "api".into(),
                port: 8080,
            }],
            capacity: vec![CapacityShare { provider: "FARGATE_SPOT".into(), base: 1, weight: 4 }],
            platform_version: Some("1.4.0".into()),
            maximum_percent: 150,
            minimum_healthy_percent: 50,
            circuit_breaker: CircuitBreaker::Rollback,
            deployment_alarms: Some(DeploymentAlarms { names: vec!["a".into()], enable: true, rollback: false }),
            health_check_grace_period: Some(90),
            execute_command: true,
            managed_tags: true,
            propagate_tags: Some("SERVICE".into()),
            availability_zone_rebalancing: Some("DISABLED".into()),
            registries: vec![ServiceRegistry {
                arn: "arn:aws:servicediscovery:us-west-2:123456789012:service/srv-1".into(),
                port: None,
                container_name: Some("api".into()),
                container_port: Some(8080),
            }],
            role: None,
            tags: [("Team".to_owned(), "a".to_owned())].into(),
        }
    }

    /// What AWS would describe after a call.
    fn described(call: &CreateServiceFluentBuilder) -> sdk::Service {
        sdk::Service::builder()
            .set_network_configuration(call.get_network_configuration().clone())
            .set_load_balancers(call.get_load_balancers().clone())
            .set_capacity_provider_strategy(call.get_capacity_provider_strategy().clone())
            .set_platform_version(call.get_platform_version().clone())
            .set_deployment_configuration(call.get_deployment_configuration().clone())
            .set_health_check_grace_period_seconds(*call.get_health_check_grace_period_seconds())
            .set_enable_execute_command(*call.get_enable_execute_command())
            .set_enable_ecs_managed_tags(*call.get_enable_ecs_managed_tags())
            .set_propagate_tags(call.get_propagate_tags().clone())
            .set_availability_zone_rebalancing(call.get_availability_zone_rebalancing().clone())
            .set_service_registries(call.get_service_registries().clone())
            .set_role_arn(call.get_role().clone())
            .build()
    }

    #[test]
    fn a_definition_survives_the_way_there_and_back() {
        let settings =
            aws_sdk_ecs::Config::builder().behavior_version(aws_sdk_ecs::config::BehaviorVersion::latest()).build();
        let client = aws_sdk_ecs::Client::from_conf(settings);
        let wanted = definition();
        let call = fill(client.create_service(), &wanted).expect("a call");
        assert_eq!(from_sdk(&described(&call), &wanted.tags), Ok(wanted));
    }

    #[test]
    fn the_service_linked_role_is_left_out() {
        let network = to_network(&definition()).expect("a network");
        let role = "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
        let service = sdk::Service::builder().network_configuration(network).role_arn(role).build();
        assert_eq!(from_sdk(&service, &Tags::new()).map(|read| read.role), Ok(None));
    }
}
