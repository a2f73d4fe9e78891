//! What an environment is and should be.

use chrono::{DateTime, Utc};
use curfew_core::decide::{Because, Verdict};
use curfew_core::lead::usual;
use curfew_core::model::*;
use curfew_core::overrides::{Origin, Overrides, TaggedOverride};
use curfew_core::report::spoken;
use curfew_core::schedule::RulesFrom;
use curfew_core::state::Phase;
use curfew_core::status::Status;
use curfew_core::zones::Zone;

/// Renders an environment's status.
pub fn status(status: &Status, zone: Zone) -> String {
    let decision = &status.decision;
    let should = match decision.verdict {
        Verdict::Be(target) => format!("should be {target}"),
        Verdict::LeaveAsItIs => "is left as it is".to_owned(),
    };
    let until = decision.until.map(|until| format!(", until {}", local(until, zone))).unwrap_or_default();
    let because = match (&decision.verdict, &decision.because) {
        (Verdict::LeaveAsItIs, Because::Schedule) => "the schedule says nothing else".to_owned(),
        (_, because) => because.to_string(),
    };
    let replaced = status.state.identities.replaced_addresses(status.at);
    let mut text: String = replaced.iter().map(|one| format!("! {one}\n")).collect();
    text.push_str(&format!("{} {should}{until}: {because}\n", status.environment));
    text.push_str(&next_start(status, zone));
    text.push_str(&format!("phase: {}\n", phase(status.state.phase)));
    for reason in &status.documents {
        text.push_str(&format!("! {reason}\n"));
    }
    status.waiting().iter().for_each(|waiting| text.push_str(&format!("waits for: {waiting}\n")));
    if let Some(lease) = &status.state.lease {
        text.push_str(&format!("at work: {} since {}\n", lease.trigger, local(lease.since, zone)));
    }
    if let Some(last) = status.state.history.back() {
        text.push_str(&format!("last run: {} at {} by {}\n", last.outcome, local(last.ended_at, zone), last.trigger));
    }
    if let Some(cost) = &status.cost {
        text.push_str(&format!("costs: {:.3} USD an hour up, {:.3} down\n", cost.up, cost.down));
    }
    for note in curfew_core::safety::notes(&status.observation) {
        text.push_str(&format!("note: {note}\n"));
    }
    if status.zones.from == RulesFrom::State {
        text.push_str(&format!("time zones: {}\n", status.zones));
    }
    text.push('\n');
    for (name, state, detail) in resources(&status.observation) {
        text.push_str(format!("{name:<48}  {state:<8}  {detail}").trim_end());
        text.push('\n');
    }
    text
}

/// When the schedule starts it and when it will be ready, if it is down by the schedule.
pub fn next_start(status: &Status, zone: Zone) -> String {
    let Some(next) = &status.next_start else { return String::new() };
    let (window, usual) = (local(next.window, zone), usual(&status.state.mornings));
    match (next.lead, usual) {
        (Some(lead), _) => {
            format!(
                "next start: by the first tick from {} on, for the window at {window}; {lead}\n",
                local(next.from, zone)
            )
        }
        (None, Some(usual)) => format!("next start: {window}, ready {} later as mornings go\n", spoken(usual)),
        (None, None) => format!("next start: {window}, ready some minutes later (no mornings measured yet)\n"),
    }
}

fn phase(phase: Option<Phase>) -> &'static str {
    match phase {
        None => "not yet touched by Curfew",
        Some(Phase::Raising) => "coming up",
        Some(Phase::Raised) => "configured, not yet serving",
        Some(Phase::Up) => "up",
        Some(Phase::Lowering) => "going down",
        Some(Phase::Down) => "down",
    }
}

/// An instant as the zone's clocks show it.
pub(super) fn local(instant: DateTime<Utc>, zone: Zone) -> String {
    format!("{} {}", instant.with_timezone(&zone).format("%a %Y-%m-%d %H:%M"), zone.abbreviation(instant))
}

