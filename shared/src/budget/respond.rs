//! From an alert to an answer, through the ports.
//!
//! An alert is answered once for each threshold and period. The answer is claimed with a lease in
//! `<environment>/budget.json` before anything is done, and noted as done afterwards: of two deliveries at once one
//! works, and what a crash cut off is finished by Lambda's own retry.

use chrono::{DateTime, Days, NaiveTime, Utc};
use serde::Serialize;

use super::{
    Alert, Answer, AnswerKind, Answered, Doubt, Figures, Memory, Occasion, Policy, TierCost, Usd, WhyNot, answer,
    check, memory_document, notice,
};
use crate::blueprint::Blueprint;
use crate::model::*;
use crate::notify::thread;
use crate::overrides::Overrides;
use crate::ports::{
    ActionError, Budgets, Clock, Cloud, Condition, NotSent, Notifier, Progress, Scope, Store, StoreError, Token,
    Version, World,
};
use crate::state::Lease;
use crate::stored::{Home, Problem};

/// An alert, and what is known of the environment that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The environment's blueprint.
    pub blueprint: Blueprint,
    /// The account that the alert must be of.
    pub account: AccountId,
    /// The budget that it must be of.
    pub budget: BudgetName,
    /// What alerts are for.
    pub policy: Policy,
    /// What came.
    pub alert: Alert,
    /// The invocation's id; the same when it is retried.
    pub run: String,
}

/// What came of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// It was answered.
    Answered,
    /// It had been answered before.
    Unchanged,
}

/// An answered alert: what the function answers, and the message's form for machines.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The environment.
    pub environment: EnvironmentName,
    /// The invocation.
    pub run: String,
    /// What came of it.
    pub outcome: Outcome,
    /// How it is answered.
    pub answer: AnswerKind,
    /// What was done, or why nothing, in a sentence.
    pub message: String,
    /// The alert.
    pub alert: Alert,
    /// What AWS Budgets says of the period, where that is figures at all.
    pub figures: Option<Figures>,
    /// What the runtime tier costs in it, where prices are known.
    pub cost: Option<TierCost>,
}

