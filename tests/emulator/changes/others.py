"""Others who use what the environment has, and whom its blueprint does not name."""

from typing import Any

from .laid import Laid


class Others(Laid):
    """Who moves in beside it."""

    def add_route_table(self, name: str) -> str:
        """A route table of the tasks' VPC that leads to the NAT gateway of the first private subnet; no subnet follows it."""
        ec2, (vpc, subnets) = self._account.client("ec2"), self._private()
        gateway = self._gateway(subnets[0])
        tags = [{"ResourceType": "route-table", "Tags": [{"Key": "Name", "Value": name}]}]
        table = ec2.create_route_table(VpcId=vpc, TagSpecifications=tags)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
        return str(table)

    def add_bystander(self, name: str) -> str:
        """An instance in the first private subnet; its id."""
        ec2, (_, subnets) = self._account.client("ec2"), self._private()
        image = ec2.register_image(Name=name, Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"]
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
        made = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnets[0], TagSpecifications=tags)
        return str(made["Instances"][0]["InstanceId"])

    def add_service(self, name: str, load_balancer: str, port: int, priority: int) -> None:
        """A service more in the cluster, like the first one, in a target group of its own behind a rule of its own."""
        ecs, elb, cluster = self._account.client("ecs"), self._account.client("elbv2"), self._laid["cluster"]
        like = ecs.describe_services(cluster=cluster, services=ecs.list_services(cluster=cluster)["serviceArns"][:1])["services"][0]
        vpc, _ = self._private()
        group = elb.create_target_group(Name=name, Protocol="HTTP", Port=80, TargetType="ip", VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
        balancer = elb.describe_load_balancers(Names=[load_balancer])["LoadBalancers"][0]["LoadBalancerArn"]
        listeners = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
        elb.create_rule(
            ListenerArn=next(each["ListenerArn"] for each in listeners if each["Port"] == port),
            Priority=priority,
            Conditions=[{"Field": "path-pattern", "Values": [f"/{name}/*"]}],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        definition = ecs.describe_task_definition(taskDefinition=like["taskDefinition"])["taskDefinition"]["containerDefinitions"][0]
        ecs.create_service(
            cluster=cluster,
            serviceName=name,
            taskDefinition=like["taskDefinition"],
            desiredCount=1,
            launchType="FARGATE",
            networkConfiguration=like["networkConfiguration"],
            loadBalancers=[
                {"targetGroupArn": group, "containerName": definition["name"], "containerPort": definition["portMappings"][0]["containerPort"]}
            ],
        )

    def register_target(self, group: str, address: str) -> None:
        """An address that is nobody's task, in a target group of the environment."""
        elb = self._account.client("elbv2")
        arn = elb.describe_target_groups(Names=[group])["TargetGroups"][0]["TargetGroupArn"]
        elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": address, "Port": 80, "AvailabilityZone": "all"}])

    def route(self, table: str) -> dict[str, Any]:
        """A table's default route: where it leads, and whether that is there."""
        found = self._account.client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        default = next(each for each in found if each.get("DestinationCidrBlock") == "0.0.0.0/0")
        return {"state": default["State"], "to": default.get("NatGatewayId")}

    def _private(self) -> tuple[str, list[str]]:
        """The VPC of the services' tasks, with their subnets."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        names = ecs.list_services(cluster=cluster)["serviceArns"]
        described = ecs.describe_services(cluster=cluster, services=names[:1])["services"][0]
        subnets = sorted(described["networkConfiguration"]["awsvpcConfiguration"]["subnets"])
        return self._account.client("ec2").describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"], subnets

    def _gateway(self, subnet: str) -> str:
        follows = [{"Name": "association.subnet-id", "Values": [subnet]}]
        routes = self._account.client("ec2").describe_route_tables(Filters=follows)["RouteTables"][0]["Routes"]
        return str(next(each["NatGatewayId"] for each in routes if each.get("NatGatewayId")))
