//! A plan: waves of actions, what is waited for between them, and what it is worth.

use anstyle::{AnsiColor, Effects};
use chrono::TimeDelta;
use curfew_core::forecast::{Forecast, ForecastEnd};
use curfew_core::money::HourlyCost;
use curfew_core::next::Waiting;
use curfew_core::report::spoken;
use curfew_core::safety::Reason;

use super::styled;

/// Renders a plan.
pub fn forecast(forecast: &Forecast, cost: Option<&HourlyCost>) -> String {
    let dim = anstyle::Style::new().effects(Effects::DIMMED);
    let mut text = String::new();
    for wave in &forecast.waves {
        for line in waits(&wave.waited_for) {
            text.push_str(&format!("{:>12}  {}\n", "", styled(dim, &line)));
        }
        for (index, action) in wave.actions.iter().enumerate() {
            let when = if index == 0 { format!("+{}", short(wave.after)) } else { String::new() };
            text.push_str(&format!("{when:>12}  {action}\n"));
        }
    }
    for line in waits(&forecast.waits_last) {
        text.push_str(&format!("{:>12}  {}\n", "", styled(dim, &line)));
    }
    match &forecast.end {
        ForecastEnd::Done if forecast.waves.is_empty() && forecast.waits_last.is_empty() => {
            text.push_str(&format!("nothing to do: it is {}\n", forecast.target))
        }
        ForecastEnd::Done if forecast.waves.is_empty() => {
            text.push_str(&format!("nothing to do but wait: it is not {} yet\n", forecast.target))
        }
        ForecastEnd::Done => {
            text.push_str(&format!("{:>12}  {}\n", format!("+{}", short(forecast.duration)), forecast.target))
        }
        ForecastEnd::Open(on) => {
            for line in waits(on) {
                text.push_str(&format!("{:>12}  {line}, nobody knows how long\n", ""));
            }
        }
        ForecastEnd::Blocked(reasons) => {
            text.push_str("blocked: nothing would be touched\n");
            text.push_str(&listed(reasons));
        }
        ForecastEnd::Missing(reasons) => {
            text.push_str(&format!("blocked: {} as far as it can be\n", forecast.target));
            text.push_str(&listed(reasons));
        }
    }
    for note in &forecast.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    if let Some(cost) = cost {
        text.push_str(&money(cost));
    }
    text
}

fn listed(reasons: &[Reason]) -> String {
    let mark = styled(AnsiColor::Red.on_default(), "!");
    let one = |one: &Reason| format!("  {mark} {} {}\n    {}\n", one.resource, one.problem, one.remedy);
    reasons.iter().map(one).collect()
}

fn waits(on: &[Waiting]) -> Vec<String> {
    let mut lines: Vec<String> = on.iter().map(|waiting| format!("waiting for {}", waiting.subject())).collect();
    lines.dedup();
    lines
}

fn short(duration: std::time::Duration) -> String {
    spoken(TimeDelta::from_std(duration).unwrap_or_default())
}

fn money(cost: &HourlyCost) -> String {
    let mut text = format!(
        "while up {:.3} USD an hour, while down {:.3} USD an hour (list prices, traffic not counted)\n",
        cost.up, cost.down
    );
    if !cost.not_counted.is_empty() {
        let names = cost.not_counted.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        text.push_str(&format!("not counted, because the blueprint does not say their size (`tasks`): {names}\n"));
    }
    if !cost.databases_not_counted.is_empty() {
        let names = cost.databases_not_counted.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        text.push_str(&format!("not counted, because no price is known of their size: databases {names}\n"));
    }
    if !cost.vpc_endpoints_not_counted.is_empty() {
        let names = cost.vpc_endpoints_not_counted.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        text.push_str(&format!("not counted, because no price is known of their region: VPC endpoints {names}\n"));
    }
    if !cost.compute_not_counted.is_empty() {
        let names = cost.compute_not_counted.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        text.push_str(&format!("not counted, because no price is known: instances and Auto Scaling groups {names}\n"));
    }
    text
}
