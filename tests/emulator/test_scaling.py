"""Application Auto Scaling: what a registration does to a service's count, what is suspended, and what labels must name."""

from typing import Any

import pytest

from conftest import Emulator, refused

BOUNDS = {"MinCapacity": 2, "MaxCapacity": 4}
SUSPENDED = {"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": True, "ScheduledScalingSuspended": True}


class Scaled:
    """A service without tasks of its own, behind a load balancer."""

    def __init__(self, aws: Emulator) -> None:
        self.aws, self.name = aws, aws.name("scaled")
        self.scaling, self.ecs = aws.client("application-autoscaling"), aws.client("ecs")
        self.where = {"ServiceNamespace": "ecs", "ResourceId": f"service/{self.name}/api", "ScalableDimension": "ecs:service:DesiredCount"}
        network, elb = aws.network(), aws.client("elbv2")
        group = elb.create_target_group(Name=self.name, VpcId=network.vpc, Protocol="HTTP", Port=80, TargetType="ip")
        self.group = group["TargetGroups"][0]["TargetGroupArn"]
        self.balancer = self.make_balancer(network.public)
        self.subnets = network.public
        self.ecs.create_cluster(clusterName=self.name)
        container = {"name": "api", "image": "api", "essential": True, "portMappings": [{"containerPort": 80}]}
        self.ecs.register_task_definition(
            family=self.name, requiresCompatibilities=["FARGATE"], networkMode="awsvpc", cpu="256", memory="512", containerDefinitions=[container]
        )
        self.ecs.create_service(
            cluster=self.name,
            serviceName="api",
            taskDefinition=self.name,
            desiredCount=0,
            launchType="FARGATE",
            loadBalancers=[{"targetGroupArn": self.group, "containerName": "api", "containerPort": 80}],
            networkConfiguration={"awsvpcConfiguration": {"subnets": network.public, "assignPublicIp": "ENABLED"}},
        )

    def make_balancer(self, subnets: list[str]) -> str:
        elb = self.aws.client("elbv2")
        made = elb.create_load_balancer(Name=self.name, Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        action = {"Type": "forward", "TargetGroupArn": self.group}
        elb.create_listener(LoadBalancerArn=made, Port=80, Protocol="HTTP", DefaultActions=[action])
        return made

    def register(self, **what: Any) -> None:
        self.scaling.register_scalable_target(**self.where, **what)

    def target(self) -> dict[str, Any]:
        answer = self.scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[self.where["ResourceId"]])
        return answer["ScalableTargets"][0]

    def scale(self, count: int) -> None:
        self.ecs.update_service(cluster=self.name, service="api", desiredCount=count)

    def count(self) -> int:
        return self.ecs.describe_services(cluster=self.name, services=["api"])["services"][0]["desiredCount"]

    def push(self, push: str) -> int:
        self.aws.control("POST", "push", {"region": "us-west-2", "resource": self.where["ResourceId"], "push": push})
        return self.count()

    def track(self, label: str | None, **more: Any) -> dict[str, Any]:
        metric = {"PredefinedMetricType": "ALBRequestCountPerTarget"} | ({"ResourceLabel": label} if label else {})
        configuration = {"TargetValue": 600.5, "PredefinedMetricSpecification": metric, "ScaleInCooldown": 60} | more
        return self.scaling.put_scaling_policy(
            PolicyName="requests", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration=configuration, **self.where
        )

    def label(self, balancer: str) -> str:
        return f"{balancer.split(':loadbalancer/')[1]}/{self.group.rsplit(':', 1)[1]}"

    def policies(self) -> list[dict[str, Any]]:
        return self.scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=self.where["ResourceId"])["ScalingPolicies"]


@pytest.fixture(scope="module")
def made(aws: Emulator) -> Scaled:
    return Scaled(aws)


@pytest.fixture
def scaled(made: Scaled) -> Scaled:
    """As it was: bounds of 2 and 4, nothing suspended, two tasks."""
    made.register(**BOUNDS, SuspendedState=dict.fromkeys(SUSPENDED, False))
    made.scale(2)
    return made


def test_a_new_target_needs_bounds_and_a_service(aws, made):
    other = aws.client("application-autoscaling")
    where = made.where | {"ResourceId": f"service/{made.name}/other"}
    with refused("ValidationException"):
        other.register_scalable_target(**where, SuspendedState=SUSPENDED)
    with refused("ValidationException"):
        other.register_scalable_target(**where, **BOUNDS)
    with refused("ObjectNotFoundException"):
        other.deregister_scalable_target(**where)


