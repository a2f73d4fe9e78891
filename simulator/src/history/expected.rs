//! What a morning must bring back: what was there by day, with what people did to it.

mod compute;

use std::collections::{BTreeMap, BTreeSet};

use curfew_core::model::*;

use super::alarms;
use super::losses::{Loss, Which};
use crate::account::is_strangers;
use crate::account::{Account, ScalableTarget, ScalingPolicy};
use crate::people::Deed;

/// What is known of something that people may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Known<T> {
    /// It must be so.
    So(T),
    /// Somebody changed it in the middle of a run, or where it went away with its load balancer: either way is right.
    Either,
}

/// Rules by place, and counts by service.
#[derive(Debug, Clone, Default)]
pub(super) struct Expected {
    rules: BTreeMap<(LoadBalancerName, u16, u16), Known<Option<Rule>>>,
    counts: BTreeMap<ServiceName, Known<u32>>,
    databases: BTreeMap<DatabaseId, Known<DatabaseWhileUp>>,
    instances: BTreeMap<InstanceId, Known<InstanceWhileUp>>,
    groups: BTreeMap<AutoScalingGroupName, Known<GroupCapacity>>,
    suspended: BTreeMap<ServiceName, Known<BTreeSet<Suspension>>>,
    rest: BTreeMap<String, String>,
    /// Whether nobody remembers which NAT gateways there were.
    gateways_unknown: bool,
}

/// Whether a change was made while nobody worked on the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timing {
    /// By day, and no run was under way or about to begin.
    Undisturbed,
    /// In the middle of something.
    Amid,
}

type RuleKey = (LoadBalancerName, u16, u16);

impl Expected {
    /// What is there by day.
    pub(super) fn of(account: &Account) -> Self {
        let rules = rules(account).into_iter().map(|(key, rule)| (key, Known::So(Some(rule)))).collect();
        let counts =
            account.services.iter().map(|(name, service)| (name.clone(), Known::So(service.desired_count))).collect();
        let of_target =
            |(name, target): (&ServiceName, &ScalableTarget)| (name.clone(), Known::So(target.suspended.clone()));
        let suspended = account.scalable_targets.iter().map(of_target).collect();
        let databases = databases(account).into_iter().map(|(id, is)| (id, Known::So(is))).collect();
        let instances = compute::instances(account).into_iter().map(|(id, is)| (id, Known::So(is))).collect();
        let groups = compute::groups(account).into_iter().map(|(name, is)| (name, Known::So(is))).collect();
        Self { rules, counts, databases, instances, groups, suspended, rest: rest(account), gateways_unknown: false }
    }

    /// Somebody has done something.
    pub(super) fn done(&mut self, account: &Account, deed: &Deed, timing: Timing) {
        match deed {
            Deed::AddRule { load_balancer, port, priority } | Deed::RemoveRule { load_balancer, port, priority } => {
                let key = (load_balancer.clone(), *port, *priority);
                let there = rules(account).remove(&key);
                self.rules.insert(key, known(there, timing));
            }
            Deed::Scale { service, count } => {
                self.counts.insert(service.clone(), known(*count, timing));
            }
            Deed::SwitchDatabase { database, to } => {
                self.databases.insert(database.clone(), known(*to, timing));
            }
            Deed::SwitchInstance { instance, to } => {
                self.instances.insert(instance.clone(), known(*to, timing));
            }
            Deed::ResizeGroup { group, capacity } => {
                self.groups.insert(group.clone(), known(*capacity, timing));
            }
            Deed::Suspend { service, suspended } => {
                self.suspended.insert(service.clone(), known(suspended.clone(), timing));
                self.moved(account, service, timing);
            }
            Deed::Push { service, .. } => self.moved(account, service, timing),
            // Its rules went with it: a run brings the recorded ones back.
            Deed::DeleteLoadBalancer(name) => {
                for (key, rule) in &mut self.rules {
                    if key.0 == *name && key.2 >= BY_HAND {
                        *rule = Known::Either;
                    }
                }
            }
            Deed::Deploy { .. }
            | Deed::TagCluster(_)
            | Deed::TagResource { .. }
            | Deed::RunTask { .. }
            | Deed::CopyTags(_)
            | Deed::StripTags(_)
            | Deed::RestoreTags
            | Deed::MoveIn(_)
            | Deed::MoveOut(_)
            | Deed::Spoil(_)
            | Deed::Repair(_)
            | Deed::DeleteNatGateway(_)
            | Deed::DeleteVpcEndpoint(_)
            | Deed::DeleteBase(_)
            | Deed::RestoreBase(_) => {}
        }
    }

