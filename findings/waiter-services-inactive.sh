#!/usr/bin/env bash
# boto3 1.44.8: the ecs waiter `services_inactive`, asked about several services, returns as soon as *one* of them is INACTIVE. Its
# sister `tasks_stopped` wants all of them. Whoever deletes a cluster's services, waits, and deletes the cluster meets
# ClusterContainsServicesException for those that still drain.
set -euo pipefail
cd "$(mktemp -d)"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.44.8 botocore==1.44.8
venv/bin/python - <<'PYTHON'
import boto3
import botocore
from botocore.exceptions import WaiterError
from botocore.stub import Stubber


def waits(waiter: str, operation: str, answer: dict, **arguments: object) -> str:
    client = boto3.client("ecs", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(client) as stub:
        for _ in range(2):
            stub.add_response(operation, answer)
        try:
            client.get_waiter(waiter).wait(cluster="web", **arguments, WaiterConfig={"Delay": 0, "MaxAttempts": 2})
            return "returned"
        except WaiterError as error:
            return str(error)


services = {"services": [{"serviceName": "a", "status": "INACTIVE"}, {"serviceName": "b", "status": "DRAINING"}]}
tasks = {"tasks": [{"taskArn": "a", "lastStatus": "STOPPED"}, {"taskArn": "b", "lastStatus": "DEACTIVATING"}]}
inactive = waits("services_inactive", "describe_services", services, services=["a", "b"])
stopped = waits("tasks_stopped", "describe_tasks", tasks, tasks=["a", "b"])
print("botocore", botocore.__version__)
print("services: one INACTIVE, one DRAINING:    ", inactive)
print("tasks: one STOPPED, one DEACTIVATING:    ", stopped)
assert inactive == "returned"
assert "Max attempts exceeded" in stopped
PYTHON
