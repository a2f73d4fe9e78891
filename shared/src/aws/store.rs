//! The state bucket: documents in S3, written conditionally, and what S3's own clock says of them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::primitives::ByteStream;
use chrono::{DateTime, Utc};

use super::errors::{Outcome, failed, strange};
use crate::ports::{ActionError, Condition, Store, StoreError, Stored, Version};

/// S3's codes for "the condition did not hold" (with `If-Match`, the document may also be gone).
const CHANGED: &[&str] = &["PreconditionFailed", CONFLICT, "NoSuchKey"];
/// Another request to the same key was under way: nobody knows yet whether the condition holds, and S3 asks to try again.
const CONFLICT: &str = "ConditionalRequestConflict";
/// So often a write is tried that meets such a conflict.
const TRIES: u32 = 4;
/// Before the second try; each later one waits as long again.
const PAUSE: Duration = Duration::from_millis(250);

/// A bucket that holds `<environment>/state.json` and `<environment>/recording.json`.
///
/// Reading needs `s3:ListBucket` besides `s3:GetObject`: without it S3 answers `AccessDenied` for what does not exist.
#[derive(Debug, Clone)]
pub struct StateBucket {
    client: Client,
    bucket: String,
}

/// Hears what S3's clock says: the `Date` of its answer.
#[derive(Debug, Clone, Default)]
struct Listener(Arc<Mutex<Option<DateTime<Utc>>>>);

impl Intercept for Listener {
    fn name(&self) -> &'static str {
        "the date of an answer"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|text| DateTime::parse_from_rfc2822(text).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date.map(|date| date.with_timezone(&Utc));
        Ok(())
    }
}

impl Listener {
    fn heard(&self) -> Option<DateTime<Utc>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateBucket {
    /// The bucket of this name.
    pub fn new(config: &SdkConfig, bucket: impl Into<String>) -> Self {
        // An emulator has no host name for each bucket.
        let settings =
            aws_sdk_s3::config::Builder::from(config).force_path_style(config.endpoint_url().is_some()).build();
        Self { client: Client::from_conf(settings), bucket: bucket.into() }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn name(&self) -> &str {
        &self.bucket
    }

    async fn read(&self, document: &str) -> Result<Option<Stored>, ActionError> {
        let call = "s3:GetObject";
        let listener = Listener::default();
        let get = self.client.get_object().bucket(&self.bucket).key(document);
        let answer = get.customize().interceptor(listener.clone()).send().await;
        let Some(object) = answer.map_err(failed(call)).none_on("NoSuchKey")? else { return Ok(None) };
        let version = version(call, object.e_tag())?;
        let written_at = object.last_modified().and_then(|at| DateTime::from_timestamp(at.secs(), at.subsec_nanos()));
        let written_at = written_at.ok_or_else(|| strange(call, "the answer has no Last-Modified"))?;
        let read_at = listener.heard().ok_or_else(|| strange(call, "the answer has no Date"))?;
        let body = object.body.collect().await.map_err(|_| strange(call, "the body broke off"))?;
        let body = String::from_utf8(body.to_vec()).map_err(|_| strange(call, "this is not UTF-8"))?;
        Ok(Some(Stored { body, version, written_at, read_at }))
    }

    async fn write(&self, document: &str, body: &str, condition: &Condition) -> Result<Version, ActionError> {
        let call = "s3:PutObject";
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(document)
            .content_type("application/json")
            .body(ByteStream::from(body.as_bytes().to_vec()));
        let put = match condition {
            Condition::Absent => put.if_none_match("*"),
            Condition::Matches(version) => put.if_match(&version.0),
        };
        let stored = put.send().await.map_err(failed(call))?;
        version(call, stored.e_tag())
    }
}

/// An ETag is the version.
fn version(call: &'static str, e_tag: Option<&str>) -> Result<Version, ActionError> {
    e_tag.map(|tag| Version(tag.to_owned())).ok_or_else(|| super::errors::strange(call, "the answer has no ETag"))
}

fn unavailable(document: &str, error: &ActionError) -> StoreError {
    StoreError::Unavailable { document: document.to_owned(), message: error.to_string() }
}

impl Store for StateBucket {
    async fn get(&self, document: &str) -> Result<Option<Stored>, StoreError> {
        self.read(document).await.map_err(|error| unavailable(document, &error))
    }

    async fn put(&self, document: &str, body: &str, condition: Condition) -> Result<Version, StoreError> {
        for number in 1.. {
            let error = match self.write(document, body, &condition).await {
                Ok(version) => return Ok(version),
                Err(error) if !CHANGED.contains(&error.code.as_str()) => return Err(unavailable(document, &error)),
                Err(error) => error,
            };
            // An attempt whose answer was lost may have written just this: then the SDK's retry meets its own work.
            let there = self.get(document).await?;
            let is_as_before = match (&there, &condition) {
                (Some(there), _) if there.body == body => return Ok(there.version.clone()),
                (Some(there), Condition::Matches(version)) => there.version == *version,
                (None, Condition::Absent) => true,
                (Some(_), Condition::Absent) | (None, Condition::Matches(_)) => false,
            };
            if error.code != CONFLICT || !is_as_before {
                break;
            }
            if number == TRIES {
                return Err(unavailable(document, &error));
            }
            pause(PAUSE * number).await;
        }
        Err(StoreError::Changed { document: document.to_owned() })
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the edge")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
