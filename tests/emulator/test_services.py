"""ECS services, their tasks and their targets, over the wire (facts §3)."""

import json

import pytest

from conftest import Emulator, Network, refused


class Environment:
    """A cluster in a network, a target group behind an active load balancer, and task definitions."""

    def __init__(self, aws: Emulator) -> None:
        self.aws, self.ecs, self.elb = aws, aws.client("ecs"), aws.client("elbv2")
        self.network: Network = aws.network()
        self.cluster = self.ecs.create_cluster(clusterName=aws.name("cluster"))["cluster"]["clusterName"]
        for family in ("web", "worker"):
            self.register(family)
        self.group = self.elb.create_target_group(
            Name=aws.name("web"), Protocol="HTTP", Port=3000, VpcId=self.network.vpc, TargetType="ip", HealthCheckIntervalSeconds=10
        )["TargetGroups"][0]["TargetGroupArn"]
        self.elb.modify_target_group_attributes(
            TargetGroupArn=self.group, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "60"}]
        )

    def register(self, family: str) -> str:
        return self.ecs.register_task_definition(
            family=family,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": family, "image": "example", "portMappings": [{"containerPort": 3000}]}],
        )["taskDefinition"]["taskDefinitionArn"]

    def open(self) -> "Environment":
        """The way out and the way in: NAT gateway with route, load balancer with listener, both ready."""
        ec2 = self.aws.client("ec2")
        nat = ec2.create_nat_gateway(SubnetId=self.network.public[0], AllocationId=ec2.allocate_address()["AllocationId"])["NatGateway"][
            "NatGatewayId"
        ]
        self.attach()
        self.aws.advance(160)
        ec2.create_route(RouteTableId=self.network.private_table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
        return self

    def attach(self) -> None:
        self.balancer = self.elb.create_load_balancer(Name=self.aws.name("alb"), Subnets=self.network.public)["LoadBalancers"][0][
            "LoadBalancerArn"
        ]
        self.elb.create_listener(
            LoadBalancerArn=self.balancer, Port=80, Protocol="HTTP", DefaultActions=[{"Type": "forward", "TargetGroupArn": self.group}]
        )

    def create(self, family: str = "web", desired: int = 2, **more) -> dict:
        if family == "web":
            more.setdefault("loadBalancers", [{"targetGroupArn": self.group, "containerName": "web", "containerPort": 3000}])
        network = {"awsvpcConfiguration": {"subnets": self.network.private, "securityGroups": [self.network.group]}}
        return self.ecs.create_service(
            cluster=self.cluster,
            serviceName=family,
            taskDefinition=family,
            desiredCount=desired,
            launchType="FARGATE",
            **{"networkConfiguration": network} | more,
        )["service"]

    def service(self, name: str = "web", **more) -> dict:
        return self.ecs.describe_services(cluster=self.cluster, services=[name], **more)["services"][0]

    def update(self, name: str = "web", **more) -> dict:
        return self.ecs.update_service(cluster=self.cluster, service=name, **more)["service"]

    def tasks(self, status: str = "RUNNING") -> list[dict]:
        names = self.ecs.list_tasks(cluster=self.cluster, desiredStatus=status)["taskArns"]
        return self.ecs.describe_tasks(cluster=self.cluster, tasks=names)["tasks"] if names else []

    def health(self) -> list[str]:
        found = self.elb.describe_target_health(TargetGroupArn=self.group)["TargetHealthDescriptions"]
        return sorted(each["TargetHealth"]["State"] for each in found)


@pytest.fixture
def environment(aws: Emulator):
    yield Environment(aws)
    ec2 = aws.client("ec2")
    for each in ec2.describe_nat_gateways()["NatGateways"]:
        ec2.delete_nat_gateway(NatGatewayId=each["NatGatewayId"])
    aws.advance(100)
    for each in ec2.describe_addresses()["Addresses"]:
        ec2.release_address(AllocationId=each["AllocationId"])


def test_configuration_comes_back(environment):
    """Moto "loses deploymentCircuitBreaker, healthCheckGracePeriodSeconds and enableExecuteCommand" (issue)."""
    environment.open()
    settings = {
        "deploymentConfiguration": {
            "maximumPercent": 200,
            "minimumHealthyPercent": 50,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        },
        "healthCheckGracePeriodSeconds": 60,
        "enableExecuteCommand": True,
        "enableECSManagedTags": True,
        "propagateTags": "SERVICE",
        "platformVersion": "1.4.0",
        "availabilityZoneRebalancing": "DISABLED",
        "tags": [{"key": "a", "value": "1"}],
    }
    environment.create(**settings)
    found = environment.service(include=["TAGS"])
    for key, value in settings.items():
        assert found[key] == value or key == "deploymentConfiguration" and value.items() <= found[key].items()
    assert "tags" not in environment.service()
    assert found["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"


def test_up_and_down(aws, environment):
    """facts §3: "deregister → drain deregistration_delay → SIGTERM → stopTimeout 30 s"; §0 for the way up."""
    environment.open().create()
    assert [each["lastStatus"] for each in environment.tasks()] == ["PROVISIONING"] * 2
    aws.advance(30)
    assert environment.service()["pendingCount"] == 2
    aws.advance(31)
    assert (environment.service()["runningCount"], environment.health()) == (2, ["initial"] * 2)
    assert environment.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    aws.advance(16)
    assert (environment.health(), environment.service()["deployments"][0]["rolloutState"]) == (["healthy"] * 2, "COMPLETED")

    before = environment.service()["deployments"][0]["id"]
    after = environment.update(desiredCount=0)
    assert [each["id"] for each in after["deployments"]] == [before]
    assert (after["runningCount"], environment.health(), environment.tasks()) == (0, ["draining"] * 2, [])
    assert [each["lastStatus"] for each in environment.tasks("STOPPED")] == ["DEACTIVATING"] * 2
    aws.advance(61)
    assert (environment.health(), [each["lastStatus"] for each in environment.tasks("STOPPED")]) == ([], ["STOPPING"] * 2)
    aws.advance(31)
    assert [each["lastStatus"] for each in environment.tasks("STOPPED")] == ["STOPPED"] * 2
    aws.advance(3600)
    assert environment.tasks("STOPPED") == []
    assert environment.update(desiredCount=1)["deployments"][0]["id"] == before


def test_no_two_tasks_share_an_address(aws, environment):
    """VPC user guide, "Subnet sizing for IPv4": a /28 has eleven addresses to give; each task has one of its own."""
    ec2 = aws.client("ec2")
    small = ec2.create_subnet(VpcId=environment.network.vpc, CidrBlock="10.0.201.0/28", AvailabilityZone="us-west-2a")["Subnet"]["SubnetId"]
    environment.open()
    network = {"awsvpcConfiguration": {"subnets": [small], "assignPublicIp": "ENABLED"}}
    environment.create(desired=11, networkConfiguration=network)
    interfaces = ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [small]}])["NetworkInterfaces"]
    addresses = {each["PrivateIpAddress"] for each in interfaces}
    assert addresses == {f"10.0.201.{last}" for last in range(4, 15)}