def test_what_is_not_sent_stays(scaled):
    """bc: "Any parameters that you don't specify are not changed by this update request"."""
    scaled.register(SuspendedState=SUSPENDED)
    assert {key: scaled.target()[key] for key in BOUNDS} == BOUNDS
    scaled.register(SuspendedState={"DynamicScalingInSuspended": False})
    assert scaled.target()["SuspendedState"] == SUSPENDED | {"DynamicScalingInSuspended": False}
    scaled.register(MaxCapacity=5)
    assert scaled.target()["SuspendedState"] == SUSPENDED | {"DynamicScalingInSuspended": False}
    with refused("ValidationException"):
        scaled.register(MinCapacity=6)


def test_every_registration_moves_the_count_into_the_bounds(scaled):
    """facts §3; bc: "even if you don't include the MinCapacity or MaxCapacity request parameters"."""
    for count, moved in ((0, 2), (1, 2), (3, 3), (9, 4)):
        scaled.scale(count)
        assert scaled.count() == count
        scaled.register(SuspendedState=SUSPENDED)
        assert scaled.count() == moved


def test_an_alarm_lifts_a_count_back_to_the_minimum_and_scale_in_does_not(scaled):
    """facts §3: "if desired < min, a **scale-out alarm** lifts it back to min; scale-in does not"."""
    assert [scaled.push("in"), scaled.push("out"), scaled.push("in")] == [2, 3, 2]
    scaled.scale(0)
    assert [scaled.push("in"), scaled.push("out")] == [0, 2]


def test_nothing_moves_what_is_suspended_but_people(scaled):
    """facts §3: "Suspension does not block manual changes"."""
    scaled.scaling.put_scheduled_action(
        ScheduledActionName="lunch", Schedule="cron(0 12 * * ? *)", ScalableTargetAction={"MinCapacity": 3}, **scaled.where
    )
    scaled.register(SuspendedState=SUSPENDED)
    scaled.scale(0)
    assert [scaled.push(push) for push in ("out", "in", "scheduled")] == [0, 0, 0]
    scaled.scale(1)
    assert scaled.count() == 1
    scaled.register(SuspendedState={"ScheduledScalingSuspended": False})
    assert scaled.push("scheduled") == 3


def test_a_label_names_a_target_group_behind_a_load_balancer(aws, scaled):
    """bc: "You can't specify a resource label unless … there is a target group attached"."""
    first = scaled.track(scaled.label(scaled.balancer), DisableScaleIn=True)
    for wrong in (None, "app/x/1/targetgroup/y/2", scaled.label(scaled.balancer).replace("app/", "app/x")):
        with refused("ValidationException"):
            scaled.track(wrong)
    aws.client("elbv2").delete_load_balancer(LoadBalancerArn=scaled.balancer)
    with refused("ValidationException"):
        scaled.track(scaled.label(scaled.balancer))
    old, scaled.balancer = scaled.balancer, scaled.make_balancer(scaled.subnets)
    with refused("ValidationException"):
        scaled.track(scaled.label(old))
    second = scaled.track(scaled.label(scaled.balancer))
    assert first["PolicyARN"] == second["PolicyARN"] and first["Alarms"] != second["Alarms"]
    (policy,) = scaled.policies()
    configuration = policy["TargetTrackingScalingPolicyConfiguration"]
    assert "DisableScaleIn" not in configuration, "a policy is replaced whole"
    assert configuration["PredefinedMetricSpecification"]["ResourceLabel"] == scaled.label(scaled.balancer)


def test_targets_are_described_by_fifty(aws, scaled):
    many = [f"service/{scaled.name}/{number}" for number in range(51)]
    with refused("ValidationException"):
        scaled.scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=many)
    assert scaled.scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=many[1:])["ScalableTargets"] == []
    assert aws.client("application-autoscaling", "eu-west-1").describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []


def test_policies_come_in_pages_of_ten(scaled):
    metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    for number in range(12):
        scaled.scaling.put_scaling_policy(
            PolicyName=f"cpu-{number}",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={"TargetValue": 60.0, "PredefinedMetricSpecification": metric},
            **scaled.where,
        )
    pages = list(scaled.scaling.get_paginator("describe_scaling_policies").paginate(ServiceNamespace="ecs", ResourceId=scaled.where["ResourceId"]))
    assert [len(page["ScalingPolicies"]) for page in pages][0] == 10
    for number in range(12):
        scaled.scaling.delete_scaling_policy(PolicyName=f"cpu-{number}", **scaled.where)


def test_a_deregistration_takes_the_policies_with_it(aws):
    """facts §3: "DeregisterScalableTarget deletes policies: never"."""
    own = Scaled(aws)
    own.register(**BOUNDS)
    own.track(own.label(own.balancer))
    own.scaling.deregister_scalable_target(**own.where)
    assert own.policies() == []
    with refused("ObjectNotFoundException"):
        own.track(own.label(own.balancer))