    /// Auto scaling has moved a count, or may have.
    fn moved(&mut self, account: &Account, service: &ServiceName, timing: Timing) {
        let count = account.services.get(service).map_or(0, |service| service.desired_count);
        self.counts.insert(service.clone(), known(count, timing));
    }

    /// Somebody has lost a document. Without its state, Curfew cannot tell what a person stopped by day from what it stopped
    /// itself.
    pub(super) fn lost(&mut self, loss: Loss) {
        match loss.which {
            Which::State => {}
            Which::Recording => return,
        }
        // Nor which NAT gateway it was that an alarm watches.
        self.gateways_unknown = true;
        forget(&mut self.databases, |is| *is == DatabaseWhileUp::Stopped);
        forget(&mut self.instances, |is| *is == InstanceWhileUp::Stopped);
        forget(&mut self.groups, |capacity| capacity.is_asleep());
        forget(&mut self.counts, |count| *count == 0);
        let asleep = |name: &ServiceName| self.counts.get(name) == Some(&Known::Either);
        for (_, known) in self.suspended.iter_mut().filter(|(name, _)| asleep(name)) {
            *known = Known::Either;
        }
    }

    /// How what is there differs from it.
    pub(super) fn differences(&self, account: &Account) -> Vec<String> {
        let mut found = Vec::new();
        let there = rules(account);
        let keys = self.rules.keys().chain(there.keys());
        for key in keys.collect::<BTreeSet<&RuleKey>>() {
            let is = there.get(key);
            let same = match self.rules.get(key) {
                Some(Known::So(expected)) => expected.as_ref() == is,
                Some(Known::Either) => true,
                None => is.is_none(),
            };
            if !same {
                let (name, port, priority) = key;
                let word = if is.is_some() { "should not be, or differs" } else { "is missing" };
                found.push(format!("rule {priority} of listener {port} of {name} {word}"));
            }
        }
        for (name, known) in &self.counts {
            let is = account.services.get(name).map(|service| service.desired_count);
            if let Known::So(expected) = known
                && is != Some(*expected)
            {
                found.push(format!("service {name} should have {expected} tasks, and has {is:?}"));
            }
        }
        let there = databases(account);
        for (id, known) in &self.databases {
            if let Known::So(expected) = known
                && there.get(id) != Some(expected)
                && !(*expected == DatabaseWhileUp::Stopped
                    && account.databases.get(id).is_some_and(|one| one.restarts > 0))
            {
                found.push(format!("the {id} should be {expected:?}, and is {:?}", there.get(id)));
            }
        }
        found.extend(compute::differences("instance", &self.instances, &compute::instances(account)));
        found.extend(compute::differences("Auto Scaling group", &self.groups, &compute::groups(account)));
        for (name, known) in &self.suspended {
            let is = account.scalable_targets.get(name).map(|target| &target.suspended);
            if let Known::So(expected) = known
                && is != Some(expected)
            {
                found.push(format!("auto scaling of {name} should have {expected:?} suspended, and has {is:?}"));
            }
        }
        let is = rest(account);
        for key in self.rest.keys().chain(is.keys()).collect::<BTreeSet<&String>>() {
            let is_unknown = self.gateways_unknown && alarms::is_on_nat_gateway(key);
            if !is_unknown && self.rest.get(key) != is.get(key) {
                found.push(format!("{key} was {:?} and is {:?}", self.rest.get(key), is.get(key)));
            }
        }
        found
    }
}

/// Rules of people have priorities from here on.
const BY_HAND: u16 = 500;

/// What is stopped may be found started.
fn forget<K: Ord, T>(all: &mut BTreeMap<K, Known<T>>, is_stopped: impl Fn(&T) -> bool) {
    for known in all.values_mut() {
        if matches!(known, Known::So(is) if is_stopped(is)) {
            *known = Known::Either;
        }
    }
}

fn known<T>(value: T, timing: Timing) -> Known<T> {
    match timing {
        Timing::Undisturbed => Known::So(value),
        Timing::Amid => Known::Either,
    }
}

/// All rules by their place, without Curfew's own tags: an adopted one gets them with its recreation.
fn rules(account: &Account) -> BTreeMap<RuleKey, Rule> {
    let mut all = BTreeMap::new();
    for one in account.load_balancers.values() {
        for (port, listener) in &one.configuration.listeners {
            for (priority, rule) in &listener.rules {
                let rule = Rule { tags: own_tags(&rule.tags), ..rule.clone() };
                all.insert((one.name.clone(), *port, *priority), naming(rule, one));
            }
        }
    }
    all
}

