//! What it cost, whether everything came back, and what to try next.

use curfew_core::zones::Zone;

use super::super::Demo;
use super::super::cost::{Bill, Item};
use super::super::mornings::Morning;
use super::{DIM, UP, WRONG, heading, local, styled};
use crate::environment::Example;

/// Of what went wrong, so much is shown.
const MOST_WRONGS: usize = 5;

/// Renders the bill.
pub fn bill(bill: &Bill) -> String {
    let mut text = heading("What it cost", "(USD, list prices; NAT gateways and load balancers by each hour begun)");
    text.push_str(&styled(DIM, &format!("  {:26}{:>19}{:>23}\n", "", "with Curfew", "around the clock")));
    // An environment without databases has no line for them.
    for line in bill.lines.iter().filter(|line| line.actual.hours + line.around_the_clock.hours > 0.0) {
        let (actual, clock) = (line.actual, line.around_the_clock);
        let name = name(line.item);
        text.push_str(&format!(
            "  {name:26}{:>8.0} h {:>8.2}{:>12.0} h {:>8.2}\n",
            actual.hours, actual.usd, clock.hours, clock.usd
        ));
    }
    let saved = styled(UP.bold(), &format!("{:.0} % saved", bill.saved() * 100.0));
    let (usd, clock) = (bill.usd, bill.usd_around_the_clock);
    text.push_str(&format!("  {:26}{usd:>19.2}{clock:>23.2}   {saved}\n", "together"));
    text
}

fn name(item: Item) -> &'static str {
    match item {
        Item::NatGateways => "NAT gateways",
        Item::LoadBalancers => "load balancers",
        Item::Addresses => "public IPv4 addresses",
        Item::Tasks => "Fargate tasks",
        Item::Databases => "databases",
        Item::VpcEndpoints => "VPC endpoints",
    }
}

/// Says whether everything came back, and what to try next.
pub fn verdict(demo: &Demo, zone: Zone) -> String {
    let mut text = String::from("\n");
    let different: Vec<&Morning> = demo.mornings.iter().filter(|morning| !morning.differences.is_empty()).collect();
    let values: usize = demo.mornings.iter().map(|morning| morning.values).sum();
    let verdict = match (demo.is_good(), demo.mornings.len()) {
        (true, mornings) => styled(
            UP,
            &format!(
                "The morning equals the evening, {mornings} times out of {mornings}: {values} values compared, none differs; no invariant broken."
            ),
        ),
        (false, mornings) => {
            styled(WRONG, &format!("{} of {mornings} mornings differ from the evening before.", different.len()))
        }
    };
    text.push_str(&format!("{verdict}\n"));
    let differences = different.iter().flat_map(|morning| {
        let when = local(morning.at, zone, "%a %e %b");
        morning.differences.iter().map(move |one| format!("{when} {}: was {}, is {}", one.place, one.before, one.after))
    });
    for wrong in differences.chain(demo.violations.iter().cloned()).take(MOST_WRONGS) {
        text.push_str(&format!("  {}\n", styled(WRONG, &wrong)));
    }
    let other = Example::ALL.into_iter().find(|example| example.as_str() != demo.example).unwrap_or(Example::Platform);
    text.push_str(&styled(
        DIM,
        &format!(
            "Next: cargo demo --environment {other}, cargo demo --seed 2, or cargo local (the same over the wire).\n"
        ),
    ));
    text
}
