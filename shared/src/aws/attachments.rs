//! What other services attach to a load balancer. A web ACL (WAF) is read, to be associated again (web_acls.rs); what
//! Curfew cannot bring back becomes a sentence among what is unsupported, and is refused before anything is deleted
//! (invariant 8).
//!
//! * A web ACL of Firewall Manager's, which associates it by itself.
//! * An endpoint of Global Accelerator, a VPC origin of CloudFront: they keep the load balancer's ARN, which is another
//!   one every morning (facts §2 "What stores the ALB ARN … and breaks on recreate").
//!
//! Each is asked for once in a run. Narrower looks carry the sentences over with [`carried_over`].

use std::collections::{BTreeMap, BTreeSet};

use aws_config::{Region, SdkConfig};
use aws_sdk_globalaccelerator::types::{Accelerator, EndpointGroup};
use futures::future::join_all;

use super::errors::{Outcome, failed};
use super::web_acls;
use crate::model::*;
use crate::ports::ActionError;

pub(super) use super::web_acls::{FoundWebAcl, Stage};

/// The only region in which Global Accelerator answers, wherever its endpoints are (bc:globalaccelerator).
const ACCELERATOR_REGION: Region = Region::from_static("us-west-2");
/// The most that one answer of Global Accelerator holds (bc:globalaccelerator).
const ACCELERATOR_PAGE: i32 = 100;

/// Something that was listed a moment ago may be gone by now: that is no lasting failure.
const GONE_MEANWHILE: &[&str] = &["AcceleratorNotFoundException", "ListenerNotFoundException"];

/// How each sentence begins; [`carried_over`] knows them again by it.
const WEB_ACL: &str = "has a web ACL of Firewall Manager";
const ENDPOINT: &str = "is an endpoint of the accelerator";
const ORIGIN: &str = "is the VPC origin";

/// One thing that another service attached.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Attachment {
    ManagedWebAcl(String),
    Endpoint(String),
    Origin(String),
}

impl Attachment {
    fn words(&self) -> String {
        match self {
            Self::ManagedWebAcl(name) => {
                format!("{WEB_ACL} ({name}), which gives it to a new load balancer in its own time")
            }
            Self::Endpoint(name) => format!("{ENDPOINT} {name}, which would lead nowhere"),
            Self::Origin(name) => format!("{ORIGIN} {name} of CloudFront, which would lead nowhere"),
        }
    }
}

/// Those of an earlier look's sentences that are about attachments.
pub(super) fn carried_over(before: &[String]) -> impl Iterator<Item = String> {
    let ours = |words: &&String| [WEB_ACL, ENDPOINT, ORIGIN].iter().any(|beginning| words.starts_with(beginning));
    before.iter().filter(ours).cloned()
}

/// What is attached to some load balancers; or why that could not be observed.
pub(super) type Attached = BTreeMap<LoadBalancerArn, Result<AttachedToOne, ActionError>>;

/// What is attached to one load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct AttachedToOne {
    /// Its web ACL, if it can be associated again.
    pub(super) web_acl: Option<WebAclArn>,
    /// All else, in words.
    pub(super) unsupported: Vec<String>,
}

/// Something that has a name and leads to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    name: String,
    arn: String,
}

/// The services that attach.
#[derive(Debug)]
pub(super) struct Attachments {
    waf: aws_sdk_wafv2::Client,
    accelerator: aws_sdk_globalaccelerator::Client,
    cloudfront: aws_sdk_cloudfront::Client,
}

impl Attachments {
    pub(super) fn new(config: &SdkConfig) -> Self {
        let accelerator = aws_sdk_globalaccelerator::config::Builder::from(config).region(ACCELERATOR_REGION).build();
        Self {
            waf: aws_sdk_wafv2::Client::new(config),
            accelerator: aws_sdk_globalaccelerator::Client::from_conf(accelerator),
            // Global: its endpoint rules sign for the right region by themselves.
            cloudfront: aws_sdk_cloudfront::Client::new(config),
        }
    }

    /// What is attached to these load balancers: one call for each, and two lists for all of them.
    pub(super) async fn of_load_balancers(&self, all: &[(LoadBalancerArn, Stage)]) -> Attached {
        if all.is_empty() {
            return Attached::new();
        }
        let web_acls = join_all(all.iter().map(|(arn, stage)| self.web_acl(arn, *stage)));
        let (web_acls, endpoints, origins) = tokio::join!(web_acls, self.endpoints(), self.origins());
        let arns = all.iter().map(|(arn, _)| arn);
        let one =
            |(arn, web_acl): (&LoadBalancerArn, _)| (arn.clone(), put_together(arn, web_acl, &endpoints, &origins));
        arns.zip(web_acls).map(one).collect()
    }

