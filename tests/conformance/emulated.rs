//! The emulator's side: the real adapters over the wire, with a clock that only moves when it is told to.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_lambda::config::Credentials;
use chrono::{DateTime, Utc};
use curfew_core::aws::Aws;
use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use curfew_core::ports::{ActionError, Cloud, FoundOverrides, Scope, Token};
use curfew_sim::account::Push;
use curfew_sim::environment::Example;
use curfew_sim::people::Deed;
use curfew_stage::{Emulator, Laid, Proxy};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// An emulator with an example laid in it.
pub struct Emulated {
    /// Counts what goes over the wire.
    pub proxy: Proxy,
    /// What was laid.
    pub laid: Laid,
    /// How the SDK gets there.
    pub config: SdkConfig,
    clock: FrozenClock,
    aws: Aws,
    // Last, because the others end in it.
    runtime: Runtime,
}

impl Emulated {
    pub fn start(example: Example) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (clock, laid, proxy, config) = runtime.block_on(async {
            let emulator = Emulator::start(0.0).await.expect("an emulator");
            let laid = emulator.lay(example.as_str()).await.expect("an example");
            let proxy = Proxy::start(&emulator.endpoint).await.expect("a proxy");
            let config = config(&proxy.endpoint, &laid.region).await;
            (FrozenClock::of(emulator).await, laid, proxy, config)
        });
        Self { proxy, laid, aws: Aws::new(&config), config, clock, runtime }
    }

    /// The blueprint, with the ids that were really made in place of those the example shows.
    pub fn blueprint(&self, example: Example) -> String {
        let replace = |text: String, (stand_in, real): (&String, &String)| text.replace(stand_in, real);
        self.laid.replacements.iter().fold(example.text().to_owned(), replace)
    }

    /// Runs something that talks with the emulator.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub fn clock(&self) -> &FrozenClock {
        &self.clock
    }

    /// Lets its time pass until an instant.
    pub fn advance_to(&self, instant: DateTime<Utc>) {
        self.block_on(self.clock.advance_to(instant));
    }

    pub fn look(&self, scope: Scope<'_>, parts: &BTreeSet<Part>, known: &Observation) -> Observation {
        self.block_on(self.aws.observe(scope, parts, known))
    }

    /// A look by another run.
    pub fn look_as_stranger(&self, scope: Scope<'_>, parts: &BTreeSet<Part>) -> Observation {
        self.block_on(Aws::new(&self.config).observe(scope, parts, &Observation::default()))
    }

    pub fn perform(&self, scope: Scope<'_>, action: &Action, token: &Token) -> Result<(), ActionError> {
        self.block_on(self.aws.perform(scope, action, token))
    }

    pub fn overrides(&self, scope: Scope<'_>) -> Result<FoundOverrides, Unobserved> {
        self.block_on(self.aws.overrides(scope))
    }

    /// Somebody does something, with boto3.
    pub fn by_hand(&self, deed: &Deed) {
        let hand = |change: &str, details: Value| {
            self.block_on(self.clock.emulator.hand(&self.laid, change, &details)).expect(change);
        };
        match deed {
            Deed::RemoveRule { load_balancer, port, priority } => {
                hand("remove_rule", json!({ "name": load_balancer, "port": port, "priority": priority }));
            }
            Deed::Scale { service, count } => hand("scale", json!({ "service": service, "count": count })),
            Deed::Deploy { service } => hand("deploy", json!({ "service": service, "image": "newer" })),
            Deed::Suspend { service, suspended } => {
                hand("suspend", json!({ "service": service, "suspended": suspended }));
            }
            Deed::Push { service, push } => {
                let push = match push {
                    Push::Out => "out",
                    Push::In => "in",
                    Push::Scheduled(_) => "scheduled",
                };
                hand("push", json!({ "service": service, "push": push }));
            }
            Deed::TagCluster(value) => hand("override", json!({ "value": value })),
            Deed::TagResource { resource, value: Some(value) } => {
                let tags = json!({ "region": self.laid.region, "arn": resource, "tags": { OVERRIDE_TAG: value } });
                self.block_on(self.clock.emulator.tell("tags", &tags)).expect("a tag");
            }
            Deed::SwitchDatabase { database, to } => {
                hand("switch_database", json!({ "name": database.identifier, "to": to }));
            }
            Deed::SwitchInstance { instance, to } => {
                hand("switch_instance", json!({ "identifier": instance, "to": to }));
            }
            Deed::ResizeGroup { group, capacity: GroupCapacity { min, desired, max } } => {
                hand("resize_group", json!({ "name": group, "min": min, "desired": desired, "max": max }));
            }
            Deed::TagResource { value: None, .. }
            | Deed::AddRule { .. }
            | Deed::RunTask { .. }
            | Deed::CopyTags(_)
            | Deed::StripTags(_)
            | Deed::RestoreTags
            | Deed::MoveIn(_)
            | Deed::MoveOut(_)
            | Deed::DeleteBase(_)
            | Deed::RestoreBase(_)
            | Deed::Spoil(_)
            | Deed::Repair(_)
            | Deed::DeleteNatGateway(_)
            | Deed::DeleteLoadBalancer(_)
            | Deed::DeleteVpcEndpoint(_) => panic!("no script needs this by hand: {deed}"),
        }
    }

    /// The VPC of the services' tasks, with their subnets and security groups.
    pub fn private_network(&self) -> (VpcId, BTreeSet<SubnetId>, BTreeSet<SecurityGroupId>) {
        let told =
            self.block_on(self.clock.emulator.hand(&self.laid, "private_network", &json!({}))).expect("a network");
        let texts = |number: usize| -> Vec<String> { serde_json::from_value(told[number].clone()).expect("ids") };
        let subnets = texts(1).iter().map(|id| id.parse().expect("an id")).collect();
        let groups = texts(2).iter().map(|id| id.parse().expect("an id")).collect();
        (told[0].as_str().expect("an id").parse().expect("an id"), subnets, groups)
    }

    /// Lays a web ACL that guards nothing yet.
    pub fn web_acl(&self, name: &str) -> WebAclArn {
        let details = json!({ "name": name });
        let arn = self.block_on(self.clock.emulator.hand(&self.laid, "web_acl", &details)).expect("a web ACL");
        arn.as_str().expect("an ARN").parse().expect("an ARN")
    }

    /// Lays an instance: its id.
    pub fn instance(&self, name: &str) -> InstanceId {
        let details = json!({ "name": name });
        let id = self.block_on(self.clock.emulator.hand(&self.laid, "add_instance", &details)).expect("an instance");
        id.as_str().expect("an id").parse().expect("an id")
    }

    /// Lays an Auto Scaling group.
    pub fn group(&self, name: &str, GroupCapacity { min, desired, max }: GroupCapacity) {
        let details = json!({ "name": name, "min": min, "desired": desired, "max": max });
        self.block_on(self.clock.emulator.hand(&self.laid, "add_group", &details)).expect("a group");
    }

    /// Lays an alarm on a load balancer's errors.
    pub fn alarm(&self, name: &str, load_balancer: &LoadBalancerName) {
        let details = json!({ "name": name, "load_balancer": load_balancer.to_string() });
        self.block_on(self.clock.emulator.hand(&self.laid, "add_ratio_alarm", &details)).expect("an alarm");
    }

    pub fn mishaps(&self) -> usize {
        let mishaps = self.block_on(self.clock.emulator.ask("mishaps")).expect("mishaps");
        mishaps.as_array().map_or(0, Vec::len)
    }
}

