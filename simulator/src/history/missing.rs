//! What must be true while something of the base tier is gone: no run fails for it, and what does not depend on it goes on.

use curfew_core::model::*;
use curfew_core::report::{Outcome, Report};
use curfew_core::safety::Reason;

use crate::account::Account;
use crate::laws::Laws;
use crate::world::{Inner, Simulation};

/// Judges how a run ended, right after its end.
pub(super) fn judge(simulation: &Simulation, tier: &RuntimeTier, report: &Report) {
    let mut inner = simulation.now_inner();
    let Inner { account, laws, .. } = &mut *inner;
    if account.missing().is_empty() || laws.is_disturbed(account.now()) {
        return;
    }
    for what in against(account, laws, tier, report) {
        laws.broken(account.now(), format!("{} with {:?} gone: {what}", report.run, account.missing()));
    }
}

/// Whether AWS refused a call for it. An expired certificate, say, is another matter, and may be gone at the same time.
fn says_that_is_gone(report: &Report, what: &BaseResource) -> bool {
    report.message.contains(&format!("{what} does not exist"))
}

fn against(account: &Account, laws: &Laws, tier: &RuntimeTier, report: &Report) -> Vec<String> {
    // A document that is lost, or an address to be kept, blocks everything: those are reasons of their own.
    let of_base = |reason: &Reason| account.missing().iter().any(|what| what.to_string() == reason.resource);
    let only_missing = report.reasons.iter().all(of_base);
    match (report.outcome, report.target) {
        // One that went after the run had looked at it is for the next run to tell.
        (Outcome::Failed, _) if !laws.was_missing_at(report.started_at) => Vec::new(),
        (Outcome::Failed, _) if account.missing().iter().any(|what| says_that_is_gone(report, what)) => {
            vec![format!("it failed: {}", report.message)]
        }
        (Outcome::Blocked, Some(Target::Up)) if only_missing => not_up(account, tier),
        (Outcome::Blocked, Some(Target::Down)) if only_missing => not_down(account, laws, tier),
        _ => Vec::new(),
    }
}

fn not_up(account: &Account, tier: &RuntimeTier) -> Vec<String> {
    let gateways = account.nat_gateways.values().filter(|one| one.state.is_alive()).count();
    let names: Vec<&LoadBalancerName> = account.load_balancers.values().map(|one| &one.name).collect();
    let balancers = tier.load_balancers.keys().filter(|name| !names.contains(name));
    let mut wrong: Vec<String> = balancers.map(|name| format!("load balancer {name} is not there")).collect();
    if gateways < tier.nat_gateways.len() {
        wrong.push(format!("{gateways} NAT gateways instead of {}", tier.nat_gateways.len()));
    }
    let exists = |what: BaseResource| !account.missing().contains(&what);
    let way_out = tier.routes.is_empty()
        || tier.routes.keys().any(|key| exists(BaseResource::RouteTable(key.route_table.clone())));
    for (name, service) in &account.services {
        let whole = service.target_groups.iter().all(|arn| exists(BaseResource::TargetGroup(arn.clone())));
        // Those that come after another one may wait for one that is not whole.
        let alone = tier.services.get(name).is_some_and(|wanted| wanted.desired_count > 0 && wanted.after.is_empty());
        if whole && alone && way_out && service.desired_count == 0 {
            wrong.push(format!("service {name} is not started"));
        }
    }
    wrong
}

fn not_down(account: &Account, laws: &Laws, tier: &RuntimeTier) -> Vec<String> {
    let left = account.load_balancers.values().filter(|one| tier.load_balancers.contains_key(&one.name));
    let mut wrong: Vec<String> = left.map(|one| format!("load balancer {} is still there", one.name)).collect();
    // One that somebody lifts after the run looked at it is the next tick's.
    let works = |name: &ServiceName| tier.services.contains_key(name) && !laws.is_lifted(name);
    let working = account.services.iter().filter(|(name, one)| one.desired_count > 0 && works(name));
    wrong.extend(working.map(|(name, _)| format!("service {name} still runs")));
    wrong
}
