//! AWS Budgets: what a budget says. Its API is global, and its endpoint's rules find it from every region.

use aws_config::SdkConfig;
use aws_sdk_budgets::Client;
use aws_sdk_budgets::primitives::DateTime as Timestamp;
use aws_sdk_budgets::types::{self, HealthStatus, HealthStatusValue, Spend};
use chrono::{DateTime, Utc};

use super::errors::{failed, strange, unobserved};
use crate::model::{AccountId, Amount, Budget, BudgetName, TimeUnit, Unobserved};
use crate::ports::{ActionError, Budgets};

const CALL: &str = "budgets:DescribeBudget";

/// The budgets that the configuration's credentials may view.
#[derive(Debug, Clone)]
pub struct AwsBudgets {
    client: Client,
}

impl AwsBudgets {
    /// With these credentials.
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config) }
    }

    async fn read(&self, account: &AccountId, budget: &BudgetName) -> Result<Budget, ActionError> {
        let describe = self.client.describe_budget().account_id(account.as_str()).budget_name(budget.as_str());
        let answer = describe.send().await.map_err(failed(CALL))?;
        described(answer.budget().ok_or_else(|| strange(CALL, "the answer has no budget"))?)
    }
}

impl Budgets for AwsBudgets {
    async fn describe(&self, account: &AccountId, budget: &BudgetName) -> Result<Budget, Unobserved> {
        self.read(account, budget).await.map_err(|error| unobserved(&error))
    }
}

fn described(budget: &types::Budget) -> Result<Budget, ActionError> {
    let spend = budget.calculated_spend();
    let period = budget.time_period();
    Ok(Budget {
        name: budget.budget_name().to_owned(),
        kind: budget.budget_type().as_str().to_owned(),
        limit: budget.budget_limit().map(amount),
        actual: spend.and_then(|spend| spend.actual_spend()).map(amount),
        forecast: spend.and_then(|spend| spend.forecasted_spend()).map(amount),
        time_unit: time_unit(budget.time_unit())?,
        begins: period.and_then(|period| period.start()).and_then(instant),
        ends: period.and_then(|period| period.end()).and_then(instant),
        unhealthy: budget.health_status().and_then(unhealthy),
    })
}

fn amount(spend: &Spend) -> Amount {
    Amount { figure: spend.amount().to_owned(), unit: spend.unit().to_owned() }
}

/// One that this version does not know has an end that it does not know either.
fn time_unit(unit: &types::TimeUnit) -> Result<TimeUnit, ActionError> {
    match unit {
        types::TimeUnit::Daily => Ok(TimeUnit::Daily),
        types::TimeUnit::Monthly => Ok(TimeUnit::Monthly),
        types::TimeUnit::Quarterly => Ok(TimeUnit::Quarterly),
        types::TimeUnit::Annually => Ok(TimeUnit::Annually),
        types::TimeUnit::Custom => Ok(TimeUnit::Custom),
        other => Err(strange(CALL, format!("a budget's period of `{}` is not known", other.as_str()))),
    }
}

fn instant(timestamp: &Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(timestamp.secs(), timestamp.subsec_nanos())
}

fn unhealthy(health: &HealthStatus) -> Option<String> {
    match health.status() {
        Some(HealthStatusValue::Healthy) | None => None,
        Some(status) => Some(health.status_reason().map_or(status.as_str(), |reason| reason.as_str()).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_comes_over_as_it_is() {
        let spend = |figure: &str| Spend::builder().amount(figure).unit("USD").build().expect("a spend");
        let period = types::TimePeriod::builder().start(Timestamp::from_secs(1_793_491_200)).build();
        let spent = types::CalculatedSpend::builder().actual_spend(spend("65.1")).build();
        let budget = types::Budget::builder()
            .budget_name("curfew-dev")
            .budget_type(types::BudgetType::Cost)
            .time_unit(types::TimeUnit::Quarterly)
            .budget_limit(spend("60.0"))
            .calculated_spend(spent)
            .time_period(period)
            .health_status(HealthStatus::builder().status(HealthStatusValue::Unhealthy).build());
        let amount = |figure: &str| Some(Amount { figure: figure.to_owned(), unit: "USD".to_owned() });
        let wanted = Budget {
            name: "curfew-dev".to_owned(),
            kind: "COST".to_owned(),
            limit: amount("60.0"),
            actual: amount("65.1"),
            forecast: None,
            time_unit: TimeUnit::Quarterly,
            begins: "2026-11-01T00:00:00Z".parse().ok(),
            ends: None,
            unhealthy: Some("UNHEALTHY".to_owned()),
        };
        assert_eq!(described(&budget.clone().build().expect("a budget")), Ok(wanted));
        let unknown = budget.time_unit("FORTNIGHTLY".into()).build().expect("a budget");
        let error = described(&unknown).expect_err("its end is not known");
        assert!(error.to_string().contains("`FORTNIGHTLY`"), "{error}");
    }
}
