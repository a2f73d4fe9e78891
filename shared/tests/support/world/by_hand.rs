//! What people do to an environment, and what goes wrong with it.

use curfew_core::forecast::Model;
use curfew_core::model::*;
use curfew_core::ports::FoundOverride;

use super::{Refusal, World, rule};
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

    /// Somebody adds a rule to the listener of port 443.
    pub fn add_rule_by_hand(&self, priority: u16) {
        self.load_balancer_by_hand(|load_balancer| {
            let rules = &mut load_balancer.listeners.get_mut(&443).expect("it listens").rules;
            rules.insert(priority, rule(&format!("/by-hand/{priority}")));
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
        let version = inner.documents.get(document).map_or(1, |(_, version)| version + 1);
        inner.documents.insert(document.to_owned(), (body.to_owned(), version));
    }
}
