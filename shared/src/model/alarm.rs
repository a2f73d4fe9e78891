//! CloudWatch's metric alarms that watch a load balancer or a NAT gateway, which is another one every morning.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use deserr::Deserr;
use serde::Serialize;

use super::ids::{InvalidId, LoadBalancerArn, LoadBalancerName, LogicalName, NatGatewayId};
use super::ownership::Owned;
use super::scaling::TargetValue;
use crate::blueprint::Problems;

/// What becomes in the morning of the alarms that watch a load balancer or a NAT gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserr)]
#[serde(rename_all = "kebab-case")]
#[deserr(error = Problems)]
pub enum Alarms {
    /// Nothing: they go on watching one that is gone.
    #[default]
    #[deserr(rename = "leave")]
    Leave,
    /// Each is put again, and watches the one that is there.
    #[deserr(rename = "repoint")]
    Repoint,
}

impl Alarms {
    /// Whether it is what a blueprint means that does not say.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What an alarm is put again for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum AlarmOn {
    /// A load balancer.
    LoadBalancer {
        /// Its name.
        name: LoadBalancerName,
        /// The one that it is to watch.
        load_balancer: Owned<LoadBalancerArn>,
    },
    /// A NAT gateway.
    NatGateway {
        /// Its name.
        name: LogicalName,
        /// The one that it is to watch.
        nat_gateway: Owned<NatGatewayId>,
    },
}

impl fmt::Display for AlarmOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoadBalancer { name, .. } => write!(f, "load balancer {name}"),
            Self::NatGateway { name, .. } => write!(f, "NAT gateway {name}"),
        }
    }
}

/// The alarms that watch a NAT gateway, the one that is there or one that was remembered as it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayAlarms {
    /// By these ids: metrics know no name of a NAT gateway.
    pub ids: BTreeSet<NatGatewayId>,
    /// By their names.
    pub alarms: BTreeMap<String, MetricAlarm>,
}

impl GatewayAlarms {
    /// Those of all alarms that name one of the ids; none if no alarm does.
    pub fn among(all: &BTreeMap<String, MetricAlarm>, ids: BTreeSet<NatGatewayId>) -> Option<Self> {
        let watching = all.iter().filter(|(_, alarm)| !alarm.nat_gateways().is_disjoint(&ids));
        let alarms: BTreeMap<String, MetricAlarm> =
            watching.map(|(name, alarm)| (name.clone(), alarm.clone())).collect();
        (!alarms.is_empty()).then_some(Self { ids, alarms })
    }

    /// The ids of those that were there before this one.
    pub fn before(&self, there: &NatGatewayId) -> BTreeSet<NatGatewayId> {
        self.ids.iter().filter(|id| *id != there).cloned().collect()
    }
}

/// A load balancer as the dimensions of metrics name it: `app/<name>/<id>`, the end of its ARN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WatchedLoadBalancer {
    /// Its name.
    pub name: LoadBalancerName,
    id: String,
}

impl WatchedLoadBalancer {
    /// The one with this ARN; none if it does not end as an application load balancer's.
    pub fn of(arn: &LoadBalancerArn) -> Option<Self> {
        arn.as_str().split_once(":loadbalancer/")?.1.parse().ok()
    }

    /// All that a text names, an expression of metric math or a query.
    fn all_in(text: &str) -> impl Iterator<Item = Self> {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || "-/".contains(c))).filter_map(|word| word.parse().ok())
    }

    /// The text with this one in the place of every other of its name.
    fn put_into(&self, text: &str) -> String {
        let others = Self::all_in(text).filter(|one| one.name == self.name && one != self);
        others.fold(text.to_owned(), |text, other| text.replace(&other.to_string(), &self.to_string()))
    }
}

