//! What an HTTP request to AWS asks for.

use std::fmt;

use axum::http::request::Parts;

/// Whether a call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only looks.
    Read,
    /// It changes something.
    Mutation,
}

/// An API call, as IAM names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// `ec2`, `elasticloadbalancing`, `ecs` …
    pub service: String,
    /// `CreateNatGateway` …
    pub operation: String,
}

impl Call {
    /// Reads a request: the service from its signature, the operation from where the service's protocol has it.
    pub fn of(parts: &Parts, body: &[u8]) -> Self {
        let service = service(parts);
        let target = parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        let operation = match (target, service.as_str()) {
            (Some(target), _) => target.rsplit('.').next().unwrap_or(target).to_owned(),
            (None, "s3") => rest_operation(parts, &[("GET", "GetObject"), ("PUT", "PutObject")]),
            (None, "route53") if parts.uri.path().contains("/change/") => "GetChange".to_owned(),
            (None, "route53") => {
                rest_operation(parts, &[("GET", "ListResourceRecordSets"), ("POST", "ChangeResourceRecordSets")])
            }
            (None, "cloudfront") => rest_operation(parts, &[("GET", "ListVpcOrigins")]),
            (None, "lambda") => "Invoke".to_owned(),
            // Smithy's RPC v2: `/service/<service>/operation/<operation>`.
            (None, "monitoring") => parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned(),
            (None, _) => form_action(body).unwrap_or_else(|| parts.method.to_string()),
        };
        Self { service, operation }
    }

    /// Whether it changes something.
    pub fn kind(&self) -> Kind {
        const READS: [&str; 4] = ["Describe", "List", "Get", "Head"];
        if READS.iter().any(|verb| self.operation.starts_with(verb)) { Kind::Read } else { Kind::Mutation }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.operation)
    }
}

/// `Credential=AKID/20261121/us-west-2/ec2/aws4_request`
fn service(parts: &Parts) -> String {
    let authorization = parts.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scope = authorization.split("Credential=").nth(1).unwrap_or_default();
    scope.split('/').nth(3).unwrap_or("unknown").to_owned()
}

fn rest_operation(parts: &Parts, known: &[(&str, &str)]) -> String {
    let method = parts.method.as_str();
    let named = known.iter().find(|(verb, _)| *verb == method).map(|(_, operation)| (*operation).to_owned());
    named.unwrap_or_else(|| method.to_owned())
}

fn form_action(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    text.split('&').find_map(|pair| pair.strip_prefix("Action=")).map(str::to_owned)
}
