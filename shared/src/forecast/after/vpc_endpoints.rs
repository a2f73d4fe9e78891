//! VPC endpoints in the model.

use super::{Event, Model};
use crate::forecast::durations;
use crate::model::*;

impl Model {
    /// Endpoints that are being made or deleted.
    pub(super) fn vpc_endpoints_under_way(&mut self) {
        for (name, found) in self.seen.vpc_endpoints.clone() {
            match found {
                Seen::Pending(_) => self.later(durations::VPC_ENDPOINT_CREATE, Event::VpcEndpointAvailable(name)),
                Seen::Leaving(_) => self.later(durations::VPC_ENDPOINT_DELETE, Event::VpcEndpointDeleted(name)),
                Seen::Absent | Seen::Ready(_) | Seen::Unknown(_) => {}
            }
        }
    }

    pub(super) fn create_vpc_endpoint(&mut self, name: &LogicalName, wanted: &VpcEndpoint, tags: &Tags) {
        let Some(id) = self.new_id("vpce-") else { return };
        let made = ObservedVpcEndpoint {
            ownership: Ownership::prove(&self.environment, id, tags, None),
            configuration: VpcEndpoint { tags: own_tags(tags), adopted: None, ..wanted.clone() },
            tags: tags.clone(),
            unsupported: Vec::new(),
        };
        self.seen.vpc_endpoints.insert(name.clone(), Seen::Pending(made));
        self.later(durations::VPC_ENDPOINT_CREATE, Event::VpcEndpointAvailable(name.clone()));
    }

    pub(super) fn delete_vpc_endpoint(&mut self, name: &LogicalName, id: &Owned<VpcEndpointId>) {
        if let Some(found) = self.seen.vpc_endpoints.get(name).and_then(Seen::standing).cloned()
            && found.ownership.id() == id.id()
        {
            self.seen.vpc_endpoints.insert(name.clone(), Seen::Leaving(found));
            self.later(durations::VPC_ENDPOINT_DELETE, Event::VpcEndpointDeleted(name.clone()));
        }
        self.forget_orphan(
            |orphan| matches!(orphan, Orphan::VpcEndpoint { vpc_endpoint, .. } if vpc_endpoint.id() == id.id()),
        );
    }
}
