//! One morning as a Gantt chart, by the run's own report: what took how long, and what waited for what.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use curfew_core::model::*;
use curfew_core::next::Waiting;
use curfew_core::report::{PerformedAction, Report};
use serde::Serialize;

/// What is brought back, in the order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Elastic IPs, where they are not kept.
    Address,
    /// A NAT gateway, until it is available.
    NatGateway,
    /// A load balancer, until it is active.
    LoadBalancer,
    /// All that hangs on it: listeners, rules, certificates, attributes.
    Configuration,
    /// DNS records, until they are in sync.
    Records,
    /// Default routes.
    Routes,
    /// A database, until it is available.
    Database,
    /// A service's tasks, until they run.
    Tasks,
    /// A service's targets, from running to healthy.
    Targets,
    /// A VPC endpoint, until it is available.
    VpcEndpoint,
}

/// A row of the chart. Times are seconds after the start.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What kind of thing.
    pub kind: Kind,
    /// What it is called.
    pub label: String,
    /// When the first call about it was made.
    pub from: f64,
    /// When it was there.
    pub to: f64,
    /// What it waited for, if for anything.
    pub after: Option<Kind>,
}

/// The chart of a morning.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gantt {
    /// When it began.
    pub at: DateTime<Utc>,
    /// When everything was there, in seconds after the start.
    pub seconds: f64,
    /// What was brought back.
    pub rows: Vec<Row>,
}

/// Which services' tasks are behind which target group.
pub type Behind = BTreeMap<TargetGroupArn, ServiceName>;

impl Gantt {
    /// The chart of a run that brought an environment up.
    pub fn of(report: &Report, behind: &Behind) -> Self {
        let mut chart = Chart { start: report.started_at, spans: BTreeMap::new() };
        report.actions.iter().for_each(|action| chart.add_action(action));
        for waited in &report.waited {
            if let Some(key) = waited_for(&waited.on) {
                let from = chart.seconds(waited.from);
                chart.add(key, from, from + waited.seconds);
            }
        }
        chart.targets_follow_tasks(behind);
        let rows = chart.spans.iter().map(|(key, span)| Row {
            kind: key.0,
            label: key.1.clone(),
            from: span.0,
            to: span.1,
            after: chart.predecessor(key, *span),
        });
        Self { at: report.started_at, seconds: chart.seconds(report.ended_at), rows: rows.collect() }
    }
}

/// What a row is about.
type Key = (Kind, String);

struct Chart {
    start: DateTime<Utc>,
    spans: BTreeMap<Key, (f64, f64)>,
}

impl Chart {
    fn seconds(&self, at: DateTime<Utc>) -> f64 {
        (at - self.start).as_seconds_f64()
    }

    fn add(&mut self, key: Key, from: f64, to: f64) {
        let span = self.spans.entry(key).or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    }

    fn add_action(&mut self, action: &PerformedAction) {
        let kind = match action.action.as_str() {
            "AllocateAddress" => Kind::Address,
            "CreateNatGateway" => Kind::NatGateway,
            "CreateLoadBalancer" => Kind::LoadBalancer,
            "CreateListener"
            | "ModifyLoadBalancerAttributes"
            | "AssociateWebACL"
            | "ModifyListenerAttributes"
            | "AddListenerCertificates"
            | "CreateRule" => Kind::Configuration,
            "ChangeResourceRecordSets" => Kind::Records,
            "CreateRoute" | "ReplaceRoute" => Kind::Routes,
            "StartDBInstance" | "StartDBCluster" => Kind::Database,
            "CreateVpcEndpoint" => Kind::VpcEndpoint,
            "UpdateService" | "CreateService" => Kind::Tasks,
            // Anything else is no part of a morning.
            _ => return,
        };
        let label = match kind {
            Kind::Address | Kind::NatGateway | Kind::LoadBalancer | Kind::Database | Kind::VpcEndpoint => {
                action.subject.clone()
            }
            Kind::Tasks => action.subject.replacen("service ", "", 1),
            Kind::Configuration | Kind::Records | Kind::Routes | Kind::Targets => String::new(),
        };
        let from = self.seconds(action.at);
        self.add((kind, label), from, from + action.seconds);
    }

