//! How the state comes to know which resources are the environment's: a creation is written down before it is asked for, and
//! what stands in its place is remembered by id once a look has shown it there.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::*;

/// What a creation led to is seen within this time, or is none of Curfew's business any more: what turns up later is
/// foreign, and left to people.
const CREATIONS_LAST: TimeDelta = TimeDelta::days(7);
/// So many NAT gateways that are gone are remembered of each name: a month's, should nobody put its alarms again so long.
const FORMER_NAT_GATEWAYS: usize = 31;

impl Identities {
    /// Writes down that an action is about to make something, and gives it the mark by which that can be known again.
    ///
    /// An action that makes nothing that is remembered is left as it is. `token` is the call's: where AWS makes nothing new
    /// for a repeated token or name, the mark is the same again.
    #[must_use]
    pub fn intend(&mut self, action: &Action, token: &str, run: &str, now: DateTime<Utc>) -> Action {
        let mut marked = action.clone();
        let Some(created) = marked.created() else { return marked };
        let new = Mark::new(run, self.creations + 1);
        let (mark, tags) = match created {
            // Each call makes another one (facts §1).
            Created::Address(name, tags) => (self.addresses.begin(name, token, &new, now), tags),
            Created::NatGateway(name, tags) => (self.nat_gateways.begin_once(name, token, &new, now), tags),
            Created::LoadBalancer(name, tags) => (self.load_balancers.begin_once(name, token, &new, now), tags),
            Created::VpcEndpoint(name, tags) => (self.vpc_endpoints.begin_once(name, token, &new, now), tags),
        };
        if mark == new {
            self.creations += 1;
        }
        tags.insert(RUN_TAG.to_owned(), mark.to_string());
        marked
    }

    /// Takes in what a run saw: what stands in a place and is proven to be this environment's is the one there from now on.
    pub fn learn(&mut self, seen: &Observation, tier: &RuntimeTier, run: &str, now: DateTime<Utc>) {
        for (name, found) in &seen.nat_gateways {
            let there = found.standing().map(|one| (&one.ownership, Mark::of(&one.tags)));
            let before = self.nat_gateways.id_of(name).cloned();
            self.nat_gateways.take_in(name, found, there, run);
            self.keep_former(name, before);
        }
        for (name, found) in &seen.load_balancers {
            let there = found.standing().map(|one| (&one.ownership, one.mark.clone()));
            self.load_balancers.take_in(name, found, there, run);
        }
        for (name, found) in &seen.vpc_endpoints {
            let there = found.standing().map(|one| (&one.ownership, Mark::of(&one.tags)));
            self.vpc_endpoints.take_in(name, found, there, run);
        }
        for (name, found) in &seen.addresses {
            self.learn_address(name, found, seen, tier, (run, now));
        }
        self.forget_old_creations(now);
    }

    /// Remembers the NAT gateway that stood in a place before another one did.
    fn keep_former(&mut self, name: &LogicalName, before: Option<NatGatewayId>) {
        let Some(before) = before.filter(|id| self.nat_gateways.id_of(name) != Some(id)) else { return };
        let former = self.former_nat_gateways.entry(name.clone()).or_default();
        former.retain(|id| *id != before);
        former.push(before);
        former.drain(..former.len().saturating_sub(FORMER_NAT_GATEWAYS));
    }

    /// Of an address its tag alone proves little, and its place is the NAT gateway that leaves by it: one that no run made is
    /// remembered when that is seen to hold it.
    fn learn_address(
        &mut self,
        name: &LogicalName,
        found: &Seen<ObservedAddress>,
        seen: &Observation,
        tier: &RuntimeTier,
        (run, now): (&str, DateTime<Utc>),
    ) {
        let there = found.standing().filter(|one| one.ownership.owned().is_some());
        let is_used = there.is_some_and(|one| is_used(name, one, seen, tier));
        let is_created =
            |one: &&ObservedAddress| Mark::of(&one.tags).is_some_and(|m| self.addresses.has_begun(name, &m));
        let known = there.filter(|one| is_used || is_created(one));
        let known = known.map(|one| (&one.ownership, Mark::of(&one.tags)));
        match (found, known) {
            (Seen::Ready(_), None) => {}
            (_, known) => self.addresses.take_in(name, found, known, run),
        }
        let (Some(one), true) = (there, is_used) else { return };
        let creations = self.addresses.creations.iter_mut();
        creations
            .filter(|creation| creation.id.as_ref() == Some(one.ownership.id()))
            .for_each(|creation| creation.used = true);
        self.learn_public_address(name, &one.public_ip, tier, now);
    }

