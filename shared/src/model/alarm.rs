//! CloudWatch's metric alarms that watch a load balancer, which is another one every morning.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use deserr::Deserr;
use serde::Serialize;

use super::ids::{InvalidId, LoadBalancerArn, LoadBalancerName};
use super::scaling::TargetValue;
use crate::blueprint::Problems;

/// What becomes in the morning of the alarms that watch a load balancer.
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
        match &self.measure {
            Measure::Metric(metric) => metric.watched().collect(),
            Measure::Queries { queries, .. } => queries.iter().flat_map(MetricQuery::watched).collect(),
        }
    }

    /// Whether it watches a load balancer of this name, the one that is there or one before it.
    pub fn watches(&self, name: &LoadBalancerName) -> bool {
        self.watched().iter().any(|watched| watched.name == *name)
    }

    /// The same, watching this load balancer in the place of any other of its name.
    #[must_use]
    pub fn pointed_at(mut self, load_balancer: &WatchedLoadBalancer) -> Self {
        match &mut self.measure {
            Measure::Metric(metric) => metric.point_at(load_balancer),
            Measure::Queries { queries, .. } => queries.iter_mut().for_each(|query| query.point_at(load_balancer)),
        }
        self
    }

    /// Whether it fires when there is nothing to measure, as at night.
    pub fn fires_without_data(&self) -> bool {
        self.treat_missing_data.as_deref() == Some("breaching")
    }
}

impl MetricStatistic {
    fn watched(&self) -> impl Iterator<Item = WatchedLoadBalancer> {
        self.dimensions.iter().filter(|(name, _)| name == LOAD_BALANCER).filter_map(|(_, value)| value.parse().ok())
    }

    fn point_at(&mut self, load_balancer: &WatchedLoadBalancer) {
        for (_, value) in self.dimensions.iter_mut().filter(|(name, _)| name == LOAD_BALANCER) {
            *value = load_balancer.put_into(value);
        }
    }
}

impl MetricQuery {
    fn watched(&self) -> impl Iterator<Item = WatchedLoadBalancer> {
        let in_metric = self.metric.iter().flat_map(MetricStatistic::watched);
        let in_expression = self.expression.iter().flat_map(|text| WatchedLoadBalancer::all_in(text));
        in_metric.chain(in_expression).filter(|_| self.account.is_none())
    }

    fn point_at(&mut self, load_balancer: &WatchedLoadBalancer) {
        if self.account.is_some() {
            return;
        }
        if let Some(metric) = &mut self.metric {
            metric.point_at(load_balancer);
        }
        if let Some(expression) = &mut self.expression {
            *expression = load_balancer.put_into(expression);
        }
    }
}

/// The dimension that names a load balancer.
const LOAD_BALANCER: &str = "LoadBalancer";
