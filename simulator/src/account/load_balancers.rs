//! Application load balancers with their listeners and rules.

use std::collections::{BTreeMap, BTreeSet};

use curfew_core::model::{self, *};

use super::refusal::{Answer, Refusal};
use super::timetable::Event;
use super::{Account, Kind};
use crate::hosted_zone;

/// An application load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadBalancer {
    /// What it is called.
    pub name: LoadBalancerName,
    /// Its DNS name: another one each time it is made (facts §2).
    pub dns_name: String,
    /// The zone of that name: the region's.
    pub hosted_zone: HostedZoneId,
    /// Its tags.
    pub tags: Tags,
    /// All else, in the blueprint's words; tags of listeners and rules as AWS has them.
    pub configuration: model::LoadBalancer,
    /// The ARNs of its listeners.
    pub listeners: BTreeMap<u16, ListenerArn>,
    /// Whether it has become active.
    pub is_active: bool,
    /// When it was asked for.
    pub since: chrono::DateTime<chrono::Utc>,
}

/// Facts §2 "Quotas".
const MOST_RULES: usize = 100;

impl LoadBalancer {
    /// Whether AWS refuses to delete it.
    pub fn is_protected(&self) -> bool {
        self.configuration.attributes.get(DELETION_PROTECTION).is_some_and(|value| value == "true")
    }
}

impl Account {
    /// Facts §2 "Idempotency": the existing one if nothing differs, else `DuplicateLoadBalancerName`. Tags are no settings:
    /// somebody else's is answered too ("silent adoption").
    pub(super) fn create_load_balancer(
        &mut self,
        name: &LoadBalancerName,
        wanted: &model::LoadBalancer,
        tags: &Tags,
    ) -> Answer {
        if wanted.subnets.len() < 2 {
            let message = "At least two subnets in two different Availability Zones must be specified";
            return Err(Refusal::never("ValidationError", message));
        }
        if let Some(there) = self.load_balancers.values().find(|one| one.name == *name) {
            let same = there.configuration.scheme == wanted.scheme
                && there.configuration.subnets == wanted.subnets
                && there.configuration.security_groups == wanted.security_groups
                && there.configuration.ip_address_type == wanted.ip_address_type;
            let message = format!("A load balancer with the same name '{name}' exists, but with different settings");
            return if same { Ok(()) } else { Err(Refusal::later("DuplicateLoadBalancerName", message)) };
        }
        self.add_load_balancer(name, wanted, tags);
        Ok(())
    }

    /// A load balancer without listeners that is being made.
    pub(super) fn add_load_balancer(
        &mut self,
        name: &LoadBalancerName,
        wanted: &model::LoadBalancer,
        tags: &Tags,
    ) -> LoadBalancerArn {
        let number = self.number(name.as_str());
        let arn = self.arn("elasticloadbalancing", &format!("loadbalancer/app/{name}/{number:016x}"));
        let arn: LoadBalancerArn = super::parsed(arn);
        let mut configuration = wanted.clone();
        configuration.listeners.clear();
        configuration.adopted = None;
        configuration.deletion_protection = DeletionProtection::Blocks;
        configuration.attributes = attributes_of_new_load_balancer(wanted.scheme);
        configuration.web_acl = None;
        configuration.alarms = Alarms::default();
        let made = LoadBalancer {
            name: name.clone(),
            dns_name: format!("{name}-{number:010}.{}.elb.amazonaws.com", self.region).to_ascii_lowercase(),
            hosted_zone: super::parsed(hosted_zone::of_region(&self.region).to_owned()),
            tags: tags.clone(),
            configuration,
            listeners: BTreeMap::new(),
            is_active: false,
            since: self.now,
        };
        self.load_balancers.insert(arn.clone(), made);
        self.later(
            Kind::LoadBalancerCreate,
            &Self::subject(name.as_str(), number),
            Event::LoadBalancerActive(arn.clone()),
        );
        arn
    }