    /// A target waits from the moment its task runs; the run asks for both from the start.
    fn targets_follow_tasks(&mut self, behind: &Behind) {
        let tasks: BTreeMap<String, f64> = self
            .spans
            .iter()
            .filter(|((kind, _), _)| *kind == Kind::Tasks)
            .map(|((_, l), s)| (l.clone(), s.1))
            .collect();
        let mut renamed = BTreeMap::new();
        self.spans.retain(|(kind, label), span| {
            if *kind != Kind::Targets {
                return true;
            }
            let service =
                behind.iter().find(|(group, _)| group.name() == label.as_str()).map(|(_, name)| name.to_string());
            let running = service.as_ref().and_then(|name| tasks.get(name));
            let from = running.map_or(span.0, |running| running.min(span.1));
            renamed.insert((Kind::Targets, service.unwrap_or_else(|| label.clone())), (from, span.1));
            false
        });
        self.spans.extend(renamed);
    }

    /// What something waited for: of all that must be there before it, what came last.
    fn predecessor(&self, key: &Key, (from, to): (f64, f64)) -> Option<Kind> {
        let (needed, before): (&[Kind], f64) = match key.0 {
            Kind::Address | Kind::LoadBalancer | Kind::Configuration | Kind::Records | Kind::Database => (&[], from),
            Kind::VpcEndpoint => (&[], from),
            Kind::NatGateway => (&[Kind::Address], from),
            Kind::Routes => (&[Kind::NatGateway], from),
            Kind::Tasks => (&[Kind::Routes, Kind::Database, Kind::VpcEndpoint], from),
            // Tasks register as soon as they run; checks begin when the load balancer is there too.
            Kind::Targets => (&[Kind::Tasks, Kind::LoadBalancer], to),
        };
        let is_needed = |(kind, label): &Key| needed.contains(kind) && (*kind != Kind::Tasks || *label == key.1);
        let there = self.spans.iter().filter(|(other, span)| is_needed(other) && span.1 <= before);
        there.max_by(|(_, a), (_, b)| a.1.total_cmp(&b.1)).map(|((kind, _), _)| *kind)
    }
}

fn waited_for(on: &Waiting) -> Option<Key> {
    match on {
        Waiting::AddressFree { name, .. } => Some((Kind::Address, format!("address {name}"))),
        Waiting::NatGatewayAvailable(name) => Some((Kind::NatGateway, format!("NAT gateway {name}"))),
        Waiting::LoadBalancerActive(name) => Some((Kind::LoadBalancer, format!("load balancer {name}"))),
        Waiting::RecordInSync(_) => Some((Kind::Records, String::new())),
        Waiting::TasksRunning { service, .. } => Some((Kind::Tasks, service.to_string())),
        Waiting::TargetsHealthy { target_group, .. } => Some((Kind::Targets, target_group.name().to_owned())),
        Waiting::DatabaseAvailable { database, .. } => Some((Kind::Database, format!("database {database}"))),
        Waiting::VpcEndpointAvailable(name) => Some((Kind::VpcEndpoint, format!("VPC endpoint {name}"))),
        Waiting::NatGatewayDeleted(_)
        | Waiting::VpcEndpointDeleted(_)
        | Waiting::WebAclPossible(_)
        | Waiting::TasksGone { .. }
        | Waiting::TargetsDrained { .. }
        | Waiting::Turn { .. }
        | Waiting::ServiceGone(_)
        | Waiting::TargetGroupAttached(_)
        | Waiting::DatabaseStopped { .. }
        | Waiting::DatabaseStarted { .. }
        | Waiting::GraceOver { .. }
        | Waiting::StandaloneTasksEnded { .. }
        | Waiting::InstanceRunning { .. }
        | Waiting::InstanceStopped { .. }
        | Waiting::InstanceStarted { .. }
        | Waiting::GroupInService { .. }
        | Waiting::GroupEmpty { .. }
        | Waiting::Observed { .. } => None,
    }
}
