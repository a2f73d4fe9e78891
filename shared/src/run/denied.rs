//! What a person can do when AWS lets Curfew see something and not touch it.

use crate::model::*;
use crate::ports::ActionError;

/// Codes by which services say that IAM allows it not.
const DENIED: [&str; 3] = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"];

/// What to do, to be put after what AWS said; empty if there is nothing to say.
///
/// To name a database in the blueprint adopts it, and so does `alarms: repoint`, but that gives nobody a right to it: the
/// roles may change what carries the environment's tag or stands in the stack's parameter.
pub(super) fn remedy(environment: &EnvironmentName, action: &Action, error: &ActionError) -> String {
    let is_denied = DENIED.contains(&error.code.as_str());
    let adopts = [Part::Databases, Part::Alarms];
    if !is_denied || !adopts.iter().any(|part| action.touches().contains(part)) {
        return String::new();
    }
    format!(
        " (the role may not touch it: tag it {ENVIRONMENT_TAG}={environment}, or name its ARN in the parameter AdoptedArns of \
         Curfew's stack)"
    )
}
