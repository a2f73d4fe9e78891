//! Application load balancers with their listeners and rules.

mod actions;
mod conditions;
mod configuration;
mod identity;
mod listeners;
mod perform;
mod rules;
mod states;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{LoadBalancer as SdkLoadBalancer, LoadBalancerTypeEnum};
use futures::future::join_all;

use super::attachments::{Attached, Attachments, Stage, carried_over};
use super::errors::{Outcome, failed, parsed, unobserved};
use super::tags;
use crate::model::*;
use crate::placing::{FoundLoadBalancer, Placeless, placeless_load_balancer, whose_load_balancer};
use crate::ports::{ActionError, Scope};

pub(super) use perform::{
    add_certificates, create, create_listener, create_rule, delete, modify_attributes, modify_listener_attributes,
};
pub(super) use states::look_at_states;

const DESCRIBE: &str = "elasticloadbalancing:DescribeLoadBalancers";
const TAGS: &str = "elasticloadbalancing:DescribeTags";
/// The most that one answer holds (facts §2).
const PAGE: i32 = 400;
/// The most ARNs that one DescribeTags takes (facts §2).
const TAG_BATCH: usize = 20;

/// Something that was listed a moment ago may be gone by now: that is no lasting failure.
const GONE_MEANWHILE: &[&str] = &["LoadBalancerNotFound", "ListenerNotFound", "RuleNotFound"];

/// A load balancer with its tags, before its configuration is read.
struct Found {
    name: LoadBalancerName,
    arn: LoadBalancerArn,
    sdk: SdkLoadBalancer,
    tags: Tags,
}

impl Found {
    fn subnets(&self) -> BTreeSet<SubnetId> {
        self.sdk.availability_zones().iter().filter_map(|zone| zone.subnet_id()?.parse().ok()).collect()
    }

    fn by_identity<'a>(&'a self, subnets: &'a BTreeSet<SubnetId>) -> FoundLoadBalancer<'a> {
        FoundLoadBalancer { arn: &self.arn, name: &self.name, tags: &self.tags, subnets }
    }
}

/// Looks at all load balancers: which there are, whose they are, and all configuration of those the scope names, with
/// what other services attach to those of ours.
pub(super) async fn look(client: &Client, attachments: &Attachments, scope: Scope<'_>) -> Observation {
    let mut observation = Observation::default();
    let placeless = match look_at_all(client, attachments, scope).await {
        Ok((load_balancers, placeless)) => {
            observation.load_balancers = load_balancers;
            placeless
        }
        Err(error) => {
            let unknown = |name: &LoadBalancerName| (name.clone(), Seen::Unknown(unobserved(&error)));
            observation.load_balancers = scope.tier.load_balancers.keys().map(unknown).collect();
            (Vec::new(), Vec::new())
        }
    };
    observation.orphans.insert(Part::LoadBalancers, placeless.0);
    observation.foreign.insert(Part::LoadBalancers, placeless.1);
    observation
}

type SeenLoadBalancers = BTreeMap<LoadBalancerName, Seen<ObservedLoadBalancer>>;
type PlacelessLoadBalancers = (Vec<Orphan>, Vec<Foreign>);

async fn look_at_all(
    client: &Client,
    attachments: &Attachments,
    scope: Scope<'_>,
) -> Result<(SeenLoadBalancers, PlacelessLoadBalancers), ActionError> {
    let found = find(client, scope).await?;
    let named = |name: &LoadBalancerName| found.iter().find(|one| &one.name == name);
    let seen = join_all(scope.tier.load_balancers.iter().map(|(name, wanted)| async move {
        let seen = match named(name) {
            Some(one) => look_at_one(client, scope, one, wanted).await,
            None => Seen::Absent,
        };
        (name.clone(), seen)
    }));
    let placeless = found.iter().filter(|one| !scope.tier.load_balancers.contains_key(&one.name));
    let placeless: Vec<(&Found, Placeless)> = placeless
        .filter_map(|one| Some((one, placeless_load_balancer(scope, one.by_identity(&one.subnets()))?)))
        .collect();
    let orphans = join_all(placeless.iter().filter_map(|(one, what)| match what {
        Placeless::Orphan(owned) => Some(orphan(client, one, owned)),
        Placeless::Foreign(_) => None,
    }));
    let owned = owned(scope, &found);
    let (seen, orphans, attached) = tokio::join!(seen, orphans, attachments.of_load_balancers(&owned));
    let seen = seen.into_iter().map(|(name, seen)| (name, with_attachments(seen, &attached))).collect();
    let orphans: Result<Vec<Orphan>, ActionError> = orphans.into_iter().collect();
    let foreign = placeless.into_iter().filter_map(|(_, what)| match what {
        Placeless::Orphan(_) => None,
        Placeless::Foreign(foreign) => Some(foreign),
    });
    Ok((seen, (orphans?, foreign.collect())))
}

