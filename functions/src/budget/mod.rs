//! From a notification to an answer.

mod event;

use curfew_core::aws::{self, AwsBudgets, AwsWorld, SystemClock, Topics, blueprints};
use curfew_core::budget::{AnswerKind, Report, Request, respond};
use curfew_core::model::Action;
use curfew_core::ports::Progress;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use tracing::{info, warn};

pub use event::{InvalidNotification, parse};

use crate::handler::start_log;
use crate::{BudgetSettings, Refusal};

/// Serves the function until its sandbox ends; the runtime is started here for the reason of [`crate::serve`].
///
/// # Errors
/// The settings are wrong, or the Runtime API cannot be reached.
#[tokio::main(flavor = "current_thread")]
pub async fn serve() -> Result<(), Error> {
    start_log();
    #[allow(clippy::disallowed_methods, reason = "a function is the edge: this is where its environment is read")]
    let settings = BudgetSettings::read(|name| std::env::var(name).ok())?;
    let config = aws::of_function();
    let budgets = AwsBudgets::new(&config);
    let clock = SystemClock::from_environment()?;
    let edge = &Edge { settings, config, budgets, clock };
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move { edge.handle(event).await })).await
}

/// What the function keeps from one invocation to the next.
struct Edge {
    settings: BudgetSettings,
    config: aws_config::SdkConfig,
    budgets: AwsBudgets,
    clock: SystemClock,
}

impl Edge {
    async fn handle(&self, event: LambdaEvent<Value>) -> Result<Value, Refusal> {
        let settings = &self.settings;
        let alert = parse(&event.payload, &settings.alerts)?;
        let blueprint = blueprints::read(&self.config, &settings.environment).await?;
        let region = aws::in_region(self.config.clone(), &blueprint.region);
        let topics = Topics::new(&self.config, settings.topic.as_deref(), settings.chat_topic.as_deref());
        let world = AwsWorld::new(&self.config, &region, &settings.bucket, topics, Log).with_clock(self.clock.clone());
        let request = Request {
            blueprint,
            account: settings.account.clone(),
            budget: settings.budget.clone(),
            policy: settings.policy,
            alert,
            run: event.context.request_id.clone(),
        };
        let report = respond(&world, &self.budgets, &request).await?;
        log(&report);
        Ok(serde_json::to_value(&report)?)
    }
}

/// One line for an alert, so that a log search finds how it was answered and why.
fn log(report: &Report) {
    let (environment, run, budget) = (report.environment.as_str(), &report.run, report.alert.budget.as_str());
    match report.answer {
        AnswerKind::Told | AnswerKind::Stopped => info!(environment, run, budget, "{}", report.message),
        AnswerKind::NotStopped | AnswerKind::Doubted => warn!(environment, run, budget, "{}", report.message),
    }
}

/// The one action as a log line.
struct Log;

impl Progress for Log {
    fn performed(&self, action: &Action, _: chrono::DateTime<chrono::Utc>) {
        info!(action = action.name(), subject = action.subject(), "{action}");
    }
}
