//! The kinds of resources that a runtime tier has to do with, each with the attributes that tell which one it is.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::{DatabaseKind, Tags};

/// A resource of AWS as a state names it. Ids and names are what AWS calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Managed {
    /// `aws_nat_gateway`
    NatGateway {
        /// Its id.
        id: String,
        /// Its subnet.
        subnet: Option<String>,
        /// The elastic IP it leaves by.
        allocation: Option<String>,
    },
    /// `aws_eip`
    Eip {
        /// Its allocation.
        id: String,
        /// Its tags as the configuration has them.
        tags: Tags,
    },
    /// `aws_route`
    Route {
        /// Its table and destination.
        table: String,
        /// Where from.
        destination: String,
        /// The NAT gateway it leads to.
        nat_gateway: Option<String>,
    },
    /// `aws_route_table`, with all routes in it, whoever made them: a state does not tell.
    RouteTable {
        /// Its id.
        id: String,
        /// Its routes.
        routes: Vec<InlineRoute>,
    },
    /// `aws_lb`
    LoadBalancer {
        /// Its ARN.
        arn: String,
    },
    /// `aws_lb_listener`, and what hangs on one: the ARN of the listener.
    OfListener {
        /// The listener's ARN.
        listener: String,
    },
    /// What guards a load balancer, by its ARN: `aws_wafv2_web_acl_association`, `aws_shield_protection`.
    GuardOf {
        /// What it guards.
        guarded: String,
    },
    /// `aws_cloudwatch_metric_alarm` with a load balancer among its dimensions, as those name it: `app/name/id`.
    AlarmOn {
        /// The load balancer.
        load_balancer: String,
        /// Where it names it.
        part: AlarmPart,
    },
    /// `aws_route53_record`
    Record {
        /// Its zone.
        zone: String,
        /// Its name, in lower case and without the last dot.
        name: String,
        /// Its type.
        kind: String,
    },
    /// `aws_ecs_service`
    Service {
        /// Its ARN.
        arn: String,
        /// Its task definition as the configuration has it.
        task_definition: Option<String>,
        /// Its tags as the configuration has them.
        tags: Tags,
    },
    /// `aws_ecs_cluster`
    Cluster {
        /// Its ARN.
        arn: String,
        /// Its tags as the configuration has them.
        tags: Tags,
    },
    /// Something of Application Auto Scaling's on a service, as that names it: `service/cluster/name`.
    ScalingOf {
        /// The service.
        resource: String,
        /// What it is.
        part: ScalingPart,
    },
    /// `aws_db_instance`, `aws_rds_cluster`, or an instance of a cluster: what it belongs to.
    Database {
        /// Instance or cluster.
        kind: DatabaseKind,
        /// Its name in RDS.
        identifier: String,
    },
    /// `aws_vpc_endpoint` that is an interface endpoint.
    VpcEndpoint {
        /// Its id.
        id: String,
        /// The service it leads to.
        service: String,
        /// Its VPC.
        vpc: String,
    },
    /// What hangs on a VPC endpoint: a policy, a subnet, a security group.
    OfVpcEndpoint {
        /// The endpoint's id.
        endpoint: String,
    },
    /// `aws_instance`
    Instance {
        /// Its id.
        id: String,
        /// Whether the configuration gives it a public address that goes when it is stopped.
        public_address: bool,
    },
    /// `aws_ec2_instance_state`: whether an instance runs.
    InstanceState {
        /// The instance's id.
        id: String,
    },
    /// `aws_autoscaling_group`
    AutoScalingGroup {
        /// What it is called.
        name: String,
    },
    /// `aws_rds_instance_state`: whether a DB instance runs.
    DatabaseState {
        /// The instance's name in RDS.
        identifier: String,
    },
}

/// Where an alarm names a load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmPart {
    /// In its own dimensions.
    Dimensions,
    /// In those of a metric that it computes with.
    Metrics,
}

/// A resource of Application Auto Scaling's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalingPart {
    /// `aws_appautoscaling_target`
    Target,
    /// `aws_appautoscaling_policy` that counts a load balancer's requests.
    RequestCountPolicy,
    /// Another policy, or a scheduled action.
    Other,
}

/// One route in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineRoute {
    /// Where from.
    pub destination: String,
    /// The NAT gateway it leads to.
    pub nat_gateway: String,
}

#[derive(Deserialize)]
struct NatGateway {
    id: String,
    subnet_id: Option<String>,
    allocation_id: Option<String>,
}

#[derive(Deserialize)]
struct Tagged {
    id: String,
    tags: Option<Tags>,
}

