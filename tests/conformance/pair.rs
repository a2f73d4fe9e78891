//! Both sides, played together: what one is told the other is told too, and each answer is compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::next::{Step, next, worth_a_look};
use curfew_core::ports::{Scope, Token};
use curfew_sim::environment::Example;
use curfew_sim::people::Deed;
use serde::Serialize;

use crate::both::Both;
use crate::compare::{Difference, Known, answer, differences, for_machines};
use crate::emulated::{Emulated, parse};
use crate::moments::{self, Moment};
use crate::names::Names;
use crate::simulated::Simulated;

/// Both sides of one environment.
pub struct Pair {
    pub blueprint: Blueprint,
    simulated: Simulated,
    emulated: Emulated,
    started_at: DateTime<Utc>,
    seen: Both<Observation>,
    names: Both<Names>,
    known: &'static [Known],
    /// What was written down of what both have made.
    identities: Identities,
    /// Which of the known differences were met.
    met: BTreeSet<usize>,
    /// The first of each place, with when it was met.
    unknown: BTreeMap<String, (String, Difference)>,
    moments: BTreeSet<Moment>,
    compared: usize,
    transcript: String,
}

impl Pair {
    /// An example as it is laid, on both sides.
    pub fn set(example: Example, known: &'static [Known]) -> Self {
        let emulated = Emulated::start(example);
        let blueprint = parse(&emulated.blueprint(example));
        let started_at = emulated.clock().now();
        let simulated = Simulated::start(example, &blueprint, started_at);
        let nothing = || Both { simulated: Observation::default(), emulated: Observation::default() };
        Self {
            blueprint,
            simulated,
            emulated,
            started_at,
            seen: nothing(),
            names: Both { simulated: Names::default(), emulated: Names::default() },
            known,
            identities: Identities::default(),
            met: BTreeSet::new(),
            unknown: BTreeMap::new(),
            moments: BTreeSet::new(),
            compared: 0,
            transcript: String::new(),
        }
    }

