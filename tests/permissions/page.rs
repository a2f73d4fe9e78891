//! docs/permissions.md, made from the template and the reasons, so that it cannot say anything else.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect_file;
use serde_json::Value;

use crate::policies::{Policies, Statement, list};
use crate::reasons;
use crate::settings::Settings;

const ROLES: [(&str, &str); 4] =
    [("StartRole", "start"), ("StopRole", "stop"), ("ReconcileRole", "reconcile"), ("BudgetRole", "budget")];

/// What stands before the tables.
const INTRODUCTION: &str = include_str!("introduction.md");

#[test]
fn the_page_says_what_the_template_allows() {
    let adopted = "arn:aws:ec2:us-west-2:123456789012:natgateway/nat-0f01000000000001a";
    let settings = Settings::durable()
        .with("AdoptedArns", adopted)
        .with("PassableRoleArns", "arn:aws:iam::123456789012:role/others")
        .with("Tracing", "Active");
    let policies = Policies::of(&settings);
    let mut page = INTRODUCTION.to_owned();
    let mut told = BTreeSet::new();
    for (policy, functions) in owners(&policies) {
        let role = ROLES.iter().find(|(_, function)| functions.contains(function)).unwrap().0;
        page.push_str(&format!("\n## {}\n\n", title(&policy, &functions)));
        page.push_str("| permission | why | on | if |\n|---|---|---|---|\n");
        for statement in policies.statements(role).iter().filter(|one| one.policy == policy) {
            for row in rows(statement, adopted) {
                page.push_str(&row);
            }
            told.extend(statement.actions.clone());
        }
    }
    let known: BTreeSet<String> = reasons::all().into_keys().map(str::to_owned).collect();
    assert_eq!(told, known, "each permission has a reason, and each reason a permission");
    expect_file!["../../docs/permissions.md"].assert_eq(&page);
}

/// Which functions have which policy, in the order of the roles.
fn owners(policies: &Policies) -> Vec<(String, Vec<&'static str>)> {
    let mut owners: Vec<(String, Vec<&'static str>)> = Vec::new();
    for (role, function) in ROLES {
        for policy in policies.roles[role].keys() {
            match owners.iter_mut().find(|(name, _)| name == policy) {
                Some((_, functions)) => functions.push(function),
                None => owners.push((policy.clone(), vec![function])),
            }
        }
    }
    owners.sort_by_key(|(policy, _)| ORDER.iter().position(|name| name == policy));
    owners
}

const ORDER: [&str; 13] = [
    "ReadPolicy",
    "ObservePolicy",
    "RememberPolicy",
    "HoldPolicy",
    "ClearPolicy",
    "MovePolicy",
    "RaisePolicy",
    "RaiseAdoptedPolicy",
    "RescalePolicy",
    "GuardPolicy",
    "LowerPolicy",
    "report",
    "budget",
];

fn title(policy: &str, functions: &[&str]) -> String {
    let kind = if policy.ends_with("Policy") { "" } else { "Its own: " };
    format!("{kind}`{policy}`: {}", functions.join(", "))
}

fn rows(statement: &Statement, adopted: &str) -> Vec<String> {
    let reasons = reasons::all();
    let on: BTreeSet<String> = statement.resources.iter().map(|arn| resource(arn, adopted)).collect();
    let on = on.into_iter().collect::<Vec<_>>().join(", ");
    let condition = condition(&statement.condition);
    let row = |action: &String| {
        let because = reasons.get(action.as_str()).unwrap_or_else(|| panic!("{action} has no reason"));
        format!("| `{action}` | {because} | {on} | {condition} |\n")
    };
    statement.actions.iter().map(row).collect()
}

/// An ARN without what is the same in all.
fn resource(arn: &str, adopted: &str) -> String {
    match arn {
        "*" => "anything".to_owned(),
        arn if arn == adopted => "`AdoptedArns`".to_owned(),
        "arn:aws:iam::123456789012:role/others" => "`PassableRoleArns`".to_owned(),
        "arn:aws:kms:us-west-2:123456789012:key/0d1a0000-0000-4000-8000-000000000001" => "`VolumeKeyArns`".to_owned(),
        arn => format!("`{}`", arn.splitn(6, ':').last().unwrap()),
    }
}

/// A condition as `key = values`; what only says that a key is there goes without saying.
fn condition(condition: &Value) -> String {
    let operators = condition.as_object().into_iter().flatten().filter(|(operator, _)| *operator != "Null");
    let keys: BTreeMap<&String, &Value> = operators.flat_map(|(_, keys)| keys.as_object().unwrap()).collect();
    let line = |(key, value): (&&String, &&Value)| {
        let values: Vec<String> = list(value).iter().map(|one| one.rsplit(':').next().unwrap().to_owned()).collect();
        let values = if key.as_str() == "aws:TagKeys" { list(value) } else { values };
        format!("`{key}` = {}", values.join(", "))
    };
    keys.iter().map(line).collect::<Vec<_>>().join(" and ")
}
