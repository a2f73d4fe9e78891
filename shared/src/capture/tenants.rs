//! Who else leaves by the NAT gateways that are chosen, and has no way out while they are down.

use std::collections::BTreeSet;

use super::choose::Chosen;
use super::found::{Network, Tenant};

/// A sentence for each that is affected.
pub(super) fn affected(network: &Network, chosen: &Chosen<'_>, tenants: &BTreeSet<Tenant>) -> Vec<String> {
    let sentences: BTreeSet<String> = tenants
        .iter()
        .filter_map(|tenant| {
            let table = network.table_of(&tenant.subnet)?;
            let way_out =
                chosen.nat_gateways.iter().find(|one| table.nat_routes.values().any(|gateway| *gateway == one.id))?;
            let (what, id) = (&tenant.what, &way_out.id);
            Some(format!("{what} leaves by NAT gateway {id} too, and has no way out while the environment is down"))
        })
        .collect();
    sentences.into_iter().collect()
}
