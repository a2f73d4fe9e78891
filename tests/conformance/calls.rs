//! The simulator counts API calls as the adapters make them: a night and a morning by the real run, on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use curfew_core::aws::{Aws, StateBucket, Topics};
use curfew_core::decide::{Command, Hold};
use curfew_core::model::{Action, Observation, Part, Target, Unobserved};
use curfew_core::ports::*;
use curfew_core::report::{Outcome, Report};
use curfew_core::run::{Mode, Request, run};
use curfew_sim::environment::Example;
use curfew_sim::invoke::{TIME_OUT, invoke};
use curfew_sim::latency::{LOOK, STORE};

use crate::emulated::{Emulated, FrozenClock, parse};
use crate::simulated::Simulated;

type Counts = BTreeMap<String, u64>;

/// Differences that have a reason.
const KNOWN: &[(&str, &str)] = &[];

#[test]
fn a_night_and_a_morning_take_the_same_calls() {
    let emulated = Emulated::start(Example::Durable);
    let blueprint = parse(&emulated.blueprint(Example::Durable));
    let start = emulated.clock().now();
    let simulated = Simulated::start(Example::Durable, &blueprint, start);

    let mut differing = Vec::new();
    for (name, target) in [("first morning", Target::Up), ("night", Target::Down), ("morning", Target::Up)] {
        let command = Command::Manual { target, hold: Hold::Forever };
        let one = simulated.block_on(invoke(&simulated.simulation.world(name), &blueprint, Some(command.clone())));
        let one = one.expect("it does not die");
        let there = simulated.block_on(async { std::mem::take(&mut simulated.simulation.now_inner().calls) });
        // Each run remembers its own DNS changes only, as each invocation does.
        let world = Wire::of(&emulated);
        let request = Request {
            blueprint: blueprint.clone(),
            command: Some(command),
            requested_by: None,
            mode: Mode::Real,
            run: name.to_owned(),
            deadline: world.now() + TIME_OUT,
        };
        emulated.proxy.calls();
        let other = emulated.block_on(run(&world, &request));
        let here = counted(&emulated);
        assert_same_run(&one, &other);
        let there = there.into_iter().filter(|(_, count)| *count > 0).map(|(c, n)| (c.to_owned(), n)).collect();
        println!(
            "{name}: {} calls in {} s",
            here.values().sum::<u64>(),
            (other.ended_at - other.started_at).num_seconds()
        );
        differing.extend(differences(&there, &here).into_iter().map(|line| format!("{name}: {line}")));
    }
    let known = |line: &String| KNOWN.iter().any(|(call, _)| line.contains(call));
    let unknown: Vec<&String> = differing.iter().filter(|line| !known(line)).collect();
    assert!(unknown.is_empty(), "simulated and over the wire:\n{unknown:#?}");
    let stale: Vec<_> = KNOWN.iter().filter(|(call, _)| !differing.iter().any(|line| line.contains(call))).collect();
    assert!(stale.is_empty(), "these differences are no more: {stale:?}");
}

/// The runs did the same at the same time, or their calls could not be compared.
fn assert_same_run(one: &Report, other: &Report) {
    assert_eq!(one.outcome, Outcome::Converged, "{one}");
    assert_eq!(other.outcome, Outcome::Converged, "{other}");
    let done = |report: &Report| -> Vec<String> {
        report.actions.iter().map(|done| format!("{} {}", done.action, done.subject)).collect()
    };
    assert_eq!(done(one), done(other));
}

fn counted(emulated: &Emulated) -> Counts {
    let mut counts = Counts::new();
    for call in emulated.proxy.calls() {
        // IAM has another name for the service than its signature.
        *counts
            .entry(call.to_string().replace("tagging:", "tag:").replace("monitoring:", "cloudwatch:"))
            .or_default() += 1;
    }
    counts
}

fn differences(simulated: &Counts, wire: &Counts) -> Vec<String> {
    let calls: BTreeSet<&String> = simulated.keys().chain(wire.keys()).collect();
    let count = |counts: &Counts, call: &String| counts.get(call).copied().unwrap_or_default();
    let line = |call: &String| (call.clone(), count(simulated, call), count(wire, call));
    let lines = calls.into_iter().map(line).filter(|(_, one, other)| one != other);
    lines.map(|(call, one, other)| format!("{call}: {one} and {other}")).collect()
}

/// The real adapters with the emulator's frozen clock, which moves when a run waits.
struct Wire<'a> {
    clock: &'a FrozenClock,
    aws: Aws,
    bucket: StateBucket,
    topics: Topics,
}

impl<'a> Wire<'a> {
    fn of(emulated: &'a Emulated) -> Self {
        let bucket = StateBucket::new(&emulated.config, emulated.laid.bucket.as_str());
        let topics = Topics::new(&emulated.config, Some(&emulated.laid.topic), None);
        Self { clock: emulated.clock(), aws: Aws::new(&emulated.config), bucket, topics }
    }
}

impl Clock for Wire<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.advance_to(self.clock.now() + duration).await;
    }
}

impl Cloud for Wire<'_> {
    async fn observe(&self, scope: Scope<'_>, parts: &BTreeSet<Part>, known: &Observation) -> Observation {
        self.sleep(LOOK).await;
        self.aws.observe(scope, parts, known).await
    }

    async fn perform(&self, scope: Scope<'_>, action: &Action, token: &Token) -> Result<(), ActionError> {
        self.aws.perform(scope, action, token).await
    }

    async fn overrides(&self, scope: Scope<'_>) -> Result<FoundOverrides, Unobserved> {
        self.sleep(LOOK).await;
        self.aws.overrides(scope).await
    }
}

impl Store for Wire<'_> {
    async fn get(&self, document: &str) -> Result<Option<Stored>, StoreError> {
        self.sleep(STORE).await;
        self.bucket.get(document).await
    }

    async fn put(&self, document: &str, body: &str, condition: Condition) -> Result<Version, StoreError> {
        self.sleep(STORE).await;
        let version = self.bucket.put(document, body, condition).await;
        self.sleep(STORE).await;
        version
    }
}

impl Notifier for Wire<'_> {
    async fn send(&self, message: &Message) -> Result<(), NotSent> {
        self.topics.send(message).await
    }
}

impl Progress for Wire<'_> {}