/// A rule in which the DNS name that its load balancer has now stands as a word. One that it had before stays as it is, and
/// is a difference.
fn naming(mut rule: Rule, load_balancer: &crate::account::LoadBalancer) -> Rule {
    for condition in &mut rule.conditions {
        if let Condition::HostHeader { values, .. } = condition {
            let own = |value: &mut String| *value == load_balancer.dns_name;
            values
                .iter_mut()
                .filter_map(|value| own(value).then_some(value))
                .for_each(|value| *value = "own".to_owned());
        }
    }
    rule
}

/// Which databases run.
fn databases(account: &Account) -> BTreeMap<DatabaseId, DatabaseWhileUp> {
    let is = |status: DatabaseStatus| match status.doing() {
        Doing::Stopped | Doing::Stopping => DatabaseWhileUp::Stopped,
        Doing::Available | Doing::Serving | Doing::Starting | Doing::Busy | Doing::Broken | Doing::Deleting => {
            DatabaseWhileUp::Running
        }
    };
    account.databases.iter().map(|(id, one)| (id.clone(), is(one.status))).collect()
}

/// Everything else that must be the same each day, as text by name. Ids of what is recreated are not among it.
fn rest(account: &Account) -> BTreeMap<String, String> {
    let mut all = alarms::expected(account);
    for one in account.load_balancers.values().filter(|one| !is_strangers(&one.tags)) {
        let mut configuration = LoadBalancer { tags: own_tags(&one.tags), ..one.configuration.clone() };
        for listener in configuration.listeners.values_mut() {
            listener.rules.clear();
            listener.tags = own_tags(&listener.tags);
        }
        all.insert(format!("load balancer {}", one.name), format!("{configuration:?}"));
    }
    for one in account.nat_gateways.values().filter(|one| one.state.is_alive() && !is_strangers(&one.tags)) {
        all.insert(format!("NAT gateway in {}", one.subnet), format!("{:?}", own_tags(&one.tags)));
    }
    for one in account.vpc_endpoints.values().filter(|one| one.state.is_alive() && !is_strangers(&one.tags)) {
        let text = format!("{:?} {:?}", one.configuration, own_tags(&one.tags));
        all.insert(format!("VPC endpoint of {}", one.configuration.service), text);
    }
    for key in account.routes.keys() {
        let leads = matches!(account.route_target(key), Some(RouteTarget::NatGateway(_)));
        all.insert(format!("route {key}"), format!("leads out: {leads}"));
    }
    for (key, record) in &account.records {
        let target = match &record.target {
            RecordTarget::Values(values) => format!("{values:?}"),
            RecordTarget::Alias { dns_name, hosted_zone, evaluate_target_health } => {
                let plain = dns_name.trim_start_matches("dualstack.");
                let form = if plain == dns_name { "plain" } else { "dualstack" };
                let to = account.load_balancers.values().find(|one| one.dns_name == plain);
                let to = to.map_or(plain.to_owned(), |one| one.name.to_string());
                format!("{form} alias of {to} in {hosted_zone}, health {evaluate_target_health}")
            }
        };
        all.insert(format!("record {key}"), target);
    }
    for (name, service) in &account.services {
        let definition = service.definition.as_ref();
        let definition = definition.map(|one| ServiceDefinition { tags: own_tags(&one.tags), ..one.clone() });
        let groups = &service.target_groups;
        let text = format!("{} {:?} {groups:?} {definition:?}", service.family, own_tags(&service.tags));
        all.insert(format!("service {name}"), text);
    }
    for (name, target) in &account.scalable_targets {
        let policies: Vec<String> =
            target.policies.iter().map(|(name, policy)| format!("{name} {}", policy.words())).collect();
        let stale = target.policies.values().any(|policy| match policy {
            ScalingPolicy::Own(_) => false,
            ScalingPolicy::RequestCount(policy) => !account.counts_what_is_there(&policy.label),
        });
        let ScalableTarget { bounds, suspended: _, policies: _, scheduled_actions } = target;
        let text = format!("{bounds:?} {policies:?} {scheduled_actions:?}, counts what is gone: {stale}");
        all.insert(format!("auto scaling of service {name}"), text);
    }
    all.insert("route tables".to_owned(), format!("{:?}", account.route_tables));
    for (arn, group) in &account.target_groups {
        let settings = format!("{:?} {:?}", group.interval, group.deregistration_delay);
        all.insert(format!("target group {}", arn.name()), settings);
    }
    all
}
