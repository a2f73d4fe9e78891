//! The laws of every moment.

use std::collections::BTreeSet;

use curfew_core::model::ServiceName;

use crate::account::Account;

/// What is there and must not be.
pub(super) fn against(account: &Account, singletons: &BTreeSet<ServiceName>) -> Vec<String> {
    let count = |name: &ServiceName| account.tasks_of(name).count();
    let too_many = singletons.iter().filter(|name| count(name) > 1);
    too_many.map(|name| format!("the singleton {name} has {} tasks", count(name))).collect()
}
