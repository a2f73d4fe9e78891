//! A budget's alert, its figures, and what they may lead to.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use crate::support::{at, example};
use curfew_core::budget::answer::{stop, wanted};
use curfew_core::budget::check::{doubts, read};
use curfew_core::budget::{Alert, AlertType, Answer, Figures, Period, Policy, TierCost, UnderUp, Usd, WhyNot};
use curfew_core::model::*;
use curfew_core::overrides::Overrides;
use curfew_core::ports::FoundOverride;
use expect_test::expect;
use proptest::prelude::*;

const NOW: &str = "2026-11-20T12:00:00Z";
const CLUSTER: &str = "arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster";

/// A message as AWS Budgets writes it.
fn message(about: &str, limit: &str, threshold: &str, amount: &str) -> String {
    format!(
        "AWS Budget Notification November 20, 2026\nAWS Account 123456789012\n\nDear AWS Customer,\n\nYou requested that we \
         alert you when the {about} Cost associated with your curfew-dev budget is greater than {threshold} for the current \
         month. The {about} Cost associated with this budget is {amount}. You can find additional details below and by \
         accessing the AWS Budgets dashboard [1].\n\nBudget Name: curfew-dev\nBudget Type: Cost\nBudgeted Amount: {limit}\n\
         Alert Type: {about}\nAlert Threshold: > {threshold}\n{about} Amount: {amount}\n\n\
         [1] https://console.aws.amazon.com/costmanagement/home#/budgets\n"
    )
}

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

fn alert(about: &str, limit: &str, threshold: &str, amount: &str) -> Alert {
    message(about, &format!("${limit}"), &format!("${threshold}"), &format!("${amount}")).parse().unwrap()
}

fn dollars(figure: &str) -> Option<Amount> {
    Some(Amount { figure: figure.to_owned(), unit: "USD".to_owned() })
}

fn budget(actual: &str, forecast: &str) -> Budget {
    Budget {
        name: "curfew-dev".to_owned(),
        kind: "COST".to_owned(),
        limit: dollars("60.0"),
        actual: dollars(actual),
        forecast: dollars(forecast),
        time_unit: TimeUnit::Monthly,
        begins: Some(at("2026-01-01T00:00:00Z")),
        ends: Some(at("2087-06-15T00:00:00Z")),
        unhealthy: None,
    }
}

