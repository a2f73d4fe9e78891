"""The stack on the emulator: what moto's CloudFormation knows is made there, and what it does not is named."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import virtual_environment
from choices import ADOPT, DEFAULT
from deploy import LEFT_OUT, Deployed
from stack import Stack

_TAGGED_BY_CURFEW = {"PrivateRouteTableA", "PrivateRouteTableB"}


@pytest.fixture
def endpoint() -> Iterator[str]:
    serve = [sys.executable, str(virtual_environment.HERE / "serve"), "--port", "0", "--until-stdin-closes"]
    process = subprocess.Popen(serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    yield process.stdout.readline().split()[1]
    process.stdin.close()
    process.wait()


@pytest.fixture
def deployed(endpoint: str) -> Deployed:
    return Deployed(endpoint, DEFAULT)


def test_a_new_environment(deployed: Deployed, command: str, tmp_path: Path) -> None:
    assert deployed.status == "CREATE_COMPLETE"
    expected = {name for name, each in deployed.stack.resources.items() if each["Type"] not in LEFT_OUT}
    assert set(deployed.identifiers) == expected
    assert set(deployed.outputs) == set(deployed.stack.outputs())

    file = tmp_path / "blueprint.yaml"
    file.write_text(deployed.blueprint())
    ran = subprocess.run([command, "validate", str(file)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for name in ("PublicSubnetA", "PrivateSubnetB", "PrivateRouteTableA", "BalancerGroup", "TaskGroup", "BackendTargets", "Certificate", "Zone"):
        assert deployed.identifiers[name] in deployed.blueprint(), name

    tables = deployed.client("ec2").describe_route_tables(RouteTableIds=[deployed.identifiers[name] for name in _TAGGED_BY_CURFEW])
    for table in tables["RouteTables"]:
        assert {"Key": "curfew:environment", "Value": "dev"} in table["Tags"]
        assert [route["DestinationCidrBlock"] for route in table["Routes"]] == ["10.0.0.0/16"]
        assert len(table["Associations"]) == 1


def test_an_environment_that_is_there_already(endpoint: str) -> None:
    deployed = Deployed(endpoint, ADOPT)
    assert deployed.status == "CREATE_COMPLETE"
    assert set(deployed.outputs) == set(deployed.stack.outputs())
    (parameter,) = deployed.client("ssm").describe_parameters()["Parameters"]
    made = json.loads(deployed.client("ssm").get_parameter(Name=parameter["Name"])["Parameter"]["Value"])
    variables = {"stateBucket": "CURFEW_STATE_BUCKET", "topic": "CURFEW_TOPIC_ARN", "chatTopic": "CURFEW_CHAT_TOPIC_ARN"}
    assert parameter["Name"] == "/curfew/dev/deployment"
    # Whoever comes with a terminal means the same as the functions.
    assert made == {key: deployed.variables("start")[name] for key, name in variables.items()}
    assert deployed.client("ecs").list_clusters()["clusterArns"] == []


def test_what_is_left_out_is_really_not_known() -> None:
    """Else a newer emulator could make more than the tests let it."""
    kinds = {each["Type"] for each in Stack(DEFAULT).resources.values()}
    assert set(LEFT_OUT) <= kinds
    python = virtual_environment.ensure()
    known = "import strict.corrections; from moto.cloudformation.parsing import get_model_map; print('\\n'.join(get_model_map()))"
    environment = {"PYTHONPATH": str(virtual_environment.HERE), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run([str(python), "-c", known], capture_output=True, text=True, check=True, env=environment)
    assert kinds - set(ran.stdout.split()) == set(LEFT_OUT)
