//! DNS records that lead to the chosen load balancers.

use super::{LeftOut, LeftOutKind};
use crate::capture::found::{Record, RecordForm, Records};

/// Those that Curfew can lead away and back.
pub(in crate::capture) fn records(found: Records, left_out: &mut Vec<LeftOut>) -> Vec<Record> {
    for (zone, why) in &found.unread {
        left_out.push(LeftOut::not_observed(format!("hosted zone {zone}"), why));
    }
    found
        .records
        .into_iter()
        .filter(|record| match &record.form {
            RecordForm::Alias(_) => true,
            RecordForm::Other(what) => {
                let problem = format!(
                    "is {what} for {}, which is another name every morning; make it an alias of type A",
                    record.load_balancer
                );
                left_out.push(LeftOut::new(LeftOutKind::UnknownKind, format!("DNS record {}", record.name), problem));
                false
            }
        })
        .collect()
}
