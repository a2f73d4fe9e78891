//! What to paste into a Terraform configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::Field;
use super::terraform::{Address, Entry};

/// What takes some resources out of a state without destroying them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Removal {
    /// `removed` blocks.
    pub(super) blocks: String,
    /// Commands, for instances whose siblings stay: a `removed` block takes all of them.
    pub(super) commands: String,
}

/// Takes out what is at some addresses of a state.
pub(super) fn removal(entries: &[Entry], out: &BTreeSet<&Address>) -> Removal {
    let stays: BTreeSet<String> =
        entries.iter().map(|entry| &entry.address).filter(|one| !out.contains(one)).map(Address::block).collect();
    let (partly, wholly): (Vec<&Address>, Vec<&Address>) = out.iter().partition(|one| stays.contains(&one.block()));
    let wholly: BTreeSet<String> = wholly.into_iter().map(Address::block).collect();
    let block = |from: &String| format!("removed {{\n  from = {from}\n  lifecycle {{ destroy = false }}\n}}\n");
    let command = |address: &&Address| format!("terraform state rm '{address}'\n");
    Removal {
        blocks: wholly.iter().map(block).collect::<Vec<_>>().join("\n"),
        commands: partly.iter().map(command).collect(),
    }
}

/// The `lifecycle` of each block with the fields that drift in any of its instances.
pub(super) fn ignore_changes(drifting: &[(&Address, &[Field])]) -> String {
    let mut blocks: BTreeMap<String, (&Address, BTreeSet<&Field>)> = BTreeMap::new();
    for (address, fields) in drifting {
        blocks.entry(address.block()).or_insert((address, BTreeSet::new())).1.extend(*fields);
    }
    let block = |(path, (address, fields)): (&String, &(&Address, BTreeSet<&Field>))| {
        let names: Vec<String> = fields.iter().map(|field| field.in_terraform()).collect();
        let Address { kind, name, .. } = address;
        let place = if address.module.is_empty() { String::new() } else { format!("# {path}\n") };
        let changes = names.join(", ");
        format!(
            "{place}resource \"{kind}\" \"{name}\" {{\n  # …\n  lifecycle {{\n    ignore_changes = [{changes}]\n  }}\n}}\n"
        )
    };
    blocks.iter().map(block).collect::<Vec<_>>().join("\n")
}
