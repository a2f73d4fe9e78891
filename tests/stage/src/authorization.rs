//! What IAM is asked before a call is answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One request for permission, as the emulator noted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// The function on whose behalf.
    pub by: String,
    /// The call that needs it: `ec2:CreateNatGateway`.
    pub call: String,
    /// The action in a policy: the call itself, or what comes with it, `ec2:CreateTags`.
    pub action: String,
    /// The resource's ARN; `*` where IAM knows no resources.
    pub resource: String,
    /// The keys of conditions with their values.
    pub context: BTreeMap<String, Value>,
}