    /// The web ACL of a load balancer.
    pub(super) async fn web_acl(&self, arn: &LoadBalancerArn, stage: Stage) -> Result<FoundWebAcl, ActionError> {
        web_acls::of(&self.waf, arn, stage).await
    }

    /// Sets the web ACL of a load balancer.
    pub(super) async fn associate(
        &self,
        load_balancer: &Owned<LoadBalancerArn>,
        web_acl: &WebAclArn,
    ) -> Result<(), ActionError> {
        web_acls::associate(&self.waf, load_balancer, web_acl).await
    }

    /// All endpoints of all accelerators. Custom routing accelerators lead to subnets only.
    async fn endpoints(&self) -> Result<Vec<Link>, ActionError> {
        let pages = self.accelerator.list_accelerators().max_results(ACCELERATOR_PAGE).into_paginator().items().send();
        let all: Vec<Accelerator> =
            pages.collect::<Result<_, _>>().await.map_err(failed("globalaccelerator:ListAccelerators"))?;
        let endpoints = join_all(all.iter().map(|accelerator| self.endpoints_of(accelerator))).await;
        Ok(endpoints.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    async fn endpoints_of(&self, accelerator: &Accelerator) -> Result<Vec<Link>, ActionError> {
        let arn = accelerator.accelerator_arn().unwrap_or_default();
        let call = self.accelerator.list_listeners().accelerator_arn(arn).max_results(ACCELERATOR_PAGE);
        let pages = call.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let listeners = pages.map_err(failed("globalaccelerator:ListListeners")).later_on(GONE_MEANWHILE)?;
        let mut links = Vec::new();
        for listener in listeners {
            let call = self.accelerator.list_endpoint_groups().max_results(ACCELERATOR_PAGE);
            let call = call.set_listener_arn(listener.listener_arn);
            let pages = call.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
            let groups = pages.map_err(failed("globalaccelerator:ListEndpointGroups")).later_on(GONE_MEANWHILE)?;
            links.extend(links_of(accelerator, &groups));
        }
        Ok(links)
    }

    /// All VPC origins.
    async fn origins(&self) -> Result<Vec<Link>, ActionError> {
        let mut links = Vec::new();
        let mut marker = None;
        loop {
            let answer = self.cloudfront.list_vpc_origins().set_marker(marker).send().await;
            let answer = answer.map_err(failed("cloudfront:ListVpcOrigins"))?;
            let Some(list) = answer.vpc_origin_list() else { return Ok(links) };
            let link = |name: &str, arn: &str| Link { name: name.to_owned(), arn: arn.to_owned() };
            links.extend(list.items().iter().map(|origin| link(origin.name(), origin.origin_endpoint_arn())));
            marker = list.next_marker().filter(|_| list.is_truncated()).map(str::to_owned);
            if marker.is_none() {
                return Ok(links);
            }
        }
    }
}

/// Where an accelerator leads to.
fn links_of(accelerator: &Accelerator, groups: &[EndpointGroup]) -> Vec<Link> {
    let name = accelerator.name().or(accelerator.accelerator_arn()).unwrap_or_default();
    let endpoints = groups.iter().flat_map(EndpointGroup::endpoint_descriptions);
    let ids = endpoints.filter_map(|endpoint| endpoint.endpoint_id());
    ids.map(|arn| Link { name: name.to_owned(), arn: arn.to_owned() }).collect()
}

/// All that is attached to one load balancer; or the first failure, because then nobody knows.
fn put_together(
    arn: &LoadBalancerArn,
    web_acl: Result<FoundWebAcl, ActionError>,
    endpoints: &Result<Vec<Link>, ActionError>,
    origins: &Result<Vec<Link>, ActionError>,
) -> Result<AttachedToOne, ActionError> {
    let FoundWebAcl { arn: web_acl, managed } = web_acl?;
    let mut attachments: Vec<Attachment> = managed.into_iter().map(Attachment::ManagedWebAcl).collect();
    attachments.extend(names(endpoints, arn)?.into_iter().map(Attachment::Endpoint));
    attachments.extend(names(origins, arn)?.into_iter().map(Attachment::Origin));
    Ok(AttachedToOne { web_acl, unsupported: attachments.iter().map(Attachment::words).collect() })
}

/// The names of those links that lead to a load balancer, each once.
fn names(links: &Result<Vec<Link>, ActionError>, to: &LoadBalancerArn) -> Result<BTreeSet<String>, ActionError> {
    let links = links.as_ref().map_err(Clone::clone)?;
    Ok(links.iter().filter(|link| link.arn == to.as_str()).map(|link| link.name.clone()).collect())
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use aws_sdk_globalaccelerator::types::EndpointDescription;

    use super::*;

    const OURS: &str = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/dev-alb/0123456789abcdef";
    const OTHER: &str = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/other/0123456789abcdef";

    fn link(name: &str, arn: &str) -> Link {
        Link { name: name.to_owned(), arn: arn.to_owned() }
    }

    fn denied() -> ActionError {
        ActionError {
            call: "cloudfront:ListVpcOrigins".to_owned(),
            code: "AccessDenied".to_owned(),
            message: "no".to_owned(),
            retry: Retry::Never,
        }
    }

    #[test]
    fn only_what_leads_to_the_load_balancer_is_attached_to_it() {
        let arn: LoadBalancerArn = OURS.parse().expect("an ARN");
        let endpoints = Ok(vec![link("edge", OTHER), link("global", OURS), link("global", OURS)]);
        let origins = Ok(vec![link("web", OURS), link("other", OTHER)]);
        let web_acl = FoundWebAcl { arn: None, managed: Some("firewall".to_owned()) };
        let attached = put_together(&arn, Ok(web_acl), &endpoints, &origins).expect("all was observed");
        let wanted = [
            "has a web ACL of Firewall Manager (firewall), which gives it to a new load balancer in its own time",
            "is an endpoint of the accelerator global, which would lead nowhere",
            "is the VPC origin web of CloudFront, which would lead nowhere",
        ];
        assert_eq!(attached, AttachedToOne { web_acl: None, unsupported: wanted.map(str::to_owned).to_vec() });
        let own: WebAclArn = "arn:aws:wafv2:us-west-2:123456789012:regional/webacl/dev/1".parse().expect("an ARN");
        let web_acl = FoundWebAcl { arn: Some(own.clone()), managed: None };
        let attached = put_together(&arn, Ok(web_acl), &Ok(vec![]), &Ok(vec![]));
        assert_eq!(attached, Ok(AttachedToOne { web_acl: Some(own), unsupported: vec![] }));
    }

    #[test]
    fn what_could_not_be_listed_is_not_nothing() {
        let arn: LoadBalancerArn = OURS.parse().expect("an ARN");
        let nothing = || Ok(vec![]);
        assert_eq!(put_together(&arn, Err(denied()), &nothing(), &nothing()), Err(denied()));
        let none = FoundWebAcl::default;
        assert_eq!(put_together(&arn, Ok(none()), &Err(denied()), &nothing()), Err(denied()));
        assert_eq!(put_together(&arn, Ok(none()), &nothing(), &Err(denied())), Err(denied()));
    }

    #[test]
    fn an_accelerator_leads_to_the_endpoints_of_all_its_groups() {
        let group = |id: &str| {
            let endpoint = EndpointDescription::builder().endpoint_id(id).build();
            EndpointGroup::builder().endpoint_descriptions(endpoint).build()
        };
        let accelerator = Accelerator::builder().name("global").accelerator_arn("arn:of:it").build();
        let links = links_of(&accelerator, &[group(OURS), group("eipalloc-0a"), EndpointGroup::builder().build()]);
        assert_eq!(links, [link("global", OURS), link("global", "eipalloc-0a")]);
        let nameless = Accelerator::builder().accelerator_arn("arn:of:it").build();
        assert_eq!(links_of(&nameless, &[group(OURS)]), [link("arn:of:it", OURS)]);
    }

    #[test]
    fn every_sentence_is_known_again_and_no_other() {
        let name = || "dev".to_owned();
        let all = [Attachment::ManagedWebAcl(name()), Attachment::Endpoint(name()), Attachment::Origin(name())];
        let sentences: Vec<String> = all.iter().map(Attachment::words).collect();
        let mut before = sentences.clone();
        before.insert(1, "has two listeners on port 80".to_owned());
        assert_eq!(carried_over(&before).collect::<Vec<_>>(), sentences);
    }
}
