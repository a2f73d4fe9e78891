//! EC2 instances and Auto Scaling groups in the VPC: none is chosen, because what runs on them nobody can see.

use super::residents::{Resident, residents};
use super::{LeftOut, LeftOutKind, View};
use crate::capture::found::{AutoScalingGroup, Instance};

/// Tells which there are, and where a person names them.
pub(super) fn compute(view: View<'_>, left_out: &mut Vec<LeftOut>) {
    let compute = &view.found.compute;
    residents(view, &compute.instances, left_out, |one| {
        let problem = match tables_through(view, one).as_slice() {
            [] => only_under("instances", "stopped"),
            tables => format!(
                "is a NAT instance, the way out of {}: named under `instances` it stops at night, and services wait in the \
                 morning until it runs",
                tables.join(", ")
            ),
        };
        Some(LeftOut::new(LeftOutKind::NamedOnly, one.called(), problem))
    });
    for group in compute.groups.iter().filter(|group| is_here(view, group)) {
        let resource = format!("Auto Scaling group {}", group.name);
        let why = view.stranger(&resource, &group.tags);
        let named = || LeftOut::new(LeftOutKind::NamedOnly, &resource, only_under("autoScalingGroups", "emptied"));
        left_out.push(why.unwrap_or_else(named));
    }
}

/// The route tables that lead through an instance.
fn tables_through(view: View<'_>, one: &Instance) -> Vec<String> {
    let tables = view.found.network.route_tables.iter().filter(|table| table.nat_instances.contains(&one.id));
    tables.map(|table| table.id.to_string()).collect()
}

fn is_here(view: View<'_>, group: &AutoScalingGroup) -> bool {
    view.found.network.vpcs_of(&group.subnets).contains(&view.place.vpc)
}

fn only_under(section: &str, what: &str) -> String {
    format!("is only {what} at night where the blueprint names it, under `{section}`")
}
