"""DB instances and Aurora clusters take their time to stop and to start, and run again after seven days.

Moto stops and starts them at once, and stops what AWS does not. The user guides: "The status of the DB instance changes to
`stopping` and then `stopped`", "You can stop a DB instance for up to seven days", "You can't stop a DB instance that has a
read replica, or that is a read replica", "You can't stop an individual Aurora DB instance".
"""

from typing import Any

from moto.rds.exceptions import InvalidDBClusterStateFault, InvalidDBInstanceStateError
from moto.rds.models import RDSBackend

from . import latencies
from .account import regions
from .clock import clock
from .mishaps import database_stopped

#: By what was told when it was last changed: what is due for an earlier change does not happen.
_changes: dict[int, int] = {}


def _becomes(database: Any, status: str) -> int:
    """The number of this change."""
    database.status = status
    _changes[id(database)] = _changes.get(id(database), 0) + 1
    return _changes[id(database)]


def _later(database: Any, seconds: float, change: int, what: Any) -> None:
    clock.after(seconds, lambda: what(database) if _changes[id(database)] == change else None)


def _stop(database: Any) -> None:
    _later(database, latencies.DATABASE_STOP, _becomes(database, "stopping"), _stopped)


def _stopped(database: Any) -> None:
    _later(database, latencies.DATABASE_STOPPED_AT_MOST, _becomes(database, "stopped"), _start)


def _start(database: Any) -> None:
    _later(database, latencies.DATABASE_START, _becomes(database, "starting"), lambda one: _becomes(one, "available"))


def _instance(self: RDSBackend, identifier: str, verb: str, wanted: str) -> Any:
    self._validate_db_identifier(identifier)
    database = self.describe_db_instances(identifier)[0]
    custom = database.engine.startswith("custom-")
    if database.status != wanted or database.db_cluster_identifier or custom:
        raise InvalidDBInstanceStateError(identifier, verb)
    return database


def stop_db_instance(self: RDSBackend, db_instance_identifier: str, db_snapshot_identifier: str | None = None) -> Any:
    database = _instance(self, db_instance_identifier, "stop", "available")
    sql_server = database.multi_az and database.engine.lower().startswith("sqlserver")
    if database.is_replica or database.replicas or sql_server:
        raise InvalidDBInstanceStateError(db_instance_identifier, "stop")
    if db_snapshot_identifier:
        self.create_db_snapshot(db_instance_identifier, db_snapshot_identifier)
    database_stopped(regions[(self.account_id, self.region_name)], db_instance_identifier)
    _stop(database)
    return database


def start_db_instance(self: RDSBackend, db_instance_identifier: str) -> Any:
    database = _instance(self, db_instance_identifier, "start", "stopped")
    _start(database)
    return database


def _in_its_clusters_subnets(moto_creates: Any) -> Any:
    """An instance of a cluster stands in the cluster's subnets; moto's stands in none unless the request says so again."""

    def create_db_instance(self: RDSBackend, db_kwargs: dict[str, Any]) -> Any:
        cluster = self.clusters.get(db_kwargs.get("db_cluster_identifier") or "")
        if cluster is not None and cluster.db_subnet_group_name in self.subnet_groups:
            db_kwargs["db_subnet_group_name"] = cluster.db_subnet_group_name
        return moto_creates(self, db_kwargs)

    return create_db_instance


def _cluster(self: RDSBackend, identifier: str, wanted: str) -> Any:
    cluster = self.describe_db_clusters(identifier)[0]
    if cluster.status != wanted or not cluster.engine.startswith("aurora") or cluster.engine_mode == "serverless":
        raise InvalidDBClusterStateFault(f"DbCluster {identifier} is in {cluster.status} state but expected it to be one of {wanted}.")
    return cluster


def stop_db_cluster(self: RDSBackend, cluster_identifier: str) -> Any:
    cluster = _cluster(self, cluster_identifier, "available")
    database_stopped(regions[(self.account_id, self.region_name)], cluster_identifier)
    _stop(cluster)
    return cluster


def start_db_cluster(self: RDSBackend, cluster_identifier: str) -> Any:
    cluster = _cluster(self, cluster_identifier, "stopped")
    _start(cluster)
    return cluster


RDSBackend.create_db_instance = _in_its_clusters_subnets(RDSBackend.create_db_instance)
for _correction in (stop_db_instance, start_db_instance, stop_db_cluster, start_db_cluster):
    setattr(RDSBackend, _correction.__name__, _correction)
