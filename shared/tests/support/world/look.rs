//! What can be seen of the world from outside.

use std::collections::BTreeSet;

use curfew_core::model::*;
use curfew_core::ports::{FoundOverride, Message};
use curfew_core::recording::{Recording, capture};
use curfew_core::state::State;
use curfew_core::stored::Home;

use super::super::home;
use super::{Change, World};

impl World {
    /// Whose documents are in the bucket.
    pub fn home(&self) -> Home {
        home(&self.blueprint)
    }

    pub fn seen(&self) -> Observation {
        self.inner().model.seen().clone()
    }

    pub fn document(&self, name: &str) -> Option<String> {
        self.inner().documents.get(name).map(|kept| kept.body.clone())
    }

    pub fn recording(&self) -> Recording {
        let body = self.document("dev/recording.json").expect("there is a recording");
        Recording::parse(&body, &self.home()).expect("it can be read")
    }

    pub fn state(&self) -> State {
        State::parse(&self.document("dev/state.json").expect("there is a state"), &self.home()).expect("it can be read")
    }

    /// What was done since last asked.
    pub fn changes(&self) -> Vec<Change> {
        std::mem::take(&mut self.inner().changes)
    }

    pub fn performed(&self) -> Vec<Action> {
        let performed = |change| if let Change::Performed(action) = change { Some(action) } else { None };
        self.changes().into_iter().filter_map(performed).collect()
    }

    /// The subjects of what people were told since last asked.
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().messages).into_iter().map(|message| message.subject).collect()
    }

    pub fn messages(&self) -> Vec<Message> {
        std::mem::take(&mut self.inner().messages)
    }

    pub fn looks(&self) -> Vec<BTreeSet<Part>> {
        std::mem::take(&mut self.inner().looks)
    }

    pub fn overrides(&self) -> Vec<FoundOverride> {
        self.inner().overrides.clone()
    }

    /// What there is, in the blueprint's words: what must be the same each day.
    pub fn configuration(&self) -> RuntimeTier {
        capture(&self.blueprint.tier, &self.seen())
    }

    /// The ids of all addresses.
    pub fn allocations(&self) -> Vec<AllocationId> {
        self.seen().addresses.values().filter_map(Seen::present).map(|found| found.ownership.id().clone()).collect()
    }

    pub fn assert_up(&self) {
        let seen = self.seen();
        for (name, service) in &seen.services {
            let service = service.ready().expect("it is there");
            let desired = service.configuration.desired_count;
            assert!(desired > 0 && service.tasks.running == desired, "{name}: {service:?}");
        }
        for (key, name) in &self.blueprint.tier.routes {
            let nat = seen.nat_gateways[name].ready().expect("it is available").ownership.id().clone();
            assert_eq!(seen.routes[key].ready().map(|r| r.target.clone()), Some(RouteTarget::NatGateway(nat)));
        }
        assert!(seen.vpc_endpoints.values().all(|found| found.ready().is_some()));
        assert!(seen.load_balancers.values().all(|found| found.ready().is_some()));
        self.assert_no_orphans();
    }

    pub fn assert_down(&self) {
        let seen = self.seen();
        assert!(seen.services.values().all(|s| s.present().is_none_or(|s| !s.tasks.any())), "{:?}", seen.services);
        assert!(seen.nat_gateways.values().all(|found| *found == Seen::Absent));
        assert!(seen.vpc_endpoints.values().all(|found| *found == Seen::Absent));
        assert!(seen.load_balancers.values().all(|found| *found == Seen::Absent));
        self.assert_no_orphans();
    }

    pub fn assert_no_orphans(&self) {
        let orphans = self.seen().orphans;
        assert!(orphans.values().all(Vec::is_empty), "one of everything: {orphans:?}");
    }
}
