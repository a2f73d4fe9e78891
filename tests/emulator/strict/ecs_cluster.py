"""Clusters count the services and tasks that really are there.

Moto counts those of its own models, which the strict ones replace; and it describes no failure for what is missing.
"""

from typing import Any

from .account import region
from .operations import Call, operation


@operation("ecs", "DescribeClusters")
def describe_clusters(call: Call) -> dict[str, Any]:
    where, include = region(call), call["include"] or []
    clusters, failures = [], []
    for name in call["clusters"] or ["default"]:
        cluster = where.ecs.clusters.get(name.rsplit("/", 1)[-1])
        if cluster is None:
            arn = name if name.startswith("arn:") else where.arn("ecs", f"cluster/{name}")
            failures.append({"arn": arn, "reason": "MISSING"})
            continue
        tasks = [each for each in where.tasks.values() if each.cluster is cluster]
        shown = {
            "clusterArn": cluster.arn,
            "clusterName": cluster.name,
            "status": cluster.status,
            "registeredContainerInstancesCount": 0,
            "runningTasksCount": sum(each.last == "RUNNING" for each in tasks),
            "pendingTasksCount": sum(each.last in ("PROVISIONING", "PENDING") for each in tasks),
            "activeServicesCount": sum(each.cluster is cluster and each.status == "ACTIVE" for each in where.services.values()),
            "capacityProviders": cluster.capacity_providers or [],
            "defaultCapacityProviderStrategy": cluster.default_capacity_provider_strategy or [],
        }
        if "SETTINGS" in include:
            shown["settings"] = cluster.settings
        if "TAGS" in include:
            shown["tags"] = cluster.tags or []
        if "CONFIGURATIONS" in include and cluster.configuration:
            shown["configuration"] = cluster.configuration
        clusters.append(shown)
    return {"clusters": clusters, "failures": failures}