#[test]
fn an_alert_is_read_from_its_block() {
    let alert: Alert = message("FORECASTED", "$60.00", "$48.00", "$1,092.40").replace('\n', "\r\n").parse().unwrap();
    expect![[r#"
        Alert {
            account: AccountId(
                "123456789012",
            ),
            budget: BudgetName(
                "curfew-dev",
            ),
            limit: Usd(
                60.0,
            ),
            about: Forecasted,
            threshold: Usd(
                48.0,
            ),
            amount: Usd(
                1092.4,
            ),
        }
    "#]]
    .assert_debug_eq(&alert);
    // The sentence may name another amount: a capture of May 2024 says 1.03 above and 0.5 below.
    let text = message("ACTUAL", "$0.01", "$0.01", "$1.03").replace("ACTUAL Amount: $1.03", "ACTUAL Amount: $0.5");
    assert_eq!(text.parse::<Alert>().unwrap().amount, usd("0.5"));
    // A budget by the day has another sentence.
    let daily =
        message("ACTUAL", "$5.00", "$0.75", "$1.70").replace("for the current month. The", "per day. Yesterday, the");
    assert_eq!(daily.parse::<Alert>().unwrap().threshold, usd("0.75"));
}

#[test]
fn what_is_no_alert_is_told_with_what_is_wrong() {
    let good = message("ACTUAL", "$60.00", "$48.00", "$65.10");
    let texts = [
        String::new(),
        "Your free tier is used up".to_owned(),
        "\u{0}\u{1}\u{7f}PK\u{3}\u{4}".to_owned(),
        r#"{"budgetName":"curfew-dev"}"#.to_owned(),
        good.replace("AWS Account 123456789012", "AWS Account 1234"),
        good.replace("Budget Name: curfew-dev\n", ""),
        good.replace("Alert Type: ACTUAL\n", "Alert Type: ACTUAL\nAlert Type: FORECASTED\n"),
        good.replace("Alert Type: ACTUAL", "Alert Type: IMAGINED"),
        good.replace("Budget Type: Cost", "Budget Type: Usage"),
        good.replace("Budget Name: curfew-dev", "Budget Name:"),
        good.replace("Alert Threshold: > $48.00", "Alert Threshold: < $48.00"),
        good.replace("Alert Threshold: > $48.00", "Alert Threshold: 80%"),
        good.replace("ACTUAL Amount: $65.10", "ACTUAL Amount: $NaN"),
        good.replace("ACTUAL Amount: $65.10", "ACTUAL Amount: -$65.10"),
        good.replace("ACTUAL Amount: $65.10", "ACTUAL Amount: $6e9"),
        good.replace("ACTUAL Amount: $65.10", "ACTUAL Amount: 65,10 €"),
        good.replace("ACTUAL Amount: $65.10", "FORECASTED Amount: $65.10"),
        good.replace("Budgeted Amount: $60.00", &format!("Budgeted Amount: ${}", "9".repeat(400))),
    ];
    let told: Vec<String> = texts.iter().map(|text| text.parse::<Alert>().unwrap_err().to_string()).collect();
    expect![[r#"
        it begins with "", not with `AWS Budget Notification`: AWS Budgets did not write it
        it begins with "Your free tier is used up", not with `AWS Budget Notification`: AWS Budgets did not write it
        it begins with "\0\u{1}\u{7f}PK\u{3}\u{4}", not with `AWS Budget Notification`: AWS Budgets did not write it
        it begins with "{\"budgetName\":\"curfew-dev\"}", not with `AWS Budget Notification`: AWS Budgets did not write it
        its second line is "AWS Account 1234", not `AWS Account` and 12 digits
        the line `Budget Name: …` is missing
        the line `Alert Type: …` is there more than once
        `Alert Type` is "IMAGINED"; wanted: ACTUAL or FORECASTED
        `Budget Type` is "Usage"; wanted: Cost; only what budgets of costs say can be checked
        `Budget Name` is ""; wanted: a budget's name
        `Alert Threshold` is "< $48.00"; wanted: more than an amount, such as `> $48.00`
        `Alert Threshold` is "80%"; wanted: more than an amount, such as `> $48.00`
        `ACTUAL Amount` is "$NaN"; wanted: an amount such as $65.10
        `ACTUAL Amount` is "-$65.10"; wanted: an amount such as $65.10
        `ACTUAL Amount` is "$6e9"; wanted: an amount such as $65.10
        `ACTUAL Amount` is "65,10 €"; wanted: an amount such as $65.10
        the line `ACTUAL Amount: …` is missing
        `Budgeted Amount` is "$99999999999999999999999999999999999999999999999999999999999"; wanted: an amount such as $60.00"#]].assert_eq(&told.join("\n"));
}

#[test]
fn amounts() {
    for (text, amount, shown) in [
        ("0", 0.0, "0.00 USD"),
        (".5", 0.5, "0.50 USD"),
        ("65.1", 65.1, "65.10 USD"),
        ("1,234.56", 1234.56, "1,234.56 USD"),
        ("65000000000.125", 65_000_000_000.125, "65,000,000,000.12 USD"),
    ] {
        assert_eq!((usd(text).amount(), usd(text).to_string().as_str()), (amount, shown));
    }
    for text in ["", ".", "5.", "-1", "+1", "1e9", "NaN", "inf", "1,23", "12,34,567", ",123", "1 000", "0x10", "１"] {
        assert!(text.parse::<Usd>().is_err(), "{text}");
    }
}

#[test]
fn the_period_under_way() {
    let period = |unit, begins: Option<&str>, ends: Option<&str>, now: &str| {
        let (begins, ends) = (begins.map(at), ends.map(at));
        let period = Period::of(&Budget { time_unit: unit, begins, ends, ..budget("0", "0") }, at(now));
        period.map_or("none".to_owned(), |period| {
            format!("{} – {}", period.from.format("%F %R"), period.until.format("%F %R"))
        })
    };
    let begins = Some("2024-01-01T00:00:00Z");
    let instants = ["2026-11-20T12:00:00Z", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2028-02-29T00:00:00Z"];
    let mut text = String::new();
    for unit in [TimeUnit::Daily, TimeUnit::Monthly, TimeUnit::Quarterly, TimeUnit::Annually] {
        for now in instants {
            text.push_str(&format!("{unit:?} {now}: {}\n", period(unit, begins, Some("2087-06-15T00:00:00Z"), now)));
        }
    }
    let (from, until) = (Some("2026-11-16T00:00:00Z"), Some("2026-11-28T00:00:00Z"));
    for now in ["2026-11-15T23:59:59Z", "2026-11-16T00:00:00Z", "2026-11-27T23:59:59Z", "2026-11-28T00:00:00Z"] {
        text.push_str(&format!("Custom {now}: {}\n", period(TimeUnit::Custom, from, until, now)));
        text.push_str(&format!("Monthly, cut to the same, {now}: {}\n", period(TimeUnit::Monthly, from, until, now)));
    }
    text.push_str(&format!("Custom without an end: {}\n", period(TimeUnit::Custom, from, None, NOW)));
    expect![[r#"
        Daily 2026-11-20T12:00:00Z: 2026-11-20 00:00 – 2026-11-21 00:00
        Daily 2026-12-31T23:59:59Z: 2026-12-31 00:00 – 2027-01-01 00:00
        Daily 2027-01-01T00:00:00Z: 2027-01-01 00:00 – 2027-01-02 00:00
        Daily 2028-02-29T00:00:00Z: 2028-02-29 00:00 – 2028-03-01 00:00
        Monthly 2026-11-20T12:00:00Z: 2026-11-01 00:00 – 2026-12-01 00:00
        Monthly 2026-12-31T23:59:59Z: 2026-12-01 00:00 – 2027-01-01 00:00
        Monthly 2027-01-01T00:00:00Z: 2027-01-01 00:00 – 2027-02-01 00:00
        Monthly 2028-02-29T00:00:00Z: 2028-02-01 00:00 – 2028-03-01 00:00
        Quarterly 2026-11-20T12:00:00Z: 2026-10-01 00:00 – 2027-01-01 00:00
        Quarterly 2026-12-31T23:59:59Z: 2026-10-01 00:00 – 2027-01-01 00:00
        Quarterly 2027-01-01T00:00:00Z: 2027-01-01 00:00 – 2027-04-01 00:00
        Quarterly 2028-02-29T00:00:00Z: 2028-01-01 00:00 – 2028-04-01 00:00
        Annually 2026-11-20T12:00:00Z: 2026-01-01 00:00 – 2027-01-01 00:00
        Annually 2026-12-31T23:59:59Z: 2026-01-01 00:00 – 2027-01-01 00:00
        Annually 2027-01-01T00:00:00Z: 2027-01-01 00:00 – 2028-01-01 00:00
        Annually 2028-02-29T00:00:00Z: 2028-01-01 00:00 – 2029-01-01 00:00
        Custom 2026-11-15T23:59:59Z: none
        Monthly, cut to the same, 2026-11-15T23:59:59Z: none
        Custom 2026-11-16T00:00:00Z: 2026-11-16 00:00 – 2026-11-28 00:00
        Monthly, cut to the same, 2026-11-16T00:00:00Z: 2026-11-16 00:00 – 2026-11-28 00:00
        Custom 2026-11-27T23:59:59Z: 2026-11-16 00:00 – 2026-11-28 00:00
        Monthly, cut to the same, 2026-11-27T23:59:59Z: 2026-11-16 00:00 – 2026-11-28 00:00
        Custom 2026-11-28T00:00:00Z: none
        Monthly, cut to the same, 2026-11-28T00:00:00Z: none
        Custom without an end: none
    "#]]
    .assert_eq(&text);
}

/// What speaks against an alert at 48 of 60 USD, of which AWS Budgets says something.
fn told(alert: &Alert, budget: &Budget) -> String {
    let doubts = match read(budget, alert, at(NOW)) {
        Ok(figures) => doubts(alert, &figures, usd("300")),
        Err(doubts) => doubts,
    };
    doubts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn figures_that_cannot_be_right_are_told_apart() {
    let actual = alert("ACTUAL", "60.00", "48.00", "65.10");
    let forecast = alert("FORECASTED", "60.00", "60.00", "92.40");
    let strange = alert("ACTUAL", "60.00", "48.00", "65,100,000,000.00");
    let good = budget("65.1", "92.4");
    let limit = |figure: &str, unit: &str| Some(Amount { figure: figure.to_owned(), unit: unit.to_owned() });
    let cases: Vec<(&str, &Alert, Budget)> = vec![
        ("all is well", &actual, good.clone()),
        ("at 1199, 20 times is not reached", &actual, budget("1199.99", "1200.00")),
        ("by a factor of 10^9", &actual, budget("65100000000", "92400000000")),
        ("only the forecast", &actual, budget("65.1", "92400000000")),
        ("the alert alone", &strange, good.clone()),
        ("a forecast, and none there", &forecast, Budget { forecast: None, ..good.clone() }),
        ("a forecast", &forecast, good.clone()),
        ("not confirmed", &actual, budget("47.99", "92.4")),
        ("confirmed to the cent", &actual, budget("48.00", "92.4")),
        ("another limit", &actual, Budget { limit: limit("61.0", "USD"), ..good.clone() }),
        ("euros", &actual, Budget { limit: limit("60.0", "EUR"), actual: limit("65.1", "EUR"), ..good.clone() }),
        ("gigabytes", &actual, Budget { kind: "USAGE".to_owned(), limit: limit("60.0", "GB"), ..good.clone() }),
        ("below nothing", &actual, budget("-65.1", "92.4")),
        ("no number", &actual, budget("NaN", "Infinity")),
        ("no figures", &actual, Budget { limit: None, actual: None, ..good.clone() }),
        ("no limit", &actual, Budget { limit: limit("0", "USD"), ..good.clone() }),
        ("another budget", &actual, Budget { name: "prod".to_owned(), ..good.clone() }),
        ("over", &actual, Budget { ends: Some(at("2026-11-01T00:00:00Z")), ..good.clone() }),
        ("unhealthy", &actual, Budget { unhealthy: Some("FILTER_INVALID".to_owned()), ..good.clone() }),
    ];
    let lines: Vec<String> =
        cases.iter().map(|(name, alert, budget)| format!("{name}: {}", told(alert, budget))).collect();
    expect![[r#"
        all is well: 
        at 1199, 20 times is not reached: 
        by a factor of 10^9: 65,100,000,000.00 USD spent cannot be right: it is more than 20 times the limit of 60.00 USD, and more than the runtime tier could cost; 92,400,000,000.00 USD forecast cannot be right: it is more than 20 times the limit of 60.00 USD, and more than the runtime tier could cost
        only the forecast: 92,400,000,000.00 USD forecast cannot be right: it is more than 20 times the limit of 60.00 USD, and more than the runtime tier could cost
        the alert alone: 65,100,000,000.00 USD spent by the alert cannot be right: it is more than 20 times the limit of 60.00 USD, and more than the runtime tier could cost
        a forecast, and none there: the alert is about more than 60.00 USD, AWS Budgets says nothing
        a forecast: 
        not confirmed: the alert is about more than 48.00 USD, AWS Budgets says 47.99 USD
        confirmed to the cent: 
        another limit: the alert is about a limit of 60.00 USD, the budget's is 61.00 USD
        euros: its limit is in "EUR", not in USD; its actual spend is in "EUR", not in USD
        gigabytes: its limit is in "GB", not in USD; it is a budget of USAGE, not of COST
        below nothing: its actual spend is "-65.1", which is not an amount of money
        no number: its actual spend is "NaN", which is not an amount of money; its forecast is "Infinity", which is not an amount of money
        no figures: its limit is missing, which is not an amount of money; its actual spend is missing, which is not an amount of money
        no limit: its limit is nothing
        another budget: AWS Budgets describes another budget: "prod"
        over: it has no period now
        unhealthy: AWS Budgets calls it unhealthy: FILTER_INVALID"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn a_tiny_budget_is_believed_up_to_what_the_tier_can_cost() {
    let alert = alert("ACTUAL", "1.00", "1.00", "250.00");
    let said = |actual: &str| told(&alert, &Budget { limit: dollars("1"), ..budget(actual, "290") });
    assert_eq!(said("250"), "");
    assert!(said("301").contains("cannot be right"), "{}", said("301"));
}

fn figures(actual: &str, forecast: &str) -> Figures {
    read(&budget(actual, forecast), &alert("ACTUAL", "60.00", "48.00", "65.10"), at(NOW)).unwrap()
}

#[test]
fn a_stop_is_wanted_beyond_the_limit_where_it_is_configured() {
    let tier = example("durable").tier;
    let mut releasing = tier.clone();
    releasing.addresses.values_mut().for_each(|address| address.while_down = AddressWhileDown::Release);
    let stops = Policy::Stop(UnderUp::Respect);
    let (actual, forecast) = (alert("ACTUAL", "60", "48", "65.1"), alert("FORECASTED", "60", "60", "92.4"));
    let cases = [
        ("told only", Policy::Tell, &actual, figures("65.1", "92.4"), &tier),
        ("a warning", stops, &actual, figures("59.99", "92.4"), &tier),
        ("just at the limit", stops, &actual, figures("60", "92.4"), &tier),
        ("beyond it", stops, &actual, figures("60.01", "92.4"), &tier),
        ("a forecast beyond it", stops, &forecast, figures("30", "60.01"), &tier),
        ("a forecast below it", stops, &forecast, figures("30", "59"), &tier),
        ("addresses would be released", stops, &actual, figures("65.1", "92.4"), &releasing),
    ];
    let lines = cases.iter().map(|(name, policy, alert, figures, tier)| {
        let said = wanted(*policy, alert, figures, tier);
        format!("{name}: {}", said.map_or_else(|why| why.to_string(), |under_up| format!("stop ({under_up:?})")))
    });
    expect![[r#"
        told only: alerts of this budget are only told (BudgetAction is `tell`)
        a warning: this is a warning; only beyond its limit a budget stops anything
        just at the limit: this is a warning; only beyond its limit a budget stops anything
        beyond it: stop (Respect)
        a forecast beyond it: stop (Respect)
        a forecast below it: this is a warning; only beyond its limit a budget stops anything
        addresses would be released: the blueprint releases addresses while it is down (egress), which a budget may never cause; write `whileDown: keep` there"#]].assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

fn found(resource: &str, value: &str, held: bool) -> FoundOverride {
    FoundOverride { resource: resource.to_owned(), value: value.to_owned(), held }
}

#[test]
fn overrides_and_a_stop() {
    let service = "arn:aws:ecs:us-west-2:123456789012:service/durable-dev-cluster/web";
    let until = at("2026-12-01T00:00:00Z");
    let cases: Vec<(&str, Vec<FoundOverride>)> = vec![
        ("none", vec![]),
        ("a person's up", vec![found(CLUSTER, "up", false)]),
        ("a person's up on a service", vec![found(service, "up until 2026-11-20T20:00:00Z", false)]),
        ("a person's up that is over", vec![found(CLUSTER, "up until 2026-11-20T11:00:00Z", false)]),
        ("a manual start's hold", vec![found(CLUSTER, "up until 2026-11-20T20:00:00Z", true)]),
        ("a manual stop's hold", vec![found(CLUSTER, "down until 2026-11-20T20:00:00Z", true)]),
        ("a longer hold", vec![found(CLUSTER, "down until 2026-12-24T00:00:00Z", true)]),
        ("a hold for good", vec![found(CLUSTER, "down", true)]),
        ("the same stop", vec![found(CLUSTER, "down until 2026-12-01T00:00:00Z", true)]),
        ("a person's down", vec![found(CLUSTER, "down until 2026-11-20T20:00:00Z", false)]),
        ("a person's down on a service", vec![found(service, "down", false)]),
        ("unreadable", vec![found(CLUSTER, "downn", false)]),
        ("unreadable beside a hold", vec![found(service, "upp", false), found(CLUSTER, "down", true)]),
    ];
    let mut text = String::new();
    for (name, tags) in cases {
        text.push_str(&format!("{name}\n"));
        for under_up in [UnderUp::Respect, UnderUp::Replace] {
            let overrides = Overrides::read(&tags, at(NOW));
            let said = match stop(until, under_up, &overrides, &example("durable").cluster) {
                Answer::Stop(stop) => format!(
                    "stop{}{}",
                    stop.change.map_or_else(String::new, |change| format!(", {change}")),
                    stop.replaces.map_or_else(String::new, |replaced| format!(", replacing `{replaced}`"))
                ),
                Answer::Tell(why) => why.to_string(),
            };
            text.push_str(&format!("  {under_up:?}: {said}\n"));
        }
    }
    expect![[r#"
        none
          Respect: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
          Replace: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
        a person's up
          Respect: the override `up` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster keeps it up
          Replace: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z), replacing `up`
        a person's up on a service
          Respect: the override `up until 2026-11-20T20:00:00Z` on arn:aws:ecs:us-west-2:123456789012:service/durable-dev-cluster/web keeps it up
          Replace: the override `up until 2026-11-20T20:00:00Z` on arn:aws:ecs:us-west-2:123456789012:service/durable-dev-cluster/web keeps it up
        a person's up that is over
          Respect: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
          Replace: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
        a manual start's hold
          Respect: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
          Replace: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
        a manual stop's hold
          Respect: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
          Replace: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
        a longer hold
          Respect: the override `down until 2026-12-24T00:00:00Z` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster keeps it down already
          Replace: the override `down until 2026-12-24T00:00:00Z` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster keeps it down already
        a hold for good
          Respect: the override `down` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster keeps it down already
          Replace: the override `down` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster keeps it down already
        the same stop
          Respect: stop
          Replace: stop
        a person's down
          Respect: the override `down until 2026-11-20T20:00:00Z` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster keeps it down already
          Replace: the override `down until 2026-11-20T20:00:00Z` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster keeps it down already
        a person's down on a service
          Respect: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
          Replace: stop, TagResource override on the cluster (down until 2026-12-01T00:00:00Z)
        unreadable
          Respect: the override `downn` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster cannot be read, so nobody knows what its writer wants
          Replace: the override `downn` on arn:aws:ecs:us-west-2:123456789012:cluster/durable-dev-cluster cannot be read, so nobody knows what its writer wants
        unreadable beside a hold
          Respect: the override `upp` on arn:aws:ecs:us-west-2:123456789012:service/durable-dev-cluster/web cannot be read, so nobody knows what its writer wants
          Replace: the override `upp` on arn:aws:ecs:us-west-2:123456789012:service/durable-dev-cluster/web cannot be read, so nobody knows what its writer wants
    "#]].assert_eq(&text);
}

#[test]
fn what_the_tier_still_costs_by_its_schedule() {
    let blueprint = example("durable");
    let period = Period { from: at("2026-11-01T00:00:00Z"), until: at("2026-12-01T00:00:00Z") };
    let cost = TierCost::of(&blueprint, &period, at(NOW)).unwrap();
    let days = cost.by_schedule.amount() - cost.hour.down * (252.0 - cost.hours_up);
    assert!((days / cost.hour.up - cost.hours_up).abs() < 1e-9, "{cost:?}");
    expect!["83 h up of 252, 13.84 USD; down all the time 1.26 USD; up all through the period 112.72 USD"].assert_eq(
        &format!(
            "{} h up of 252, {}; down all the time {}; up all through the period {}",
            cost.hours_up, cost.by_schedule, cost.down, cost.most
        ),
    );
}

fn an_amount() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..200.0f64, 0.0..1e14f64].prop_map(|amount| (amount * 100.0).round() / 100.0)
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*|[\\s\\S]{0,200}") {
        let _ = text.parse::<Alert>();
        let _ = text.parse::<Usd>();
    }

    #[test]
    fn an_alert_broken_anywhere_names_nothing_else(cut in 0usize..800) {
        let good = message("ACTUAL", "$60.00", "$48.00", "$65.10");
        let text: String = good.chars().take(cut).collect();
        if let Ok(alert) = text.parse::<Alert>() {
            prop_assert_eq!((alert.limit, alert.threshold), (usd("60"), usd("48")));
        }
    }

    #[test]
    fn an_amount_printed_and_read_is_the_same(amount in an_amount()) {
        let shown = Usd::computed(amount).to_string();
        let read: Usd = shown.trim_end_matches(" USD").parse().unwrap();
        prop_assert!((read.amount() - amount).abs() <= 0.005, "{} {}", amount, shown);
    }

    #[test]
    fn every_instant_lies_in_one_period(seconds in 1_700_000_000i64..3_600_000_000, unit in 0usize..4) {
        let unit = [TimeUnit::Daily, TimeUnit::Monthly, TimeUnit::Quarterly, TimeUnit::Annually][unit];
        let budget = Budget { time_unit: unit, begins: None, ends: None, ..budget("0", "0") };
        let now = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        let period = Period::of(&budget, now).unwrap();
        prop_assert!(period.from <= now && now < period.until);
        let next = Period::of(&budget, period.until).unwrap();
        prop_assert_eq!(next.from, period.until, "periods follow each other");
        prop_assert_eq!(Period::of(&budget, period.from), Some(period));
    }

    /// Invariant 11: whatever AWS says, a stop needs a figure that is confirmed, beyond the limit, and within bounds.
    #[test]
    fn nothing_is_stopped_on_a_figure_that_is_not_sane(
        limit in an_amount(), actual in an_amount(), forecast in an_amount(),
        (alert_limit, threshold, amount) in (an_amount(), an_amount(), an_amount()),
        about in prop_oneof![Just(AlertType::Actual), Just(AlertType::Forecasted)],
        same in any::<bool>(),
    ) {
        let text = |amount: f64| format!("{amount:.2}");
        let alert_limit = if same { limit } else { alert_limit };
        let alert = Alert {
            limit: usd(&text(alert_limit)), threshold: usd(&text(threshold)), amount: usd(&text(amount)), about,
            ..alert("ACTUAL", "60", "48", "65")
        };
        let budget = Budget { limit: dollars(&text(limit)), ..budget(&text(actual), &text(forecast)) };
        let tier = usd("80");
        let Ok(figures) = read(&budget, &alert, at(NOW)) else { return Ok(()) };
        if !doubts(&alert, &figures, tier).is_empty() { return Ok(()) }
        if wanted(Policy::Stop(UnderUp::Replace), &alert, &figures, &example("durable").tier).is_err() { return Ok(()) }
        let figure = match about { AlertType::Actual => actual, AlertType::Forecasted => forecast };
        prop_assert!(figure > limit && figure >= threshold - 0.01);
        prop_assert!((limit - alert_limit).abs() < 0.011);
        for sane in [actual, forecast, amount] {
            prop_assert!(sane <= limit * 20.0 + 0.01 || sane <= 80.0, "{} of {}", sane, limit);
        }
    }

    /// Invariant 11: a stop only ever sets the override, and that to `down`.
    #[test]
    fn a_stop_only_holds_down(
        tags in prop::collection::vec(
            (
                prop_oneof![Just(CLUSTER), Just("arn:aws:ec2:us-west-2:123456789012:natgateway/nat-1")],
                prop_oneof![
                    Just("up"), Just("down"), Just("upp"), Just("up until 2026-11-21T00:00:00Z"),
                    Just("down until 2026-11-21T00:00:00Z"), Just("down until 2027-11-21T00:00:00Z"),
                ],
                any::<bool>(),
            ),
            0..4,
        ),
        under_up in prop_oneof![Just(UnderUp::Respect), Just(UnderUp::Replace)],
    ) {
        let tags: Vec<FoundOverride> = tags.into_iter().map(|(on, value, held)| found(on, value, held)).collect();
        let overrides = Overrides::read(&tags, at(NOW));
        let persons_up = tags.iter().any(|tag| tag.value.starts_with("up") && !tag.held);
        match stop(at("2026-12-01T00:00:00Z"), under_up, &overrides, &example("durable").cluster) {
            Answer::Stop(stop) => {
                prop_assert!(overrides.malformed.is_empty());
                prop_assert!(under_up == UnderUp::Replace || !persons_up);
                match stop.change {
                    Some(Action::TagCluster { tags }) => {
                        prop_assert_eq!(tags.get(OVERRIDE_TAG).unwrap(), "down until 2026-12-01T00:00:00Z");
                        prop_assert_eq!(tags.get(HOLD_TAG), tags.get(OVERRIDE_TAG), "a manual start may undo it");
                    }
                    Some(other) => prop_assert!(false, "{}", other),
                    None => {}
                }
            }
            Answer::Tell(WhyNot::NotConfigured | WhyNot::BelowLimit | WhyNot::Doubts(_) | WhyNot::WouldRelease(_)) => {
                prop_assert!(false, "that is not about overrides");
            }
            Answer::Tell(WhyNot::Malformed(_) | WhyNot::KeptUp(_) | WhyNot::KeptDown(_)) => {}
        }
    }
}
