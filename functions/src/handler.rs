//! From an invocation to a report.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use curfew_core::aws::{self, AwsWorld, SystemClock, Topics, blueprints};
use curfew_core::model::{Action, EnvironmentName};
use curfew_core::next::Waiting;
use curfew_core::ports::{ActionError, Clock, Progress};
use curfew_core::report::{Outcome, Report};
use curfew_core::run::{Request, run};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use tracing::{error, info, warn};

use crate::{Asked, Function, Refusal, Settings, metrics, parse};

/// Serves a function until its sandbox ends.
///
/// The runtime is started here and not in each binary, because an async function is compiled where it is awaited: all of
/// Curfew, once for each binary.
///
/// # Errors
/// The settings are wrong, or the Runtime API cannot be reached.
#[tokio::main(flavor = "current_thread")]
pub async fn serve(function: Function) -> Result<(), Error> {
    start_log();
    #[allow(clippy::disallowed_methods, reason = "a function is the edge: this is where its environment is read")]
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    let config = aws::of_function();
    let clock = SystemClock::from_environment()?;
    let edge = &Edge { function, settings, config, clock };
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move { edge.handle(event).await })).await
}

/// Log lines are JSON, without the time that CloudWatch adds.
pub(crate) fn start_log() {
    tracing_subscriber::fmt().json().flatten_event(true).with_target(false).without_time().init();
}

/// What a function keeps from one invocation to the next.
struct Edge {
    function: Function,
    settings: Settings,
    config: aws_config::SdkConfig,
    clock: SystemClock,
}

impl Edge {
    async fn handle(&self, event: LambdaEvent<Value>) -> Result<Value, Refusal> {
        let asked = parse(self.function, &event.payload, self.clock.now())?;
        let environment = self.environment(&asked)?;
        let blueprint = blueprints::read(&self.config, &environment).await?;
        let region = aws::in_region(self.config.clone(), &blueprint.region);
        let Settings { bucket, topic, chat_topic, .. } = &self.settings;
        let topics = Topics::new(&self.config, topic.as_deref(), chat_topic.as_deref());
        let world = AwsWorld::new(&self.config, &region, bucket, topics, Log::default()).with_clock(self.clock.clone());
        let deadline = self.clock.after(event.context.deadline().into());
        let request = Request {
            blueprint,
            command: asked.command,
            requested_by: asked.requested_by,
            mode: asked.mode,
            run: event.context.request_id.clone(),
            deadline,
        };
        let report = run(&world, &request).await;
        log(&report);
        if let Some(line) = metrics::line(&report, asked.mode) {
            println!("{line}");
        }
        Ok(report.to_json())
    }

    fn environment(&self, asked: &Asked) -> Result<EnvironmentName, Refusal> {
        let named = asked.environment.clone().or_else(|| self.settings.environment.clone());
        named.ok_or_else(Refusal::no_environment)
    }
}

/// One line for a run, so that a log search finds how it ended and why.
fn log(report: &Report) {
    let (outcome, environment) = (report.outcome.to_string(), report.environment.as_str());
    let reasons = report.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    match report.outcome {
        Outcome::Unchanged | Outcome::Converged | Outcome::InProgress | Outcome::Busy => {
            info!(environment, outcome, run = report.run, because = report.because, "{}", report.message);
        }
        Outcome::Skipped => {
            warn!(environment, outcome, run = report.run, because = report.because, "{}", report.message)
        }
        Outcome::Blocked | Outcome::Failed => {
            error!(environment, outcome, run = report.run, because = report.because, reasons, "{}", report.message);
        }
    }
}

/// Progress as log lines; what is waited for is one line, not one for each look.
#[derive(Default)]
struct Log {
    waits: Mutex<Vec<String>>,
}

impl Progress for Log {
    fn performed(&self, action: &Action, _: DateTime<Utc>) {
        info!(action = action.name(), subject = action.subject(), "{action}");
    }

    fn retrying(&self, action: &Action, error: &ActionError, _: DateTime<Utc>) {
        warn!(action = action.name(), code = error.code, "{action} is tried again: {error}");
    }

    fn waiting(&self, on: &[Waiting], _: DateTime<Utc>) {
        let subjects: Vec<String> = on.iter().map(Waiting::subject).collect();
        let Ok(mut known) = self.waits.lock() else { return };
        for subject in subjects.iter().filter(|subject| !known.contains(subject)) {
            info!(waiting = subject, "waiting for {subject}");
        }
        *known = subjects;
    }
}
