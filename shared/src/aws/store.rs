//! The state bucket: documents in S3, written conditionally.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;

use super::errors::{Outcome, failed};
use crate::ports::{ActionError, Condition, Store, StoreError, Version};

/// S3's codes for "the condition did not hold" (with `If-Match`, the document may also be gone).
const CHANGED: &[&str] = &["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

/// A bucket that holds `<environment>/state.json` and `<environment>/recording.json`.
///
/// Reading needs `s3:ListBucket` besides `s3:GetObject`: without it S3 answers `AccessDenied` for what does not exist.
#[derive(Debug, Clone)]
pub struct StateBucket {
    client: Client,
    bucket: String,
}

impl StateBucket {
    /// The bucket of this name.
    pub fn new(config: &SdkConfig, bucket: impl Into<String>) -> Self {
        // An emulator has no host name for each bucket.
        let settings =
            aws_sdk_s3::config::Builder::from(config).force_path_style(config.endpoint_url().is_some()).build();
        Self { client: Client::from_conf(settings), bucket: bucket.into() }
    }

    async fn read(&self, document: &str) -> Result<Option<(String, Version)>, ActionError> {
        let call = "s3:GetObject";
        let answer = self.client.get_object().bucket(&self.bucket).key(document).send().await;
        let Some(object) = answer.map_err(failed(call)).none_on("NoSuchKey")? else { return Ok(None) };
        let version = version(call, object.e_tag())?;
        let body = object.body.collect().await.map_err(|_| super::errors::strange(call, "the body broke off"))?;
        let text = String::from_utf8(body.to_vec()).map_err(|_| super::errors::strange(call, "this is not UTF-8"))?;
        Ok(Some((text, version)))
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
    async fn get(&self, document: &str) -> Result<Option<(String, Version)>, StoreError> {
        self.read(document).await.map_err(|error| unavailable(document, &error))
    }

    async fn put(&self, document: &str, body: &str, condition: Condition) -> Result<Version, StoreError> {
        match self.write(document, body, &condition).await {
            Ok(version) => Ok(version),
            Err(error) if CHANGED.contains(&error.code.as_str()) => {
                // An attempt whose answer was lost may have written just this: then the SDK's retry meets its own work.
                match self.get(document).await? {
                    Some((there, version)) if there == body => Ok(version),
                    Some(_) | None => Err(StoreError::Changed { document: document.to_owned() }),
                }
            }
            Err(error) => Err(unavailable(document, &error)),
        }
    }
}
