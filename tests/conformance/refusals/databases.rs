//! Databases: only the exact state will do, and what is stopped runs again after seven days.

use curfew_core::model::*;
use curfew_sim::environment::Example;
use curfew_sim::people::Deed;
use expect_test::expect;

use super::id;
use crate::moments::Moment;
use crate::pair::Pair;

fn owned(seen: &Observation) -> Owned<DatabaseId> {
    let found = seen.databases[&id::<LogicalName>("main")].present().expect("main");
    found.ownership.owned().expect("main").clone()
}

fn start(seen: &Observation) -> Action {
    Action::start_database(id("main"), owned(seen))
}

fn stop(seen: &Observation) -> Action {
    Action::stop_database(id("main"), owned(seen))
}

const DAY: u64 = 24 * 3600;

#[test]
fn databases_are_refused_alike() {
    let mut pair = Pair::set(Example::Platform, &[]);
    pair.look();
    pair.attempt("start one that is available", start);
    pair.attempt("stop it", stop);
    pair.attempt("stop one that is stopping", stop);
    pair.attempt("start one that is stopping", start);
    pair.pass(250);
    pair.look();
    pair.attempt("stop one that is stopped", stop);
    pair.attempt("start it", start);
    pair.attempt("stop one that is starting", stop);
    pair.pass(370);
    pair.look();

    let database = pair.blueprint.tier.databases[&id::<LogicalName>("main")].id();
    pair.by_hand(|_| Deed::SwitchDatabase { database: database.clone(), to: DatabaseWhileUp::Stopped });
    pair.look();
    pair.pass(250);
    pair.look();
    // Longer than seven days after it was stopped: it starts by itself.
    for seconds in [7 * DAY - 100, 200, 400] {
        pair.pass(seconds);
        pair.look();
    }
    let told = pair.finish(&[Moment::DatabaseStarting, Moment::DatabaseStopping]);
    expect![[r#"
        start one that is available: InvalidDBInstanceState, look again
        stop it: ok
        stop one that is stopping: InvalidDBInstanceState, look again
        start one that is stopping: InvalidDBInstanceState, look again
        stop one that is stopped: InvalidDBInstanceState, look again
        start it: ok
        stop one that is starting: InvalidDBInstanceState, look again
    "#]]
    .assert_eq(&told);
}
