//! A demo as text: in two screens of 45 lines at the most, and 110 columns.

mod closing;
mod gantt;
mod timeline;

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use chrono::{DateTime, Utc};
use curfew_core::zones::Zone;

use super::Demo;
use super::hours::Day;

/// The text is no wider.
pub const WIDTH: usize = 110;
/// The text is no longer, whatever was played.
pub const HEIGHT: usize = 90;

/// So many days are shown one by one.
const DAYS: usize = 7;

pub(super) const UP: Style = AnsiColor::Green.on_default();
pub(super) const DOWN: Style = AnsiColor::Blue.on_default();
pub(super) const PERSON: Style = AnsiColor::Magenta.on_default();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default();
pub(super) const WRONG: Style = AnsiColor::Red.on_default();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const BOLD: Style = Style::new().bold();

/// Renders a demo, with the colours of a terminal.
pub fn render(demo: &Demo) -> String {
    let zone: Zone = demo.zone.parse().unwrap_or(Zone::UTC);
    let mut text = head(demo);
    text.push_str(&timeline::timeline(&demo.timeline, zone));
    if let Some(morning) = &demo.morning {
        text.push_str(&gantt::gantt(morning, zone));
    }
    text.push_str(&hours(&demo.days));
    if let Some(bill) = &demo.bill {
        text.push_str(&closing::bill(bill));
    }
    text.push_str(&closing::verdict(demo, zone));
    text
}

pub(super) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

pub(super) fn heading(text: &str, remark: &str) -> String {
    match remark {
        "" => format!("\n{}\n", styled(BOLD, text)),
        remark => format!("\n{} {}\n", styled(BOLD, text), styled(DIM, remark)),
    }
}

pub(super) fn local(at: DateTime<Utc>, zone: Zone, format: &str) -> String {
    at.with_timezone(&zone).format(format).to_string()
}

fn head(demo: &Demo) -> String {
    let days = match demo.days.len() {
        1 => "A day".to_owned(),
        7 => "A week".to_owned(),
        several => format!("{several} days"),
    };
    let title = format!("{days} of {}'s `{}` under Curfew", demo.example, demo.environment);
    let remark = format!("(real code, simulated AWS account, virtual time, seed {})", demo.seed);
    let options =
        textwrap::Options::new(WIDTH).initial_indent("  runtime tier  ").subsequent_indent("                ");
    format!(
        "{} {}\n  should be up  {}\n{}\n",
        styled(BOLD, &title),
        styled(DIM, &remark),
        demo.schedule,
        textwrap::fill(&demo.tier, options)
    )
}

/// A strip of half hours for each day.
fn hours(days: &[Day]) -> String {
    let marks: String = (0..8).map(|mark| format!("{:<6}", format!("{:02}", mark * 3))).collect();
    let mut text = heading("When it was up", "(a column is half an hour)");
    let _ = writeln!(text, "  {:12}{}", "", styled(DIM, marks.trim_end()));
    for day in days.iter().take(DAYS) {
        let cells: String = day.half_hours.iter().map(|share| if *share >= 0.5 { '█' } else { '·' }).collect();
        let _ = writeln!(
            text,
            "  {:12}{} {:>5.1} h of {}",
            day.name(),
            pad(&styled(UP, &cells), &cells, 51),
            day.hours_up,
            day.hours()
        );
    }
    if let Some(rest) = days.get(DAYS..).filter(|rest| !rest.is_empty()) {
        let (up, hours): (f64, i64) = (rest.iter().map(|day| day.hours_up).sum(), rest.iter().map(Day::hours).sum());
        let _ = writeln!(text, "  {:63} {up:>5.1} h of {hours}", format!("… {} more days", rest.len()));
    }
    text
}

/// Fills a styled text up to a width, by the plain text that it shows.
pub(super) fn pad(styled: &str, plain: &str, width: usize) -> String {
    format!("{styled}{}", " ".repeat(width.saturating_sub(plain.chars().count())))
}
