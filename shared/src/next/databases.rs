//! Databases: started at once in the morning, and each service waits for those that it needs; stopped in the evening
//! when no task is left that needs them. Nothing else waits for a database.

use super::{Waiting, Work, order, standalone_tasks};
use crate::model::*;

/// What a morning does about databases.
pub(super) fn start(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, wanted) in &tier.databases {
        let Some(found) = seen.databases.get(name).and_then(Seen::standing) else { continue };
        match wanted.while_up {
            DatabaseWhileUp::Running => start_one(tier, seen, name, found, work),
            DatabaseWhileUp::Stopped => {}
        }
    }
}

fn start_one(tier: &RuntimeTier, seen: &Observation, name: &LogicalName, found: &ObservedDatabase, work: &mut Work) {
    let (database, status) = (name.clone(), found.status);
    match (status.doing(), found.ownership.owned()) {
        (Doing::Stopped, Some(owned)) => match seen.unstartable_databases.get(name) {
            Some(why) => work.wait(Waiting::DatabaseStarted { database, why: why.clone() }),
            None => work.act(Action::start_database(database, owned.clone())),
        },
        // Only what is stopped can be started.
        (Doing::Stopping, _) => work.wait(Waiting::DatabaseStopped { database, status }),
        (Doing::Starting | Doing::Busy | Doing::Broken, _) => {
            let held_up = order::not_started(tier, seen, |service| service.databases.contains(name));
            work.wait(Waiting::DatabaseAvailable { database, status, held_up });
        }
        (Doing::Stopped, None) | (Doing::Available | Doing::Serving | Doing::Deleting, _) => {}
    }
}

/// Whether all databases that a service needs work; those that are to stay stopped are not waited for.
pub(super) fn serve(tier: &RuntimeTier, seen: &Observation, service: &Service) -> bool {
    tier.databases
        .iter()
        .filter(|(name, wanted)| service.databases.contains(name) && wanted.while_up == DatabaseWhileUp::Running)
        .all(|(name, _)| seen.databases.get(name).and_then(Seen::standing).is_some_and(|found| found.status.serves()))
}

/// What an evening does about databases.
pub(super) fn stop(tier: &RuntimeTier, seen: &Observation, work: &mut Work) {
    for (name, found) in &seen.databases {
        let Some(found) = found.standing() else { continue };
        let Some(owned) = found.ownership.owned() else { continue };
        let status = found.status;
        match status.doing() {
            Doing::Available if is_needed(tier, seen, name) || !standalone_tasks::let_go(tier, seen, work) => {}
            Doing::Available => work.act(Action::stop_database(name.clone(), owned.clone())),
            Doing::Serving | Doing::Starting | Doing::Stopping | Doing::Busy | Doing::Broken => {
                work.wait(Waiting::DatabaseStopped { database: name.clone(), status });
            }
            Doing::Stopped | Doing::Deleting => {}
        }
    }
}

/// Whether a task is left, or wanted, of any service that needs a database.
fn is_needed(tier: &RuntimeTier, seen: &Observation, name: &LogicalName) -> bool {
    let works = |service: &ServiceName| match seen.services.get(service) {
        Some(Seen::Ready(found) | Seen::Pending(found)) => found.configuration.desired_count > 0 || found.tasks.any(),
        Some(Seen::Leaving(_) | Seen::Unknown(_)) => true,
        Some(Seen::Absent) | None => false,
    };
    tier.services.iter().any(|(service, wanted)| wanted.databases.contains(name) && works(service))
}
