//! No condition is there for nothing: without any one of them, something foreign would be allowed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::evaluator::{Decision, Request, evaluate};
use crate::policies::Policies;
use crate::settings::Settings;
use crate::table;

/// One key of one statement's condition.
type Key = (String, String, String);

#[test]
fn each_condition_stops_something() {
    let policies = Policies::of(&Settings::durable());
    let keys: Vec<Key> =
        policies.roles.keys().flat_map(|role| keys(&policies, role)).collect::<BTreeSet<_>>().into_iter().collect();
    let denied: Vec<Request> = table::all().iter().flat_map(|bound| bound.denied().collect::<Vec<_>>()).collect();
    // Each weakened set of roles is evaluated beside the others, under names of its own.
    let (mut weakened, mut requests) = (BTreeMap::new(), Vec::new());
    for (number, key) in keys.iter().enumerate() {
        let named = |role: &str| format!("{role}-{number}");
        weakened.extend(policies.roles.iter().map(|(role, documents)| (named(role), without(documents, key))));
        requests.extend(denied.iter().map(|one| Request { role: named(&one.role), ..one.clone() }));
    }
    println!("{} conditions, {} requests that are denied", keys.len(), denied.len());
    let answers = evaluate(&Policies { roles: weakened, ..policies }, &requests);
    let useless: Vec<&Key> = keys
        .iter()
        .zip(answers.chunks(denied.len()))
        .filter(|(_, answers)| answers.iter().all(|answer| answer.answer != Decision::Allowed))
        .map(|(key, _)| key)
        .collect();
    assert!(keys.len() > 20, "only {} conditions were weakened", keys.len());
    assert!(useless.is_empty(), "nothing shows what these are for: {useless:#?}");
}

/// A statement may ask for a tag of the request only on what the request tags: the subnet of a NAT gateway has none.
#[test]
fn a_key_that_a_resource_type_does_not_carry_satisfies_no_condition() {
    let statement = serde_json::json!({
        "Sid": "Slip",
        "Effect": "Allow",
        "Action": "ec2:CreateNatGateway",
        "Resource": "*",
        "Condition": { "StringEquals": { "aws:RequestTag/curfew:environment": "dev" } },
    });
    let document = serde_json::json!({ "Version": "2012-10-17", "Statement": [statement] });
    let roles = BTreeMap::from([("Role".to_owned(), BTreeMap::from([("slip".to_owned(), document)]))]);
    let policies = Policies { functions: BTreeMap::new(), roles };
    let asks =
        |resource: &str| Request::new("Role", "ec2:CreateNatGateway", &table::ec2(resource), &table::born("dev"));
    let answers = evaluate(&policies, &[asks("natgateway/new"), asks("subnet/subnet-1")]);
    let answers: Vec<Decision> = answers.iter().map(|answer| answer.answer).collect();
    assert_eq!(answers, [Decision::Allowed, Decision::ImplicitlyDenied]);
}

fn keys(policies: &Policies, role: &str) -> Vec<Key> {
    let of_condition = |sid: &str, condition: &Value| -> Vec<Key> {
        let operators = condition.as_object().into_iter().flatten();
        operators
            .flat_map(|(operator, keys)| keys.as_object().unwrap().keys().map(move |key| (operator, key)))
            .map(|(operator, key)| (sid.to_owned(), operator.clone(), key.clone()))
            .collect()
    };
    policies.statements(role).iter().flat_map(|one| of_condition(&one.sid, &one.condition)).collect()
}

/// The same policies with one key of one statement's condition left out.
fn without(documents: &BTreeMap<String, Value>, (sid, operator, key): &Key) -> BTreeMap<String, Value> {
    let mut documents = documents.clone();
    for statement in documents.values_mut().flat_map(|document| document["Statement"].as_array_mut().unwrap()) {
        if statement["Sid"] == sid.as_str() {
            statement["Condition"][operator].as_object_mut().unwrap().remove(key);
        }
    }
    documents
}