/// Those that the scope names and that are this environment's.
fn owned(scope: Scope<'_>, found: &[Found]) -> Vec<(LoadBalancerArn, Stage)> {
    let is_application = |one: &&Found| one.sdk.r#type() == Some(&LoadBalancerTypeEnum::Application);
    let owned = |one: &Found| {
        let wanted = scope.tier.load_balancers.get(&one.name)?;
        let ownership = whose_load_balancer(scope, one.by_identity(&one.subnets()), wanted);
        Some((ownership.owned()?.id().clone(), states::stage(&one.sdk)))
    };
    found.iter().filter(is_application).filter_map(owned).collect()
}

/// Adds what is attached to a load balancer. If that could not be observed, neither was the load balancer: it might not
/// come back as it is (invariants 4 and 8).
fn with_attachments(mut seen: Seen<ObservedLoadBalancer>, attached: &Attached) -> Seen<ObservedLoadBalancer> {
    if let Seen::Pending(one) | Seen::Ready(one) = &mut seen {
        match attached.get(one.ownership.id()) {
            Some(Ok(attached)) => {
                one.unsupported.extend_from_slice(&attached.unsupported);
                one.configuration.web_acl = attached.web_acl.clone();
            }
            Some(Err(error)) => return Seen::Unknown(unobserved(error)),
            None => {}
        }
    }
    seen
}

/// All application load balancers, and whatever else has one of our names, with their tags.
async fn find(client: &Client, scope: Scope<'_>) -> Result<Vec<Found>, ActionError> {
    let pages = client.describe_load_balancers().page_size(PAGE).into_paginator().items().send();
    let all: Vec<SdkLoadBalancer> = pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE))?;
    let ours = |one: &SdkLoadBalancer| {
        one.load_balancer_name().is_some_and(|name| scope.tier.load_balancers.keys().any(|key| key.as_str() == name))
    };
    let worth_knowing: Vec<SdkLoadBalancer> =
        all.into_iter().filter(|one| one.r#type() == Some(&LoadBalancerTypeEnum::Application) || ours(one)).collect();
    let arns = worth_knowing.iter().filter_map(|one| one.load_balancer_arn().map(str::to_owned)).collect();
    let mut tags = tags_of(client, arns).await?;
    worth_knowing
        .into_iter()
        .map(|sdk| {
            let arn: LoadBalancerArn = parsed(DESCRIBE, sdk.load_balancer_arn())?;
            let tags = tags.remove(arn.as_str()).unwrap_or_default();
            Ok(Found { name: parsed(DESCRIBE, sdk.load_balancer_name())?, arn, sdk, tags })
        })
        .collect()
}

/// The tags of load balancers, listeners or rules, by ARN.
pub(super) async fn tags_of(client: &Client, arns: Vec<String>) -> Result<BTreeMap<String, Tags>, ActionError> {
    let batches = arns.chunks(TAG_BATCH).map(|batch| async {
        let answer = client.describe_tags().set_resource_arns(Some(batch.to_vec())).send().await;
        answer.map_err(failed(TAGS)).later_on(GONE_MEANWHILE)
    });
    let mut tags = BTreeMap::new();
    for answer in join_all(batches).await {
        for one in answer?.tag_descriptions() {
            tags.insert(one.resource_arn().unwrap_or_default().to_owned(), tags::from_elb(one.tags()));
        }
    }
    Ok(tags)
}

