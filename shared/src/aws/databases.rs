//! DB instances and Aurora clusters: stopped and started, never made, changed or deleted.

mod unsupported;

use std::collections::BTreeMap;

use aws_sdk_rds::Client;
use aws_sdk_rds::types::{DbCluster, DbInstance, Filter};

use super::errors::{Outcome, failed, parsed, strange, unobserved};
use super::tags;
use crate::model::*;
use crate::ports::{ActionError, Scope};

const DESCRIBE_INSTANCES: &str = "rds:DescribeDBInstances";
const DESCRIBE_CLUSTERS: &str = "rds:DescribeDBClusters";

/// It was in the exact state at the last look and is not any more, or is gone.
const NOT_AS_SEEN: &[&str] =
    &["InvalidDBInstanceState", "InvalidDBClusterStateFault", "DBInstanceNotFound", "DBClusterNotFoundFault"];
/// AWS has no such machine left, for minutes or hours: to ask again at once helps nobody.
const NO_CAPACITY: &[&str] = &["InsufficientDBInstanceCapacity"];

/// Looks at the databases that the blueprint names, instances and clusters in one call each.
pub(super) async fn look(client: &Client, scope: Scope<'_>) -> Observation {
    let (instances, clusters) =
        tokio::join!(look_at(client, scope, DatabaseKind::Instance), look_at(client, scope, DatabaseKind::Cluster));
    let databases = instances.into_iter().chain(clusters).collect();
    Observation { databases, ..Observation::default() }
}

async fn look_at(
    client: &Client,
    scope: Scope<'_>,
    kind: DatabaseKind,
) -> BTreeMap<LogicalName, Seen<ObservedDatabase>> {
    let wanted: BTreeMap<&LogicalName, &Database> =
        scope.tier.databases.iter().filter(|(_, database)| database.kind == kind).collect();
    if wanted.is_empty() {
        return BTreeMap::new();
    }
    let identifiers: Vec<String> = wanted.values().map(|one| one.identifier.to_string()).collect();
    let found = match kind {
        DatabaseKind::Instance => instances(client, scope.environment, identifiers).await,
        DatabaseKind::Cluster => clusters(client, scope.environment, identifiers).await,
    };
    let seen = |database: &Database| match &found {
        Ok(found) => found.get(&database.identifier).cloned().unwrap_or(Seen::Absent),
        Err(error) => Seen::Unknown(unobserved(error)),
    };
    wanted.into_iter().map(|(name, database)| (name.clone(), seen(database))).collect()
}

type Found = BTreeMap<DatabaseIdentifier, Seen<ObservedDatabase>>;

fn named(filter: &str, identifiers: Vec<String>) -> Filter {
    Filter::builder().name(filter).set_values(Some(identifiers)).build()
}

async fn instances(
    client: &Client,
    environment: &EnvironmentName,
    identifiers: Vec<String>,
) -> Result<Found, ActionError> {
    let pages =
        client.describe_db_instances().filters(named("db-instance-id", identifiers)).into_paginator().items().send();
    let found: Vec<DbInstance> = pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE_INSTANCES))?;
    found.iter().map(|one| instance(environment, one)).collect()
}

async fn clusters(
    client: &Client,
    environment: &EnvironmentName,
    identifiers: Vec<String>,
) -> Result<Found, ActionError> {
    let pages =
        client.describe_db_clusters().filters(named("db-cluster-id", identifiers)).into_paginator().items().send();
    let found: Vec<DbCluster> = pages.collect::<Result<_, _>>().await.map_err(failed(DESCRIBE_CLUSTERS))?;
    found.iter().map(|one| cluster(environment, one)).collect()
}

fn instance(
    environment: &EnvironmentName,
    one: &DbInstance,
) -> Result<(DatabaseIdentifier, Seen<ObservedDatabase>), ActionError> {
    let identifier: DatabaseIdentifier = parsed(DESCRIBE_INSTANCES, one.db_instance_identifier())?;
    let id = DatabaseId { kind: DatabaseKind::Instance, identifier: identifier.clone() };
    let size = one.db_instance_class().and_then(|class| class.parse().ok()).zip(one.engine()).map(|(class, engine)| {
        DatabaseSize { class, engine: engine.to_owned(), multi_az: one.multi_az().unwrap_or_default() }
    });
    let seen = seen(environment, id, one.db_instance_status(), |ownership, status| ObservedDatabase {
        ownership: ownership(&tags::from_rds(one.tag_list())),
        status,
        size,
        unsupported: unsupported::of_instance(one),
    });
    Ok((identifier, seen))
}

fn cluster(
    environment: &EnvironmentName,
    one: &DbCluster,
) -> Result<(DatabaseIdentifier, Seen<ObservedDatabase>), ActionError> {
    let identifier: DatabaseIdentifier = parsed(DESCRIBE_CLUSTERS, one.db_cluster_identifier())?;
    let id = DatabaseId { kind: DatabaseKind::Cluster, identifier: identifier.clone() };
    let seen = seen(environment, id, one.status(), |ownership, status| ObservedDatabase {
        ownership: ownership(&tags::from_rds(one.tag_list())),
        status,
        size: None,
        unsupported: unsupported::of_cluster(one),
    });
    Ok((identifier, seen))
}

