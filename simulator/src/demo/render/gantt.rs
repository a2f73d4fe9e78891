//! The Gantt chart as text.

use curfew_core::zones::Zone;

use super::super::gantt::{Gantt, Kind, Row};
use super::{DIM, UP, heading, local, styled};

/// Columns of a bar at the most.
const COLUMNS: f64 = 38.0;

/// Renders a morning.
pub fn gantt(gantt: &Gantt, zone: Zone) -> String {
    let column = (gantt.seconds / COLUMNS).ceil().max(1.0);
    let title = format!("The morning of {}", local(gantt.at, zone, "%a %e %b, %H:%M"));
    let remark = format!("(min:s after the start; a column is {column:.0} s; dots wait for what comes first)");
    let mut text = heading(&title, &remark);
    gantt.rows.iter().for_each(|row| text.push_str(&format!("{}\n", line(row, column))));
    text
}

fn line(row: &Row, column: f64) -> String {
    let before = (row.from / column) as usize;
    let bar = ((row.to / column).ceil() as usize).saturating_sub(before).max(1);
    let lead = match row.after {
        Some(_) => "·".repeat(before),
        None => " ".repeat(before),
    };
    let rest = (COLUMNS as usize + 1).saturating_sub(before + bar);
    let times = format!("{}{:>5} {:>5}", " ".repeat(rest), clock(row.from), clock(row.to));
    let bar = format!("{}{}", styled(DIM, &lead), styled(UP, &"█".repeat(bar)));
    let after = row.after.map(|kind| styled(DIM, &format!("  after {}", predecessor(kind)))).unwrap_or_default();
    format!("  {:<35} {bar}{times}{after}", label(row))
}

fn label(row: &Row) -> String {
    match row.kind {
        Kind::Address | Kind::NatGateway | Kind::LoadBalancer | Kind::Database | Kind::VpcEndpoint => row.label.clone(),
        Kind::Configuration => "listeners, rules, attributes".to_owned(),
        Kind::Records => "DNS in sync".to_owned(),
        Kind::Routes => "routes".to_owned(),
        Kind::Tasks => format!("tasks {}", row.label),
        Kind::Targets => format!("healthy {}", row.label),
    }
}

fn predecessor(kind: Kind) -> &'static str {
    match kind {
        Kind::Address => "address",
        Kind::NatGateway => "NAT gateway",
        Kind::LoadBalancer => "load balancer",
        Kind::Configuration => "listeners",
        Kind::Records => "DNS",
        Kind::Routes => "routes",
        Kind::Database => "database",
        Kind::Tasks => "tasks",
        Kind::Targets => "targets",
        Kind::VpcEndpoint => "VPC endpoint",
    }
}

fn clock(seconds: f64) -> String {
    let seconds = seconds as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
