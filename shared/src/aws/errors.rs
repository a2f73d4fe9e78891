//! What a failed call means: typed, from AWS's error codes; never from the text of a message.

use std::error::Error;
use std::str::FromStr;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ConnectorError, ProvideErrorMetadata, SdkError};

use crate::model::{Retry, Unobserved};
use crate::ports::ActionError;

/// Longer messages are cut: some carry an encoded copy of the whole request.
const LONGEST_MESSAGE: usize = 400;

/// AWS's codes for "not now": throttled, in the middle of something else, or broken on its side.
const LATER: &[&str] = &[
    "BandwidthLimitExceeded",
    "ConcurrentUpdateException",
    "ConflictException",
    "EC2ThrottledException",
    "HealthUnavailable",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServiceError",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServerException",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
    "Unavailable",
    "UpdateInProgressException",
];

/// AWS's codes for credentials it does not take. Their messages may repeat what was signed, so they are not passed on.
const CREDENTIALS: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Makes a typed error of what the SDK answered to `call`: a sentence for a person, never what the SDK has inside.
pub fn failed<E>(call: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> ActionError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    move |error| {
        let (code, message, retry) = judge(&error);
        ActionError { call: call.to_owned(), code, message, retry }
    }
}

/// Code, message and whether to look again.
fn judge<E>(error: &SdkError<E, HttpResponse>) -> (String, String, Retry)
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let status = context.raw().status().as_u16();
            answered(context.err().code(), context.err().message(), status)
        }
        SdkError::TimeoutError(_) => timeout(),
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(error) => unsent(error),
            None => connection(Retry::Later),
        },
        SdkError::ResponseError(context) => {
            let message = format!("the answer (HTTP {}) could not be read", context.raw().status().as_u16());
            ("response".to_owned(), message, Retry::Later)
        }
        // `ConstructionFailure`, and whatever the SDK adds: the request never left.
        _ => ("request".to_owned(), "the request could not be made".to_owned(), Retry::Never),
    }
}

/// What an error answer of AWS means.
fn answered(code: Option<&str>, message: Option<&str>, status: u16) -> (String, String, Retry) {
    let code = code.map_or_else(|| format!("HTTP {status}"), str::to_owned);
    let retry =
        if status >= 500 || status == 429 || LATER.contains(&code.as_str()) { Retry::Later } else { Retry::Never };
    let message = if CREDENTIALS.contains(&code.as_str()) {
        "AWS does not take these credentials".to_owned()
    } else {
        shortened(message.unwrap_or("no message"))
    };
    (code, message, retry)
}

/// What it means that a request did not get through.
fn unsent(error: &ConnectorError) -> (String, String, Retry) {
    if let Some(credentials) = credentials_error(error) {
        let retry = match credentials {
            CredentialsError::ProviderTimedOut(_) => Retry::Later,
            _ => Retry::Never,
        };
        return ("credentials".to_owned(), "no AWS credentials could be loaded".to_owned(), retry);
    }
    if error.is_timeout() {
        timeout()
    } else if error.is_user() {
        connection(Retry::Never)
    } else {
        connection(Retry::Later)
    }
}

fn timeout() -> (String, String, Retry) {
    ("timeout".to_owned(), "no answer in time".to_owned(), Retry::Later)
}

fn connection(retry: Retry) -> (String, String, Retry) {
    ("connection".to_owned(), "no connection to AWS".to_owned(), retry)
}

/// The credentials' own error among the causes of another one.
fn credentials_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CredentialsError> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<CredentialsError>() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

fn shortened(message: &str) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}

/// An answer that lacks what AWS documents it to have.
pub(super) fn strange(call: &'static str, message: impl Into<String>) -> ActionError {
    ActionError { call: call.to_owned(), code: "answer".to_owned(), message: message.into(), retry: Retry::Never }
}

/// Reads an id or a name out of an answer.
pub(super) fn parsed<T>(call: &'static str, text: Option<&str>) -> Result<T, ActionError>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let text = text.ok_or_else(|| strange(call, "an id is missing in the answer"))?;
    text.parse().map_err(|error: T::Err| strange(call, error.to_string()))
}

/// The same failure as the reason why something could not be observed.
pub(super) fn unobserved(error: &ActionError) -> Unobserved {
    Unobserved { call: error.call.clone(), message: format!("{}: {}", error.code, error.message), retry: error.retry }
}

/// Gives some error codes the meaning they have for one call.
pub(super) trait Outcome<T> {
    /// These codes say that it is as it should be.
    fn done_on(self, codes: &[&str]) -> Result<(), ActionError>;

    /// These codes say that something changed meanwhile: look again, then decide anew.
    fn later_on(self, codes: &[&str]) -> Result<T, ActionError>;

    /// These codes say that AWS has no capacity for it now.
    fn next_run_on(self, codes: &[&str]) -> Result<T, ActionError>;