impl FromStr for WatchedLoadBalancer {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId { text: text.to_owned(), wanted: "a load balancer's dimension (app/<name>/<id>)" };
        match text.split('/').collect::<Vec<_>>()[..] {
            ["app", name, id] if !id.is_empty() => {
                Ok(Self { name: name.parse().map_err(|_| invalid())?, id: id.to_owned() })
            }
            _ => Err(invalid()),
        }
    }
}

impl fmt::Display for WatchedLoadBalancer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "app/{}/{}", self.name, self.id)
    }
}

/// A metric alarm: all that PutMetricAlarm takes. It keeps its state, its history and its tags when it is put again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricAlarm {
    /// Its name, unique in its account and region.
    pub name: String,
    /// What people say of it.
    pub description: Option<String>,
    /// Whether it acts at all.
    pub actions_enabled: bool,
    /// What it does when all is well.
    pub ok_actions: Vec<String>,
    /// What it does when it fires.
    pub alarm_actions: Vec<String>,
    /// What it does when it knows nothing.
    pub insufficient_data_actions: Vec<String>,
    /// What it measures.
    pub measure: Measure,
    /// How what is measured is compared with the threshold, as CloudWatch names it.
    pub comparison_operator: String,
    /// The threshold; none where a band of expected values stands in its place.
    pub threshold: Option<TargetValue>,
    /// Over how many periods.
    pub evaluation_periods: u32,
    /// In how many of them it must be breached.
    pub datapoints_to_alarm: Option<u32>,
    /// How a period without data counts: `missing` if it is not said.
    pub treat_missing_data: Option<String>,
    /// Whether a percentile of few samples counts.
    pub evaluate_low_sample_count_percentile: Option<String>,
    /// Which stretch of time is evaluated.
    pub evaluation_window: Option<EvaluationWindow>,
    /// Seconds between two evaluations.
    pub evaluation_interval: Option<u32>,
    /// How long it waits after it is put.
    pub warm_up: Option<WarmUp>,
    /// Which of its tags its messages carry.
    pub tags_propagation: Option<TagsPropagation>,
}

/// What an alarm measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Measure {
    /// One metric.
    Metric(MetricStatistic),
    /// Metrics, and expressions over them.
    Queries {
        /// All of them; one is what is compared.
        queries: Vec<MetricQuery>,
        /// The one that is the band of expected values.
        threshold_metric: Option<String>,
    },
}

/// A metric over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricStatistic {
    /// Its namespace: `AWS/ApplicationELB`.
    pub namespace: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whose metric it is, in AWS's order.
    pub dimensions: Vec<(String, String)>,
    /// How the samples of a period are taken together: `Average`, `p99`.
    pub statistic: String,
    /// A period's seconds.
    pub period: Option<u32>,
    /// The unit of the samples that count.
    pub unit: Option<String>,
}

/// A metric, or an expression, among several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricQuery {
    /// What expressions call it.
    pub id: String,
    /// The metric.
    pub metric: Option<MetricStatistic>,
    /// The expression: metric math, or a query of Metrics Insights.
    pub expression: Option<String>,
    /// What people call it.
    pub label: Option<String>,
    /// Whether it is what is compared.
    pub return_data: Option<bool>,
    /// A period's seconds, of an expression.
    pub period: Option<u32>,
    /// Another account, whose metric it is.
    pub account: Option<String>,
}

/// Which stretch of time an alarm evaluates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum EvaluationWindow {
    /// The last periods.
    Sliding,
    /// Periods that begin with the clock's.
    WallClock {
        /// Of which zone.
        timezone: Option<String>,
    },
}

/// How long an alarm waits after it is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WarmUp {
    /// In minutes.
    pub minutes: Option<u32>,
    /// Whether data of that time never counts.
    pub only_after: Option<bool>,
}

/// Which of its tags an alarm's messages carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagsPropagation {
    /// Whether any.
    pub enabled: Option<bool>,
    /// These, if any are named.
    pub included: Vec<String>,
    /// All but these.
    pub excluded: Vec<String>,
}