#[derive(Deserialize)]
struct Route {
    route_table_id: String,
    destination_cidr_block: Option<String>,
    destination_ipv6_cidr_block: Option<String>,
    nat_gateway_id: Option<String>,
}

#[derive(Deserialize)]
struct RouteTable {
    id: String,
    route: Option<Vec<RouteOfTable>>,
}

#[derive(Deserialize)]
struct RouteOfTable {
    cidr_block: Option<String>,
    ipv6_cidr_block: Option<String>,
    nat_gateway_id: Option<String>,
}

#[derive(Deserialize)]
struct Arn {
    arn: String,
}

#[derive(Deserialize)]
struct OfListener {
    listener_arn: String,
}

#[derive(Deserialize)]
struct Guard {
    resource_arn: String,
}

#[derive(Deserialize)]
struct Alarm {
    dimensions: Option<BTreeMap<String, String>>,
    metric_query: Option<Vec<MetricQuery>>,
}

#[derive(Deserialize)]
struct MetricQuery {
    metric: Option<Vec<Metric>>,
}

#[derive(Deserialize)]
struct Metric {
    dimensions: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Endpoint {
    id: String,
    service_name: String,
    vpc_id: String,
    vpc_endpoint_type: Option<String>,
}

#[derive(Deserialize)]
struct OfEndpoint {
    vpc_endpoint_id: String,
}

#[derive(Deserialize)]
struct Ec2Instance {
    id: String,
    associate_public_ip_address: Option<bool>,
}

#[derive(Deserialize)]
struct OfInstance {
    instance_id: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Record {
    zone_id: String,
    name: String,
    fqdn: Option<String>,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Service {
    id: String,
    task_definition: Option<String>,
    tags: Option<Tags>,
}

#[derive(Deserialize)]
struct Scaling {
    resource_id: String,
    target_tracking_scaling_policy_configuration: Option<Vec<TargetTracking>>,
}

#[derive(Deserialize)]
struct TargetTracking {
    predefined_metric_specification: Option<Vec<PredefinedMetric>>,
}

#[derive(Deserialize)]
struct PredefinedMetric {
    predefined_metric_type: Option<String>,
}

#[derive(Deserialize)]
struct Instance {
    identifier: String,
}

#[derive(Deserialize)]
struct Cluster {
    cluster_identifier: String,
}

/// Reads a resource of a type; none if its type, or what it is about, is none of a runtime tier's.
pub(super) fn read(kind: &str, attributes: &RawValue) -> Result<Option<Managed>, serde_json::Error> {
    let text = attributes.get();
    Ok(match kind {
        "aws_nat_gateway" => {
            let NatGateway { id, subnet_id, allocation_id } = serde_json::from_str(text)?;
            Some(Managed::NatGateway { id, subnet: said(subnet_id), allocation: said(allocation_id) })
        }
        "aws_eip" => {
            let Tagged { id, tags } = serde_json::from_str(text)?;
            Some(Managed::Eip { id, tags: tags.unwrap_or_default() })
        }
        "aws_route" => route(serde_json::from_str(text)?),
        "aws_route_table" | "aws_default_route_table" => Some(route_table(serde_json::from_str(text)?)),
        "aws_lb" | "aws_alb" => {
            let Arn { arn } = serde_json::from_str(text)?;
            Some(Managed::LoadBalancer { arn })
        }
        "aws_lb_listener" | "aws_alb_listener" => {
            let Arn { arn } = serde_json::from_str(text)?;
            Some(Managed::OfListener { listener: arn })
        }
        "aws_lb_listener_rule"
        | "aws_alb_listener_rule"
        | "aws_lb_listener_certificate"
        | "aws_alb_listener_certificate" => {
            let OfListener { listener_arn } = serde_json::from_str(text)?;
            Some(Managed::OfListener { listener: listener_arn })
        }
        "aws_wafv2_web_acl_association" | "aws_wafregional_web_acl_association" | "aws_shield_protection" => {
            let Guard { resource_arn } = serde_json::from_str(text)?;
            Some(Managed::GuardOf { guarded: resource_arn })
        }
        "aws_cloudwatch_metric_alarm" => alarm(serde_json::from_str(text)?),
        "aws_vpc_endpoint" => {
            let Endpoint { id, service_name, vpc_id, vpc_endpoint_type } = serde_json::from_str(text)?;
            let is_interface = vpc_endpoint_type.as_deref() == Some("Interface");
            is_interface.then_some(Managed::VpcEndpoint { id, service: service_name, vpc: vpc_id })
        }
        "aws_vpc_endpoint_policy"
        | "aws_vpc_endpoint_private_dns"
        | "aws_vpc_endpoint_subnet_association"
        | "aws_vpc_endpoint_security_group_association" => {
            let OfEndpoint { vpc_endpoint_id } = serde_json::from_str(text)?;
            Some(Managed::OfVpcEndpoint { endpoint: vpc_endpoint_id })
        }
        "aws_instance" => {
            let Ec2Instance { id, associate_public_ip_address } = serde_json::from_str(text)?;
            Some(Managed::Instance { id, public_address: associate_public_ip_address == Some(true) })
        }
        "aws_ec2_instance_state" => {
            let OfInstance { instance_id } = serde_json::from_str(text)?;
            Some(Managed::InstanceState { id: instance_id })
        }
        "aws_autoscaling_group" => {
            let Named { name } = serde_json::from_str(text)?;
            Some(Managed::AutoScalingGroup { name })
        }
        "aws_route53_record" => Some(record(serde_json::from_str(text)?)),
        "aws_ecs_service" => {
            let Service { id, task_definition, tags } = serde_json::from_str(text)?;
            Some(Managed::Service { arn: id, task_definition: said(task_definition), tags: tags.unwrap_or_default() })
        }
        "aws_ecs_cluster" => {
            let Tagged { id, tags } = serde_json::from_str(text)?;
            Some(Managed::Cluster { arn: id, tags: tags.unwrap_or_default() })
        }
        "aws_appautoscaling_target" => {
            let Scaling { resource_id, .. } = serde_json::from_str(text)?;
            Some(Managed::ScalingOf { resource: resource_id, part: ScalingPart::Target })
        }
        "aws_appautoscaling_policy" | "aws_appautoscaling_scheduled_action" => {
            let scaling: Scaling = serde_json::from_str(text)?;
            let part = if counts_requests(&scaling) { ScalingPart::RequestCountPolicy } else { ScalingPart::Other };
            Some(Managed::ScalingOf { resource: scaling.resource_id, part })
        }
        "aws_db_instance" => {
            let Instance { identifier } = serde_json::from_str(text)?;
            Some(Managed::Database { kind: DatabaseKind::Instance, identifier })
        }
        "aws_rds_cluster" | "aws_rds_cluster_instance" => {
            let Cluster { cluster_identifier } = serde_json::from_str(text)?;
            Some(Managed::Database { kind: DatabaseKind::Cluster, identifier: cluster_identifier })
        }
        "aws_rds_instance_state" => {
            let Instance { identifier } = serde_json::from_str(text)?;
            Some(Managed::DatabaseState { identifier })
        }
        _ => None,
    })
}

/// By the first load balancer it names.
fn alarm(alarm: Alarm) -> Option<Managed> {
    let named = |dimensions: Option<BTreeMap<String, String>>| dimensions.unwrap_or_default().remove("LoadBalancer");
    let metrics = alarm.metric_query.into_iter().flatten().filter_map(|query| query.metric).flatten();
    let in_metrics = || metrics.into_iter().find_map(|metric| named(metric.dimensions));
    match named(alarm.dimensions) {
        Some(load_balancer) => Some(Managed::AlarmOn { load_balancer, part: AlarmPart::Dimensions }),
        None => in_metrics().map(|load_balancer| Managed::AlarmOn { load_balancer, part: AlarmPart::Metrics }),
    }
}

fn counts_requests(scaling: &Scaling) -> bool {
    let tracking = scaling.target_tracking_scaling_policy_configuration.iter().flatten();
    let metrics = tracking.filter_map(|one| one.predefined_metric_specification.as_ref()).flatten();
    metrics.filter_map(|one| one.predefined_metric_type.as_deref()).any(|kind| kind == "ALBRequestCountPerTarget")
}

/// A text; Terraform writes none as an empty one too.
fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn route(route: Route) -> Option<Managed> {
    let destination = said(route.destination_cidr_block).or_else(|| said(route.destination_ipv6_cidr_block))?;
    Some(Managed::Route { table: route.route_table_id, destination, nat_gateway: said(route.nat_gateway_id) })
}

fn route_table(table: RouteTable) -> Managed {
    let through_nat = table.route.unwrap_or_default().into_iter().filter_map(|route| {
        let destination = said(route.cidr_block).or_else(|| said(route.ipv6_cidr_block))?;
        Some(InlineRoute { destination, nat_gateway: said(route.nat_gateway_id)? })
    });
    Managed::RouteTable { id: table.id, routes: through_nat.collect() }
}

fn record(record: Record) -> Managed {
    let name = said(record.fqdn).unwrap_or(record.name).to_ascii_lowercase();
    let name = name.trim_end_matches('.').replace("\\052", "*");
    Managed::Record { zone: record.zone_id, name, kind: record.kind }
}