    /// This code says that there is no such thing.
    fn none_on(self, code: &str) -> Result<Option<T>, ActionError>;
}

impl<T> Outcome<T> for Result<T, ActionError> {
    fn done_on(self, codes: &[&str]) -> Result<(), ActionError> {
        match self {
            Ok(_) => Ok(()),
            Err(error) if codes.contains(&error.code.as_str()) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn later_on(self, codes: &[&str]) -> Result<T, ActionError> {
        self.map_err(|error| {
            let retry = if codes.contains(&error.code.as_str()) { Retry::Later } else { error.retry };
            ActionError { retry, ..error }
        })
    }

    fn next_run_on(self, codes: &[&str]) -> Result<T, ActionError> {
        self.map_err(|error| {
            let retry = if codes.contains(&error.code.as_str()) { Retry::NextRun } else { error.retry };
            ActionError { retry, ..error }
        })
    }

    fn none_on(self, code: &str) -> Result<Option<T>, ActionError> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.code == code => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::config::http::HttpResponse;
    use aws_sdk_ec2::error::ErrorMetadata;
    use aws_sdk_ec2::operation::release_address::ReleaseAddressError;
    use aws_sdk_s3::primitives::SdkBody;

    use super::*;

    fn service_error(code: &str, message: &str, status: u16) -> SdkError<ReleaseAddressError, HttpResponse> {
        let metadata = ErrorMetadata::builder().code(code).message(message).build();
        let status = status.try_into().expect("a status");
        SdkError::service_error(ReleaseAddressError::generic(metadata), HttpResponse::new(status, SdkBody::empty()))
    }

    fn error(code: &str, status: u16) -> ActionError {
        failed("ec2:ReleaseAddress")(service_error(code, "words", status))
    }

    #[test]
    fn codes_say_whether_to_look_again() {
        for (code, status, retry) in [
            ("RequestLimitExceeded", 503, Retry::Later),
            ("Throttling", 400, Retry::Later),
            ("ThrottlingException", 400, Retry::Later),
            ("SomethingNew", 500, Retry::Later),
            ("SomethingNew", 400, Retry::Never),
            ("UnauthorizedOperation", 403, Retry::Never),
            ("AccessDenied", 403, Retry::Never),
            ("AccessDeniedException", 400, Retry::Never),
            ("ExpiredToken", 403, Retry::Never),
            ("AddressLimitExceeded", 400, Retry::Never),
            ("OperationNotPermitted", 400, Retry::Never),
            ("ResourceInUse", 400, Retry::Never),
        ] {
            assert_eq!(error(code, status).retry, retry, "{code} {status}");
        }
    }

    #[test]
    fn a_time_out_is_looked_at_again() {
        let error: SdkError<ReleaseAddressError, HttpResponse> = SdkError::timeout_error("late");
        let error = failed("ec2:ReleaseAddress")(error);
        assert_eq!((error.code.as_str(), error.retry), ("timeout", Retry::Later));
    }

    #[test]
    fn missing_credentials_are_told_from_a_missing_connection() {
        let missing = ConnectorError::other(CredentialsError::not_loaded("nothing").into(), None);
        let error: SdkError<ReleaseAddressError, HttpResponse> = SdkError::dispatch_failure(missing);
        let error = failed("ec2:ReleaseAddress")(error);
        assert_eq!((error.code.as_str(), error.retry), ("credentials", Retry::Never));

        let cut = ConnectorError::io("reset".into());
        let error: SdkError<ReleaseAddressError, HttpResponse> = SdkError::dispatch_failure(cut);
        let error = failed("ec2:ReleaseAddress")(error);
        assert_eq!((error.code.as_str(), error.retry), ("connection", Retry::Later));
    }

    #[test]
    fn what_was_signed_is_not_repeated() {
        let refused = service_error("SignatureDoesNotMatch", "the canonical string has x-amz-security-token:abc", 403);
        assert!(!failed("ec2:ReleaseAddress")(refused).message.contains("abc"));
        let long = service_error("UnauthorizedOperation", &"é".repeat(5000), 403);
        assert_eq!(failed("ec2:ReleaseAddress")(long).message.chars().count(), LONGEST_MESSAGE + 1);
    }

    #[test]
    fn a_call_can_give_codes_a_meaning() {
        let gone: Result<u8, ActionError> = Err(error("InvalidAllocationID.NotFound", 400));
        assert_eq!(gone.clone().done_on(&["InvalidAllocationID.NotFound"]), Ok(()));
        assert_eq!(gone.clone().none_on("InvalidAllocationID.NotFound"), Ok(None));
        assert_eq!(gone.clone().later_on(&["Other"]), gone);
        let later = gone.later_on(&["InvalidAllocationID.NotFound"]).expect_err("still an error");
        assert_eq!(later.retry, Retry::Later);
    }
}
