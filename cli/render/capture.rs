//! A captured environment: its blueprint for a file, all else for the person at the terminal.

use anstyle::AnsiColor;
use curfew_core::capture::Captured;
use curfew_sim::tell;

use super::{print, styled};
use crate::arguments::Options;

/// Hours of an average month.
const MONTH: f64 = 730.0;

/// Prints the blueprint on standard output and what is to be known of it on standard error; as JSON, all of it on
/// standard output.
pub fn captured(options: &Options, captured: &Captured) {
    print(options, captured, || captured.yaml.clone());
    if !options.json {
        tell!("{}", remarks(captured).trim_end());
    }
}

fn remarks(captured: &Captured) -> String {
    let red = |text: &str| styled(AnsiColor::Red.on_default(), text);
    let mut text = String::new();
    if !captured.left_out.is_empty() {
        text.push_str("left out:\n");
        captured.left_out.iter().for_each(|one| text.push_str(&format!("  {one}\n")));
    }
    if !captured.problems.is_empty() {
        text.push_str(&format!("{}\n", red("this is not a blueprint yet; fix:")));
        captured.problems.iter().for_each(|problem| text.push_str(&format!("  {problem}\n")));
    }
    if !captured.refused.is_empty() {
        text.push_str("Curfew would refuse to take it down as it is:\n");
        for reason in &captured.refused {
            let mark = red("!");
            text.push_str(&format!("  {mark} {} {}\n    {}\n", reason.resource, reason.problem, reason.remedy));
        }
    }
    captured.notes.iter().for_each(|note| text.push_str(&format!("note: {note}\n")));
    text + &money(captured)
}

fn money(captured: &Captured) -> String {
    let share = captured.share_down.unwrap_or_default();
    let saved = format!("the schedule has it down for {:.0} % of all hours", share * 100.0);
    let Some(cost) = &captured.cost else {
        return format!("what it costs is not known: there are no prices for its region; {saved}\n");
    };
    let month = (cost.up - cost.down) * share * MONTH;
    let mut text = format!(
        "while up {:.3} USD an hour, while down {:.3} USD an hour (list prices, traffic not counted)\n{saved}: \
         about {month:.0} USD a month less\n",
        cost.up, cost.down
    );
    if !cost.not_counted.is_empty() {
        let names = cost.not_counted.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        text.push_str(&format!("not counted, because the size of their tasks is not known: {names}\n"));
    }
    text
}
