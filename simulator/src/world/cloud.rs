//! The account as a run meets it: with latencies, and with what goes wrong.

use std::collections::BTreeSet;
use std::time::Duration;

use curfew_core::model::*;
use curfew_core::ports::{ActionError, Cloud, FoundOverrides, Scope, Token};

use super::clock::pass;
use super::{Inner, Simulation, World};
use crate::account::duration_of;
use crate::calls::{of_action, of_changes, of_look};
use crate::faults::{CallFault, LookFault, throttled};
use crate::latency::LOOK;
use crate::look::look;

/// So long a call hangs that never gets an answer: the adapters' time-out of an operation.
const TIME_OUT: Duration = Duration::from_secs(30);

impl Cloud for World {
    async fn observe(&self, scope: Scope<'_>, parts: &BTreeSet<Part>, known: &Observation) -> Observation {
        pass(LOOK).await;
        let mut observation = Observation::default();
        {
            let mut inner = self.simulation.now_inner();
            let Inner { account, faults, laws, calls, .. } = &mut *inner;
            let mut changed = self.changed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if parts.contains(&Part::Records) {
                let (call, times) = of_changes(&mut changed, account.now());
                *calls.entry(call).or_default() += times;
            }
            for part in parts {
                for (call, times) in of_look(account, scope, part, known) {
                    *calls.entry(call).or_default() += times;
                }
                let fault = faults.of_look(part);
                let past = match fault {
                    Some(LookFault::Stale(lag)) => faults.account_then(account.now(), lag),
                    Some(LookFault::Blind) | None => None,
                };
                let mut seen = look(past.as_ref().unwrap_or(account), scope, part, known, &changed);
                if fault == Some(LookFault::Blind) {
                    blind(&mut seen, &throttled(part));
                }
                laws.looked(&self.run, part, !seen.unknowns().is_empty(), account.now());
                observation.update(seen);
            }
        }
        observation
    }

    async fn perform(&self, scope: Scope<'_>, action: &Action, token: &Token) -> Result<(), ActionError> {
        let number = self.crash.before().await;
        let (fault, half) = {
            let mut inner = self.simulation.now_inner();
            of_action(action).for_each(|call| inner.count(call, 1));
            (inner.faults.of_call(action), inner.call_duration(action) / 2)
        };
        pass(half).await;
        let result = match fault {
            Some(CallFault::Refused(error)) => Err(error),
            Some(CallFault::LostAnswer) => {
                self.simulation.take(self, scope, action, token).ok();
                pass(TIME_OUT).await;
                Err(no_answer(action))
            }
            Some(CallFault::LostRequest) => {
                pass(TIME_OUT).await;
                Err(no_answer(action))
            }
            None => self.simulation.take(self, scope, action, token),
        };
        if let Err(error) = &result {
            self.simulation.note(format!("{} {action}: {error}", self.run));
        }
        self.crash.after(number).await;
        pass(half).await;
        result
    }

    async fn overrides(&self, scope: Scope<'_>) -> Result<FoundOverrides, Unobserved> {
        pass(LOOK).await;
        let mut inner = self.simulation.now_inner();
        inner.count("ecs:DescribeClusters", 1);
        inner.count("tag:GetResources", 1);
        match inner.faults.of_overrides() {
            Some(why) => Err(why),
            None => Ok(FoundOverrides {
                account: inner.account.id(),
                tags: inner.account.overrides(scope.environment, scope.cluster),
            }),
        }
    }
}

fn no_answer(action: &Action) -> ActionError {
    ActionError {
        call: action.api_call().to_owned(),
        code: "timeout".to_owned(),
        message: "no answer in time".to_owned(),
        retry: Retry::Later,
    }
}

/// Nothing of what a look asked for could be told.
fn blind(seen: &mut Observation, why: &Unobserved) {
    fn each<K, T>(entries: &mut std::collections::BTreeMap<K, Seen<T>>, why: &Unobserved) {
        entries.values_mut().for_each(|entry| *entry = Seen::Unknown(why.clone()));
    }
    each(&mut seen.addresses, why);
    each(&mut seen.nat_gateways, why);
    each(&mut seen.routes, why);
    each(&mut seen.load_balancers, why);
    each(&mut seen.targets, why);
    each(&mut seen.records, why);
    each(&mut seen.services, why);
    each(&mut seen.databases, why);
    if let Some(tasks) = &mut seen.standalone_tasks {
        *tasks = Seen::Unknown(why.clone());
    }
    if let Some(others) = &mut seen.other_users {
        *others = Seen::Unknown(why.clone());
    }
    if let Some(lacks) = &mut seen.lacks {
        *lacks = Seen::Unknown(why.clone());
    }
    each(&mut seen.vpc_endpoints, why);
    seen.failed_vpc_endpoints.clear();
    each(&mut seen.instances, why);
    each(&mut seen.auto_scaling_groups, why);
    seen.failed_nat_gateways.clear();
    seen.orphans.values_mut().for_each(Vec::clear);
    seen.foreign.values_mut().for_each(Vec::clear);
}

impl Simulation {
    /// The effect of an action, judged by the laws just before and after.
    fn take(&self, world: &World, scope: Scope<'_>, action: &Action, token: &Token) -> Result<(), ActionError> {
        let now = self.now();
        let mut inner = self.now_inner();
        let Inner { account, laws, trace, faults, documents, .. } = &mut *inner;
        laws.check_action(account, scope, action, &world.run, documents);
        let result = account.perform(action, token).map_err(|refusal| refusal.of_call(action.api_call()));
        if result.is_ok() {
            trace.add(now, format!("{} {action}", world.run));
            if let Action::ChangeResourceRecordSets { changes, .. } = action {
                let mut changed = world.changed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for change in changes {
                    if let Some(record) = account.records.get(&change.key) {
                        changed.insert(change.key.clone(), record.in_sync_at);
                    }
                }
            }
        }
        faults.remember(account);
        laws.check_state(account);
        drop(inner);
        self.effects.notify_one();
        result
    }
}

impl Inner {
    /// How long an action's call takes, both ways.
    fn call_duration(&self, action: &Action) -> Duration {
        self.account.latencies().of(duration_of(action), &action.subject())
    }
}
