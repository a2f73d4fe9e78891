//! Whether a budget's figures can be right, and whether they say what the alert says.
//!
//! In July 2026 AWS's estimates were wrong by 10^9 for hours, and alerts went out on them (facts §10). So a figure is
//! told as it is, and acted on only if nothing speaks against it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Alert, AlertType, Period, Usd};
use crate::model::{Amount, Budget, Unobserved};

/// Beyond so many times its limit, a figure is not believed.
///
/// AWS renews figures up to three times a day, 8 to 12 hours late (facts §10). What passes its limit is at a few times
/// the limit by the next renewal; on the way to 20 times it would have passed an alert that was believed. An error of
/// 10^9 is far beyond.
pub const MOST_TIMES_LIMIT: f64 = 20.0;

/// Messages and figures are rounded to cents.
const CENT: f64 = 0.01;

/// What a budget says, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// What may be spent in the period.
    pub limit: Usd,
    /// What is spent in it so far.
    pub actual: Usd,
    /// What AWS expects to be spent by its end.
    pub forecast: Option<Usd>,
    /// The period.
    #[serde(flatten)]
    pub period: Period,
}

impl Figures {
    /// The figure that an alert is about.
    pub fn about(&self, about: AlertType) -> Option<Usd> {
        match about {
            AlertType::Actual => Some(self.actual),
            AlertType::Forecasted => self.forecast,
        }
    }
}

/// Why figures are not acted on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Doubt {
    /// AWS Budgets did not tell them.
    #[error("AWS Budgets does not confirm the alert: {0}")]
    Unobserved(#[from] Unobserved),
    /// They are another budget's.
    #[error("AWS Budgets describes another budget: {0:?}")]
    OtherBudget(String),
    /// They are no costs.
    #[error("it is a budget of {0}, not of COST")]
    NotCost(String),
    /// One is not there, or is no amount.
    #[error("its {figure} is {text}, which is not an amount of money")]
    NotAnAmount {
        /// Which.
        figure: &'static str,
        /// What is said in its place.
        text: String,
    },
    /// One is in another currency or no money at all.
    #[error("its {figure} is in {unit:?}, not in USD")]
    NotUsd {
        /// Which.
        figure: &'static str,
        /// Its unit.
        unit: String,
    },
    /// Nothing may be spent, so everything would be beyond.
    #[error("its limit is nothing")]
    NoLimit,
    /// It has none now, so nobody knows until when to stop.
    #[error("it has no period now")]
    NoPeriod,
    /// AWS itself does not vouch for them.
    #[error("AWS Budgets calls it unhealthy: {0}")]
    Unhealthy(String),
    /// One is too high to be true.
    #[error(
        "{amount} {figure} cannot be right: it is more than {MOST_TIMES_LIMIT} times the limit of {limit}, and more than the runtime tier could cost"
    )]
    Implausible {
        /// Which.
        figure: &'static str,
        /// How high.
        amount: Usd,
        /// The limit.
        limit: Usd,
    },
    /// The alert is about another limit: the budget was changed since, or AWS Budgets did not write it.
    #[error("the alert is about a limit of {alert}, the budget's is {budget}")]
    OtherLimit {
        /// The alert's.
        alert: Usd,
        /// The budget's.
        budget: Usd,
    },
    /// The figure is not beyond the alert's threshold.
    #[error("the alert is about more than {threshold}, AWS Budgets says {}", said(*figure))]
    NotConfirmed {
        /// The alert's threshold.
        threshold: Usd,
        /// The figure it is about.
        figure: Option<Usd>,
    },
}

fn said(figure: Option<Usd>) -> String {
    figure.map_or_else(|| "nothing".to_owned(), |figure| figure.to_string())
}

/// Reads a budget's figures.
///
/// # Errors
/// All that keeps them from being figures.
pub fn read(budget: &Budget, alert: &Alert, now: DateTime<Utc>) -> Result<Figures, Vec<Doubt>> {
    let mut doubts = Vec::new();
    let mut or_doubt = |read: Result<Usd, Doubt>| read.map_err(|doubt| doubts.push(doubt)).ok();
    let limit = or_doubt(amount("limit", budget.limit.as_ref()));
    let actual = or_doubt(amount("actual spend", budget.actual.as_ref()));
    let forecast = match &budget.forecast {
        Some(forecast) => or_doubt(amount("forecast", Some(forecast))).map(Some),
        None => Some(None),
    };
    if budget.name != alert.budget.as_str() {
        doubts.push(Doubt::OtherBudget(budget.name.clone()));
    }
    if budget.kind != "COST" {
        doubts.push(Doubt::NotCost(budget.kind.clone()));
    }
    if let Some(why) = &budget.unhealthy {
        doubts.push(Doubt::Unhealthy(why.clone()));
    }
    if limit == Some(Usd::ZERO) {
        doubts.push(Doubt::NoLimit);
    }
    let period = Period::of(budget, now);
    if period.is_none() {
        doubts.push(Doubt::NoPeriod);
    }
    match (limit, actual, forecast, period) {
        (Some(limit), Some(actual), Some(forecast), Some(period)) if doubts.is_empty() => {
            Ok(Figures { limit, actual, forecast, period })
        }
        _ => Err(doubts),
    }
}

fn amount(figure: &'static str, amount: Option<&Amount>) -> Result<Usd, Doubt> {
    let amount = amount.ok_or_else(|| Doubt::NotAnAmount { figure, text: "missing".to_owned() })?;
    if amount.unit != "USD" {
        return Err(Doubt::NotUsd { figure, unit: amount.unit.clone() });
    }
    amount.figure.parse().map_err(|_| Doubt::NotAnAmount { figure, text: format!("{:?}", amount.figure) })
}

/// What speaks against acting on figures. `tier` is what the whole runtime tier would cost if it were up all through
/// the period: what is not beyond that may be true even of a budget with a tiny limit.
pub fn doubts(alert: &Alert, figures: &Figures, tier: Usd) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let Figures { limit, actual, forecast, .. } = *figures;
    let told = match alert.about {
        AlertType::Actual => "spent by the alert",
        AlertType::Forecasted => "forecast by the alert",
    };
    let all = [("spent", Some(actual)), ("forecast", forecast), (told, Some(alert.amount))];
    for (figure, amount) in all.into_iter().filter_map(|(figure, amount)| Some((figure, amount?))) {
        if amount > limit.times(MOST_TIMES_LIMIT) && amount > tier {
            doubts.push(Doubt::Implausible { figure, amount, limit });
        }
    }
    if (alert.limit.amount() - limit.amount()).abs() > CENT {
        doubts.push(Doubt::OtherLimit { alert: alert.limit, budget: limit });
    }
    let figure = figures.about(alert.about);
    if !figure.is_some_and(|figure| figure.amount() > alert.threshold.amount() - CENT / 2.0) {
        doubts.push(Doubt::NotConfirmed { threshold: alert.threshold, figure });
    }
    doubts
}
