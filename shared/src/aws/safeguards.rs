//! How the state bucket is set up, for `doctor`.

use std::collections::BTreeSet;

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{BucketVersioningStatus, ExpirationStatus, LifecycleRule};

use super::StateBucket;
use super::errors::{Outcome, failed, unobserved};
use crate::doctor::bucket::{Keeper, Lifecycle, PublicAccessBlock, Safeguards, Versioning};
use crate::ports::ActionError;

impl Keeper for StateBucket {
    async fn safeguards(&self) -> Safeguards {
        let (client, bucket) = (self.client(), self.name());
        let (versioning, lifecycle, public_access_block, is_public_by_policy) = tokio::join!(
            versioning(client, bucket),
            lifecycle(client, bucket),
            public_access_block(client, bucket),
            is_public_by_policy(client, bucket),
        );
        Safeguards {
            bucket: bucket.to_owned(),
            versioning: versioning.map_err(|error| unobserved(&error)),
            lifecycle: lifecycle.map_err(|error| unobserved(&error)),
            public_access_block: public_access_block.map_err(|error| unobserved(&error)),
            is_public_by_policy: is_public_by_policy.map_err(|error| unobserved(&error)),
        }
    }
}

async fn versioning(client: &Client, bucket: &str) -> Result<Versioning, ActionError> {
    let answer = client.get_bucket_versioning().bucket(bucket).send().await;
    let answer = answer.map_err(failed("s3:GetBucketVersioning"))?;
    Ok(match answer.status() {
        Some(BucketVersioningStatus::Enabled) => Versioning::Enabled,
        None => Versioning::Never,
        Some(_) => Versioning::Suspended,
    })
}

async fn lifecycle(client: &Client, bucket: &str) -> Result<Lifecycle, ActionError> {
    let answer = client.get_bucket_lifecycle_configuration().bucket(bucket).send().await;
    let answer = answer.map_err(failed("s3:GetLifecycleConfiguration")).none_on("NoSuchLifecycleConfiguration")?;
    Ok(answer.map_or_else(Lifecycle::default, |answer| effect(answer.rules())))
}

fn effect(rules: &[LifecycleRule]) -> Lifecycle {
    let enabled = || rules.iter().filter(|rule| *rule.status() == ExpirationStatus::Enabled);
    let ends = |rule: &LifecycleRule| {
        rule.expiration().is_some_and(|expiration| expiration.days().is_some() || expiration.date().is_some())
    };
    Lifecycle {
        ends_old_versions: enabled().any(|rule| rule.noncurrent_version_expiration().is_some()),
        ends_documents: enabled().any(ends),
    }
}

async fn public_access_block(client: &Client, bucket: &str) -> Result<BTreeSet<PublicAccessBlock>, ActionError> {
    let answer = client.get_public_access_block().bucket(bucket).send().await;
    let answer = answer.map_err(failed("s3:GetBucketPublicAccessBlock"));
    let answer = answer.none_on("NoSuchPublicAccessBlockConfiguration")?;
    let Some(set) = answer.as_ref().and_then(|answer| answer.public_access_block_configuration()) else {
        return Ok(BTreeSet::new());
    };
    let all = [
        (PublicAccessBlock::BlockPublicAcls, set.block_public_acls()),
        (PublicAccessBlock::IgnorePublicAcls, set.ignore_public_acls()),
        (PublicAccessBlock::BlockPublicPolicy, set.block_public_policy()),
        (PublicAccessBlock::RestrictPublicBuckets, set.restrict_public_buckets()),
    ];
    Ok(all.into_iter().filter(|(_, is_on)| *is_on == Some(true)).map(|(one, _)| one).collect())
}

async fn is_public_by_policy(client: &Client, bucket: &str) -> Result<bool, ActionError> {
    let answer = client.get_bucket_policy_status().bucket(bucket).send().await;
    let answer = answer.map_err(failed("s3:GetBucketPolicyStatus")).none_on("NoSuchBucketPolicy")?;
    let status = answer.as_ref().and_then(|answer| answer.policy_status());
    Ok(status.and_then(|status| status.is_public()) == Some(true))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use aws_sdk_s3::types::{LifecycleExpiration, NoncurrentVersionExpiration};

    use super::*;

    #[test]
    fn only_rules_that_are_enabled_count() {
        let rule = |status: ExpirationStatus| LifecycleRule::builder().status(status);
        let old = || NoncurrentVersionExpiration::builder().noncurrent_days(90).build();
        let of = |rule: aws_sdk_s3::types::builders::LifecycleRuleBuilder| effect(&[rule.build().expect("a rule")]);
        let enabled = || rule(ExpirationStatus::Enabled);
        assert_eq!(effect(&[]), Lifecycle::default());
        let ends_old = Lifecycle { ends_old_versions: true, ends_documents: false };
        assert_eq!(of(enabled().noncurrent_version_expiration(old())), ends_old);
        assert_eq!(of(rule(ExpirationStatus::Disabled).noncurrent_version_expiration(old())), Lifecycle::default());
        let days = LifecycleExpiration::builder().days(30).build();
        assert_eq!(of(enabled().expiration(days)), Lifecycle { ends_old_versions: false, ends_documents: true });
        // What only clears away delete markers ends no document.
        let markers = LifecycleExpiration::builder().expired_object_delete_marker(true).build();
        assert_eq!(of(enabled().expiration(markers)), Lifecycle::default());
    }
}
