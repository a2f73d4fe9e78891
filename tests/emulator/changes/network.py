"""The network: subnets, NAT gateways, routes, VPC endpoints."""

import ipaddress

from .identity import Identity


class Network(Identity):
    """What tasks reach the world by."""

    def fill_subnet(self, subnet: str) -> int:
        """Somebody's interfaces take every address that is free in a subnet."""
        ec2 = self._account.client("ec2")
        found = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
        used = {each["PrivateIpAddress"] for each in self._account.all("ec2", "describe_network_interfaces", "NetworkInterfaces")}
        free = [str(each) for each in list(ipaddress.ip_network(found["CidrBlock"]).hosts())[3:] if str(each) not in used]
        for address in free:
            ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress=address)
        return len(free)

    def add_nat_gateway(self, subnet: str) -> str:
        """Somebody else's."""
        ec2 = self._account.client("ec2")
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        return ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]

    def leave_twice(self, name: str, subnet: str) -> None:
        """A second address and a second NAT gateway of a name, as a run leaves them that was cut off."""
        ec2 = self._account.client("ec2")
        gateway = self.add_nat_gateway(subnet)
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        ec2.create_tags(Resources=[gateway], Tags=self.cut_off("natGateways", name, 1))
        ec2.create_tags(Resources=[address], Tags=self.cut_off("addresses", name, 2))

    def lead_route(self, table: str, gateway: str) -> str:
        """Lead the default route to an internet gateway (`internet`) or a NAT gateway's id; the answer is where it led."""
        ec2 = self._account.client("ec2")
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        before = next(each for each in routes if each.get("DestinationCidrBlock") == "0.0.0.0/0")
        to = {"NatGatewayId": gateway}
        if gateway == "internet":
            to = {"GatewayId": ec2.describe_internet_gateways()["InternetGateways"][0]["InternetGatewayId"]}
        ec2.replace_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **to)
        return before.get("NatGatewayId") or before["GatewayId"]

    def remove_route(self, table: str) -> None:
        """Take the default route away."""
        self._account.client("ec2").delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")

    def delete_table(self, table: str) -> None:
        """Delete a route table, after its subnets were given to the main one."""
        ec2 = self._account.client("ec2")
        for each in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"]:
            ec2.disassociate_route_table(AssociationId=each["RouteTableAssociationId"])
        ec2.delete_route_table(RouteTableId=table)

    def name_endpoint(self, name: str, service: str, more: str = "", adopted: bool = False) -> str | None:
        """An interface endpoint in the first VPC's private subnets, under `vpcEndpoints` of the blueprint; an adopted one
        is made first, with a tag of its own. The answer is its id.
        """
        vpc, subnets, groups = self.private_network()
        written = [f"service: com.amazonaws.{self._laid['region']}.{service}", f"vpc: {vpc}"]
        written += [f"subnets: [{', '.join(subnets)}]", f"securityGroups: [{', '.join(groups)}]", *([more] if more else [])]
        identifier = None
        if adopted:
            identifier = self._account.client("ec2").create_vpc_endpoint(
                VpcEndpointType="Interface",
                VpcId=vpc,
                ServiceName=f"com.amazonaws.{self._laid['region']}.{service}",
                SubnetIds=subnets,
                SecurityGroupIds=groups,
                TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "Team", "Value": "network"}]}],
            )["VpcEndpoint"]["VpcEndpointId"]
            written.append(f"adopted: {identifier}")
        self._name_endpoint(name, written)
        return identifier

    def leave_endpoint_twice(self, name: str, service: str) -> None:
        """A second endpoint of a name, that takes no names: what a run that was cut off could have left."""
        vpc, subnets, groups = self.private_network()
        tags = self.cut_off("vpcEndpoints", name, 3)
        self._account.client("ec2").create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=vpc,
            ServiceName=f"com.amazonaws.{self._laid['region']}.{service}",
            SubnetIds=subnets,
            SecurityGroupIds=groups,
            PrivateDnsEnabled=False,
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": tags}],
        )

    def name_gateway(self, name: str, service: str) -> None:
        """A gateway endpoint, which the blueprint names by mistake."""
        vpc, subnets, groups = self.private_network()
        asked = {"VpcEndpointType": "Gateway", "VpcId": vpc, "ServiceName": f"com.amazonaws.{self._laid['region']}.{service}"}
        made = self._account.client("ec2").create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"]
        written = [f"service: {asked['ServiceName']}", f"vpc: {vpc}", f"subnets: [{subnets[0]}]", f"securityGroups: [{groups[0]}]"]
        self._name_endpoint(name, [*written, f"adopted: {made}"])

    def _name_endpoint(self, name: str, written: list[str]) -> None:
        self._name("vpcEndpoints", name, f"{{ {', '.join(written)} }}")

    def delete_endpoints(self) -> None:
        """All interface endpoints."""
        ec2 = self._account.client("ec2")
        only = [{"Name": "vpc-endpoint-type", "Values": ["Interface"]}]
        ec2.delete_vpc_endpoints(VpcEndpointIds=[each["VpcEndpointId"] for each in ec2.describe_vpc_endpoints(Filters=only)["VpcEndpoints"]])

    def vpc(self) -> str:
        """Where the tasks are: no blueprint names it, but who may use it does."""
        return self.private_network()[0]

    def private_network(self) -> tuple[str, list[str], list[str]]:
        """The VPC of the services' tasks, with their subnets and security groups."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        names = ecs.list_services(cluster=cluster)["serviceArns"]
        described = ecs.describe_services(cluster=cluster, services=names[:1])["services"][0]
        network = described["networkConfiguration"]["awsvpcConfiguration"]
        subnets = self._account.client("ec2").describe_subnets(SubnetIds=network["subnets"])["Subnets"]
        return subnets[0]["VpcId"], sorted(network["subnets"]), sorted(network["securityGroups"])
