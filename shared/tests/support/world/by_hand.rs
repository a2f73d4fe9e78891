//! What people do to an environment, and what goes wrong with it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use curfew_core::decide::Command;
use curfew_core::forecast::Model;
use curfew_core::model::*;
use curfew_core::ports::FoundOverride;
use curfew_core::report::Report;
use curfew_core::run::Request;
use curfew_core::state::State;

use super::{Kept, Refusal, World, rule};
use crate::support::id;

impl World {
    /// Somebody changes something by hand.
    pub fn by_hand(&self, change: impl FnOnce(&mut Observation)) {
        let mut inner = self.inner();
        let mut seen = inner.model.seen().clone();
        change(&mut seen);
        inner.model = Model::new(&self.blueprint.environment, seen);
    }

    /// Somebody scales a service, and its tasks are there.
    pub fn scale_by_hand(&self, service: &str, count: u32) {
        self.by_hand(|seen| {
            let Some(Seen::Ready(found)) = seen.services.get_mut(&id(service)) else { panic!("{service}") };
            found.configuration.desired_count = count;
            found.tasks.running = count;
            for group in found.target_groups.clone() {
                if let Some(Seen::Ready(targets)) = seen.targets.get_mut(&group) {
                    targets.healthy = count;
                }
            }
        });
    }

    /// Somebody changes the environment's only load balancer.
    pub fn load_balancer_by_hand(&self, change: impl FnOnce(&mut LoadBalancer)) {
        self.by_hand(|seen| {
            let Some(Seen::Ready(found) | Seen::Pending(found)) = seen.load_balancers.values_mut().next() else {
                panic!("no load balancer")
            };
            change(&mut found.configuration);
        });
    }

    /// The environment's only database does something by itself, or because somebody asked for it.
    pub fn set_database(&self, status: DatabaseStatus) {
        self.by_hand(|seen| {
            let found = seen.databases.values_mut().next().expect("a database");
            *found = ObservedDatabase { status, ..found.present().expect("it is there").clone() }.into();
        });
    }

    /// Tasks run that no service started: these, and no others.
    pub fn run_tasks(&self, definitions: &[&str]) {
        let task =
            |definition: &&str| StandaloneTask { task_definition: (*definition).to_owned(), id: "0f3a".to_owned() };
        let tasks: BTreeSet<StandaloneTask> = definitions.iter().map(task).collect();
        let seen = if tasks.is_empty() { Seen::Absent } else { Seen::Ready(tasks) };
        self.by_hand(|all| all.standalone_tasks = Some(seen));
    }

    /// Others use what goes: these, and nobody else.
    pub fn others_use(&self, uses: &[(&str, Used)]) {
        let users: OtherUsers = uses
            .iter()
            .map(|(name, used)| {
                let user = OtherUser { called: (*name).to_owned(), uses: [used.clone()].into() };
                (name.parse().expect("another user's name"), user)
            })
            .collect();
        let seen = if users.is_empty() { Seen::Absent } else { Seen::Ready(users) };
        self.by_hand(|all| all.other_users = Some(seen));
    }

    /// The base tier is without these, whoever needs them, and has all else.
    pub fn is_without(&self, gone: &[(Needed, Shortcoming)]) {
        let lack = |(needed, shortcoming): &(Needed, Shortcoming)| Lack {
            needed: needed.clone(),
            shortcoming: shortcoming.clone(),
            needed_by: BTreeSet::new(),
        };
        self.by_hand(|all| all.lacks = Some(Seen::Ready(gone.iter().map(lack).collect())));
    }

    /// CI updates a service to another task definition.
    pub fn deploy_by_hand(&self, service: &str, task_definition: &str) {
        self.by_hand(|seen| {
            let Some(Seen::Ready(found)) = seen.services.get_mut(&id(service)) else { panic!("{service}") };
            found.task_definition = Some(task_definition.to_owned());
        });
    }