/// One that the scope names, with all its configuration.
async fn look_at_one(
    client: &Client,
    scope: Scope<'_>,
    one: &Found,
    wanted: &LoadBalancer,
) -> Seen<ObservedLoadBalancer> {
    let ownership = whose_load_balancer(scope, one.by_identity(&one.subnets()), wanted);
    if one.sdk.r#type() != Some(&LoadBalancerTypeEnum::Application) {
        return states::wrap(&one.sdk, identity::of_another_kind(one, ownership));
    }
    let configuration = configuration::read(client, &one.arn, &one.sdk).await;
    let whose = (ownership, Mark::of(&one.tags));
    let observed = configuration.and_then(|read| identity::observed(&one.sdk, whose, own_tags(&one.tags), read));
    states::wrap(&one.sdk, observed)
}

/// One that Curfew made and that has no place.
async fn orphan(client: &Client, one: &Found, owned: &Owned<LoadBalancerArn>) -> Result<Orphan, ActionError> {
    let attributes = configuration::attributes(client, &one.arn).await?;
    let protected = attributes.get(DELETION_PROTECTION).is_some_and(|value| value == "true");
    Ok(Orphan::LoadBalancer { arn: owned.clone(), name: one.name.clone(), protected })
}

/// Looks again at one load balancer that is known: its state, attributes, listeners and rules. Its tags, and so whose
/// it is, are carried over, and what other services attach to it.
pub(super) async fn look_at_configuration(
    client: &Client,
    attachments: &Attachments,
    scope: Scope<'_>,
    name: &LoadBalancerName,
    known: &Observation,
) -> Observation {
    let seen = match known.load_balancers.get(name) {
        Some(Seen::Pending(before) | Seen::Ready(before) | Seen::Leaving(before)) => {
            let meant = scope.tier.load_balancers.get(name).and_then(|wanted| wanted.web_acl.as_ref());
            read_again(client, attachments, before, meant).await
        }
        // Not known to be there: only a look at all of them tells.
        Some(Seen::Absent | Seen::Unknown(_)) | None => {
            let mut all = look(client, attachments, scope).await;
            return Observation {
                load_balancers: all.load_balancers.remove_entry(name).into_iter().collect(),
                ..Observation::default()
            };
        }
    };
    Observation { load_balancers: [(name.clone(), seen)].into(), ..Observation::default() }
}

async fn read_again(
    client: &Client,
    attachments: &Attachments,
    before: &ObservedLoadBalancer,
    meant: Option<&WebAclArn>,
) -> Seen<ObservedLoadBalancer> {
    let sdk = match states::describe(client, before.ownership.id()).await {
        Ok(Some(sdk)) => sdk,
        Ok(None) => return Seen::Absent,
        Err(error) => return Seen::Unknown(unobserved(&error)),
    };
    let (configuration, web_acl) = tokio::join!(
        configuration::read(client, before.ownership.id(), &sdk),
        web_acl_again(attachments, before, meant, states::stage(&sdk)),
    );
    let tags = before.configuration.tags.clone();
    let configuration = configuration.and_then(|mut read| {
        read.unsupported.extend(carried_over(&before.unsupported));
        read.web_acl = web_acl?;
        Ok(read)
    });
    let whose = (before.ownership.clone(), before.mark.clone());
    let observed = configuration.and_then(|read| identity::observed(&sdk, whose, tags, read));
    states::wrap(&sdk, observed)
}

/// WAF is asked again only while it is to answer something else.
async fn web_acl_again(
    attachments: &Attachments,
    before: &ObservedLoadBalancer,
    meant: Option<&WebAclArn>,
    stage: Stage,
) -> Result<Option<WebAclArn>, ActionError> {
    let known = before.configuration.web_acl.as_ref();
    if known == meant {
        return Ok(known.cloned());
    }
    attachments.web_acl(before.ownership.id(), stage).await.map(|found| found.arn)
}
