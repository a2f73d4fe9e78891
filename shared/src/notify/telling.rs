//! What is said of each event.

use chrono::TimeDelta;

use super::{Event, Letter, Paragraph, took};
use crate::entrances::{Entrance, Lasts};
use crate::kept_up::Reminder;
use crate::ledger::{Counted, Saved};
use crate::money::HourlyCost;
use crate::report::{Ready, Report, in_zone, spoken, usd};
use crate::zones::Zone;

const VALUES: &str = "Write one of: up, down, up until 2026-11-21T20:00:00Z, down until 2026-11-21T20:00:00Z.";
const ESTIMATE: &str = "An estimate by list prices, without traffic, logs and tax.";

pub(super) fn letter(event: &Event, report: &Report, zone: Zone) -> Letter {
    replaced_first(about(event, report, zone), report)
}

/// An address that partners know and that is another one comes before everything else, whatever the message is about.
fn replaced_first(letter: Letter, report: &Report) -> Letter {
    let replaced: Vec<String> = report.replaced_addresses.iter().map(|one| format!("Attention: {one}.")).collect();
    if replaced.is_empty() {
        return letter;
    }
    let headline = format!("has another public address, and {}", letter.headline);
    Letter { headline, lead: format!("{} {}", replaced.join(" "), letter.lead), ..letter }
}

fn about(event: &Event, report: &Report, zone: Zone) -> Letter {
    let environment = &report.environment;
    match event {
        Event::Ready => {
            let told = report.ready.iter().flat_map(|ready| of_ready(ready, report, zone)).collect();
            let took = report.ready.as_ref().map_or_else(|| took(report), |ready| TimeDelta::seconds(ready.seconds));
            let headline = format!("is ready in {}", spoken(took));
            of_run(report, headline.clone(), format!("{environment} {headline}."), told, Vec::new())
        }
        Event::Up => {
            let lead = format!("{}.", report.message);
            of_run(report, "is up".to_owned(), lead, Vec::new(), Vec::new())
        }
        Event::Down => {
            let lead = format!("{}.", report.message);
            of_run(report, "is down".to_owned(), lead, money(report, zone), Vec::new())
        }
        Event::NotReady => {
            let waiting = report.waiting.iter().map(ToString::to_string).collect::<Vec<_>>();
            let told = (!waiting.is_empty()).then(|| Paragraph::list("It waits for:", waiting));
            let headline = format!("is not ready after {}", spoken(took(report)));
            let lead = format!("{}. Nothing is given up: each tick goes on.", report.message);
            let steps = vec![
                "See why tasks stop or fail their health checks: their logs, and the events of the service in ECS."
                    .to_owned(),
            ];
            of_run(report, headline, lead, told.into_iter().collect(), steps)
        }
        Event::Blocked => {
            let untouched = if report.touched { "Nothing more is touched" } else { "Nothing was touched" };
            let reasons = report.reasons.iter().map(ToString::to_string);
            let told = Paragraph::list(format!("{untouched}, because:"), reasons);
            let lead = format!("{}.", report.message);
            of_run(report, "is blocked".to_owned(), lead, vec![told], Vec::new())
        }
        Event::Failed => {
            let lead = format!("{}.", report.message);
            of_run(report, "failed".to_owned(), lead, Vec::new(), Vec::new())
        }
        Event::OverrideMalformed(tag) => {
            let (value, resource) = (&tag.value, &tag.resource);
            let lead = format!(
                "The override `{value}` on {resource} cannot be read, so {environment} is left as it is until somebody \
                 corrects it."
            );
            plain(report, "has an unreadable override", lead, vec![VALUES.to_owned()])
        }
        Event::OverrideOver(tag) => {
            let (value, resource) = (tag.value, &tag.resource);
            let lead = format!("The override `{value}` on {resource} is over and counts no longer.");
            plain(report, "has an expired override", lead, vec!["Remove the tag when you like.".to_owned()])
        }
        Event::KeptUp(reminder) => of_reminder(reminder, report, zone),
        Event::HolidaysEnd(calendar) => {
            let lead = format!("For {environment}, {calendar}.");
            let steps = vec!["Put the next years' dates into the blueprint's calendar of holidays.".to_owned()];
            plain(report, &format!("has no holidays after {}", calendar.last), lead, steps)
        }
    }
}

/// About a run: with its reason and its notes.
fn of_run(
    report: &Report,
    headline: String,
    lead: String,
    mut paragraphs: Vec<Paragraph>,
    next_steps: Vec<String>,
) -> Letter {
    let why = (!report.because.is_empty()).then(|| Paragraph::Text(format!("Why: {}.", report.because)));
    paragraphs.extend(why);
    paragraphs.extend(report.notes.iter().map(|note| Paragraph::Text(format!("Note: {note}."))));
    Letter { headline, lead, paragraphs, next_steps, signature: signature(report) }
}

