//! Tags: what Curfew remembers in AWS itself.

use std::collections::BTreeMap;

use super::ids::EnvironmentName;

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// The environment a resource belongs to. On everything Curfew creates.
pub const ENVIRONMENT_TAG: &str = "curfew:environment";
/// What the blueprint calls a resource. On everything Curfew creates.
pub const NAME_TAG: &str = "curfew:name";
/// Which creation of which run made a resource ([`Mark`](super::identity::Mark)). On each address, NAT gateway, load balancer
/// and VPC endpoint that Curfew creates.
pub const RUN_TAG: &str = "curfew:run";
/// Beats the schedule, until an instant or until removed. Read from any resource of the environment.
pub const OVERRIDE_TAG: &str = "curfew:override";
/// Repeats the value of an override that a manual start or stop set by itself (the thermostat rule), so that
/// the next manual start or stop may replace it. An override without it is a person's own and is obeyed.
pub const HOLD_TAG: &str = "curfew:hold";

/// The tags of something Curfew creates: its own, and Curfew's.
pub fn tags_for(environment: &EnvironmentName, name: &str, own: &Tags) -> Tags {
    let mut tags = own.clone();
    tags.insert(ENVIRONMENT_TAG.to_owned(), environment.to_string());
    tags.insert(NAME_TAG.to_owned(), name.to_owned());
    tags
}

/// The tags a person or their tools gave a resource: not Curfew's, and not those only AWS may set.
pub fn own_tags(tags: &Tags) -> Tags {
    tags.iter()
        .filter(|(key, _)| !key.starts_with("curfew:") && !key.starts_with("aws:"))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Whether something carries this environment's tag.
pub fn is_of(environment: &EnvironmentName, tags: &Tags) -> bool {
    tags.get(ENVIRONMENT_TAG).is_some_and(|value| value == environment.as_str())
}

/// Whether something carries this environment's tag and this name.
pub fn is_named(environment: &EnvironmentName, name: &str, tags: &Tags) -> bool {
    is_of(environment, tags) && tags.get(NAME_TAG).is_some_and(|value| value == name)
}