def test_tasks_without_a_way_out(aws, environment):
    """facts §0: "Starting tasks before NAT is up gives CannotPullContainerError … and burns circuit-breaker failures"."""
    environment.attach()
    environment.create(desired=1, deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": False}})
    aws.advance(90)
    stopped, running = environment.tasks("STOPPED"), environment.tasks()
    assert "CannotPullContainerError" in stopped[0]["stoppedReason"] and len(running) == 1
    aws.advance(300)
    deployment = environment.service()["deployments"][0]
    assert (deployment["rolloutState"], deployment["failedTasks"], environment.tasks()) == ("FAILED", 3, [])


def test_target_group_without_load_balancer(environment):
    """facts §3: "CreateService with an unassociated TG → InvalidParameterException"."""
    with refused("InvalidParameterException"):
        environment.create()
    environment.attach()
    environment.create(desired=0)
    environment.elb.delete_load_balancer(LoadBalancerArn=environment.balancer)
    assert environment.update(desiredCount=1)["desiredCount"] == 1
    with refused("InvalidParameterException"):
        environment.create()


def test_unused_until_there_is_a_load_balancer(aws, environment):
    """facts §2: targets of a group without load balancer "show unused/Target.NotInUse"."""
    environment.open().create(desired=1)
    aws.advance(100)
    environment.elb.delete_load_balancer(LoadBalancerArn=environment.balancer)
    assert environment.health() == ["unused"]
    # facts §3: "wait runningCount=0 and targets gone, then delete ALB": AWS lets it happen, the emulator remembers.
    assert environment.balancer.split("/")[2] in {each["subject"] for each in aws.control("GET", "mishaps")}


def test_deployment_at_night(environment):
    """facts §3: "CI may deploy (UpdateService taskDefinition) while parked"; it completes at once at desired count 0."""
    environment.open().create(desired=0)
    newer = environment.register("web")
    deployment = environment.update(taskDefinition=newer)["deployments"][0]
    assert (deployment["taskDefinition"], deployment["rolloutState"]) == (newer, "COMPLETED")
    assert environment.service()["taskDefinition"] == newer


def test_singleton_is_never_two(aws, environment):
    """maximumPercent 100, minimumHealthyPercent 0: the old task is gone before the new one starts."""
    environment.open().create("worker", 1, deploymentConfiguration={"maximumPercent": 100, "minimumHealthyPercent": 0})
    aws.advance(70)
    environment.update("worker", taskDefinition=environment.register("worker"))
    assert environment.tasks() == []
    aws.advance(31)
    assert [each["lastStatus"] for each in environment.tasks()] == ["PROVISIONING"]
    aws.advance(70)
    assert len(environment.tasks()) == 1 and environment.service("worker")["deployments"][0]["rolloutState"] == "COMPLETED"


def test_rolling_deployment(aws, environment):
    """The old tasks stay until the new ones are healthy."""
    environment.open().create()
    aws.advance(100)
    environment.update(taskDefinition=environment.register("web"))
    assert len(environment.tasks()) == 4 and len(environment.service()["deployments"]) == 2
    aws.advance(200)
    assert (len(environment.tasks()), environment.health(), len(environment.service()["deployments"])) == (2, ["healthy"] * 2, 1)


def test_failed_deployment_rolls_back(aws, environment):
    """facts §3: "Circuit breaker: … → FAILED, optional rollback"."""
    environment.open().create(deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}})
    aws.advance(100)
    good = environment.service()["taskDefinition"]
    aws.client("ec2").delete_route(RouteTableId=environment.network.private_table, DestinationCidrBlock="0.0.0.0/0")
    environment.update(taskDefinition=environment.register("web"))
    aws.advance(250)
    assert environment.service()["taskDefinition"] == good