    pub(super) fn load_balancer_active(&mut self, arn: &LoadBalancerArn) {
        let Some(one) = self.load_balancers.get_mut(arn) else { return };
        one.is_active = true;
        let groups = one.configuration.target_groups();
        self.check_targets_of(groups);
    }

    fn standing(&mut self, arn: &LoadBalancerArn) -> Result<&mut LoadBalancer, Refusal> {
        let missing = || Refusal::later("LoadBalancerNotFound", format!("{arn} not found"));
        self.load_balancers.get_mut(arn).ok_or_else(missing)
    }

    pub(super) fn modify_load_balancer_attributes(
        &mut self,
        arn: &LoadBalancerArn,
        attributes: &BTreeMap<String, String>,
    ) -> Answer {
        let one = self.standing(arn)?;
        known("Load balancer", &one.configuration.attributes, attributes)?;
        one.configuration.attributes.extend(attributes.clone());
        Ok(())
    }

    /// Facts §2 "WAF": what is not there, or is still being made, is looked at again.
    pub(super) fn associate_web_acl(&mut self, arn: &LoadBalancerArn, web_acl: &WebAclArn) -> Answer {
        let missing = |what: &str| Refusal::later("WAFNonexistentItemException", format!("{what} doesn’t exist"));
        if !self.web_acls.contains(web_acl) {
            return Err(missing(web_acl.as_str()));
        }
        let one = self.load_balancers.get_mut(arn).ok_or_else(|| missing(arn.as_str()))?;
        if !one.is_active {
            let message = "AWS WAF couldn’t retrieve the resource that you requested. Retry your request.";
            return Err(Refusal::later("WAFUnavailableEntityException", message));
        }
        one.configuration.web_acl = Some(web_acl.clone());
        Ok(())
    }

    /// Facts §2 "DeleteLoadBalancer": a missing one succeeds, a protected one does not; listeners and rules die with it.
    pub(super) fn delete_load_balancer(&mut self, arn: &LoadBalancerArn) -> Answer {
        let Some(one) = self.load_balancers.get(arn) else { return Ok(()) };
        if one.is_protected() {
            let message = format!("Load balancer '{arn}' cannot be deleted because deletion protection is enabled");
            return Err(Refusal::never("OperationNotPermitted", message));
        }
        let (name, groups) = (one.name.clone(), one.configuration.target_groups());
        let working: usize = groups.iter().map(|group| self.targets_of(group)).sum();
        if working > 0 {
            self.mishap(format!("load balancer {name} was deleted while {working} targets are registered behind it"));
        }
        self.load_balancers.remove(arn);
        Ok(())
    }

    pub(super) fn create_listener(
        &mut self,
        arn: &LoadBalancerArn,
        port: u16,
        wanted: &Listener,
        tags: &Tags,
    ) -> Answer {
        self.check_association(arn, wanted.default_actions.iter().flat_map(RuleAction::target_groups))?;
        let listener = self.arn("elasticloadbalancing", &format!("listener/{}/{port:016x}", suffix(arn)));
        let one = self.standing(arn)?;
        if let Some(there) = one.configuration.listeners.get(&port) {
            let same = there.protocol == wanted.protocol
                && there.certificate == wanted.certificate
                && there.ssl_policy == wanted.ssl_policy
                && there.default_actions == wanted.default_actions;
            let message = format!("A listener already exists on port {port}");
            return if same { Ok(()) } else { Err(Refusal::later("DuplicateListener", message)) };
        }
        let mut made = wanted.clone();
        made.rules.clear();
        made.additional_certificates.clear();
        made.attributes = attributes_of_new_listener(wanted.protocol);
        made.tags = tags.clone();
        let groups = made.target_groups();
        one.configuration.listeners.insert(port, made);
        one.listeners.insert(port, super::parsed(listener));
        self.check_targets_of(groups);
        Ok(())
    }

