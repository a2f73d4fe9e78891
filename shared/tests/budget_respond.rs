//! An alert in a world: told once, stopped at most once, undone by hand, and finished after a crash.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test may fail")]

use std::sync::Mutex;
use std::time::Duration;

use crate::support::world::{Change, Cut, NEXT_NOON, Refusal, World, error};
use crate::support::{at, example, id};
use curfew_core::budget::*;
use curfew_core::decide::Hold;
use curfew_core::model::*;
use curfew_core::ports::Budgets;
use curfew_core::report::Outcome as RunOutcome;
use expect_test::expect;
use futures::FutureExt;

const DOCUMENT: &str = "dev/budget.json";

/// AWS Budgets, saying one thing at a time.
struct Says(Mutex<Result<Budget, Unobserved>>);

impl Budgets for Says {
    async fn describe(&self, account: &AccountId, budget: &BudgetName) -> Result<Budget, Unobserved> {
        assert_eq!((account.as_str(), budget.as_str()), ("123456789012", "curfew-dev"));
        self.0.lock().unwrap().clone()
    }
}

impl Says {
    fn now(&self, actual: &str, forecast: &str) {
        let usd = |figure: &str| Some(Amount { figure: figure.to_owned(), unit: "USD".to_owned() });
        *self.0.lock().unwrap() = Ok(Budget {
            name: "curfew-dev".to_owned(),
            kind: "COST".to_owned(),
            limit: usd("60.0"),
            actual: usd(actual),
            forecast: usd(forecast),
            time_unit: TimeUnit::Monthly,
            begins: Some(at("2026-01-01T00:00:00Z")),
            ends: Some(at("2087-06-15T00:00:00Z")),
            unhealthy: None,
        });
    }
}

/// An environment that is up on a Tuesday at noon, and a budget that is passed.
struct Stage {
    world: World,
    budgets: Says,
    policy: Policy,
}

const STOPS: Policy = Policy::Stop(UnderUp::Respect);

fn stage(policy: Policy) -> Stage {
    let stage = Stage {
        world: World::known(example("durable")),
        budgets: Says(Mutex::new(Err(Unobserved {
            call: "budgets:DescribeBudget".to_owned(),
            message: "NotFoundException: no".to_owned(),
            retry: Retry::Never,
        }))),
        policy,
    };
    stage.budgets.now("65.1", "92.4");
    stage
}

impl Stage {
    fn request(&self, run: &str, threshold: &str) -> Request {
        let usd = |text: &str| text.parse().unwrap();
        let alert = Alert {
            account: id("123456789012"),
            budget: id("curfew-dev"),
            limit: usd("60"),
            about: AlertType::Actual,
            threshold: usd(threshold),
            amount: usd("65.1"),
        };
        Request {
            blueprint: self.world.blueprint.clone(),
            account: id("123456789012"),
            budget: id("curfew-dev"),
            policy: self.policy,
            alert,
            run: run.to_owned(),
        }
    }

    fn alert(&self, run: &str, threshold: &str) -> Result<Report, NotAnswered> {
        let request = self.request(run, threshold);
        respond(&self.world, &self.budgets, &request).now_or_never().expect("it comes to its end")
    }

    /// An alert that is answered, and how.
    fn answered(&self, run: &str, threshold: &str) -> AnswerKind {
        let report = self.alert(run, threshold).unwrap();
        assert_eq!(report.outcome, Outcome::Answered, "{}", report.message);
        report.answer
    }

    /// An alert that was answered before changes nothing, tells nobody, writes nothing.
    fn assert_unchanged(&self, run: &str, threshold: &str) {
        self.world.changes();
        let report = self.alert(run, threshold).unwrap();
        assert_eq!(report.outcome, Outcome::Unchanged, "{}", report.message);
        assert_eq!(self.world.changes(), []);
    }

    fn tag(&self) -> Option<(String, bool)> {
        self.world.overrides().first().map(|found| (found.value.clone(), found.held))
    }

    fn told(&self) -> Vec<String> {
        self.world.told()
    }
}

const STOPPED: &str = "Curfew: dev is stopped by the budget curfew-dev";
const HELD: &str = "down until 2026-12-01T00:00:00Z";