    fn scope(&self) -> Scope<'_> {
        let Blueprint { environment, cluster, tier, .. } = &self.blueprint;
        Scope { environment, cluster, tier, identities: &self.identities }
    }

    /// What was seen last.
    pub fn seen(&self) -> &Both<Observation> {
        &self.seen
    }

    /// Both look at everything, as a run does that begins.
    pub fn look(&mut self) -> &Both<Observation> {
        self.seen = Both { simulated: Observation::default(), emulated: Observation::default() };
        let parts = Part::for_preview(&self.blueprint.tier);
        self.look_at(&parts, "a look")
    }

    /// Both look at some parts, and at what they knew of the others.
    fn look_at(&mut self, parts: &BTreeSet<Part>, when: &str) -> &Both<Observation> {
        let simulated = self.simulated.look(self.scope(), parts, &self.seen.simulated);
        self.emulated.advance_to(self.simulated.now());
        let emulated = self.emulated.look(self.scope(), parts, &self.seen.emulated);
        self.seen.simulated.update(simulated);
        self.seen.emulated.update(emulated);
        self.names.simulated.learn(&self.seen.simulated);
        self.names.emulated.learn(&self.seen.emulated);
        self.moments.extend(moments::of(&self.seen.simulated));
        let seen = self.seen.map(for_machines);
        self.compare(&seen, when);
        &self.seen
    }

    /// Both look at some parts as a run that did nothing so far.
    pub fn look_as_stranger(&mut self, parts: &BTreeSet<Part>) -> Both<Observation> {
        let simulated = self.simulated.look_as_stranger(self.scope(), parts);
        self.emulated.advance_to(self.simulated.now());
        let emulated = self.emulated.look_as_stranger(self.scope(), parts);
        let seen = Both { simulated, emulated };
        self.compare(&seen.map(for_machines), "a stranger's look");
        seen
    }

    fn compare<T: Serialize>(&mut self, things: &Both<T>, when: &str) {
        self.compared += 1;
        for difference in differences(things, &self.names) {
            match self.known.iter().position(|known| known.covers(&difference.place)) {
                Some(number) => {
                    self.met.insert(number);
                }
                None => {
                    let when = format!("{:>7.2} s, {when}", self.elapsed());
                    self.unknown.entry(difference.place.clone()).or_insert((when, difference));
                }
            }
        }
    }

    fn elapsed(&self) -> f64 {
        (self.simulated.now() - self.started_at).as_seconds_f64()
    }

    /// Lets time pass on both sides.
    pub fn pass(&mut self, seconds: u64) {
        self.simulated.pass(Duration::from_secs(seconds));
        self.emulated.advance_to(self.simulated.now());
    }

    /// Both perform what is made of what each has seen last, and answer the same; tells what.
    pub fn attempt(&mut self, label: &str, make: impl Fn(&Observation) -> Action) -> String {
        let seen = self.seen.clone();
        self.attempt_on(label, &seen, make)
    }

    /// The same with what was seen some time ago.
    pub fn attempt_on(
        &mut self,
        label: &str,
        seen: &Both<Observation>,
        make: impl Fn(&Observation) -> Action,
    ) -> String {
        let actions = seen.map(make);
        let tokens = actions.map(|action| Token::of(label, action));
        self.perform(label, &actions, &tokens)
    }

    /// Both perform an action, each with its own ids and token.
    pub fn perform(&mut self, label: &str, actions: &Both<Action>, tokens: &Both<Token>) -> String {
        self.compare(actions, label);
        let marked = self.intend(actions, tokens);
        let actions = &marked;
        let simulated = self.simulated.perform(self.scope(), &actions.simulated, &tokens.simulated);
        self.emulated.advance_to(self.simulated.now());
        let emulated = self.emulated.perform(self.scope(), &actions.emulated, &tokens.emulated);
        let answers = Both { simulated: answer(&simulated), emulated: answer(&emulated) };
        let told = BTreeMap::from([(format!("answer to {label}"), ())]);
        let place = told.into_keys().next().unwrap_or_default();
        self.compare(&answers.map(|answer| BTreeMap::from([(place.clone(), answer.clone())])), label);
        let touched = actions.simulated.touches();
        if !touched.is_empty() {
            self.look_at(&touched, label);
        }
        let told = match answers.simulated == answers.emulated {
            true => answers.simulated,
            false => format!("{} (the emulator: {})", answers.simulated, answers.emulated),
        };
        writeln!(self.transcript, "{label}: {told}").expect("a line");
        told
    }

    /// Writes down what both are about to make, with the same marks.
    fn intend(&mut self, actions: &Both<Action>, tokens: &Both<Token>) -> Both<Action> {
        let (token, now) = (tokens.simulated.as_str(), self.simulated.now());
        let mut twin = self.identities.clone();
        let emulated = twin.intend(&actions.emulated, token, "run", now);
        let simulated = self.identities.intend(&actions.simulated, token, "run", now);
        Both { simulated, emulated }
    }

    /// A web ACL on both sides, which the blueprint names for every load balancer.
    pub fn guard(&mut self, name: &str) -> WebAclArn {
        let arn = self.emulated.web_acl(name);
        self.simulated.lay_web_acl(&arn);
        self.blueprint.tier.load_balancers.values_mut().for_each(|one| one.web_acl = Some(arn.clone()));
        arn
    }

    /// The blueprint names an interface endpoint where the services' tasks are.
    pub fn name_endpoint(&mut self, name: &str, service: &str) {
        let (vpc, subnets, security_groups) = self.emulated.private_network();
        let endpoint = VpcEndpoint {
            service: format!("com.amazonaws.{}.{service}", self.blueprint.region).parse().expect("a name"),
            vpc,
            subnets,
            security_groups,
            private_dns: PrivateDns::Enabled,
            ip_address_type: EndpointAddressType::Ipv4,
            dns_record_type: Some(DnsRecordType::Ipv4),
            policy: None,
            tags: Tags::new(),
            adopted: None,
        };
        self.blueprint.tier.vpc_endpoints.insert(name.parse().expect("a name"), endpoint);
    }

    /// An alarm on both sides, on the one load balancer of an environment that is up; the blueprint has it put again.
    pub fn watch(&mut self, name: &str) {
        let load_balancer = self.blueprint.tier.load_balancers.keys().next().expect("a load balancer").clone();
        self.emulated.alarm(name, &load_balancer);
        let alarms = self.emulated.look_as_stranger(self.scope(), &[Part::Alarms].into()).alarms;
        let alarm = alarms[&load_balancer].ready().expect("it watches")[name].clone();
        let arn = |seen: &Observation| {
            seen.load_balancers[&load_balancer].present().expect("it stands").ownership.id().clone()
        };
        let here = WatchedLoadBalancer::of(&arn(&self.seen.simulated)).expect("an application load balancer's");
        self.simulated.lay_alarm(alarm.pointed_at(&here));
        self.blueprint.tier.load_balancers.values_mut().for_each(|one| one.alarms = Alarms::Repoint);
    }

    /// An instance and an Auto Scaling group on both sides, which the blueprint names.
    pub fn add_compute(&mut self, instance: &str, group: &str, capacity: GroupCapacity) {
        let id = self.emulated.instance(instance);
        self.emulated.group(group, capacity);
        let named = AutoScalingGroup { name: group.parse().expect("a name"), capacity };
        self.simulated.lay_compute(&id, &named);
        let tier = &mut self.blueprint.tier;
        tier.instances.insert(instance.parse().expect("a name"), Instance { id, while_up: InstanceWhileUp::Running });
        tier.auto_scaling_groups.insert(group.parse().expect("a name"), named);
    }

    /// Gives the simulated service the definition that the emulated one was laid with.
    pub fn share_definition(&mut self, name: &ServiceName) {
        let seen = self.emulated.look(self.scope(), &[Part::Services].into(), &Observation::default());
        let service = seen.services[name].present().expect("a service");
        self.simulated.define(name, &service.configuration);
    }

    /// Somebody changes something on both sides.
    pub fn by_hand(&mut self, make: impl Fn(&Observation) -> Deed) {
        let deeds = self.seen.map(make);
        self.simulated.by_hand(&self.blueprint.environment, &deeds.simulated);
        self.emulated.by_hand(&deeds.emulated);
    }

    /// Both tell which overrides there are.
    pub fn overrides(&mut self) -> usize {
        let simulated = self.simulated.overrides(self.scope()).expect("overrides");
        self.emulated.advance_to(self.simulated.now());
        let emulated = self.emulated.overrides(self.scope()).expect("overrides");
        let count = simulated.tags.len();
        self.compare(&Both { simulated: simulated.tags, emulated: emulated.tags }, "overrides");
        count
    }

    /// Brings both to a target as a run would, one action at a time, and looks after each.
    pub fn bring(&mut self, target: Target) {
        // Each run has an id of its own: with the same token AWS would answer with a NAT gateway that is gone.
        let run = format!("{target} at {}", self.simulated.now());
        self.look();
        for step in 0..400 {
            match self.next(target) {
                Both { simulated: Step::Act(simulated), emulated: Step::Act(emulated) } => {
                    for (simulated, emulated) in simulated.into_iter().zip(emulated) {
                        let label = format!("{} {}", simulated.name(), simulated.subject());
                        let actions = Both { simulated, emulated };
                        let tokens = actions.map(|action| Token::of(&run, action));
                        self.perform(&label, &actions, &tokens);
                    }
                    self.look();
                }
                Both { simulated: Step::Wait { on, poll_after }, emulated: Step::Wait { .. } } => {
                    self.pass(poll_after.as_secs());
                    // As a run does, which looks again only at what it waits for; and now and then at everything.
                    let parts = worth_a_look(&on, &self.seen.simulated);
                    self.look_at(&parts, "a look while waiting");
                    if step % 3 == 0 {
                        self.look();
                    }
                }
                Both { simulated: Step::Done, emulated: Step::Done } => {
                    self.look();
                    return;
                }
                other => panic!("the two went different ways, or no way: {other:#?}\n{}", self.told()),
            }
        }
        panic!("not {target} after 400 steps\n{}", self.told());
    }

    fn next(&self, target: Target) -> Both<Step> {
        self.seen.map(|seen| next(&self.blueprint.environment, &self.blueprint.tier, seen, target))
    }

    fn told(&self) -> String {
        self.unknown
            .values()
            .fold(self.transcript.clone(), |told, (when, difference)| format!("{told}\n{when}\n    {difference}"))
    }

    /// The two told the same but for what is known, met all that is known, and saw all these moments. Answers what was
    /// attempted and how it was answered.
    pub fn finish(self, moments: &[Moment]) -> String {
        let mishaps = Both { simulated: self.simulated.mishaps(), emulated: self.emulated.mishaps() };
        println!("{} comparisons, {:.0} s, {mishaps:?} mishaps", self.compared, self.elapsed());
        for known in self.met.iter().map(|number| self.known[*number]) {
            println!("known: {}: {}", known.place.join(" … "), known.why);
        }
        assert!(self.unknown.is_empty(), "{} differences\n{}", self.unknown.len(), self.told());
        let stale: Vec<&Known> = self
            .known
            .iter()
            .enumerate()
            .filter(|(number, _)| !self.met.contains(number))
            .map(|(_, one)| one)
            .collect();
        assert!(stale.is_empty(), "these differences are no more: {stale:#?}");
        let missing: Vec<&Moment> = moments.iter().filter(|moment| !self.moments.contains(moment)).collect();
        assert!(missing.is_empty(), "never seen: {missing:?}");
        self.transcript
    }
}
