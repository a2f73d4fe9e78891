//! Where people may have written ids and names that are others each morning: rules, task definitions, dashboards, health
//! checks, flow logs, alarms of NAT gateways and VPC endpoints. Each is looked through as far as the caller may.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::Filter;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::AT_ONCE;
use crate::aws::Aws;
use crate::aws::errors::failed;
use crate::mentions::{Identity, Mentions, Needle};
use crate::ports::ActionError;

const DASHBOARDS: &str = "cloudwatch:ListDashboards";
const ALARMS: &str = "cloudwatch:DescribeAlarms";
const RULES: &str = "elasticloadbalancing:DescribeRules";
const ALARMS_KIND: &str = "alarms";
const FLOW_LOGS: &str = "ec2:DescribeFlowLogs";
const INTERFACES: &str = "ec2:DescribeNetworkInterfaces";
const TASK_DEFINITION: &str = "ecs:DescribeTaskDefinition";
const HEALTH_CHECKS: &str = "route53:ListHealthChecks";

/// Looks through everything; `definitions` are the task definitions of the cluster's services, and rules of load balancers
/// in `own` are the tier's, which are given the new names.
pub(super) async fn find(
    aws: &Aws,
    needles: &[Needle],
    definitions: &BTreeSet<String>,
    own: &BTreeSet<String>,
) -> Mentions {
    if needles.is_empty() {
        return Mentions::default();
    }
    let texts = tokio::join!(
        task_definitions(aws, definitions),
        rules(aws, own),
        dashboards(aws),
        health_checks(aws),
        flow_logs(aws),
        alarms(aws),
    );
    let mut mentions = Mentions::default();
    for (kind, answer) in [
        ("task definitions", texts.0),
        ("rules of other load balancers", texts.1),
        ("dashboards", texts.2),
        ("health checks", texts.3),
        ("flow logs", texts.4),
        (ALARMS_KIND, texts.5),
    ] {
        match answer {
            // Which alarms watch a NAT gateway is told with what the blueprint says of them.
            Ok(texts) if kind == ALARMS_KIND => {
                let others: Vec<Needle> = needles.iter().filter(|one| !is_of_gateway(one)).cloned().collect();
                texts.iter().for_each(|(place, text)| mentions.look_at(place, text, &others));
            }
            Ok(texts) => texts.iter().for_each(|(place, text)| mentions.look_at(place, text, needles)),
            Err(error) => mentions.unseen.push(format!("{kind} could not be looked through: {error}")),
        }
    }
    mentions
}

fn is_of_gateway(needle: &Needle) -> bool {
    match needle.identity {
        Identity::NatGateway(_) => true,
        Identity::DnsName(_) | Identity::Arn(_) | Identity::VpcEndpoint(_) | Identity::Address(_) => false,
    }
}

/// Places with what is written there.
type Texts = Vec<(String, String)>;

async fn task_definitions(aws: &Aws, definitions: &BTreeSet<String>) -> Result<Texts, ActionError> {
    let answers = stream::iter(definitions.iter().cloned()).map(|definition| async move {
        let call = aws.ecs.describe_task_definition().task_definition(&definition);
        call.send().await.map_err(failed(TASK_DEFINITION))
    });
    let answers: Vec<_> = answers.buffered(AT_ONCE).try_collect().await?;
    let mut texts = Texts::new();
    for definition in answers.iter().filter_map(|answer| answer.task_definition()) {
        let name = format!("{}:{}", definition.family().unwrap_or_default(), definition.revision());
        for container in definition.container_definitions() {
            let of = container.name().unwrap_or_default();
            for variable in container.environment() {
                let place = format!(
                    "variable {} of container {of} of task definition {name}",
                    variable.name().unwrap_or_default()
                );
                texts.push((place, variable.value().unwrap_or_default().to_owned()));
            }
            let command = container.entry_point().iter().chain(container.command());
            let command = command.map(String::as_str).collect::<Vec<_>>().join(" ");
            texts.push((format!("command of container {of} of task definition {name}"), command));
        }
    }
    Ok(texts)
}