/// About a tag: what the run did besides is told elsewhere.
fn plain(report: &Report, headline: &str, lead: String, next_steps: Vec<String>) -> Letter {
    let signature = format!("Found by {} (run {}).", report.trigger, report.run);
    Letter { headline: headline.to_owned(), lead, paragraphs: Vec::new(), next_steps, signature }
}

fn signature(report: &Report) -> String {
    format!("Started by {} (run {}).", report.trigger, report.run)
}

/// Where people get in, and what is different.
fn of_ready(ready: &Ready, report: &Report, zone: Zone) -> Vec<Paragraph> {
    let mut told = Vec::new();
    if !ready.entrances.is_empty() {
        told.push(Paragraph::list("Open:", ready.entrances.iter().map(entrance)));
    }
    if let Some(since) = &ready.since {
        let at = in_zone(since.at, zone);
        told.push(match &since.changes[..] {
            [] if !report.replaced_addresses.is_empty() => {
                Paragraph::Text(format!("Nothing else has changed since {at}."))
            }
            [] => Paragraph::Text(format!("Nothing has changed since {at}.")),
            changes => Paragraph::list(format!("Changed since {at}:"), changes.iter().map(ToString::to_string)),
        });
    }
    told
}

fn entrance(entrance: &Entrance) -> String {
    match entrance.lasts {
        Lasts::EveryDay => entrance.url.clone(),
        Lasts::UntilTheNextMorning => {
            format!("{} (the load balancer's own name: another one each morning)", entrance.url)
        }
    }
}

/// What being down saves, where prices are known.
fn money(report: &Report, zone: Zone) -> Vec<Paragraph> {
    let Some(cost) = &report.cost else { return Vec::new() };
    let now = format!("While it is down it costs {} an hour instead of {}.", usd(cost.down), usd(cost.up));
    let so_far = report.saved.as_ref().and_then(|saved| saved_so_far(saved, zone));
    let sentences = so_far
        .into_iter()
        .chain([now])
        .chain(not_counted(cost))
        .chain(databases_not_counted(cost))
        .chain(vpc_endpoints_not_counted(cost))
        .chain(compute_not_counted(cost))
        .chain([ESTIMATE.to_owned()]);
    vec![Paragraph::Text(sentences.collect::<Vec<_>>().join(" "))]
}

/// Nothing before the month's first night is over, or where prices are not known.
fn saved_so_far(saved: &Saved, zone: Zone) -> Option<String> {
    let amount = saved.usd.filter(|_| saved.down_seconds > 0)?;
    let down = spoken(TimeDelta::seconds(saved.down_seconds));
    let counted = match saved.counted {
        Counted::FromItsBeginning => String::new(),
        Counted::FromItsMiddle => format!(", counted since {}", in_zone(saved.since, zone)),
    };
    Some(format!("Saved so far this month: {} in {down} down{counted}.", usd(amount)))
}

fn not_counted(cost: &HourlyCost) -> Option<String> {
    let names: Vec<&str> = cost.not_counted.iter().map(|name| name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!("Not counted, because the blueprint does not say the size of their tasks: {}.", names.join(", "))
    })
}

fn databases_not_counted(cost: &HourlyCost) -> Option<String> {
    let names: Vec<&str> = cost.databases_not_counted.iter().map(|name| name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!("Not counted either, because no price is known of their size: databases {}.", names.join(", "))
    })
}

fn vpc_endpoints_not_counted(cost: &HourlyCost) -> Option<String> {
    let names: Vec<&str> = cost.vpc_endpoints_not_counted.iter().map(|name| name.as_str()).collect();
    (!names.is_empty())
        .then(|| format!("Nor, because no price is known of their region: VPC endpoints {}.", names.join(", ")))
}

fn compute_not_counted(cost: &HourlyCost) -> Option<String> {
    let names: Vec<&str> = cost.compute_not_counted.iter().map(|name| name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!("Nor are instances and Auto Scaling groups, whose prices are not known: {}.", names.join(", "))
    })
}

fn of_reminder(reminder: &Reminder, report: &Report, zone: Zone) -> Letter {
    let environment = &report.environment;
    let beyond = spoken(TimeDelta::seconds(reminder.beyond_seconds));
    let (value, resource) = (reminder.tag.value, &reminder.tag.resource);
    let cost = reminder.usd.map(|amount| format!(" That has cost {} so far. {ESTIMATE}", usd(amount)));
    let lead = format!(
        "The override `{value}` on {resource} has kept {environment} up for {beyond} in which its schedule says down, \
         since {}.{}",
        in_zone(reminder.since, zone),
        cost.unwrap_or_default()
    );
    let steps = vec![
        format!(
            "If nobody needs it: curfew override clear --environment {environment}, or remove the tag curfew:override."
        ),
        format!("If somebody does, say until when: curfew override set up --for 8h --environment {environment}."),
    ];
    plain(report, &format!("was kept up for {beyond}"), lead, steps)
}
