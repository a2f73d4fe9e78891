//! Names for the ids that each side makes up, by what they stand for and in the order they appear.

use std::collections::BTreeMap;

use curfew_core::model::*;

/// What one side's ids stand for.
#[derive(Debug, Default)]
pub struct Names {
    by_id: BTreeMap<String, String>,
    counts: BTreeMap<String, u32>,
}

impl Names {
    /// Takes in the ids of an observation.
    pub fn learn(&mut self, seen: &Observation) {
        let policies = seen.services.values().filter_map(Seen::present).flat_map(|one| &one.load_balancer_policies);
        for (_, policy) in policies {
            let LoadBalancerPolicy::RequestCount(policy) = policy else { continue };
            let label = policy.label.to_string();
            let end = label.split("/targetgroup/").next().unwrap_or(&label);
            self.name(&format!("end of {}", policy.label.load_balancer), end);
        }
        for (name, address) in &seen.addresses {
            if let Some(address) = address.present() {
                self.name(&format!("address {name}"), address.ownership.id().as_str());
                self.name(&format!("ip of {name}"), &address.public_ip);
            }
        }
        for (name, gateway) in &seen.nat_gateways {
            if let Some(gateway) = gateway.present() {
                self.name(&format!("NAT gateway {name}"), gateway.ownership.id().as_str());
            }
        }
        for (name, endpoint) in &seen.vpc_endpoints {
            if let Some(endpoint) = endpoint.present() {
                self.name(&format!("VPC endpoint {name}"), endpoint.ownership.id().as_str());
            }
        }
        for (name, load_balancer) in &seen.load_balancers {
            let Some(load_balancer) = load_balancer.present() else { continue };
            let arn = load_balancer.ownership.id().as_str();
            self.name(&format!("load balancer {name}"), arn);
            self.name(&format!("end of {name}"), arn.split(":loadbalancer/").last().unwrap_or(arn));
            self.name(&format!("dns name of {name}"), &load_balancer.dns_name.to_ascii_lowercase());
            self.name(&format!("dns name of {name}"), &load_balancer.dns_name);
            for (port, listener) in &load_balancer.listeners {
                self.name(&format!("listener {port} of {name}"), listener.as_str());
            }
        }
        for orphan in seen.orphans.values().flatten() {
            match orphan {
                Orphan::NatGateway { nat_gateway, name } => {
                    self.name(&format!("NAT gateway {name}"), nat_gateway.id().as_str());
                }
                Orphan::Address(one) => {
                    self.name(&format!("address {}", one.name()), one.allocation().id().as_str());
                }
                Orphan::VpcEndpoint { vpc_endpoint, name } => {
                    self.name(&format!("VPC endpoint {name}"), vpc_endpoint.id().as_str());
                }
                Orphan::LoadBalancer { arn, name, .. } => {
                    self.name(&format!("load balancer {name}"), arn.id().as_str());
                }
            }
        }
    }

    fn name(&mut self, what: &str, id: &str) {
        if !self.by_id.contains_key(id) {
            let count = self.counts.entry(what.to_owned()).or_default();
            *count += 1;
            self.by_id.insert(id.to_owned(), format!("<{what} {count}>"));
        }
    }

    /// A text with names in the place of ids; the longest first, because one may begin like another.
    pub fn of(&self, text: &str) -> String {
        let mut ids: Vec<(&String, &String)> = self.by_id.iter().collect();
        ids.sort_by_key(|(id, _)| std::cmp::Reverse(id.len()));
        ids.into_iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name))
    }
}
