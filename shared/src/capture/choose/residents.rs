//! What lives in one VPC: chosen if it lives in the environment's, is nobody else's, and nothing else speaks against it.

use super::{Elsewhere, LeftOut, LeftOutKind, View};
use crate::capture::found::{Database, Instance, LoadBalancer, NatGateway, VpcEndpoint};
use crate::model::{Tags, VpcId};

/// Something that lives in one VPC.
pub(super) trait Resident {
    /// What it is called, with its kind.
    fn called(&self) -> String;
    /// Where it lives; none where nothing says so.
    fn vpc(&self) -> Option<&VpcId>;
    /// Its tags.
    fn tags(&self) -> &Tags;
}

impl Resident for NatGateway {
    fn called(&self) -> String {
        format!("NAT gateway {}", self.id)
    }
    fn vpc(&self) -> Option<&VpcId> {
        Some(&self.vpc)
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

impl Resident for LoadBalancer {
    fn called(&self) -> String {
        format!("load balancer {}", self.name)
    }
    fn vpc(&self) -> Option<&VpcId> {
        Some(&self.vpc)
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

impl Resident for Database {
    fn called(&self) -> String {
        format!("database {}", self.id)
    }
    fn vpc(&self) -> Option<&VpcId> {
        self.vpc.as_ref()
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

impl Resident for VpcEndpoint {
    fn called(&self) -> String {
        format!("VPC endpoint {} of {}", self.id, self.service)
    }
    fn vpc(&self) -> Option<&VpcId> {
        Some(&self.vpc)
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

impl Resident for Instance {
    fn called(&self) -> String {
        match self.tags.get("Name") {
            Some(name) => format!("instance {} ({name})", self.id),
            None => format!("instance {}", self.id),
        }
    }
    fn vpc(&self) -> Option<&VpcId> {
        self.vpc.as_ref()
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

/// Those that are chosen. `why_not` is what else may speak against one that is here and nobody else's.
pub(super) fn residents<'a, T: Resident>(
    view: View<'a>,
    all: &'a [T],
    left_out: &mut Vec<LeftOut>,
    why_not: impl Fn(&T) -> Option<LeftOut>,
) -> Vec<&'a T> {
    let mut chosen = Vec::new();
    for one in all {
        if one.vpc() == Some(&view.place.vpc) {
            match view.stranger(&one.called(), one.tags()).or_else(|| why_not(one)) {
                Some(why) => left_out.push(why),
                None => chosen.push(one),
            }
        } else if matches!(view.elsewhere(one.tags()), Elsewhere::Told) {
            let problem = match one.vpc() {
                Some(vpc) => format!("is in {vpc}, not in {}", view.place.vpc),
                // Of a cluster, its instances would.
                None => "has no instances that would say which VPC it is in".to_owned(),
            };
            left_out.push(LeftOut::new(LeftOutKind::ForeignVpc, one.called(), problem));
        }
    }
    chosen
}