impl MetricAlarm {
    /// The load balancers it watches. Those of a query that names an account may be another account's.
    pub fn watched(&self) -> BTreeSet<WatchedLoadBalancer> {
        self.measure.texts(LOAD_BALANCER).into_iter().flat_map(WatchedLoadBalancer::all_in).collect()
    }

    /// The NAT gateways it watches.
    pub fn nat_gateways(&self) -> BTreeSet<NatGatewayId> {
        let texts = self.measure.texts(NAT_GATEWAY).into_iter();
        texts.flat_map(|text| text.split(|c| !is_of_id(c))).filter_map(|word| word.parse().ok()).collect()
    }

    /// Whether it watches a load balancer of this name, the one that is there or one before it.
    pub fn watches(&self, name: &LoadBalancerName) -> bool {
        self.watched().iter().any(|watched| watched.name == *name)
    }

    /// The same, watching this load balancer in the place of any other of its name.
    #[must_use]
    pub fn pointed_at(mut self, load_balancer: &WatchedLoadBalancer) -> Self {
        self.measure.put_texts(LOAD_BALANCER, &|text: &str| load_balancer.put_into(text));
        self
    }

    /// The same, watching this NAT gateway in the place of those before it.
    #[must_use]
    pub fn leaving_by(mut self, there: &NatGatewayId, before: &BTreeSet<NatGatewayId>) -> Self {
        let put_word = |piece: &str| {
            let word = piece.trim_end_matches(|c| !is_of_id(c));
            let is_old = before.iter().any(|id| id.as_str() == word);
            format!("{}{}", if is_old { there.as_str() } else { word }, &piece[word.len()..])
        };
        let put = |text: &str| text.split_inclusive(|c| !is_of_id(c)).map(put_word).collect();
        self.measure.put_texts(NAT_GATEWAY, &put);
        self
    }

    /// Whether it fires when there is nothing to measure, as at night.
    pub fn fires_without_data(&self) -> bool {
        self.treat_missing_data.as_deref() == Some("breaching")
    }
}

impl Measure {
    /// Every text in which something may be named by a dimension: its values, and expressions.
    fn texts(&self, dimension: &str) -> Vec<&str> {
        match self {
            Self::Metric(metric) => metric.texts(dimension).collect(),
            Self::Queries { queries, .. } => queries.iter().flat_map(|query| query.texts(dimension)).collect(),
        }
    }

    fn put_texts(&mut self, dimension: &str, put: &impl Fn(&str) -> String) {
        match self {
            Self::Metric(metric) => metric.put_texts(dimension, put),
            Self::Queries { queries, .. } => queries.iter_mut().for_each(|query| query.put_texts(dimension, put)),
        }
    }
}

impl MetricStatistic {
    fn texts(&self, dimension: &str) -> impl Iterator<Item = &str> {
        self.dimensions.iter().filter(move |(name, _)| name == dimension).map(|(_, value)| value.as_str())
    }

    fn put_texts(&mut self, dimension: &str, put: &impl Fn(&str) -> String) {
        for (_, value) in self.dimensions.iter_mut().filter(|(name, _)| name == dimension) {
            *value = put(value);
        }
    }
}

impl MetricQuery {
    fn texts(&self, dimension: &str) -> impl Iterator<Item = &str> {
        let in_metric = self.metric.iter().flat_map(move |metric| metric.texts(dimension));
        in_metric.chain(self.expression.as_deref()).filter(|_| self.account.is_none())
    }

    fn put_texts(&mut self, dimension: &str, put: &impl Fn(&str) -> String) {
        if self.account.is_some() {
            return;
        }
        if let Some(metric) = &mut self.metric {
            metric.put_texts(dimension, put);
        }
        if let Some(expression) = &mut self.expression {
            *expression = put(expression);
        }
    }
}

fn is_of_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// The dimension that names a load balancer.
const LOAD_BALANCER: &str = "LoadBalancer";
/// The dimension that names a NAT gateway.
const NAT_GATEWAY: &str = "NatGatewayId";
