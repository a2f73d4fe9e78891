#!/usr/bin/env bash
# boto3 1.44.8: the elbv2 waiter `target_deregistered`, asked about a whole target group that no longer has any target, does not
# return: DescribeTargetHealth answers an empty list, and "all targets are unused" is false for a list without elements.
# The waiter gives up after its last attempt (ten minutes with its own settings), although there is nothing left to wait for.
# With one target in state `unused` it returns at once.
set -euo pipefail
cd "$(mktemp -d)"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.44.8 botocore==1.44.8
venv/bin/python - <<'PYTHON'
import boto3
import botocore
from botocore.exceptions import WaiterError
from botocore.stub import Stubber

GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef"


def waits(descriptions: list) -> str:
    """What the waiter says when each of three looks shows these targets."""
    client = boto3.client("elbv2", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(client) as stub:
        for _ in range(3):
            stub.add_response("describe_target_health", {"TargetHealthDescriptions": descriptions})
        try:
            client.get_waiter("target_deregistered").wait(TargetGroupArn=GROUP, WaiterConfig={"Delay": 0, "MaxAttempts": 3})
            return "returned"
        except WaiterError as error:
            return str(error)


one_unused = [{"Target": {"Id": "10.0.0.7", "Port": 80}, "TargetHealth": {"State": "unused", "Reason": "Target.NotInUse"}}]
print("botocore", botocore.__version__)
print("one target, unused:", waits(one_unused))
print("no target at all:  ", waits([]))
assert waits(one_unused) == "returned"
assert "Max attempts exceeded" in waits([])
PYTHON
