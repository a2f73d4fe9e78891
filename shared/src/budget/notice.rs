//! What people are told about an alert: which budget, its figures, what the runtime tier still costs, what was done,
//! and how to do and undo it by hand.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, to_value};

use super::{Alert, Answer, Figures, Policy, Report, Stop, TierCost, UnderUp, WhyNot};
use crate::notify::{Chat, subject};
use crate::ports::Message;

/// What messages about alerts are called, for machines and in a chat channel.
const EVENT: &str = "budget-alert";

/// The message about an answer. `thread` is what it belongs to in a chat channel.
pub fn message(report: &Report, answer: &Answer, policy: Policy, thread: &str) -> Message {
    let headline = headline(report, answer);
    let text = [
        alerted(report),
        report.figures.as_ref().map(figures).unwrap_or_default(),
        cost(report),
        match answer {
            Answer::Stop(stop) => stopped(report, stop, policy),
            Answer::Tell(why) => not_stopped(report, why),
        },
    ];
    let paragraphs: Vec<String> = text.into_iter().filter(|text| !text.is_empty()).collect();
    let text = format!("{}\n", paragraphs.join("\n\n"));
    let chat = Chat::new(&format!("{} {headline}", report.environment), &text, EVENT, thread);
    Message::new(subject(&report.environment, &headline), text, json(report)).with_chat(chat.to_json())
}

/// The report, marked as other messages are.
fn json(report: &Report) -> Value {
    let mut json = to_value(report).unwrap_or_default();
    if let Some(fields) = json.as_object_mut() {
        fields.insert("event".to_owned(), EVENT.into());
    }
    json
}

/// A budget's name may be as long as a subject by itself, so it comes last.
fn headline(report: &Report, answer: &Answer) -> String {
    let budget = &report.alert.budget;
    let share = report.figures.and_then(|figures| figures.about(report.alert.about)?.percent_of(figures.limit));
    match (answer, share) {
        (Answer::Stop(_), _) => format!("is stopped by the budget {budget}"),
        (Answer::Tell(WhyNot::Doubts(_)), _) | (Answer::Tell(_), None) => {
            format!("does not believe the budget {budget}")
        }
        (Answer::Tell(WhyNot::NotConfigured | WhyNot::BelowLimit), Some(share)) => {
            format!("is at {share} % ({}) of the budget {budget}", report.alert.about)
        }
        (Answer::Tell(WhyNot::WouldRelease(_) | WhyNot::Malformed(_) | WhyNot::KeptUp(_)), Some(_)) => {
            format!("is not stopped beyond the budget {budget}")
        }
        (Answer::Tell(WhyNot::KeptDown(_)), Some(_)) => {
            format!("is down, and beyond the budget {budget}")
        }
    }
}

fn alerted(report: &Report) -> String {
    let Alert { account, budget, about, threshold, amount, .. } = &report.alert;
    format!(
        "AWS Budgets alerts about the budget {budget} of account {account}: {amount} {about}, the alert is at {threshold}."
    )
}

fn figures(figures: &Figures) -> String {
    let share = |amount: super::Usd| {
        amount.percent_of(figures.limit).map_or_else(String::new, |share| format!(" ({share} % of the limit)"))
    };
    let forecast = match figures.forecast {
        Some(forecast) => format!("{forecast}{}", share(forecast)),
        None => "none yet".to_owned(),
    };
    let (from, until) = (spoken(figures.period.from), spoken(figures.period.until));
    format!(
        "Spent:    {}{}\nForecast: {forecast}\nLimit:    {}, from {from} until {until}",
        figures.actual,
        share(figures.actual),
        figures.limit,
    )
}

fn cost(report: &Report) -> String {
    let Some(cost) = &report.cost else { return String::new() };
    let TierCost { by_schedule, hours_up, down, .. } = cost;
    let mut text = format!(
        "By its schedule the runtime tier of {} is up for {hours_up:.1} h more in this period and costs {by_schedule}; down \
         all the time it costs {down} (list prices, traffic not counted",
        report.environment,
    );
    let services: Vec<&str> = cost.not_counted().iter().map(|name| name.as_str()).collect();
    if !services.is_empty() {
        let _ = write!(text, ", nor the services {}, whose size the blueprint does not say", services.join(", "));
    }
    let databases: Vec<&str> = cost.databases_not_counted().iter().map(|name| name.as_str()).collect();
    if !databases.is_empty() {
        let _ = write!(text, ", nor the databases {}, of whose size no price is known", databases.join(", "));
    }
    let endpoints: Vec<&str> = cost.vpc_endpoints_not_counted().iter().map(|name| name.as_str()).collect();
    if !endpoints.is_empty() {
        let _ = write!(text, ", nor the VPC endpoints {}, of whose region no price is known", endpoints.join(", "));
    }
    let compute: Vec<&str> = cost.compute_not_counted().iter().map(|name| name.as_str()).collect();
    if !compute.is_empty() {
        let _ = write!(text, ", nor the instances and Auto Scaling groups {}", compute.join(", "));
    }
    text + ")."
}

fn stopped(report: &Report, stop: &Stop, policy: Policy) -> String {
    let environment = &report.environment;
    let mut text = format!(
        "{environment} is stopped: the next tick brings it down, and it stays down until {}. Addresses are kept.",
        spoken(stop.until)
    );
    if let Some(replaced) = stop.replaces {
        let _ = write!(text, " The override `{replaced}` was replaced, as BudgetOverUp says.");
    }
    let _ = write!(
        text,
        "\n\nTo have it up again: curfew -e {environment} start. To follow its schedule again: curfew -e {environment} override \
         clear.",
    );
    if policy == Policy::Stop(UnderUp::Respect) {
        let _ = write!(text, " To keep it up whatever budgets say: curfew -e {environment} override set up.");
    }
    text
}

fn not_stopped(report: &Report, why: &WhyNot) -> String {
    let environment = &report.environment;
    let why_not = match why {
        WhyNot::Doubts(doubts) => {
            let lines: Vec<String> = doubts.iter().map(|doubt| format!("- {doubt}")).collect();
            format!("Nothing was stopped, because these figures are not believed:\n{}", lines.join("\n"))
        }
        WhyNot::NotConfigured
        | WhyNot::BelowLimit
        | WhyNot::WouldRelease(_)
        | WhyNot::Malformed(_)
        | WhyNot::KeptUp(_)
        | WhyNot::KeptDown(_) => format!("Nothing was stopped: {why}."),
    };
    let until = report.figures.map(|figures| instant(figures.period.until));
    let hold = until.as_ref().map(|until| format!(" --hold {until}")).unwrap_or_default();
    let by_hand = match why {
        WhyNot::KeptDown(_) => {
            let until = until.map(|until| format!(" --until {until}")).unwrap_or_default();
            format!("To keep it down until the period ends: curfew -e {environment} override set down{until}.")
        }
        WhyNot::Malformed(_) | WhyNot::KeptUp(_) => format!(
            "To stop it by hand: curfew -e {environment} override clear, then curfew -e {environment} stop{hold}. To have it \
             up again: curfew -e {environment} start."
        ),
        WhyNot::Doubts(_) | WhyNot::NotConfigured | WhyNot::BelowLimit | WhyNot::WouldRelease(_) => format!(
            "To stop it by hand: curfew -e {environment} stop{hold}. To have it up again: curfew -e {environment} start."
        ),
    };
    format!("{why_not}\n\n{by_hand}")
}

/// As people read it.
fn spoken(instant: DateTime<Utc>) -> String {
    instant.format("%F %H:%M UTC").to_string()
}

/// As the command reads it.
fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