    /// The listener of an ARN; one that is missing is looked at again (facts §2 "Listener manager retries").
    fn listener(&mut self, arn: &ListenerArn) -> Result<&mut Listener, Refusal> {
        let missing = || Refusal::later("ListenerNotFound", format!("{arn} not found"));
        let one = self.load_balancers.values_mut().find(|one| one.listeners.values().any(|a| a == arn));
        let one = one.ok_or_else(missing)?;
        let port = one.listeners.iter().find(|(_, a)| *a == arn).map(|(port, _)| *port);
        port.and_then(|port| one.configuration.listeners.get_mut(&port)).ok_or_else(missing)
    }

    pub(super) fn modify_listener_attributes(
        &mut self,
        arn: &ListenerArn,
        attributes: &BTreeMap<String, String>,
    ) -> Answer {
        let listener = self.listener(arn)?;
        known("Listener", &listener.attributes, attributes)?;
        listener.attributes.extend(attributes.clone());
        Ok(())
    }

    pub(super) fn add_certificates(&mut self, arn: &ListenerArn, certificates: &BTreeSet<CertificateArn>) -> Answer {
        self.listener(arn)?.additional_certificates.extend(certificates.iter().cloned());
        Ok(())
    }

    /// Facts §2 "CreateRule is not documented idempotent".
    pub(super) fn create_rule(&mut self, arn: &ListenerArn, priority: u16, wanted: &Rule, tags: &Tags) -> Answer {
        let owner = self.load_balancers.iter().find(|(_, one)| one.listeners.values().any(|a| a == arn));
        if let Some(owner) = owner.map(|(owner, _)| owner.clone()) {
            self.check_association(&owner, wanted.actions.iter().flat_map(RuleAction::target_groups))?;
        }
        let listener = self.listener(arn)?;
        if listener.rules.contains_key(&priority) {
            return Err(Refusal::later("PriorityInUse", format!("Priority '{priority}' is currently in use")));
        }
        if listener.rules.len() >= MOST_RULES {
            return Err(Refusal::never("TooManyRules", "The maximum number of rules has been reached"));
        }
        let made = Rule { tags: tags.clone(), ..wanted.clone() };
        let groups = made.actions.iter().flat_map(RuleAction::target_groups).cloned().collect();
        listener.rules.insert(priority, made);
        self.check_targets_of(groups);
        Ok(())
    }

    /// Facts §2 "TG ↔ LB is 1:1".
    fn check_association<'a>(&self, arn: &LoadBalancerArn, groups: impl Iterator<Item = &'a TargetGroupArn>) -> Answer {
        let groups: Vec<&TargetGroupArn> = groups.collect();
        for group in &groups {
            self.must_exist(BaseResource::TargetGroup((*group).clone()))?;
        }
        let elsewhere = |group: &&TargetGroupArn| self.load_balancer_of(group).is_some_and(|(owner, _)| owner != arn);
        match groups.into_iter().find(elsewhere) {
            Some(group) => {
                let message = format!("{group} cannot be associated with more than one load balancer");
                Err(Refusal::never("TargetGroupAssociationLimit", message))
            }
            None => Ok(()),
        }
    }

    /// The load balancer whose listeners or rules forward to a target group.
    pub fn load_balancer_of(&self, group: &TargetGroupArn) -> Option<(&LoadBalancerArn, &LoadBalancer)> {
        self.load_balancers.iter().find(|(_, one)| one.configuration.listeners.values().any(|l| forwards(l, group)))
    }
}

fn forwards(listener: &Listener, group: &TargetGroupArn) -> bool {
    let of_rules = listener.rules.values().flat_map(|rule| &rule.actions);
    listener.default_actions.iter().chain(of_rules).flat_map(RuleAction::target_groups).any(|one| one == group)
}

/// AWS refuses an attribute that its kind does not have.
fn known(kind: &str, there: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> Answer {
    match wanted.keys().find(|key| !there.contains_key(*key)) {
        Some(unknown) => {
            let message = format!("{kind} attribute key '{unknown}' is not recognized");
            Err(Refusal::never("InvalidConfigurationRequest", message))
        }
        None => Ok(()),
    }
}

fn suffix(arn: &LoadBalancerArn) -> &str {
    arn.as_str().split_once("loadbalancer/").map_or("", |(_, suffix)| suffix)
}
