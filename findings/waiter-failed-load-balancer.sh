#!/usr/bin/env bash
# boto3 1.44.8: the elbv2 waiter `load_balancer_available` knows no failure. A load balancer whose state is `failed`, which it never
# leaves, is polled to the last attempt (ten minutes with the waiter's own settings), and so is one that is `active_impaired`, which
# serves. The ec2 waiter `nat_gateway_available` in the same package ends at its first look at a NAT gateway that has failed.
set -euo pipefail
cd "$(mktemp -d)"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.44.8 botocore==1.44.8
venv/bin/python - <<'PYTHON'
import boto3
import botocore
from botocore.exceptions import WaiterError
from botocore.stub import Stubber

LOOKS = 4


def looks(service: str, waiter: str, operation: str, answer: dict, **arguments: object) -> tuple[int, str]:
    """How often the waiter looked, and what it said in the end."""
    client = boto3.client(service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    seen = []
    client.meta.events.register(f"before-parameter-build.{service}.*", lambda **_: seen.append(1))
    with Stubber(client) as stub:
        for _ in range(LOOKS):
            stub.add_response(operation, answer)
        try:
            client.get_waiter(waiter).wait(**arguments, WaiterConfig={"Delay": 0, "MaxAttempts": LOOKS})
            return len(seen), "returned"
        except WaiterError as error:
            return len(seen), str(error)


def balancer(state: str) -> tuple[int, str]:
    answer = {"LoadBalancers": [{"LoadBalancerName": "web", "State": {"Code": state}}]}
    return looks("elbv2", "load_balancer_available", "describe_load_balancers", answer, Names=["web"])


gateway = {"NatGateways": [{"NatGatewayId": "nat-0123456789abcdef0", "State": "failed"}]}
failed_gateway = looks("ec2", "nat_gateway_available", "describe_nat_gateways", gateway, NatGatewayIds=["nat-0123456789abcdef0"])
print("botocore", botocore.__version__)
for state in ("active", "active_impaired", "failed"):
    print(f"load balancer {state}: {balancer(state)}")
print(f"NAT gateway failed: {failed_gateway}")
assert balancer("active") == (1, "returned")
assert balancer("failed")[0] == LOOKS and "Max attempts exceeded" in balancer("failed")[1]
assert balancer("active_impaired")[0] == LOOKS and "Max attempts exceeded" in balancer("active_impaired")[1]
assert failed_gateway[0] == 1 and "terminal failure" in failed_gateway[1]
PYTHON