#[test]
fn an_alert_is_told_once_with_all_that_matters() {
    let stage = stage(Policy::Tell);
    stage.world.changes();
    assert_eq!(stage.answered("a", "60"), AnswerKind::Told);
    let stored = || Change::Stored(DOCUMENT.to_owned());
    let subject = "Curfew: dev is at 109 % (spent) of the budget curfew-dev";
    assert_eq!(stage.world.changes(), [stored(), Change::Told(subject.to_owned()), stored()]);
    assert_eq!(stage.tag(), None);
    let message = stage.world.messages().pop().unwrap();
    expect![[r#"
        AWS Budgets alerts about the budget curfew-dev of account 123456789012: 65.10 USD spent, the alert is at 60.00 USD.

        Spent:    65.10 USD (109 % of the limit)
        Forecast: 92.40 USD (154 % of the limit)
        Limit:    60.00 USD, from 2026-11-01 00:00 UTC until 2026-12-01 00:00 UTC

        By its schedule the runtime tier of dev is up for 115.0 h more in this period and costs 19.02 USD; down all the time it costs 1.59 USD (list prices, traffic not counted).

        Nothing was stopped: alerts of this budget are only told (BudgetAction is `tell`).

        To stop it by hand: curfew -e dev stop --hold 2026-12-01T00:00:00Z. To have it up again: curfew -e dev start.
    "#]].assert_eq(&message.text);
    expect![[r#"
        {
          "environment": "dev",
          "run": "a",
          "outcome": "Answered",
          "answer": "told",
          "message": "nothing was stopped: alerts of this budget are only told (BudgetAction is `tell`)",
          "alert": {
            "account": "123456789012",
            "budget": "curfew-dev",
            "limit": 60.0,
            "about": "actual",
            "threshold": 60.0,
            "amount": 65.1
          },
          "figures": {
            "limit": 60.0,
            "actual": 65.1,
            "forecast": 92.4,
            "from": "2026-11-01T00:00:00Z",
            "until": "2026-12-01T00:00:00Z"
          },
          "cost": {
            "hour": {
              "up": 0.156555,
              "down": 0.005
            },
            "bySchedule": 19.023825,
            "hoursUp": 115.0,
            "down": 1.595,
            "most": 112.7196
          },
          "event": "budget-alert"
        }"#]]
    .assert_eq(&format!("{:#}", message.json));
    stage.assert_unchanged("b", "60");
}

#[test]
fn a_stop_is_a_hold_that_the_tick_carries_out_and_a_person_undoes() {
    let stage = stage(STOPS);
    let world = &stage.world;
    assert_eq!(stage.answered("a", "60"), AnswerKind::Stopped);
    assert_eq!(stage.tag(), Some((HELD.to_owned(), true)));
    expect![[r#"
        AWS Budgets alerts about the budget curfew-dev of account 123456789012: 65.10 USD spent, the alert is at 60.00 USD.

        Spent:    65.10 USD (109 % of the limit)
        Forecast: 92.40 USD (154 % of the limit)
        Limit:    60.00 USD, from 2026-11-01 00:00 UTC until 2026-12-01 00:00 UTC

        By its schedule the runtime tier of dev is up for 115.0 h more in this period and costs 19.02 USD; down all the time it costs 1.59 USD (list prices, traffic not counted).

        dev is stopped: the next tick brings it down, and it stays down until 2026-12-01 00:00 UTC. Addresses are kept.

        To have it up again: curfew -e dev start. To follow its schedule again: curfew -e dev override clear. To keep it up whatever budgets say: curfew -e dev override set up.
    "#]].assert_eq(&world.messages().last().unwrap().text);
    stage.assert_unchanged("b", "60");

    let report = world.tick();
    assert_eq!(
        (report.outcome, report.because.as_str()),
        (RunOutcome::Converged, "a manual command or a budget holds it `down until 2026-12-01T00:00:00Z`")
    );
    world.assert_down();
    assert_eq!(world.at(NEXT_NOON).tick().outcome, RunOutcome::Unchanged, "the schedule does not count");
    stage.assert_unchanged("c", "60");

    let report = world.manual(Target::Up, Hold::UntilNext);
    assert_eq!(report.outcome, RunOutcome::Converged, "{}", report.message);
    world.assert_up();
    assert_eq!(stage.tag(), None);
    stage.assert_unchanged("d", "60");
    assert_eq!(world.tick().outcome, RunOutcome::Unchanged, "it stays up");
    // Another threshold is another occasion.
    assert_eq!(stage.answered("e", "64"), AnswerKind::Stopped);
    assert_eq!(stage.tag(), Some((HELD.to_owned(), true)));
}

#[test]
fn after_the_period_it_follows_its_schedule_again_and_the_next_period_is_news() {
    let stage = stage(STOPS);
    stage.answered("a", "60");
    stage.world.tick_until_unchanged();
    // Half past midnight UTC is an evening in New York: still in its window.
    stage.world.at("2026-12-01T00:30:00Z").tick_until_unchanged();
    stage.world.assert_up();
    assert_eq!(stage.tag(), None, "a hold that is over is cleared away");
    stage.world.told();
    assert_eq!(stage.answered("b", "60"), AnswerKind::Stopped);
    assert_eq!(stage.tag(), Some(("down until 2027-01-01T00:00:00Z".to_owned(), true)));
    assert_eq!(stage.told(), [STOPPED]);
    let memory = Memory::parse(&stage.world.document(DOCUMENT).unwrap(), &stage.world.home()).unwrap();
    assert_eq!(memory.answers.len(), 1, "what is over is forgotten");
}

#[test]
fn a_persons_override_is_left_alone_and_told() {
    for (value, wanted) in [
        ("up", "the override `up` on the cluster keeps it up"),
        ("up until 2026-11-19T00:00:00Z", "the override `up until 2026-11-19T00:00:00Z` on the cluster keeps it up"),
        ("upp", "the override `upp` on the cluster cannot be read, so nobody knows what its writer wants"),
    ] {
        let stage = stage(STOPS);
        stage.world.set_override(Some(value));
        let report = stage.alert("a", "60").unwrap();
        assert_eq!((report.answer, report.message), (AnswerKind::NotStopped, format!("nothing was stopped: {wanted}")));
        assert_eq!(stage.tag(), Some((value.to_owned(), false)));
        assert_eq!(stage.told(), ["Curfew: dev is not stopped beyond the budget curfew-dev"]);
        stage.assert_unchanged("b", "60");
        // Once it is gone, the same alert stops.
        stage.world.set_override(None);
        assert_eq!(stage.answered("c", "60"), AnswerKind::Stopped);
    }
}

#[test]
fn a_figure_that_cannot_be_right_is_told_and_a_right_one_later_is_acted_on() {
    let stage = stage(STOPS);
    stage.budgets.now("65100000000", "92400000000");
    assert_eq!(stage.answered("a", "60"), AnswerKind::Doubted);
    assert_eq!(stage.tag(), None);
    expect![[r#"
        AWS Budgets alerts about the budget curfew-dev of account 123456789012: 65.10 USD spent, the alert is at 60.00 USD.

        Spent:    65,100,000,000.00 USD (108500000000 % of the limit)
        Forecast: 92,400,000,000.00 USD (154000000000 % of the limit)
        Limit:    60.00 USD, from 2026-11-01 00:00 UTC until 2026-12-01 00:00 UTC

        By its schedule the runtime tier of dev is up for 115.0 h more in this period and costs 19.02 USD; down all the time it costs 1.59 USD (list prices, traffic not counted).

        Nothing was stopped, because these figures are not believed:
        - 65,100,000,000.00 USD spent cannot be right: it is more than 20 times the limit of 60.00 USD, and more than the runtime tier could cost
        - 92,400,000,000.00 USD forecast cannot be right: it is more than 20 times the limit of 60.00 USD, and more than the runtime tier could cost

        To stop it by hand: curfew -e dev stop --hold 2026-12-01T00:00:00Z. To have it up again: curfew -e dev start.
    "#]].assert_eq(&stage.world.messages().last().unwrap().text);
    stage.assert_unchanged("b", "60");
    stage.budgets.now("0.5", "1.0");
    stage.assert_unchanged("c", "60");
    stage.budgets.now("65.1", "92.4");
    assert_eq!(stage.answered("d", "60"), AnswerKind::Stopped);
    assert_eq!(stage.told(), [STOPPED]);
}

#[test]
fn a_warning_below_the_limit_stops_nothing() {
    let stage = stage(STOPS);
    stage.budgets.now("48.37", "92.4");
    assert_eq!(stage.answered("a", "48"), AnswerKind::Told);
    assert_eq!(stage.tag(), None);
    assert_eq!(stage.told(), ["Curfew: dev is at 81 % (spent) of the budget curfew-dev"]);
}

#[test]
fn a_budget_that_is_not_described_stops_nothing() {
    let stage = stage(STOPS);
    let unobserved = |message: &str, retry| {
        *stage.budgets.0.lock().unwrap() =
            Err(Unobserved { call: "budgets:DescribeBudget".to_owned(), message: message.to_owned(), retry });
    };
    unobserved("ThrottlingException: no", Retry::Later);
    stage.world.changes();
    let said = stage.alert("a", "60").unwrap_err().to_string();
    assert!(said.contains("nothing was done") && said.contains("ThrottlingException"), "{said}");
    assert_eq!(stage.world.changes(), []);
    unobserved("AccessDeniedException: no", Retry::Never);
    assert_eq!(stage.answered("a", "60"), AnswerKind::Doubted);
    let text = stage.world.messages().pop().unwrap().text;
    assert!(
        text.contains("AWS Budgets does not confirm the alert") && text.contains("AccessDeniedException"),
        "{text}"
    );
    assert_eq!(stage.tag(), None);
    stage.assert_unchanged("b", "60");
    stage.world.at("2026-11-18T12:00:00Z");
    assert_eq!(stage.answered("c", "60"), AnswerKind::Doubted, "the day after, it is told again");
}

#[test]
fn another_budget_or_account_is_refused() {
    let stage = stage(STOPS);
    stage.world.changes();
    for (account, budget) in [("999999999999", "curfew-dev"), ("123456789012", "prod")] {
        let mut request = stage.request("a", "60");
        (request.alert.account, request.alert.budget) = (id(account), id(budget));
        let refused = respond(&stage.world, &stage.budgets, &request).now_or_never().unwrap().unwrap_err();
        assert!(matches!(refused, NotAnswered::Foreign { .. }), "{refused}");
    }
    assert_eq!(stage.world.changes(), []);
}

#[test]
fn what_is_remembered_must_be_readable() {
    let stage = stage(STOPS);
    stage.world.write(DOCUMENT, "{");
    let said = stage.alert("a", "60").unwrap_err().to_string();
    assert!(said.starts_with("dev/budget.json cannot be read, so nothing was done; remove it"), "{said}");
    assert_eq!(stage.tag(), None);
}

#[test]
fn a_stop_that_is_refused_is_tried_again_and_told_only_then() {
    let stage = stage(STOPS);
    let refused = error("AccessDeniedException", Retry::Never);
    stage.world.refuse(Refusal { call: "TagResource", error: refused, times: 1, works: false });
    let said = stage.alert("a", "60").unwrap_err().to_string();
    assert!(said.contains("AccessDeniedException"), "{said}");
    assert_eq!(stage.told(), Vec::<String>::new());
    assert_eq!(stage.answered("a", "60"), AnswerKind::Stopped, "Lambda's retry has the same id");
    assert_eq!(stage.told(), [STOPPED]);
}

#[test]
fn an_answer_cut_off_anywhere_is_finished_by_the_retry() {
    for change in 1..=4 {
        for cut in [Cut::Before(change), Cut::After(change)] {
            let stage = stage(STOPS);
            stage.world.arm(cut);
            let request = stage.request("a", "60");
            assert!(respond(&stage.world, &stage.budgets, &request).now_or_never().is_none(), "{cut:?}");
            stage.world.arm(Cut::Before(usize::MAX));
            stage.world.pass(Duration::from_secs(60));
            stage.alert("a", "60").unwrap();
            assert_eq!(stage.tag(), Some((HELD.to_owned(), true)), "{cut:?}");
            let told = stage.told();
            assert!(
                (1..=2).contains(&told.len()) && told.iter().all(|subject| subject == STOPPED),
                "{cut:?}: {told:?}"
            );
            stage.assert_unchanged("b", "60");
        }
    }
}

#[test]
fn of_two_deliveries_at_once_one_is_answered() {
    // Held before its first write, and after it.
    for (change, busy) in [(1, false), (2, true), (3, true)] {
        let stage = stage(STOPS);
        stage.world.arm(Cut::Hold(change));
        let request = stage.request("a", "60");
        let mut first = Box::pin(respond(&stage.world, &stage.budgets, &request));
        assert!(first.as_mut().now_or_never().is_none(), "it is held");
        let second = stage.alert("b", "60");
        stage.world.let_go();
        let first = first.now_or_never().expect("it goes on");
        match busy {
            true => {
                assert!(matches!(second, Err(NotAnswered::Busy(ref run)) if run == "a"), "{second:?}");
                assert_eq!(first.unwrap().answer, AnswerKind::Stopped);
            }
            false => {
                assert_eq!(second.unwrap().answer, AnswerKind::Stopped);
                assert!(matches!(first, Err(NotAnswered::Store(_))), "{first:?}");
            }
        }
        assert_eq!(stage.told(), [STOPPED], "held before change {change}");
        stage.assert_unchanged("c", "60");
    }
}

#[test]
fn who_was_cut_off_is_waited_for_only_so_long() {
    let stage = stage(STOPS);
    stage.world.arm(Cut::After(1));
    let request = stage.request("a", "60");
    assert!(respond(&stage.world, &stage.budgets, &request).now_or_never().is_none());
    stage.world.arm(Cut::Before(usize::MAX));
    assert!(matches!(stage.alert("b", "60"), Err(NotAnswered::Busy(_))));
    stage.world.pass(Duration::from_secs(120));
    assert_eq!(stage.answered("b", "60"), AnswerKind::Stopped);
}
