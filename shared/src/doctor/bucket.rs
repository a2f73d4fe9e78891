//! How the state bucket keeps what a morning rests on: every version, for a while, and for nobody else.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;

use serde::Serialize;

use crate::model::Unobserved;

/// Whether a document that is overwritten or deleted can be had again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versioning {
    /// Each version is kept.
    Enabled,
    /// It was switched off: what is written from then on has one version.
    Suspended,
    /// It was never switched on.
    Never,
}

/// What rules of a bucket's lifecycle, that are enabled, do to documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lifecycle {
    /// Whether versions that were replaced end at some time.
    pub ends_old_versions: bool,
    /// Whether documents themselves end, however new their content is needed.
    pub ends_documents: bool,
}

/// A setting that keeps a bucket from being public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicAccessBlock {
    /// Access lists that make something public are refused.
    BlockPublicAcls,
    /// Those that are there count for nothing.
    IgnorePublicAcls,
    /// Policies that make it public are refused.
    BlockPublicPolicy,
    /// One that is there lets nobody from outside in.
    RestrictPublicBuckets,
}

impl PublicAccessBlock {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::BlockPublicAcls, Self::IgnorePublicAcls, Self::BlockPublicPolicy, Self::RestrictPublicBuckets];
}

impl fmt::Display for PublicAccessBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// What a bucket says of itself; each by itself may be kept from whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safeguards {
    /// Its name.
    pub bucket: String,
    /// Whether each version is kept.
    pub versioning: Result<Versioning, Unobserved>,
    /// What becomes of versions and documents.
    pub lifecycle: Result<Lifecycle, Unobserved>,
    /// What keeps it from being public.
    pub public_access_block: Result<BTreeSet<PublicAccessBlock>, Unobserved>,
    /// Whether its policy lets everybody in.
    pub is_public_by_policy: Result<bool, Unobserved>,
}

/// Tells how a bucket keeps documents. Read-only.
pub trait Keeper: Send + Sync {
    /// All of its safeguards. What is not set is told as that, and never as something that could not be seen.
    fn safeguards(&self) -> impl Future<Output = Safeguards> + Send;
}

/// Something that a bucket should do and does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Weakness {
    /// Of which bucket, in words.
    pub resource: String,
    /// What is the matter.
    pub problem: String,
    /// What a person can do.
    pub remedy: String,
    /// Whether a document can be lost by it, or be read by others; else it only costs.
    pub is_dangerous: bool,
}

/// What a bucket should do and does not.
pub fn weaknesses(safeguards: &Safeguards) -> Vec<Weakness> {
    let Safeguards { bucket, versioning, lifecycle, public_access_block, is_public_by_policy } = safeguards;
    let mut found = Vec::new();
    let mut add = |is_dangerous: bool, problem: String, remedy: String| {
        found.push(Weakness { resource: format!("state bucket {bucket}"), problem, remedy, is_dangerous });
    };
    let switch_on =
        format!("aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled");
    match versioning {
        Ok(Versioning::Suspended) => {
            add(
                true,
                "keeps no versions any more: versioning is suspended, and a document that is lost is gone".to_owned(),
                switch_on,
            );
        }
        Ok(Versioning::Never) => add(true, "keeps no versions: a document that is lost is gone".to_owned(), switch_on),
        Ok(Versioning::Enabled) | Err(_) => {}
    }
    if let Ok(lifecycle) = lifecycle {
        if lifecycle.ends_documents {
            add(
                true,
                "has a lifecycle rule that ends documents themselves: a recording would be gone before its morning"
                    .to_owned(),
                "let the rule end noncurrent versions alone".to_owned(),
            );
        }
        if !lifecycle.ends_old_versions && *versioning != Ok(Versioning::Never) {
            add(
                false,
                "keeps every old version for ever: no lifecycle rule ends them".to_owned(),
                "give it a rule with NoncurrentVersionExpiration, as the template's bucket has".to_owned(),
            );
        }
    }
    if let Ok(blocks) = public_access_block {
        let missing: Vec<String> =
            PublicAccessBlock::ALL.iter().filter(|one| !blocks.contains(one)).map(ToString::to_string).collect();
        if !missing.is_empty() {
            let all = PublicAccessBlock::ALL.map(|one| format!("{one}=true")).join(",");
            add(
                true,
                format!("does not block public access itself: it is without {}", missing.join(", ")),
                format!(
                    "aws s3api put-public-access-block --bucket {bucket} --public-access-block-configuration {all}"
                ),
            );
        }
    }
    if *is_public_by_policy == Ok(true) {
        add(
            true,
            "is public: its policy lets everybody in".to_owned(),
            "take that statement out of its policy".to_owned(),
        );
    }
    found
}

/// What could not be told of it, with the reason: that it is in order least of all.
pub fn untold(safeguards: &Safeguards) -> Vec<String> {
    let Safeguards { bucket, versioning, lifecycle, public_access_block, is_public_by_policy } = safeguards;
    let all = [
        ("versioning", versioning.as_ref().err()),
        ("lifecycle", lifecycle.as_ref().err()),
        ("public access block", public_access_block.as_ref().err()),
        ("policy", is_public_by_policy.as_ref().err()),
    ];
    let told =
        |(what, why): (&str, Option<&Unobserved>)| Some(format!("{what} of the state bucket {bucket}: {}", why?));
    all.into_iter().filter_map(told).collect()
}