/// The emulator's clock, which stands still unless it is told to move.
pub struct FrozenClock {
    emulator: Emulator,
    state: Mutex<State>,
}

#[derive(Clone, Copy)]
struct State {
    /// What it was told to be.
    instant: DateTime<Utc>,
    /// What it said it is, in seconds since 1970.
    said: f64,
    moves: u32,
}

/// Added whenever the clock is moved, so that what is due at an instant has happened at that instant whatever a float
/// loses: a thousand moves are a hundredth of a second.
const BIAS: f64 = 1e-5;

impl FrozenClock {
    async fn of(emulator: Emulator) -> Self {
        let told = emulator.ask("clock").await.expect("a clock");
        let said = told["now"].as_f64().expect("an instant");
        let clock = Self { emulator, state: Mutex::new(State { instant: DateTime::UNIX_EPOCH, said, moves: 0 }) };
        // From a whole second on, as the simulator.
        clock.advance_to(DateTime::from_timestamp(said as i64 + 1, 0).expect("an instant")).await;
        clock
    }

    /// The instant it was last told to be.
    pub fn now(&self) -> DateTime<Utc> {
        self.state().instant
    }

    /// Moves forward, never back.
    pub async fn advance_to(&self, instant: DateTime<Utc>) {
        let State { instant: before, said, moves } = *self.state();
        if instant <= before {
            return;
        }
        let wanted = instant.timestamp_millis() as f64 / 1000.0 + BIAS * f64::from(moves);
        let told = self.emulator.tell("advance", &json!({ "seconds": wanted - said })).await.expect("it moves");
        let said = told["now"].as_f64().expect("an instant");
        *self.state() = State { instant, said, moves: moves + 1 };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn config(endpoint: &str, region: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "none", None, None, "conformance"))
        .load()
        .await
}

/// The blueprint of a text.
pub fn parse(text: &str) -> Blueprint {
    Blueprint::parse(text).expect("a blueprint")
}
