//! What can go wrong between the SDK and AWS.

use axum::body::Body;
use axum::http::{Response, StatusCode};

use crate::call::Call;

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The process is killed before the call reaches AWS.
    CutBefore,
    /// The process is killed after the call took effect, before it hears of it.
    CutAfter,
    /// AWS answers that there were too many calls.
    Throttled,
    /// AWS answers with a server's error; nothing happened.
    ServerError,
    /// The call takes effect and the answer is lost.
    AnswerLost,
    /// The credentials are over.
    ExpiredCredentials,
    /// The caller may not.
    Denied,
}

/// A fault, and when it strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// What happens.
    pub fault: Fault,
    /// To calls of this name (`ec2:CreateNatGateway`); to every mutation if none.
    pub call: Option<String>,
    /// So many matching calls pass before.
    pub skip: usize,
    /// So many are struck.
    pub times: usize,
}

/// Services that speak JSON 1.1.
const JSON: [&str; 7] = ["ecs", "ssm", "tagging", "wafv2", "globalaccelerator", "application-autoscaling", "budgets"];
/// CloudWatch, in its signatures: it speaks Smithy's RPC v2 in CBOR.
const CLOUDWATCH: &str = "monitoring";

impl Fault {
    /// The answer that stands for it, in the service's own protocol.
    pub(crate) fn answer(self, call: &Call) -> Response<Body> {
        let names_exceptions = |service: &str| service == CLOUDWATCH || JSON.contains(&service);
        let (status, code) = match (self, call.service.as_str()) {
            (Self::Throttled, "ec2") => (503, "RequestLimitExceeded"),
            (Self::Throttled, "s3") => (503, "SlowDown"),
            (Self::Throttled, service) if names_exceptions(service) => (400, "ThrottlingException"),
            (Self::Throttled, _) => (400, "Throttling"),
            (Self::ExpiredCredentials, "ec2") => (400, "RequestExpired"),
            (Self::ExpiredCredentials, _) => (403, "ExpiredToken"),
            (Self::Denied, "ec2") => (403, "UnauthorizedOperation"),
            (Self::Denied, service) if names_exceptions(service) => (400, "AccessDeniedException"),
            (Self::Denied, _) => (403, "AccessDenied"),
            (Self::ServerError | Self::AnswerLost | Self::CutBefore | Self::CutAfter, _) => (500, "InternalError"),
        };
        let message = "as the test wanted it";
        let mut answer = Response::builder();
        let (kind, body) = match call.service.as_str() {
            CLOUDWATCH => {
                answer = answer.header("smithy-protocol", "rpc-v2-cbor");
                ("application/cbor", cbor(code, message))
            }
            service if service == "lambda" || JSON.contains(&service) => {
                ("application/x-amz-json-1.1", format!(r#"{{"__type":"{code}","message":"{message}"}}"#).into_bytes())
            }
            "ec2" => (
                "text/xml",
                format!(
                    "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>0</RequestID></Response>"
                ).into_bytes(),
            ),
            "s3" => ("application/xml", format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>").into_bytes()),
            _ => (
                "text/xml",
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>0</RequestId></ErrorResponse>"
                ).into_bytes(),
            ),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        answer.status(status).header("content-type", kind).body(Body::from(body)).unwrap_or_default()
    }
}

fn cbor(code: &str, message: &str) -> Vec<u8> {
    minicbor::to_vec(std::collections::BTreeMap::from([("__type", code), ("message", message)])).unwrap_or_default()
}
