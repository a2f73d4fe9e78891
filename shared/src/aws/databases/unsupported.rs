//! Why AWS would refuse to stop a database: the limitations in "Stopping an Amazon RDS DB instance temporarily" and
//! "Stopping and starting an Amazon Aurora DB cluster", each from what a describe shows.

use aws_sdk_rds::types::{DbCluster, DbInstance};

pub(super) fn of_instance(one: &DbInstance) -> Vec<String> {
    let engine = one.engine().unwrap_or_default();
    let mut reasons = Vec::new();
    if let Some(cluster) = one.db_cluster_identifier() {
        reasons.push(format!("it is a member of the cluster {cluster}; name that instead, as `type: cluster`"));
    }
    if let Some(source) =
        one.read_replica_source_db_instance_identifier().or(one.read_replica_source_db_cluster_identifier())
    {
        reasons.push(format!("it is a read replica of {source}"));
    }
    let replicas = one.read_replica_db_instance_identifiers().iter().chain(one.read_replica_db_cluster_identifiers());
    let replicas: Vec<&str> = replicas.map(String::as_str).collect();
    if !replicas.is_empty() {
        reasons.push(format!("it has read replicas ({})", replicas.join(", ")));
    }
    if engine.starts_with("sqlserver") && one.multi_az() == Some(true) {
        reasons.push("it is SQL Server in a Multi-AZ deployment".to_owned());
    }
    if engine.starts_with("custom-") {
        reasons.push(format!("it is an instance of RDS Custom ({engine}), to which StopDBInstance does not apply"));
    }
    reasons
}

pub(super) fn of_cluster(one: &DbCluster) -> Vec<String> {
    let engine = one.engine().unwrap_or_default();
    let mut reasons = Vec::new();
    if !engine.starts_with("aurora") {
        reasons.push(format!("it is no Aurora cluster but one of {engine}, to which StopDBCluster does not apply"));
    }
    match one.engine_mode().unwrap_or("provisioned") {
        "provisioned" | "parallelquery" => {}
        "serverless" => reasons.push("it is Aurora Serverless v1".to_owned()),
        "global" => reasons.push("it is of a global database".to_owned()),
        mode => reasons.push(format!("its engine mode is {mode}")),
    }
    if let Some(global) = one.global_cluster_identifier() {
        reasons.push(format!("it is a member of the global database {global}"));
    }
    if let Some(source) = one.replication_source_identifier() {
        reasons.push(format!("it replicates {source}"));
    }
    if !one.read_replica_identifiers().is_empty() {
        reasons.push(format!("other clusters replicate it ({})", one.read_replica_identifiers().join(", ")));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::builders::{DbClusterBuilder, DbInstanceBuilder};

    use super::*;

    #[test]
    fn an_instance_is_refused_for_what_aws_documents() {
        let refused = |change: fn(DbInstanceBuilder) -> DbInstanceBuilder| {
            of_instance(&change(DbInstance::builder().engine("postgres")).build()).join("; ")
        };
        for (change, expected) in [
            ((|one| one) as fn(DbInstanceBuilder) -> DbInstanceBuilder, ""),
            (|one| one.multi_az(true), ""),
            (|one| one.engine("sqlserver-se"), ""),
            (|one| one.engine("sqlserver-se").multi_az(true), "it is SQL Server in a Multi-AZ deployment"),
            (|one| one.read_replica_source_db_instance_identifier("main"), "it is a read replica of main"),
            (|one| one.read_replica_db_instance_identifiers("copy"), "it has read replicas (copy)"),
            (
                |one| one.db_cluster_identifier("orders"),
                "it is a member of the cluster orders; name that instead, as `type: cluster`",
            ),
            (
                |one| one.engine("custom-oracle-ee"),
                "it is an instance of RDS Custom (custom-oracle-ee), to which StopDBInstance does not apply",
            ),
        ] {
            assert_eq!(refused(change), expected);
        }
    }

    #[test]
    fn a_cluster_is_refused_for_what_aws_documents() {
        let refused = |change: fn(DbClusterBuilder) -> DbClusterBuilder| {
            of_cluster(&change(DbCluster::builder().engine("aurora-postgresql")).build()).join("; ")
        };
        for (change, expected) in [
            ((|one| one) as fn(DbClusterBuilder) -> DbClusterBuilder, ""),
            (|one| one.engine_mode("provisioned"), ""),
            (|one| one.engine_mode("serverless"), "it is Aurora Serverless v1"),
            (|one| one.global_cluster_identifier("world"), "it is a member of the global database world"),
            (|one| one.replication_source_identifier("arn"), "it replicates arn"),
            (|one| one.read_replica_identifiers("arn"), "other clusters replicate it (arn)"),
            (
                |one| one.engine("postgres").multi_az(true),
                "it is no Aurora cluster but one of postgres, to which StopDBCluster does not apply",
            ),
            (|one| one.engine_mode("multimaster"), "its engine mode is multimaster"),
        ] {
            assert_eq!(refused(change), expected);
        }
    }
}
