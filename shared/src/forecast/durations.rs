//! How long AWS takes: medians of public logs (facts §9).

use std::time::Duration;

/// A NAT gateway, from asked for to available.
pub const NAT_GATEWAY_CREATE: Duration = Duration::from_secs(106);
/// A NAT gateway, from asked for to deleted.
pub const NAT_GATEWAY_DELETE: Duration = Duration::from_secs(61);
/// A load balancer, from asked for to active.
pub const LOAD_BALANCER_CREATE: Duration = Duration::from_secs(153);
/// A Fargate task, from asked for to running.
pub const TASK_START: Duration = Duration::from_secs(60);
/// A Fargate task, from told to stop to gone, without a load balancer: the usual time to stop by itself.
pub const TASK_STOP: Duration = Duration::from_secs(30);
/// A target's first check, with the interval of 10 s that the examples have.
pub const FIRST_CHECK: Duration = Duration::from_secs(10);
/// A target's last requests: AWS's default; a target group may say less.
pub const DRAIN: Duration = Duration::from_secs(300);
/// A service, from deleted to inactive, when its tasks are gone.
pub const SERVICE_DELETE: Duration = Duration::from_secs(28);
/// A DNS change, from asked for to everywhere.
pub const RECORD_IN_SYNC: Duration = Duration::from_secs(34);
/// A database, from told to start to available. No logs were collected; AWS says "several minutes".
pub const DATABASE_START: Duration = Duration::from_secs(360);
/// A database, from told to stop to stopped; likewise.
pub const DATABASE_STOP: Duration = Duration::from_secs(240);
/// A VPC endpoint, from asked for to available. No logs were collected; assumed.
pub const VPC_ENDPOINT_CREATE: Duration = Duration::from_secs(120);
/// A VPC endpoint, from told to go to deleted; likewise.
pub const VPC_ENDPOINT_DELETE: Duration = Duration::from_secs(120);
/// An EC2 instance, from told to start to running. No logs were collected: assumed.
pub const INSTANCE_START: Duration = Duration::from_secs(30);
/// An EC2 instance, from told to stop to stopped; likewise.
pub const INSTANCE_STOP: Duration = Duration::from_secs(60);
/// The instances of an Auto Scaling group, from asked for to in service or terminated; likewise.
pub const GROUP_SETTLE: Duration = Duration::from_secs(90);
/// An API call that makes something at once.
pub const CALL: Duration = Duration::from_secs(1);