async fn rules(aws: &Aws, own: &BTreeSet<String>) -> Result<Texts, ActionError> {
    let balancers = aws.elb.describe_load_balancers().into_paginator().items().send();
    let balancers: Vec<_> =
        balancers.collect::<Result<_, _>>().await.map_err(failed("elasticloadbalancing:DescribeLoadBalancers"))?;
    let mut texts = Texts::new();
    for balancer in balancers.iter().filter(|one| !own.contains(one.load_balancer_name().unwrap_or_default())) {
        let name = balancer.load_balancer_name().unwrap_or_default();
        let arn = balancer.load_balancer_arn().unwrap_or_default();
        let listeners = aws.elb.describe_listeners().load_balancer_arn(arn).into_paginator().items().send();
        let listeners: Vec<_> =
            listeners.collect::<Result<_, _>>().await.map_err(failed("elasticloadbalancing:DescribeListeners"))?;
        for listener in &listeners {
            let call = aws.elb.describe_rules().listener_arn(listener.listener_arn().unwrap_or_default());
            let answer = call.send().await.map_err(failed(RULES))?;
            let port = listener.port().unwrap_or_default();
            let text = |one| format!("{one:?}");
            texts.extend(answer.rules().iter().map(|rule| {
                let priority = rule.priority().unwrap_or_default();
                (format!("rule {priority} of listener {port} of load balancer {name}"), text(rule))
            }));
        }
    }
    Ok(texts)
}

async fn dashboards(aws: &Aws) -> Result<Texts, ActionError> {
    let pages = aws.cloudwatch.list_dashboards().into_paginator().items().send();
    let listed: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed(DASHBOARDS))?;
    let names = listed.iter().filter_map(|one| one.dashboard_name()).map(str::to_owned);
    let bodies = stream::iter(names.collect::<Vec<_>>()).map(|name| async move {
        let answer = aws.cloudwatch.get_dashboard().dashboard_name(&name).send().await;
        let answer = answer.map_err(failed("cloudwatch:GetDashboard"))?;
        Ok((format!("dashboard {name}"), answer.dashboard_body().unwrap_or_default().to_owned()))
    });
    bodies.buffered(AT_ONCE).try_collect().await
}

async fn health_checks(aws: &Aws) -> Result<Texts, ActionError> {
    let pages = aws.route53.list_health_checks().into_paginator().items().send();
    let checks: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed(HEALTH_CHECKS))?;
    let text = |one: &aws_sdk_route53::types::HealthCheck| {
        let config = one.health_check_config.as_ref();
        let name = config.and_then(|config| config.fully_qualified_domain_name()).unwrap_or_default();
        let address = config.and_then(|config| config.ip_address()).unwrap_or_default();
        (format!("health check {} of Route 53", one.id()), format!("{name} {address}"))
    };
    Ok(checks.iter().map(text).collect())
}

/// AWS says in the description of an interface what it is of: "Interface for NAT Gateway nat-…", "ELB app/…".
async fn flow_logs(aws: &Aws) -> Result<Texts, ActionError> {
    let pages = aws.ec2.describe_flow_logs().into_paginator().items().send();
    let logs: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed(FLOW_LOGS))?;
    let of: BTreeMap<&str, &str> =
        logs.iter().filter_map(|log| Some((log.resource_id()?, log.flow_log_id()?))).collect();
    let interfaces: Vec<String> = of.keys().filter(|id| id.starts_with("eni-")).map(|id| (*id).to_owned()).collect();
    let mut texts: Texts = of.iter().map(|(id, log)| (format!("flow log {log}"), (*id).to_owned())).collect();
    if interfaces.is_empty() {
        return Ok(texts);
    }
    let filter = Filter::builder().name("network-interface-id").set_values(Some(interfaces)).build();
    let pages = aws.ec2.describe_network_interfaces().filters(filter).into_paginator().items().send();
    let found: Vec<_> = pages.collect::<Result<_, _>>().await.map_err(failed(INTERFACES))?;
    texts.extend(found.iter().filter_map(|one| {
        let (id, description) = (one.network_interface_id()?, one.description()?);
        Some((format!("flow log {} on interface {id}", of.get(id)?), description.to_owned()))
    }));
    Ok(texts)
}

/// Those on load balancers are told with what the blueprint says of them; here by what else they watch.
async fn alarms(aws: &Aws) -> Result<Texts, ActionError> {
    let pages = aws.cloudwatch.describe_alarms().into_paginator().send().collect::<Result<Vec<_>, _>>().await;
    let pages = pages.map_err(failed(ALARMS))?;
    let is_of_balancer = |one: &&aws_sdk_cloudwatch::types::MetricAlarm| {
        !format!("{:?} {:?}", one.dimensions(), one.metrics()).contains("\"LoadBalancer\"")
    };
    let all = pages.iter().flat_map(|page| page.metric_alarms()).filter(is_of_balancer);
    Ok(all
        .map(|one| {
            let text = format!("{:?} {:?}", one.dimensions(), one.metrics());
            (format!("alarm {}", one.alarm_name().unwrap_or_default()), text)
        })
        .collect())
}
