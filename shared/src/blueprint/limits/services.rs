//! What a service is made from.

use super::{tags, within};
use crate::blueprint::problems::Problems;
use crate::limits::Field;
use crate::model::*;

/// Fargate's capacity providers: a service of others is refused (see the blueprint's guide).
const PROVIDERS: [&str; 2] = ["FARGATE", "FARGATE_SPOT"];

pub(super) fn definition(place: &str, definition: &ServiceDefinition, problems: &mut Problems) {
    for (index, share) in definition.capacity.iter().enumerate() {
        let place = format!("{place}.capacity[{index}]");
        if !PROVIDERS.contains(&share.provider.as_str()) {
            let message = format!("`{}` is not one of {}", share.provider, PROVIDERS.join(", "));
            problems.add(format!("{place}.provider"), message);
        }
        within(Field::CapacityBase, &share.base.to_string(), &format!("{place}.base"), problems);
        within(Field::CapacityWeight, &share.weight.to_string(), &format!("{place}.weight"), problems);
    }
    if let Some(value) = &definition.propagate_tags {
        within(Field::PropagateTags, value, &format!("{place}.propagateTags"), problems);
    }
    if let Some(value) = &definition.availability_zone_rebalancing {
        within(Field::AvailabilityZoneRebalancing, value, &format!("{place}.availabilityZoneRebalancing"), problems);
    }
    tags(&format!("{place}.tags"), &definition.tags, problems);
}