fn resources(seen: &Observation) -> Vec<(String, String, String)> {
    fn row<T>(name: String, found: &Seen<T>, detail: impl Fn(&T) -> String) -> (String, String, String) {
        let detail = match found {
            Seen::Unknown(why) => why.to_string(),
            Seen::Absent => String::new(),
            Seen::Pending(value) | Seen::Ready(value) | Seen::Leaving(value) => detail(value),
        };
        (name, found.to_string(), detail)
    }
    let mut rows = Vec::new();
    rows.extend(seen.addresses.iter().map(|(name, a)| row(format!("address {name}"), a, |a| a.public_ip.clone())));
    rows.extend(
        seen.nat_gateways
            .iter()
            .map(|(name, n)| row(format!("NAT gateway {name}"), n, |n| n.ownership.id().to_string())),
    );
    rows.extend(seen.routes.iter().map(|(key, r)| {
        row(format!("route {} in {}", key.destination, key.route_table), r, |r| match &r.target {
            RouteTarget::NatGateway(id) => format!("to {id}"),
            RouteTarget::Blackhole(_) => "black hole".to_owned(),
            RouteTarget::Other(what) => format!("to {what}"),
        })
    }));
    rows.extend(
        seen.load_balancers.iter().map(|(name, l)| row(format!("load balancer {name}"), l, |l| l.dns_name.clone())),
    );
    rows.extend(seen.records.iter().map(|(key, r)| {
        row(format!("DNS {} {}", key.name, key.kind.as_str()), r, |r| match &r.target {
            RecordTarget::Alias { dns_name, .. } => dns_name.clone(),
            RecordTarget::Values(values) => values.join(", "),
        })
    }));
    rows.extend(seen.services.iter().map(|(name, found)| {
        let (name, state, detail) = row(format!("service {name}"), found, |s| {
            format!("{} of {} running", s.tasks.running, s.configuration.desired_count)
        });
        let starts = found.ready().is_some_and(|s| s.tasks.running < s.configuration.desired_count);
        (name, if starts { PENDING.to_owned() } else { state }, detail)
    }));
    rows.extend(
        seen.databases
            .iter()
            .map(|(name, d)| row(format!("database {name}"), d, |d| format!("{} is {}", d.ownership.id(), d.status))),
    );
    rows.extend(
        seen.vpc_endpoints
            .iter()
            .map(|(name, e)| row(format!("VPC endpoint {name}"), e, |e| e.ownership.id().to_string())),
    );
    rows.extend(
        seen.instances
            .iter()
            .map(|(name, i)| row(format!("instance {name}"), i, |i| format!("{} is {}", i.ownership.id(), i.state))),
    );
    rows.extend(seen.auto_scaling_groups.iter().map(|(name, group)| {
        row(format!("Auto Scaling group {name}"), group, |group| {
            format!("{}: {} of {} in service", group.ownership.id(), group.instances.in_service, group.capacity.desired)
        })
    }));
    rows.extend(seen.targets.iter().map(|(arn, found)| {
        let (name, state, detail) = row(format!("target group {}", arn.name()), found, |t| {
            format!("{} healthy, {} waiting, {} draining", t.healthy, t.waiting, t.draining)
        });
        let waits = found.ready().is_some_and(|t| t.waiting > 0);
        (name, if waits { PENDING.to_owned() } else { state }, detail)
    }));
    rows
}

/// What is there and does not work yet, in the word of [`Seen::Pending`].
const PENDING: &str = "pending";

/// Renders override tags.
pub fn overrides(overrides: &Overrides, zone: Zone) -> String {
    let line = |tagged: &TaggedOverride, note: &str| {
        let until =
            tagged.value.until.map_or("until removed".to_owned(), |until| format!("until {}", local(until, zone)));
        let origin = match tagged.origin {
            Origin::Hold => ", set by a manual start or stop",
            Origin::Person => "",
        };
        format!("{} {until}  on {}{origin}{note}\n", tagged.value.target, tagged.resource)
    };
    let mut text = String::new();
    overrides.active.iter().for_each(|tagged| text.push_str(&line(tagged, "")));
    overrides.expired.iter().for_each(|tagged| text.push_str(&line(tagged, " (over)")));
    for tag in &overrides.malformed {
        text.push_str(&format!(
            "`{}` on {} cannot be read: the environment is neither stopped nor started until it is corrected\n",
            tag.value, tag.resource
        ));
    }
    if text.is_empty() {
        text.push_str("no overrides: the schedule counts\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_serve_is_not_ready() {
        let arn: TargetGroupArn =
            "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/web/0a1".parse().expect("an ARN");
        let state = |targets: ObservedTargets| {
            let seen = Observation { targets: [(arn.clone(), Seen::Ready(targets))].into(), ..Observation::default() };
            resources(&seen).remove(0).1
        };
        let attached = ObservedTargets { attached: true, ..ObservedTargets::default() };
        assert_eq!(state(ObservedTargets { waiting: 1, ..attached.clone() }), PENDING);
        assert_eq!(state(ObservedTargets { healthy: 1, ..attached }), "ready");
        let pending: Seen<u8> = Seen::Pending(0);
        assert_eq!(pending.to_string(), PENDING);
    }
}