def test_deletion(aws, environment):
    """facts §3: "DeleteService: needs desiredCount 0 or force; ACTIVE→DRAINING→INACTIVE"."""
    environment.open().create(desired=1)
    aws.advance(100)
    with refused("InvalidParameterException"):
        environment.ecs.delete_service(cluster=environment.cluster, service="web")
    assert environment.ecs.delete_service(cluster=environment.cluster, service="web", force=True)["service"]["status"] == "DRAINING"
    with refused("InvalidParameterException"):
        environment.create()
    with refused("ServiceNotActiveException"):
        environment.update(desiredCount=1)
    while any(each["lastStatus"] != "STOPPED" for each in environment.tasks("STOPPED")):
        aws.advance(5)
    # facts §9: "ECS service delete→INACTIVE": never faster than 28 s, so not at once when its last task is gone.
    assert environment.service()["status"] == "DRAINING"
    aws.advance(28)
    assert environment.service()["status"] == "INACTIVE"
    assert environment.ecs.list_services(cluster=environment.cluster)["serviceArns"] == []
    assert environment.create(desired=0)["status"] == "ACTIVE"


def test_limits(environment):
    """facts §3: "DescribeServices ≤10", "ListServices default 10/max 100"."""
    with refused("InvalidParameterException"):
        environment.ecs.describe_services(cluster=environment.cluster, services=[f"s{number}" for number in range(11)])
    for number in range(11):
        environment.register(f"worker{number}")
        environment.create(f"worker{number}", 0)
    assert len(environment.ecs.list_services(cluster=environment.cluster)["serviceArns"]) == 10
    with refused("ServiceNotFoundException"):
        environment.update("nobody", desiredCount=1)
    assert environment.ecs.describe_services(cluster=environment.cluster, services=["nobody"])["failures"][0]["reason"] == "MISSING"


def test_unsupported_features_can_be_laid(environment):
    """facts §3: "Native strategies ROLLING|BLUE_GREEN|…", "CODE_DEPLOY / EXTERNAL controllers"; Curfew must refuse them."""
    environment.open()
    environment.create(
        "worker", 0, deploymentController={"type": "CODE_DEPLOY"}, serviceConnectConfiguration={"enabled": True, "namespace": "x"}
    )
    found = environment.service("worker")
    assert found["deploymentController"]["type"] == "CODE_DEPLOY" and found["deployments"][0]["serviceConnectConfiguration"]["enabled"]
    with refused("InvalidParameterException"):
        environment.update("worker", forceNewDeployment=True)
    role = "arn:aws:iam::123456789012:role/ecs"
    advanced = {"alternateTargetGroupArn": environment.group, "productionListenerRule": "rule", "roleArn": role}
    environment.create(
        "web",
        0,
        deploymentConfiguration={"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5},
        loadBalancers=[
            {"targetGroupArn": environment.group, "containerName": "web", "containerPort": 3000, "advancedConfiguration": advanced},
        ],
    )
    found = environment.service()
    assert found["deploymentConfiguration"]["strategy"] == "BLUE_GREEN" and found["loadBalancers"][0]["advancedConfiguration"] == advanced


def test_standalone_task(aws, environment):
    """facts §3: "list tasks not in services (`group` not `service:`) before NAT deletion"."""
    network = {"awsvpcConfiguration": {"subnets": environment.network.private, "securityGroups": [environment.network.group]}}
    environment.ecs.run_task(cluster=environment.cluster, taskDefinition="worker", launchType="FARGATE", networkConfiguration=network)
    assert environment.tasks()[0]["group"] == "family:worker"
    aws.advance(90)
    assert environment.tasks() == [] and environment.tasks("STOPPED")[0]["stopCode"] == "TaskFailedToStart"


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ({"architecture": "ARM64"}, "exec format error"),
        ({"programs": []}, "executable file not found"),
        ({"writes": True}, "read-only file system"),
        ({}, None),
    ],
)
def test_a_task_that_does_not_fit_its_image_ends_as_it_starts(aws: Emulator, image: dict, reason: str | None) -> None:
    here = Environment(aws).open()
    name = aws.name("image")
    aws.control("POST", "images", {"image": name, "architecture": "X86_64", "programs": ["sh"], "writes": False} | image)
    container = {"name": "worker", "image": name, "command": ["sh"], "readonlyRootFilesystem": True}
    here.ecs.register_task_definition(
        family="worker", requiresCompatibilities=["FARGATE"], networkMode="awsvpc", cpu="256", memory="512", containerDefinitions=[container]
    )
    here.create("worker", desired=1)
    aws.advance(100)
    stopped = here.ecs.list_tasks(cluster=here.cluster, desiredStatus="STOPPED")["taskArns"]
    assert bool(stopped) == (reason is not None)
    if reason:
        (task, *_) = here.ecs.describe_tasks(cluster=here.cluster, tasks=stopped)["tasks"]
        assert reason in task["stoppedReason"]


