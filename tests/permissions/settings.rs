//! The parameters of a stack, and what its resources are called in an account.

use std::collections::BTreeMap;

use curfew_stage::Laid;
use serde_json::{Value, json};

/// The key that volumes of `durable`'s instances are encrypted by.
pub const VOLUME_KEY: &str = "key/0d1a0000-0000-4000-8000-000000000001";
/// The VPC that a stack makes, unless one is laid.
pub const VPC: &str = "vpc-0d1a000000000001a";
const ACCOUNT: &str = "123456789012";

/// How a stack is deployed.
#[derive(Debug, Clone)]
pub struct Settings {
    parameters: BTreeMap<&'static str, String>,
    region: String,
    bucket: String,
    topic: String,
    zone: String,
    product: String,
    vpc: String,
}

impl Settings {
    /// A stack that makes the base tier of `durable`.
    pub fn durable() -> Self {
        let topic = arn("sns", "us-west-2", "curfew-dev");
        Self::new("durable", "us-west-2", "durable-dev-state", &topic, "Z0D1A00000000000000A")
            .with("DomainName", "dev.durable.example.com")
            .with("VolumeKeyArns", arn("kms", "us-west-2", VOLUME_KEY))
    }

    /// A stack that makes the base tier which was laid, with a zone of that id.
    pub fn making(laid: &Laid, zone: &str, domain: &str) -> Self {
        Self::new(&laid.example, &laid.region, &laid.bucket, &laid.topic, zone).with("DomainName", domain)
    }

    /// A stack for what was laid before Curfew came.
    pub fn existing(laid: &Laid) -> Self {
        let cluster = laid.cluster.rsplit('/').next().unwrap();
        Self::new(&laid.example, &laid.region, &laid.bucket, &laid.topic, "")
            .with("BaseTier", "existing")
            .with("ClusterName", cluster)
    }

    fn new(product: &str, region: &str, bucket: &str, topic: &str, zone: &str) -> Self {
        let own = [("Product", product), ("Environment", "dev"), ("ProductDomain", product)];
        Self {
            parameters: own.map(|(name, value)| (name, value.to_owned())).into(),
            region: region.to_owned(),
            bucket: bucket.to_owned(),
            topic: topic.to_owned(),
            zone: zone.to_owned(),
            product: product.to_owned(),
            vpc: VPC.to_owned(),
        }
    }

    /// With the VPC that the stack made.
    pub fn in_vpc(self, vpc: &str) -> Self {
        Self { vpc: vpc.to_owned(), ..self }
    }

    /// With a parameter besides.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.insert(name, value.into());
        self
    }

    /// With a list of ARNs.
    pub fn with_arns(self, name: &'static str, arns: &[String]) -> Self {
        self.with(name, arns.join(","))
    }

    /// As `resolve` reads them.
    pub fn to_json(&self) -> Value {
        let role = |name: &str| json!({ "Arn": format!("arn:aws:iam::{ACCOUNT}:role/{}-dev-{name}", self.product) });
        json!({
            "parameters": self.parameters,
            "region": self.region,
            "physical": {
                "StateBucket": { "Ref": self.bucket, "Arn": format!("arn:aws:s3:::{}", self.bucket) },
                "Topic": { "Ref": self.topic },
                "ChatTopic": { "Ref": format!("{}-chat", self.topic) },
                "Cluster": { "Ref": format!("{}-dev-cluster", self.product) },
                "Zone": { "Ref": self.zone },
                "Vpc": { "Ref": self.vpc },
                "DeadLetters": { "Arn": arn("sqs", &self.region, "dead-letters") },
                "ExecutionRole": role("execution"),
                "TaskRole": role("task"),
            },
        })
    }
}

/// The ARN of something in the account.
pub fn arn(service: &str, region: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{region}:{ACCOUNT}:{resource}")
}
