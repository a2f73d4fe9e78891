//! DB instances of their own, and clusters.

use std::collections::BTreeMap;

use aws_sdk_rds::Client;
use aws_sdk_rds::types::{DbCluster, DbInstance};

use crate::aws::errors::{failed, parsed};
use crate::aws::tags;
use crate::capture::found::Database;
use crate::model::{DatabaseId, DatabaseKind, VpcId};
use crate::ports::ActionError;

const INSTANCES: &str = "rds:DescribeDBInstances";
const CLUSTERS: &str = "rds:DescribeDBClusters";

pub(super) async fn find(client: &Client) -> Result<Vec<Database>, ActionError> {
    let pages = client.describe_db_instances().into_paginator().items().send();
    let instances: Vec<DbInstance> = pages.collect::<Result<_, _>>().await.map_err(failed(INSTANCES))?;
    let pages = client.describe_db_clusters().into_paginator().items().send();
    let clusters: Vec<DbCluster> = pages.collect::<Result<_, _>>().await.map_err(failed(CLUSTERS))?;
    // A cluster names its subnet group alone; its instances say which VPC that is in.
    let vpcs: BTreeMap<&str, VpcId> =
        instances.iter().filter_map(|one| Some((one.db_cluster_identifier()?, vpc(one)?))).collect();
    let mut found = Vec::new();
    for one in instances.iter().filter(|one| one.db_cluster_identifier().is_none()) {
        let identifier = parsed(INSTANCES, one.db_instance_identifier())?;
        let id = DatabaseId { kind: DatabaseKind::Instance, identifier };
        found.push(Database { id, vpc: vpc(one), tags: tags::from_rds(one.tag_list()) });
    }
    for one in &clusters {
        let identifier = parsed(CLUSTERS, one.db_cluster_identifier())?;
        let vpc = one.db_cluster_identifier().and_then(|name| vpcs.get(name)).cloned();
        let id = DatabaseId { kind: DatabaseKind::Cluster, identifier };
        found.push(Database { id, vpc, tags: tags::from_rds(one.tag_list()) });
    }
    Ok(found)
}

fn vpc(instance: &DbInstance) -> Option<VpcId> {
    instance.db_subnet_group()?.vpc_id()?.parse().ok()
}