    fn learn_public_address(&mut self, name: &LogicalName, public_ip: &str, tier: &RuntimeTier, now: DateTime<Utc>) {
        let before = self.public_addresses.get(name);
        if before.is_some_and(|before| before.public_ip == public_ip) {
            return;
        }
        // One that is released each night is another one each morning, as the blueprint says.
        let is_kept = tier.addresses.get(name).is_some_and(|address| address.while_down == AddressWhileDown::Keep);
        let replaced = before.filter(|_| is_kept);
        let replaced = replaced.map(|before| Replaced { public_ip: before.public_ip.clone(), at: now });
        self.public_addresses.insert(name.clone(), PublicAddress { public_ip: public_ip.to_owned(), replaced });
    }

    fn forget_old_creations(&mut self, now: DateTime<Utc>) {
        let since = now - CREATIONS_LAST;
        self.addresses.creations.retain(|one| one.at >= since);
        self.nat_gateways.creations.retain(|one| one.at >= since);
        self.load_balancers.creations.retain(|one| one.at >= since);
        self.vpc_endpoints.creations.retain(|one| one.at >= since);
    }
}

/// Whether an address is in use: the NAT gateway of its name holds it. One that no NAT gateway is to have is in use by whoever
/// else needs it.
fn is_used(name: &LogicalName, address: &ObservedAddress, seen: &Observation, tier: &RuntimeTier) -> bool {
    let mut users = tier.nat_gateways.iter().filter(|(_, gateway)| gateway.address == *name).peekable();
    let holds = |gateway: &LogicalName| {
        let there = seen.nat_gateways.get(gateway).and_then(Seen::present);
        let there = there.filter(|one| one.ownership.owned().is_some());
        there.is_some_and(|one| one.allocation.as_ref() == Some(address.ownership.id()))
    };
    users.peek().is_none() || users.any(|(gateway, _)| holds(gateway))
}

impl<Name: Ord + Clone, Id: PartialEq + Clone> Registry<Name, Id> {
    fn begin(&mut self, name: &Name, token: &str, mark: &Mark, at: DateTime<Utc>) -> Mark {
        let (name, token) = (name.clone(), token.to_owned());
        self.creations.push(Creation { mark: mark.clone(), name, token, at, id: None, used: false });
        mark.clone()
    }

    /// The same creation where it was begun with that token.
    fn begin_once(&mut self, name: &Name, token: &str, mark: &Mark, at: DateTime<Utc>) -> Mark {
        let begun = self.creations.iter().find(|one| one.token == token && one.id.is_none());
        match begun.map(|one| one.mark.clone()) {
            Some(mark) => mark,
            None => self.begin(name, token, mark, at),
        }
    }

    fn has_begun(&self, name: &Name, mark: &Mark) -> bool {
        self.creations.iter().any(|one| one.mark == *mark && one.name == *name)
    }

    fn take_in<T>(&mut self, name: &Name, found: &Seen<T>, there: Option<(&Ownership<Id>, Option<Mark>)>, run: &str) {
        if let (Seen::Absent, Some(known)) = (found, self.known.get_mut(name)) {
            known.gone = true;
        }
        let Some((owned, mark)) = there.and_then(|(ownership, mark)| Some((ownership.owned()?, mark))) else { return };
        let id = owned.id();
        if let Some(known) = self.known.get_mut(name).filter(|known| known.id == *id) {
            known.gone = false;
            return;
        }
        let creation = self.creations.iter_mut().find(|one| {
            Some(&one.mark) == mark.as_ref() && one.name == *name && one.id.as_ref().is_none_or(|made| made == id)
        });
        let provenance = match creation {
            Some(creation) => {
                creation.id = Some(id.clone());
                Provenance::Made(creation.mark.clone())
            }
            None => Provenance::Found(run.to_owned()),
        };
        self.known.insert(name.clone(), Known { id: id.clone(), provenance, gone: false });
    }
}