/// That the blueprint names it is the proof, unless it carries another environment's tag. A status that AWS's
/// documentation does not have is nothing to act on.
fn seen(
    environment: &EnvironmentName,
    id: DatabaseId,
    word: Option<&str>,
    database: impl FnOnce(&dyn Fn(&Tags) -> Ownership<DatabaseId>, DatabaseStatus) -> ObservedDatabase,
) -> Seen<ObservedDatabase> {
    let call = match id.kind {
        DatabaseKind::Instance => DESCRIBE_INSTANCES,
        DatabaseKind::Cluster => DESCRIBE_CLUSTERS,
    };
    let word = word.unwrap_or_default();
    match DatabaseStatus::read(id.kind, word) {
        Some(status) => database(&|tags| Ownership::prove(environment, id.clone(), tags, Some(&id)), status).into(),
        None => {
            let error = strange(call, format!("the {id} has the unknown status `{word}`"));
            Seen::Unknown(unobserved(&ActionError { retry: Retry::Later, ..error }))
        }
    }
}

/// Starts a DB instance.
pub(super) async fn start_instance(client: &Client, instance: &Owned<DatabaseId>) -> Result<(), ActionError> {
    let identifier = instance.id().identifier.as_str();
    let answer = client.start_db_instance().db_instance_identifier(identifier).send().await;
    answer.map_err(failed("rds:StartDBInstance")).later_on(NOT_AS_SEEN).next_run_on(NO_CAPACITY)?;
    Ok(())
}

/// Stops a DB instance, without a snapshot: nothing of it is lost.
pub(super) async fn stop_instance(client: &Client, instance: &Owned<DatabaseId>) -> Result<(), ActionError> {
    let identifier = instance.id().identifier.as_str();
    let answer = client.stop_db_instance().db_instance_identifier(identifier).send().await;
    answer.map_err(failed("rds:StopDBInstance")).later_on(NOT_AS_SEEN)?;
    Ok(())
}

/// Starts an Aurora cluster with its instances.
pub(super) async fn start_cluster(client: &Client, cluster: &Owned<DatabaseId>) -> Result<(), ActionError> {
    let identifier = cluster.id().identifier.as_str();
    let answer = client.start_db_cluster().db_cluster_identifier(identifier).send().await;
    answer.map_err(failed("rds:StartDBCluster")).later_on(NOT_AS_SEEN).next_run_on(NO_CAPACITY)?;
    Ok(())
}

/// Stops an Aurora cluster with its instances.
pub(super) async fn stop_cluster(client: &Client, cluster: &Owned<DatabaseId>) -> Result<(), ActionError> {
    let identifier = cluster.id().identifier.as_str();
    let answer = client.stop_db_cluster().db_cluster_identifier(identifier).send().await;
    answer.map_err(failed("rds:StopDBCluster")).later_on(NOT_AS_SEEN)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::Tag;

    use super::*;

    fn shown(one: &DbInstance) -> String {
        let environment = "dev".parse().expect("a name");
        let (_, seen) = instance(&environment, one).expect("it can be read");
        match &seen {
            Seen::Unknown(why) => format!("{seen}: {why}"),
            other => {
                let found = other.present().expect("it is there");
                let whose = if found.ownership.owned().is_some() { "ours" } else { "foreign" };
                format!("{seen}: {whose} {}", found.status)
            }
        }
    }

    fn called(status: &str) -> aws_sdk_rds::types::builders::DbInstanceBuilder {
        DbInstance::builder().db_instance_identifier("main").db_instance_status(status)
    }

    #[test]
    fn a_status_says_what_it_is() {
        for (status, expected) in [
            ("available", "ready: ours available"),
            ("stopped", "ready: ours stopped"),
            ("starting", "pending: ours starting"),
            ("backing-up", "pending: ours backing-up"),
            ("storage-full", "pending: ours storage-full"),
            ("deleting", "leaving: ours deleting"),
        ] {
            assert_eq!(shown(&called(status).build()), expected);
        }
        let unknown = shown(&called("hibernating").build());
        assert!(
            unknown.starts_with("unknown: rds:DescribeDBInstances") && unknown.contains("`hibernating`"),
            "{unknown}"
        );
    }

    #[test]
    fn another_environments_tag_is_stronger_than_the_blueprint() {
        let tagged =
            |value: &str| called("available").tag_list(Tag::builder().key(ENVIRONMENT_TAG).value(value).build());
        assert_eq!(shown(&tagged("dev").build()), "ready: ours available");
        assert_eq!(shown(&tagged("staging").build()), "ready: foreign available");
    }
}
