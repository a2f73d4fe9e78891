//! The simulator's side.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::ports::{ActionError, Cloud, FoundOverrides, Scope, Token};
use curfew_sim::account::{Account, Record};
use curfew_sim::environment::{BaseTier, Example, by_day};
use curfew_sim::faults::Faults;
use curfew_sim::latency::{Draw, Kind};
use curfew_sim::laws::Laws;
use curfew_sim::people::{Deed, Done};
use curfew_sim::world::{Simulation, World};
use tokio::runtime::{Builder, Runtime};

/// A simulated account, in a runtime whose time stands still unless somebody waits.
pub struct Simulated {
    runtime: Runtime,
    /// What is there.
    pub simulation: Simulation,
    world: World,
}

impl Simulated {
    /// An example as the emulator lays it.
    pub fn start(example: Example, blueprint: &Blueprint, now: DateTime<Utc>) -> Self {
        let mut account = by_day(blueprint, example.base_tier(), now, Draw::Median);
        match example {
            Example::Durable => park(&mut account, &BTreeMap::new()),
            Example::Platform => park(&mut account, &parked(blueprint)),
            Example::Portyfoul => tag_as_its_stack(&mut account),
        }
        keep_pace(&mut account, example.base_tier());
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
        let laws = Laws::of(&blueprint.environment, &blueprint.tier);
        let simulation = runtime.block_on(async { Simulation::new(account, Faults::none(), laws) });
        let world = simulation.world("conformance");
        Self { runtime, simulation, world }
    }

    /// Runs something in the simulation's time.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.block_on(async { self.simulation.now() })
    }

    pub fn pass(&self, duration: Duration) {
        self.block_on(async { self.simulation.advance_to(self.simulation.now() + duration).await });
    }

    pub fn look(&self, scope: Scope<'_>, parts: &BTreeSet<Part>, known: &Observation) -> Observation {
        self.block_on(self.world.observe(scope, parts, known))
    }

    /// A look by another run.
    pub fn look_as_stranger(&self, scope: Scope<'_>, parts: &BTreeSet<Part>) -> Observation {
        self.block_on(self.simulation.world("stranger").observe(scope, parts, &Observation::default()))
    }

    pub fn perform(&self, scope: Scope<'_>, action: &Action, token: &Token) -> Result<(), ActionError> {
        self.block_on(self.world.perform(scope, action, token))
    }

    /// Lays an instance and an Auto Scaling group.
    pub fn lay_compute(&self, instance: &InstanceId, group: &AutoScalingGroup) {
        self.block_on(async {
            let mut inner = self.simulation.now_inner();
            inner.account.lay_instance(instance.clone(), Tags::new());
            inner.account.lay_auto_scaling_group(group.name.clone(), group.capacity, Tags::new());
        });
    }

    /// Lays an alarm.
    pub fn lay_alarm(&self, alarm: MetricAlarm) {
        self.block_on(async {
            self.simulation.now_inner().account.alarms.insert(alarm.name.clone(), alarm);
        });
    }

    pub fn overrides(&self, scope: Scope<'_>) -> Result<FoundOverrides, Unobserved> {
        self.block_on(self.world.overrides(scope))
    }

    pub fn by_hand(&self, environment: &EnvironmentName, deed: &Deed) {
        let done = self.block_on(async { self.simulation.by_hand("somebody", environment, deed) });
        assert_eq!(done, Done::Yes, "{deed}");
    }

    /// Gives a service the definition and the tags it was laid with, which its blueprint does not tell.
    pub fn define(&self, name: &ServiceName, configuration: &Service) {
        self.block_on(async {
            let mut inner = self.simulation.now_inner();
            let service = inner.account.services.get_mut(name).expect("a service");
            let definition = configuration.definition.clone().expect("a definition");
            service.tags.extend(definition.tags.clone());
            service.definition = Some(definition);
            service.family = configuration.task_definition.clone().expect("a family");
        });
    }

    pub fn lay_web_acl(&self, arn: &WebAclArn) {
        self.block_on(async { self.simulation.now_inner().account.web_acls.insert(arn.clone()) });
    }

    pub fn mishaps(&self) -> usize {
        self.block_on(async { self.simulation.now_inner().account.mishaps().len() })
    }
}

/// Leaves the base tier, services at 0, and these records.
fn park(account: &mut Account, records: &BTreeMap<RecordKey, RecordTarget>) {
    account.addresses.clear();
    account.nat_gateways.clear();
    account.routes.clear();
    account.load_balancers.clear();
    account.tasks.clear();
    account.target_groups.values_mut().for_each(|group| group.targets.clear());
    account.services.values_mut().for_each(|service| service.desired_count = 0);
    account.scalable_targets.values_mut().for_each(|target| target.suspended = Suspension::all());
    let in_sync_at = account.now();
    let record = |target: &RecordTarget| Record { target: target.clone(), in_sync_at };
    account.records = records.iter().map(|(key, target)| (key.clone(), record(target))).collect();
}

/// CloudFormation made it: names and the stack's own tags on everything but the listener.
fn tag_as_its_stack(account: &mut Account) {
    let of_stack = |logical_id: &str| {
        [("aws:cloudformation:stack-name", "portyfoul-infra"), ("aws:cloudformation:logical-id", logical_id)]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
    };
    let name = |name: &str| ("Name".to_owned(), name.to_owned());
    for address in account.addresses.values_mut() {
        address.tags.extend(of_stack("NatAddress").into_iter().chain([name("portyfoul-dev-nat")]));
    }
    for gateway in account.nat_gateways.values_mut() {
        gateway.tags.extend(of_stack("NatGateway").into_iter().chain([name("portyfoul-dev-nat")]));
    }
    for one in account.load_balancers.values_mut() {
        one.tags.extend(of_stack("LoadBalancer").into_iter().chain([name("portyfoul-dev-alb")]));
        one.configuration.listeners.values_mut().for_each(|listener| listener.tags.clear());
    }
}

fn parked(blueprint: &Blueprint) -> BTreeMap<RecordKey, RecordTarget> {
    let parked = |key: &RecordKey| RecordTarget::Values(vec![key.kind.parked_address().to_owned()]);
    blueprint.tier.dns_records.keys().map(|key| (key.clone(), parked(key))).collect()
}

/// As the emulator has it: calls take no time, and a target's first check comes a whole interval later, the worst case
/// of facts §2, where the simulator's median is half of it.
fn keep_pace(account: &mut Account, base: BaseTier) {
    let calls = [
        Kind::AddressAllocate,
        Kind::AddressRelease,
        Kind::ListenerCall,
        Kind::RouteCall,
        Kind::ServiceCall,
        Kind::OtherCall,
    ];
    calls.into_iter().for_each(|kind| account.latencies_mut().slow_down(kind, 0));
    account.latencies_mut().slow_down(Kind::FirstCheck(base.interval), 2);
}