def test_cloudformations_tags_are_registered_by_nobody_else(aws: Emulator) -> None:
    own = {"family": "web", "containerDefinitions": [{"name": "web", "image": "web"}], "tags": [{"key": "aws:cloudformation:stack-name", "value": "a"}]}
    with refused("InvalidParameterException"):
        aws.client("ecs").register_task_definition(**own)


def test_a_service_of_ec2_waits_for_a_container_instance(environment):
    """ECS user guide: tasks of the launch type EC2 run on the container instances registered in the cluster. In bridge mode
    their target is the instance, with a port of its own.
    """
    aws, ecs, elb = environment.aws, environment.ecs, environment.elb
    environment.attach()
    ecs.register_task_definition(
        family="host",
        networkMode="bridge",
        requiresCompatibilities=["EC2"],
        containerDefinitions=[{"name": "host", "image": "example", "memory": 64, "portMappings": [{"containerPort": 3000}]}],
    )
    group = elb.create_target_group(Name=aws.name("host"), Protocol="HTTP", Port=80, VpcId=environment.network.vpc, TargetType="instance")
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    elb.create_listener(LoadBalancerArn=environment.balancer, Port=81, Protocol="HTTP", DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}])
    attached = [{"targetGroupArn": arn, "containerName": "host", "containerPort": 3000}]
    ecs.create_service(cluster=environment.cluster, serviceName="host", taskDefinition="host", desiredCount=1, launchType="EC2", loadBalancers=attached)
    aws.advance(300)
    found = environment.service("host")
    assert found["runningCount"] == 0 and "no container instance" in found["events"][0]["message"]
    instance = aws.client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    ecs.register_container_instance(cluster=environment.cluster, instanceIdentityDocument=json.dumps({"instanceId": instance}))
    aws.advance(300)
    (target,) = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    assert (environment.service("host")["runningCount"], target["Target"]["Id"], target["TargetHealth"]["State"]) == (1, instance, "healthy")
    environment.update("host", desiredCount=0)
    aws.advance(400)
    assert environment.service("host")["runningCount"] == 0
    assert elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"] == []


def test_tasks_leave_by_a_nat_instance(environment):
    """VPC user guide, "NAT instances": without its source/destination check, in a public subnet, while it runs."""
    aws, ec2, network = environment.aws, environment.aws.client("ec2"), environment.network
    host = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=network.public[0])["Instances"][0]["InstanceId"]
    ec2.create_route(RouteTableId=network.private_table, DestinationCidrBlock="0.0.0.0/0", InstanceId=host)

    def starts() -> bool:
        task = environment.ecs.run_task(
            cluster=environment.cluster,
            taskDefinition="worker",
            networkConfiguration={"awsvpcConfiguration": {"subnets": network.private}},
        )["tasks"][0]["taskArn"]
        aws.advance(250)
        described = environment.ecs.describe_tasks(cluster=environment.cluster, tasks=[task])["tasks"]
        return bool(described) and described[0]["lastStatus"] == "RUNNING"

    assert not starts(), "AWS drops what is not for the instance itself"
    ec2.modify_instance_attribute(InstanceId=host, SourceDestCheck={"Value": False})
    assert starts()
    ec2.stop_instances(InstanceIds=[host])
    aws.advance(120)
    assert not starts(), "it is stopped"
