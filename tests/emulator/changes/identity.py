"""Whose a resource is: tags that are copied and taken away, and what a run leaves that was cut off."""

import json
from typing import Any

from .laid import Laid, instant

_NAME = "curfew:name"


class Identity(Laid):
    """What people, modules and applies do to the tags of what Curfew made."""

    def address(self, name: str) -> dict[str, str]:
        """The address that carries a name, the first one allocated if there are several."""
        found = self._named("describe_addresses", "Addresses", name)[0]
        return {"allocation": found["AllocationId"], "publicIp": found["PublicIp"]}

    def addresses(self) -> list[str]:
        """All allocations."""
        return sorted(each["AllocationId"] for each in self._account.client("ec2").describe_addresses()["Addresses"])

    def spare_address(self, name: str) -> str:
        """An address of somebody else's, with all tags of ours: its allocation."""
        tags = self._named("describe_addresses", "Addresses", name)[0]["Tags"]
        specification = [{"ResourceType": "elastic-ip", "Tags": tags}]
        return self._account.client("ec2").allocate_address(Domain="vpc", TagSpecifications=specification)["AllocationId"]

    def copy_nat_gateway(self, name: str) -> dict[str, str]:
        """A NAT gateway of somebody else's with all tags of ours: another subnet, its own address, its own route table."""
        ec2 = self._account.client("ec2")
        ours = next(each for each in self._named("describe_nat_gateways", "NatGateways", name) if each["State"] == "available")
        vpc = {"Name": "vpc-id", "Values": [ours["VpcId"]]}
        subnets = ec2.describe_subnets(Filters=[vpc])["Subnets"]
        subnet = next(each["SubnetId"] for each in subnets if each["SubnetId"] != ours["SubnetId"])
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        specification = [{"ResourceType": "natgateway", "Tags": ours["Tags"]}]
        made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, TagSpecifications=specification)["NatGateway"]["NatGatewayId"]
        table = ec2.create_route_table(VpcId=ours["VpcId"])["RouteTable"]["RouteTableId"]
        self._tell("advance", {"seconds": 150})
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=made)
        return {"natGateway": made, "routeTable": table}

    def nat_gateway_state(self, identifier: str) -> str:
        """Of a NAT gateway, by its id."""
        return str(self._account.client("ec2").describe_nat_gateways(NatGatewayIds=[identifier])["NatGateways"][0]["State"])

    def take_tags(self, identifier: str) -> list[dict[str, str]]:
        """Take all tags of an EC2 resource away; the answer is what they were."""
        ec2 = self._account.client("ec2")
        found = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [identifier]}])["Tags"]
        tags = [{"Key": each["Key"], "Value": each["Value"]} for each in found]
        ec2.delete_tags(Resources=[identifier], Tags=tags)
        return tags

    def give_tags(self, identifier: str, tags: list[dict[str, str]]) -> None:
        """Tag an EC2 resource."""
        self._account.client("ec2").create_tags(Resources=[identifier], Tags=tags)

    def forget_identities(self) -> None:
        """The state as it was written before ids were remembered: documents did not say then whose they were."""
        state = self._state()
        for field in ["version", "environment", "account", "region", "identities", "recording"]:
            del state[field]
        self._put_state(state)

    def cut_off(self, kind: str, name: str, number: int) -> list[dict[str, str]]:
        """A run wrote down that it would make something, and was cut off: the tags of what it made. `kind` is the state's word."""
        state, mark = self._state(), f"run-cut-off/{number}"
        registry = state["identities"][kind]
        made = {"mark": mark, "name": name, "token": mark, "at": instant(self._now())}
        registry["creations"] = [*registry.get("creations", []), made]
        self._put_state(state)
        tags = {"curfew:environment": self._laid["environment"], _NAME: name, "curfew:run": mark}
        return [{"Key": key, "Value": value} for key, value in tags.items()]

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self._account.client("s3").get_object(**self._state_place())["Body"].read())
        return state

    def _put_state(self, state: dict[str, Any]) -> None:
        self._account.client("s3").put_object(**self._state_place(), Body=json.dumps(state).encode())

    def _state_place(self) -> dict[str, str]:
        return {"Bucket": self._laid["bucket"], "Key": f"{self._laid['environment']}/state.json"}

    def _named(self, call: str, member: str, name: str) -> list[dict[str, Any]]:
        filters = [{"Name": f"tag:{_NAME}", "Values": [name]}]
        found: list[dict[str, Any]] = getattr(self._account.client("ec2"), call)(Filters=filters)[member]
        return found
