//! Instances and Auto Scaling groups: which states will do, and which capacities.

use curfew_core::model::*;
use curfew_sim::environment::Example;
use curfew_sim::people::Deed;
use expect_test::expect;

use super::id;
use crate::moments::Moment;
use crate::pair::Pair;

const CAPACITY: GroupCapacity = GroupCapacity { min: 1, desired: 2, max: 4 };

fn instance(seen: &Observation) -> Owned<InstanceId> {
    seen.instances[&id::<LogicalName>("jump")].present().expect("jump").ownership.owned().expect("jump").clone()
}

fn start(seen: &Observation) -> Action {
    Action::StartInstances { name: id("jump"), instance: instance(seen) }
}

fn stop(seen: &Observation) -> Action {
    Action::StopInstances { name: id("jump"), instance: instance(seen) }
}

fn resize(capacity: GroupCapacity) -> impl Fn(&Observation) -> Action {
    move |seen| {
        let found = seen.auto_scaling_groups[&id::<LogicalName>("workers")].present().expect("workers");
        let group = found.ownership.owned().expect("workers").clone();
        Action::UpdateAutoScalingGroup { name: id("workers"), group, capacity }
    }
}

#[test]
fn instances_and_groups_are_refused_alike() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.add_compute("jump", "workers", CAPACITY);
    pair.look();
    pair.attempt("start one that runs", start);
    pair.attempt("stop it", stop);
    pair.attempt("stop one that is stopping", stop);
    pair.attempt("start one that is stopping", start);
    pair.pass(61);
    pair.look();
    pair.attempt("stop one that is stopped", stop);
    pair.attempt("start it", start);
    pair.attempt("start one that is starting", start);
    pair.attempt("stop one that is starting", stop);
    pair.pass(31);
    pair.look();
    pair.by_hand(|seen| Deed::SwitchInstance { instance: instance(seen).id().clone(), to: InstanceWhileUp::Stopped });
    pair.look();
    pair.pass(61);
    pair.look();

    pair.attempt("put the group to sleep", resize(CAPACITY.asleep()));
    pair.attempt("put it to sleep again", resize(CAPACITY.asleep()));
    pair.pass(91);
    pair.look();
    pair.attempt("wake it beyond its maximum", resize(GroupCapacity { desired: 5, ..CAPACITY }));
    pair.attempt("wake it", resize(CAPACITY));
    pair.pass(40);
    pair.look();
    pair.pass(51);
    pair.look();
    let told = pair.finish(&[Moment::InstanceStarting, Moment::InstanceStopping, Moment::GroupMoving]);
    expect![[r#"
        start one that runs: ok
        stop it: ok
        stop one that is stopping: ok
        start one that is stopping: IncorrectInstanceState, look again
        stop one that is stopped: ok
        start it: ok
        start one that is starting: ok
        stop one that is starting: IncorrectInstanceState, look again
        put the group to sleep: ok
        put it to sleep again: ok
        wake it beyond its maximum: ValidationError, refused
        wake it: ok
    "#]]
    .assert_eq(&told);
}

#[test]
fn durable_with_them_is_the_same_night_and_morning() {
    let mut pair = Pair::set(Example::Durable, &[]);
    pair.add_compute("jump", "workers", CAPACITY);
    pair.bring(Target::Up);
    pair.bring(Target::Down);
    pair.bring(Target::Up);
    pair.finish(&[Moment::InstanceStarting, Moment::InstanceStopping, Moment::GroupMoving]);
}
