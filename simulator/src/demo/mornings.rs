//! Whether every morning equals the evening before it.

use chrono::{DateTime, Utc};
use curfew_core::model::Target;
use curfew_core::report::{Outcome, Report};
use serde::Serialize;

use super::play::{Played, Run, Snapshots};
use super::snapshot::{Difference, Snapshot, rule_place};
use super::story::Act;
use crate::events::Event;
use crate::people::{Deed, Done};

/// A morning, compared with the evening before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Morning {
    /// When it began.
    pub at: DateTime<Utc>,
    /// How many values were there in the evening.
    pub values: usize,
    /// Those that are not as they were.
    pub differences: Vec<Difference>,
    /// What has become of what people and their CI did since the morning before, in words.
    pub since: Vec<String>,
}

/// Compares every morning with the evening before it.
pub fn mornings(played: &Played) -> Vec<Morning> {
    let mut evening: Option<&Snapshot> = None;
    let mut last = DateTime::<Utc>::MIN_UTC;
    let mut mornings = Vec::new();
    for run in &played.runs {
        let Some(Snapshots { before, after }) = &run.snapshots else { continue };
        if sets_out_down(run) {
            evening = Some(before);
        }
        if let (true, Some(evening)) = (brings_up(run), evening) {
            let acts = played.acts.iter().filter(|(act, done)| *done == Done::Yes && last < act.at && act.at <= run.at);
            mornings.push(Morning {
                at: run.at,
                values: evening.len(),
                differences: after.differences_since(evening),
                since: acts.filter_map(|(act, _)| fate(act, after)).collect(),
            });
            last = run.at;
        }
    }
    mornings
}

/// Whether a run begins to take the tier down; one that only finishes what another began does not.
fn sets_out_down(run: &Run) -> bool {
    match &run.report {
        None => run.event == Event::Scheduled(Target::Down),
        Some(report) => report.target == Some(Target::Down) && report.moving_since == Some(report.started_at),
    }
}

fn brings_up(run: &Run) -> bool {
    let up = |report: &Report| report.outcome == Outcome::Converged && report.target == Some(Target::Up);
    run.report.as_ref().is_some_and(up)
}

/// What has become of something that was done by hand.
fn fate(act: &Act, after: &Snapshot) -> Option<String> {
    match &act.deed {
        Deed::AddRule { load_balancer, port, priority } => {
            let is_back = after.has(&rule_place(load_balancer, *port, *priority));
            Some(format!("{}'s rule {priority} {}", act.who, if is_back { "is back" } else { "is lost" }))
        }
        Deed::Deploy { service } => {
            let revisions = after.revisions.get(service)?;
            let revisions: Vec<String> = revisions.iter().map(u32::to_string).collect();
            Some(format!("{service} runs revision {}", revisions.join(" and ")))
        }
        Deed::RemoveRule { .. }
        | Deed::Scale { .. }
        | Deed::TagCluster(_)
        | Deed::TagResource { .. }
        | Deed::SwitchDatabase { .. }
        | Deed::SwitchInstance { .. }
        | Deed::ResizeGroup { .. }
        | Deed::Suspend { .. }
        | Deed::Push { .. }
        | Deed::RunTask { .. }
        | Deed::CopyTags(_)
        | Deed::StripTags(_)
        | Deed::RestoreTags
        | Deed::DeleteNatGateway(_)
        | Deed::DeleteLoadBalancer(_)
        | Deed::DeleteVpcEndpoint(_)
        | Deed::MoveIn(_)
        | Deed::MoveOut(_)
        | Deed::Spoil(_)
        | Deed::Repair(_)
        | Deed::DeleteBase(_)
        | Deed::RestoreBase(_) => None,
    }
}
