//! The state bucket over the wire: two that write at once, and what `doctor` finds out about it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use aws_config::{BehaviorVersion, Region};
use aws_sdk_lambda::config::Credentials;
use curfew_core::aws::StateBucket;
use curfew_core::doctor::bucket::{Keeper, Lifecycle, PublicAccessBlock, Versioning};
use curfew_core::ports::{Condition, Store, StoreError};
use curfew_stage::{Emulator, Laid};
use serde_json::json;

const DOCUMENT: &str = "dev/state.json";

/// An emulator with the bucket of an example.
async fn bucket() -> (Emulator, Laid, StateBucket) {
    let emulator = Emulator::start(100.0).await.unwrap();
    let laid = emulator.lay("durable").await.unwrap();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(&emulator.endpoint)
        .region(Region::new(laid.region.clone()))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "none", None, None, "store"))
        .load()
        .await;
    let store = StateBucket::new(&config, laid.bucket.clone());
    (emulator, laid, store)
}

/// The next writes meet another one that is under way, as S3 answers then.
async fn conflict(emulator: &Emulator, laid: &Laid, times: u32) {
    let operation = format!("Put /{}/{DOCUMENT}", laid.bucket);
    let fault = json!({ "operation": operation, "error": "ConditionalRequestConflict", "status": 409, "times": times });
    emulator.tell("faults", &fault).await.unwrap();
}

#[tokio::test]
async fn a_write_that_meets_another_is_tried_again_where_nothing_has_changed() {
    let (emulator, laid, store) = bucket().await;
    conflict(&emulator, &laid, 1).await;
    let first = store.put(DOCUMENT, "1", Condition::Absent).await.expect("there is still none");
    conflict(&emulator, &laid, 2).await;
    let second = store.put(DOCUMENT, "2", Condition::Matches(first.clone())).await.expect("it is as it was");
    assert_eq!(store.get(DOCUMENT).await.unwrap().unwrap().body, "2");

    // The other one was faster: who comes too late hears that, and writes nothing.
    conflict(&emulator, &laid, 1).await;
    let late = store.put(DOCUMENT, "3", Condition::Matches(first)).await;
    assert_eq!(late, Err(StoreError::Changed { document: DOCUMENT.to_owned() }));
    conflict(&emulator, &laid, 1).await;
    let late = store.put(DOCUMENT, "3", Condition::Absent).await;
    assert_eq!(late, Err(StoreError::Changed { document: DOCUMENT.to_owned() }));

    // A conflict without end is none of the document's.
    conflict(&emulator, &laid, 100).await;
    let stuck = store.put(DOCUMENT, "3", Condition::Matches(second)).await;
    assert!(matches!(stuck, Err(StoreError::Unavailable { .. })), "{stuck:?}");
    assert_eq!(store.get(DOCUMENT).await.unwrap().unwrap().body, "2");
}

#[tokio::test]
async fn a_bucket_says_how_it_keeps_documents() {
    let (emulator, laid, store) = bucket().await;
    let safe = store.safeguards().await;
    assert_eq!(safe.versioning, Ok(Versioning::Enabled));
    assert_eq!(safe.lifecycle, Ok(Lifecycle { ends_old_versions: true, ends_documents: false }));
    assert_eq!(safe.public_access_block, Ok(PublicAccessBlock::ALL.into()));
    assert_eq!(safe.is_public_by_policy, Ok(false), "it has no policy");

    emulator.hand(&laid, "weaken_bucket", &json!({})).await.unwrap();
    let weak = store.safeguards().await;
    assert_eq!(weak.versioning, Ok(Versioning::Suspended));
    assert_eq!(weak.lifecycle, Ok(Lifecycle::default()));
    assert_eq!(weak.public_access_block, Ok(Default::default()));

    let fault = json!({ "error": "AccessDenied", "status": 403, "times": 100 });
    emulator.tell("faults", &fault).await.unwrap();
    let silent = store.safeguards().await;
    let calls = [
        silent.versioning.unwrap_err().call,
        silent.lifecycle.unwrap_err().call,
        silent.public_access_block.unwrap_err().call,
        silent.is_public_by_policy.unwrap_err().call,
    ];
    let named = [
        "s3:GetBucketVersioning",
        "s3:GetLifecycleConfiguration",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketPolicyStatus",
    ];
    assert_eq!(calls, named);
}
