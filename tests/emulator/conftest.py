"""One emulator for each module of tests, or for one test, whose time only moves when a test says so."""

import itertools
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-west-2"


class Emulator:
    """An emulator, and the few things that most tests need in it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._clients: dict[tuple[str, str], Any] = {}
        self._numbers = itertools.count(1)

    def client(self, service: str, region: str = REGION) -> Any:
        if (service, region) not in self._clients:
            self._clients[(service, region)] = boto3.client(
                service,
                region_name=region,
                endpoint_url=self.endpoint,
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
            )
        return self._clients[(service, region)]

    def control(self, method: str, what: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.endpoint}/_emulator/{what}", data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def advance(self, seconds: float) -> None:
        self.control("POST", "advance", {"seconds": seconds})

    def name(self, word: str) -> str:
        return f"{word}-{next(self._numbers)}"

    def network(self) -> "Network":
        return Network(self)


class Network:
    """A VPC with two public and two private subnets."""

    def __init__(self, emulator: Emulator) -> None:
        ec2 = emulator.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.public, self.private = ([self._subnet(ec2, base + number, zone) for number, zone in enumerate("ab")] for base in (1, 11))
        self.internet_gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=self.internet_gateway, VpcId=self.vpc)
        self.public_table, self.private_table = (self._table(ec2, subnets) for subnets in (self.public, self.private))
        ec2.create_route(RouteTableId=self.public_table, DestinationCidrBlock="0.0.0.0/0", GatewayId=self.internet_gateway)
        self.group = ec2.create_security_group(GroupName="all", Description="all", VpcId=self.vpc)["GroupId"]

    def _subnet(self, ec2: Any, number: int, zone: str) -> str:
        return ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=REGION + zone)["Subnet"]["SubnetId"]

    def _table(self, ec2: Any, subnets: list[str]) -> str:
        table = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        for subnet in subnets:
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return table


class refused:  # noqa: N801 - reads as a word: `with refused("NatGatewayNotFound"):`
    """The code of the AWS error that the block must end with."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        assert isinstance(error, ClientError), f"expected {self.code}, got {error!r}"
        assert error.response["Error"]["Code"] == self.code, error
        return True


def _emulator() -> Iterator[Emulator]:
    command = [sys.executable, "-m", "strict.server", "--port", "0", "--clock-factor", "1", "--until-stdin-closes"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    yield Emulator(process.stdout.readline().split()[1])
    process.stdin.close()
    process.wait()


#: One for all tests of a module, and one for a single test.
aws = pytest.fixture(_emulator, scope="module", name="aws")
own_aws = pytest.fixture(_emulator, name="own_aws")