    /// Somebody adds a rule to the listener of port 443.
    pub fn add_rule_by_hand(&self, priority: u16) {
        self.load_balancer_by_hand(|load_balancer| {
            let rules = &mut load_balancer.listeners.get_mut(&443).expect("it listens").rules;
            rules.insert(priority, rule(&format!("/by-hand/{priority}")));
        });
    }

    /// Somebody deletes a rule of the listener of port 443.
    pub fn delete_rule_by_hand(&self, priority: u16) {
        self.load_balancer_by_hand(|load_balancer| {
            load_balancer.listeners.get_mut(&443).expect("it listens").rules.remove(&priority).expect("it is there");
        });
    }

    /// The priorities of the rules of port 443, as they are.
    pub fn rules(&self) -> Vec<u16> {
        let seen = self.seen();
        let load_balancer = seen.load_balancers.values().find_map(Seen::present).expect("it is there");
        load_balancer.configuration.listeners[&443].rules.keys().copied().collect()
    }

    /// How many tasks a service should have, as it is.
    pub fn desired_count(&self, service: &str) -> u32 {
        self.seen().services[&id::<ServiceName>(service)].present().expect("it is there").configuration.desired_count
    }

    /// The tags of the cluster, as somebody sets them.
    pub fn set_override(&self, value: Option<&str>) {
        let found = |value: &str| FoundOverride { resource: "the cluster".into(), value: value.into(), held: false };
        self.inner().overrides = value.map(found).into_iter().collect();
    }

    pub fn refuse(&self, refusal: Refusal) {
        self.inner().refusals.push(refusal);
    }

    /// A part cannot be observed.
    pub fn blind(&self, part: Part, retry: Retry) {
        let why = Unobserved { call: "Describe".to_owned(), message: "no".to_owned(), retry };
        self.inner().blind.insert(part, why);
    }

    pub fn see_again(&self) {
        let mut inner = self.inner();
        inner.blind.clear();
        inner.stale.clear();
    }

    /// A part goes on to look as it does now.
    pub fn freeze(&self, part: Part) {
        let mut inner = self.inner();
        let seen = inner.model.seen().clone();
        inner.stale.insert(part, seen);
    }

    pub fn make_unwritable(&self, document: &str) {
        self.inner().unwritable = Some(document.to_owned());
    }

    /// A document reads back as something else than what was written.
    pub fn garble(&self, document: &str) {
        self.inner().garbled = Some(document.to_owned());
    }

    /// The next write of a document works, but its answer is lost, and the SDK tries it again.
    pub fn repeat_write(&self, document: &str) {
        self.inner().repeated = Some(document.to_owned());
    }

    pub fn write(&self, document: &str, body: &str) {
        let mut inner = self.inner();
        let version = inner.documents.get(document).map_or(1, |there| there.version + 1);
        let written_at = inner.now;
        inner.documents.insert(document.to_owned(), Kept { body: body.to_owned(), version, written_at });
    }

    /// Whoever watches wants runs to end, or no longer.
    pub fn interrupt(&self, interrupted: bool) {
        self.inner().interrupted = interrupted;
    }

    /// Somebody deletes a document.
    pub fn delete(&self, document: &str) {
        self.inner().documents.remove(document);
    }

    /// From now on whoever runs has a clock that is so far ahead.
    pub fn skew(&self, skew: TimeDelta) {
        self.inner().skew = skew;
    }

    /// What is remembered, as another version wrote it.
    pub fn edit_state(&self, edit: impl FnOnce(&mut State)) {
        let mut state = self.state();
        edit(&mut state);
        self.write("dev/state.json", &state.to_json(&self.home()));
    }

    /// A run that has no more than a minute.
    pub fn hasty(&self, command: Option<Command>) -> Report {
        let request = self.request(command);
        let deadline = request.deadline - TimeDelta::minutes(14);
        self.run(&Request { deadline, ..request })
    }
}
