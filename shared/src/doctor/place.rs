//! What claims are held against: the tier, what was observed of it, and what else there is.

use std::collections::BTreeMap;

use super::claims::{Effect, Field, Which};
use crate::capture::found::{Address, Compute, Database, Ecs, LoadBalancer, NatGateway, Network, VpcEndpoint};
use crate::model::*;

/// What there is, whosever it is. What could not be listed is none: nobody may call gone what was not looked for.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Route tables, for who made them.
    pub network: Option<Network>,
    /// NAT gateways that are there to stay.
    pub nat_gateways: Option<Vec<NatGateway>>,
    /// Elastic IPs.
    pub addresses: Option<BTreeMap<AllocationId, Address>>,
    /// Load balancers.
    pub load_balancers: Option<Vec<LoadBalancer>>,
    /// Clusters and services.
    pub ecs: Option<Ecs>,
    /// DB instances and clusters.
    pub databases: Option<Vec<Database>>,
    /// VPC endpoints that are there to stay.
    pub vpc_endpoints: Option<Vec<VpcEndpoint>>,
    /// EC2 instances and Auto Scaling groups.
    pub compute: Option<Compute>,
}

/// An environment as it is, and what is around it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Which environment.
    pub environment: &'a EnvironmentName,
    /// Where it is.
    pub region: &'a Region,
    /// Its cluster.
    pub cluster: &'a ClusterName,
    /// What a run would work with.
    pub tier: &'a RuntimeTier,
    /// What was observed of it.
    pub seen: &'a Observation,
    /// What there is at all.
    pub found: &'a Found,
}

impl<'a> Place<'a> {
    /// The NAT gateways there are.
    pub(super) fn nat_gateways(&self) -> &'a [NatGateway] {
        self.found.nat_gateways.as_deref().unwrap_or_default()
    }

    /// The load balancers there are.
    pub(super) fn load_balancers(&self) -> &'a [LoadBalancer] {
        self.found.load_balancers.as_deref().unwrap_or_default()
    }

    /// The tags of the cluster.
    pub(super) fn cluster_tags(&self) -> Option<&'a Tags> {
        self.found.ecs.as_ref()?.clusters.get(self.cluster)
    }

    /// A service of the cluster.
    pub(super) fn service(&self, name: &ServiceName) -> Option<&'a crate::capture::found::Service> {
        self.found.ecs.as_ref()?.services.iter().find(|one| one.cluster == *self.cluster && one.name == *name)
    }

    /// Which one an id is, beside the one in its place. `there` says whether it is there at all, if that is known.
    pub(super) fn which<T>(
        &self,
        id: &str,
        current: Option<&'a Seen<T>>,
        id_of: impl Fn(&'a T) -> &'a str,
        there: Option<bool>,
    ) -> Which {
        let in_place = current.and_then(Seen::standing);
        match (in_place, there) {
            (Some(one), _) if id_of(one) == id => Which::Current,
            (_, Some(true)) => Which::Another,
            (_, Some(false)) => Which::Gone,
            (_, None) => Which::Unknown,
        }
    }

    /// What a night does to an address.
    pub(super) fn effect_on_address(&self, name: &LogicalName, configured: &Tags) -> Effect {
        match self.tier.addresses.get(name).map(|address| address.while_down) {
            Some(AddressWhileDown::Release) => Effect::Replaced,
            Some(AddressWhileDown::Keep) | None => {
                let observed = self.seen.addresses.get(name).and_then(Seen::present);
                drifts(observed.map(|one| added(&one.tags, configured)).unwrap_or_default())
            }
        }
    }

    /// What a night does to a service.
    pub(super) fn effect_on_service(&self, name: &ServiceName, configured: &Tags, definition: Option<&str>) -> Effect {
        match self.tier.services.get(name).map(|service| service.while_down) {
            Some(ServiceWhileDown::Delete) => Effect::Replaced,
            Some(ServiceWhileDown::ScaleToZero) | None => {
                let mut fields = vec![Field::DesiredCount];
                if let Some(service) = self.service(name) {
                    let differs = definition.is_some_and(|one| is_another_revision(one, &service.task_definition));
                    fields.extend(differs.then_some(Field::TaskDefinition));
                    fields.extend(added(&service.tags, configured));
                }
                drifts(fields)
            }
        }
    }

    /// What a night does to an Auto Scaling group: it sets both to nothing, and leaves the maximum.
    pub(super) fn effect_on_group(&self) -> Effect {
        drifts(vec![Field::MinSize, Field::DesiredCapacity])
    }

    /// What a night does to the cluster: overrides come and go on it, also where there is none just now.
    pub(super) fn effect_on_cluster(&self) -> Effect {
        drifts([OVERRIDE_TAG, HOLD_TAG].map(|key| Field::Tag(key.to_owned())).to_vec())
    }
}

fn drifts(fields: Vec<Field>) -> Effect {
    if fields.is_empty() { Effect::Stays } else { Effect::Drifts(fields) }
}

/// Curfew's tags that something carries and its claimant does not know.
fn added(tags: &Tags, configured: &Tags) -> Vec<Field> {
    let of_curfew = tags.keys().filter(|key| key.starts_with("curfew:") && !configured.contains_key(*key));
    of_curfew.map(|key| Field::Tag(key.clone())).collect()
}

/// Whether two task definitions with their revisions, by name or ARN, are not the same. One without a revision stands for
/// the newest.
fn is_another_revision(configured: &str, running: &str) -> bool {
    let name = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    let (configured, running) = (name(configured), name(running));
    configured.contains(':') && running.contains(':') && configured != running
}