/// Why an alert was not answered.
#[derive(Debug, thiserror::Error)]
pub enum NotAnswered {
    /// It is about something else.
    #[error(
        "the alert is about the budget {budget} of account {account}, not about {wanted} of {wanted_account}; nothing was done"
    )]
    Foreign {
        /// Its budget.
        budget: BudgetName,
        /// Its account.
        account: AccountId,
        /// The configured budget.
        wanted: BudgetName,
        /// The configured account.
        wanted_account: AccountId,
    },
    /// AWS Budgets did not answer for now.
    #[error("the budget could not be read, so nothing was done: {0}")]
    Budget(Unobserved),
    /// Nor did whoever keeps the override tags.
    #[error("the override tags could not be read, so nothing was done: {0}")]
    Overrides(Unobserved),
    /// The answers so far are not known, or this one could not be noted.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// They are something else.
    #[error(
        "{document} cannot be read, so nothing was done; remove it, it only keeps alerts from being told twice: {problem}"
    )]
    Memory {
        /// Where they are kept.
        document: String,
        /// What is the matter.
        problem: Problem,
    },
    /// Another invocation answers the same alert.
    #[error("invocation {0} answers this alert just now")]
    Busy(String),
    /// The override could not be set.
    #[error("the stop could not be asked for: {0}")]
    Tag(#[from] ActionError),
    /// People could not be told.
    #[error(transparent)]
    NotTold(#[from] NotSent),
}

/// Answers an alert.
///
/// Changes nothing but the override tag on the cluster, and that only towards `down`. Called again with the same alert
/// it does nothing, unless the answer has become another one: figures are believed, or an override is gone.
///
/// # Errors
/// It was not answered, or not completely. Lambda tries again; what was done is not done twice.
pub async fn respond<W: World, B: Budgets>(world: &W, budgets: &B, request: &Request) -> Result<Report, NotAnswered> {
    refuse_foreign(request)?;
    let now = world.clock().now();
    let environment = &request.blueprint.environment;
    let figures = figures(budgets, request, now).await?;
    let period = figures.as_ref().ok().map(|figures| figures.period);
    let cost = period.and_then(|period| TierCost::of(&request.blueprint, &period, now));
    let occasion = Occasion::of(&request.alert, period.map_or_else(|| tomorrow(now), |period| period.until));
    let Recalled { memory, version, is_kept_out } = recall(world, request).await?;
    let before = memory.last(&occasion).cloned();
    let report = |outcome, answer, message: String| Report {
        environment: environment.clone(),
        run: request.run.clone(),
        outcome,
        answer,
        message,
        alert: request.alert.clone(),
        figures: figures.as_ref().ok().copied(),
        cost: cost.clone(),
    };
    let unchanged = |kind| report(Outcome::Unchanged, kind, "this alert has been answered before".to_owned());
    let done = before.as_ref().filter(|before| before.lease.is_none()).map(|before| before.answer);
    // Who started it again since is not to be stopped by a second delivery.
    if done == Some(AnswerKind::Stopped) {
        return Ok(unchanged(AnswerKind::Stopped));
    }
    let answer = answer_to(world, request, &figures, cost.as_ref()).await?;
    let kind = answer.kind();
    if done == Some(kind) {
        return Ok(unchanged(kind));
    }
    wait_for_nobody(before.as_ref(), &request.run, is_kept_out)?;
    let report = report(Outcome::Answered, kind, said(environment, &answer));
    let lease = Some(Lease::new(&request.run, "a budget's alert", now));
    let claim = Answered { occasion, answer: kind, at: now, lease };
    carry_out(world, request, &answer, &report, (memory, version, claim)).await?;
    Ok(report)
}

/// Ends it if the alert is not about the configured budget.
fn refuse_foreign(request: &Request) -> Result<(), NotAnswered> {
    let Alert { account, budget, .. } = &request.alert;
    if (account, budget) == (&request.account, &request.budget) {
        return Ok(());
    }
    Err(NotAnswered::Foreign {
        budget: budget.clone(),
        account: account.clone(),
        wanted: request.budget.clone(),
        wanted_account: request.account.clone(),
    })
}

/// Ends it if another invocation answers the same alert.
fn wait_for_nobody(before: Option<&Answered>, run: &str, is_kept_out: bool) -> Result<(), NotAnswered> {
    match before.and_then(|before| before.lease.as_ref()) {
        Some(lease) if is_kept_out && lease.run != run => Err(NotAnswered::Busy(lease.run.clone())),
        Some(_) | None => Ok(()),
    }
}

/// What AWS Budgets says, or why that is not to be acted on. What is only late is asked for again by Lambda.
async fn figures<B: Budgets>(
    budgets: &B,
    request: &Request,
    now: DateTime<Utc>,
) -> Result<Result<Figures, Vec<Doubt>>, NotAnswered> {
    match budgets.describe(&request.account, &request.budget).await {
        Ok(budget) => Ok(check::read(&budget, &request.alert, now)),
        Err(why) => match why.retry {
            Retry::Later | Retry::NextRun => Err(NotAnswered::Budget(why)),
            Retry::Never => Ok(Err(vec![Doubt::Unobserved(why)])),
        },
    }
}

/// What to do; overrides are only looked at where a stop is wanted.
async fn answer_to<W: World>(
    world: &W,
    request: &Request,
    figures: &Result<Figures, Vec<Doubt>>,
    cost: Option<&TierCost>,
) -> Result<Answer, NotAnswered> {
    let Request { blueprint, alert, policy, .. } = request;
    let figures = match figures {
        Ok(figures) => figures,
        Err(doubts) => return Ok(Answer::Tell(WhyNot::Doubts(doubts.clone()))),
    };
    let doubts = check::doubts(alert, figures, cost.map_or(Usd::ZERO, |cost| cost.most));
    if !doubts.is_empty() {
        return Ok(Answer::Tell(WhyNot::Doubts(doubts)));
    }
    let under_up = match answer::wanted(*policy, alert, figures, &blueprint.tier) {
        Ok(under_up) => under_up,
        Err(why) => return Ok(Answer::Tell(why)),
    };
    let found = world.cloud().overrides(scope(blueprint)).await.map_err(NotAnswered::Overrides)?;
    let overrides = Overrides::read(&found.tags, world.clock().now());
    Ok(answer::stop(figures.period.until, under_up, &overrides, &blueprint.cluster))
}

/// Claims the answer, does it, tells of it, and notes that it is done.
async fn carry_out<W: World>(
    world: &W,
    request: &Request,
    answer: &Answer,
    report: &Report,
    (mut memory, version, claim): (Memory, Option<Version>, Answered),
) -> Result<(), NotAnswered> {
    let blueprint = &request.blueprint;
    let document = memory_document(&blueprint.environment);
    let condition = version.map_or(Condition::Absent, Condition::Matches);
    memory.remember(claim.clone());
    let version = world.store().put(&document, &memory.to_json(&request.home()), condition).await?;
    match answer {
        Answer::Stop(stop) => {
            if let Some(change) = &stop.change {
                let token = Token::of(&request.run, change);
                world.cloud().perform(scope(blueprint), change, &token).await?;
                world.progress().performed(change, world.clock().now());
            }
        }
        Answer::Tell(_) => {}
    }
    let thread = thread(&blueprint.environment, claim.at, blueprint.schedule.zone());
    match world.notifier().send(&notice::message(report, answer, request.policy, &thread)).await {
        // Some know: told again by Lambda's retry, they would hear it twice.
        Ok(()) | Err(NotSent::ToSome(_)) => {}
        Err(error @ NotSent::ToAnybody(_)) => return Err(error.into()),
    }
    memory.remember(Answered { lease: None, ..claim });
    world.store().put(&document, &memory.to_json(&request.home()), Condition::Matches(version)).await?;
    Ok(())
}

/// What is remembered, as it was read.
struct Recalled {
    memory: Memory,
    version: Option<Version>,
    /// Whether a lease in it still keeps others out.
    is_kept_out: bool,
}

async fn recall<W: World>(world: &W, request: &Request) -> Result<Recalled, NotAnswered> {
    let document = memory_document(&request.blueprint.environment);
    let Some(stored) = world.store().get(&document).await? else {
        return Ok(Recalled { memory: Memory::default(), version: None, is_kept_out: false });
    };
    let is_kept_out = Lease::keeps_out(stored.age());
    let memory = Memory::parse(&stored.body, &request.home());
    let memory = memory.map_err(|problem| NotAnswered::Memory { document, problem })?;
    Ok(Recalled { memory, version: Some(stored.version), is_kept_out })
}

impl Request {
    fn home(&self) -> Home {
        let Blueprint { environment, region, .. } = &self.blueprint;
        Home { environment: environment.clone(), account: self.account.clone(), region: region.clone() }
    }
}

fn scope(blueprint: &Blueprint) -> Scope<'_> {
    Scope {
        environment: &blueprint.environment,
        cluster: &blueprint.cluster,
        tier: &blueprint.tier,
        identities: &NOTHING_KNOWN,
    }
}

/// Of a budget without a period, an alert is told once a day.
fn tomorrow(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    today.checked_add_days(Days::new(1)).unwrap_or(now)
}

fn said(environment: &EnvironmentName, answer: &Answer) -> String {
    match answer {
        Answer::Stop(stop) => format!("{environment} is held down until {}", stop.until.format("%F %H:%M UTC")),
        Answer::Tell(why) => format!("nothing was stopped: {why}"),
    }
}
