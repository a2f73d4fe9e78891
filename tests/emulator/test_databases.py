"""DB instances and Aurora clusters, over the wire: the user guides of RDS and Aurora."""

import pytest

from conftest import Emulator, refused

DAY = 24 * 3600


@pytest.fixture
def instance(aws: Emulator):
    rds = aws.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="main", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20, MasterUsername="root", MasterUserPassword="not-a-secret"
    )
    yield "main"
    rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)


def status(aws: Emulator, identifier: str) -> str:
    return aws.client("rds").describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]["DBInstanceStatus"]


def test_states_take_their_time_and_only_the_exact_one_will_do(aws, instance):
    """ "The status of the DB instance changes to `stopping` and then `stopped`." """
    rds = aws.client("rds")
    with refused("InvalidDBInstanceState"):
        rds.start_db_instance(DBInstanceIdentifier=instance)
    rds.stop_db_instance(DBInstanceIdentifier=instance)
    assert status(aws, instance) == "stopping"
    for call in (rds.start_db_instance, rds.stop_db_instance):
        with refused("InvalidDBInstanceState"):
            call(DBInstanceIdentifier=instance)
    aws.advance(250)
    assert status(aws, instance) == "stopped"
    with refused("InvalidDBInstanceState"):
        rds.stop_db_instance(DBInstanceIdentifier=instance)
    rds.start_db_instance(DBInstanceIdentifier=instance)
    assert status(aws, instance) == "starting"
    aws.advance(370)
    assert status(aws, instance) == "available"


def test_what_is_stopped_runs_again_after_seven_days(aws, instance):
    """ "You can stop a DB instance for up to seven days." """
    rds = aws.client("rds")
    rds.stop_db_instance(DBInstanceIdentifier=instance)
    aws.advance(7 * DAY)
    assert status(aws, instance) == "stopped"
    aws.advance(300)
    assert status(aws, instance) == "starting"
    aws.advance(370)
    assert status(aws, instance) == "available"


def test_one_that_was_started_in_time_is_left_alone(aws, instance):
    rds = aws.client("rds")
    rds.stop_db_instance(DBInstanceIdentifier=instance)
    aws.advance(300)
    rds.start_db_instance(DBInstanceIdentifier=instance)
    aws.advance(6 * DAY)
    rds.stop_db_instance(DBInstanceIdentifier=instance)
    aws.advance(2 * DAY)
    assert status(aws, instance) == "stopped"


def test_replicas_and_their_sources_cannot_be_stopped(aws, instance):
    """ "You can't stop a DB instance that has a read replica, or that is a read replica." """
    rds = aws.client("rds")
    rds.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=instance)
    for identifier in (instance, "copy"):
        with refused("InvalidDBInstanceState"):
            rds.stop_db_instance(DBInstanceIdentifier=identifier)
    rds.delete_db_instance(DBInstanceIdentifier="copy", SkipFinalSnapshot=True)


def test_a_cluster_is_stopped_whole(aws):
    """ "You can't stop an individual Aurora DB instance." """
    rds = aws.client("rds")
    rds.create_db_cluster(DBClusterIdentifier="orders", Engine="aurora-postgresql", MasterUsername="root", MasterUserPassword="not-a-secret")
    rds.create_db_instance(DBInstanceIdentifier="orders-1", DBClusterIdentifier="orders", Engine="aurora-postgresql", DBInstanceClass="db.r7g.large")
    with refused("InvalidDBInstanceState"):
        rds.stop_db_instance(DBInstanceIdentifier="orders-1")
    rds.stop_db_cluster(DBClusterIdentifier="orders")

    def is_now() -> str:
        return rds.describe_db_clusters(DBClusterIdentifier="orders")["DBClusters"][0]["Status"]

    assert is_now() == "stopping"
    with refused("InvalidDBClusterStateFault"):
        rds.stop_db_cluster(DBClusterIdentifier="orders")
    aws.advance(250)
    assert is_now() == "stopped"
    rds.start_db_cluster(DBClusterIdentifier="orders")
    assert is_now() == "starting"
    aws.advance(370)
    assert is_now() == "available"


def test_an_instance_stands_in_its_clusters_subnets(aws):
    rds, network = aws.client("rds"), aws.network()
    rds.create_db_subnet_group(DBSubnetGroupName="ledger", DBSubnetGroupDescription="private", SubnetIds=network.private)
    rds.create_db_cluster(
        DBClusterIdentifier="ledger",
        Engine="aurora-postgresql",
        MasterUsername="root",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName="ledger",
    )
    rds.create_db_instance(DBInstanceIdentifier="ledger-1", DBClusterIdentifier="ledger", Engine="aurora-postgresql", DBInstanceClass="db.serverless")
    (instance,) = rds.describe_db_instances(DBInstanceIdentifier="ledger-1")["DBInstances"]
    assert (instance["DBSubnetGroup"]["DBSubnetGroupName"], instance["DBSubnetGroup"]["VpcId"]) == ("ledger", network.vpc)


def test_several_are_described_in_one_call_and_none_is_no_error(aws, instance):
    """What Curfew asks: names in a filter, of which some may not exist."""
    filters = [{"Name": "db-instance-id", "Values": [instance, "nowhere"]}]
    found = aws.client("rds").describe_db_instances(Filters=filters)["DBInstances"]
    assert [each["DBInstanceIdentifier"] for each in found] == [instance]
    filters = [{"Name": "db-cluster-id", "Values": ["nowhere"]}]
    assert aws.client("rds").describe_db_clusters(Filters=filters)["DBClusters"] == []
