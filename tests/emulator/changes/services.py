"""Services and their tasks, and what scales them (strict/scaling.py)."""

import copy
from typing import Any

from .laid import Laid


class Services(Laid):
    """What runs."""

    def scale(self, service: str, count: int) -> None:
        self._account.client("ecs").update_service(cluster=self._laid["cluster"], service=service, desiredCount=count)

    def deploy(self, service: str, image: str) -> str:
        """What a pipeline does: a new revision of the task definition, and the service set on it."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        current = ecs.describe_services(cluster=cluster, services=[service])["services"][0]["taskDefinition"]
        before = ecs.describe_task_definition(taskDefinition=current)["taskDefinition"]
        kept = ("family", "requiresCompatibilities", "networkMode", "cpu", "memory", "executionRoleArn", "taskRoleArn")
        kept = (*kept, "containerDefinitions", "runtimePlatform")
        settings = {key: copy.deepcopy(before[key]) for key in kept if key in before}
        settings["containerDefinitions"][0]["image"] = image
        revision = ecs.register_task_definition(**settings)["taskDefinition"]["taskDefinitionArn"]
        ecs.update_service(cluster=cluster, service=service, taskDefinition=revision)
        return revision

    def running(self, service: str) -> list[str]:
        """The task definitions of a service's running tasks."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        arns = self._account.all("ecs", "list_tasks", "taskArns", cluster=cluster, serviceName=service)
        tasks = ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
        return sorted(each["taskDefinitionArn"] for each in tasks if each["lastStatus"] == "RUNNING")

    def run_task(self, service: str) -> str:
        """A task of a service's definition, in its subnets, that belongs to no service and runs until it is ended."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        one = ecs.describe_services(cluster=cluster, services=[service])["services"][0]
        settings = {"taskDefinition": one["taskDefinition"], "networkConfiguration": one["networkConfiguration"]}
        return ecs.run_task(cluster=cluster, launchType="FARGATE", **settings)["tasks"][0]["taskArn"]

    def end_task(self, task: str) -> None:
        """It has done its work."""
        self._account.client("ecs").stop_task(cluster=self._laid["cluster"], task=task, reason="Essential container in task exited")

    def deploy_by(self, service: str, strategy: str) -> None:
        """Switch a service to another strategy, such as BLUE_GREEN."""
        configuration = {"strategy": strategy}
        self._account.client("ecs").update_service(cluster=self._laid["cluster"], service=service, deploymentConfiguration=configuration)

    def scalable(self, service: str, minimum: int, maximum: int) -> None:
        """A scalable target for a service that has none; or other bounds."""
        self._scaling("register_scalable_target", service, MinCapacity=minimum, MaxCapacity=maximum)

    def suspend(self, service: str, suspended: list[str]) -> None:
        """What of a service's auto scaling is suspended from now on, in the blueprint's words."""
        words = ("dynamic-scaling-in", "dynamic-scaling-out", "scheduled-scaling")
        state = {"".join(part.capitalize() for part in word.split("-")) + "Suspended": word in suspended for word in words}
        self._scaling("register_scalable_target", service, SuspendedState=state)

    def track(self, service: str, policy: str, configuration: dict[str, Any]) -> None:
        """A target tracking policy."""
        more = {"PolicyName": policy, "PolicyType": "TargetTrackingScaling"}
        self._scaling("put_scaling_policy", service, TargetTrackingScalingPolicyConfiguration=configuration, **more)

    def push(self, service: str, push: str) -> int | None:
        """An alarm (`out`, `in`) or a scheduled action (`scheduled`) fires; the answer is the service's count."""
        body = {"region": self._laid["region"], "resource": self._resource(service), "push": push}
        return self._tell("push", body)

    def _resource(self, service: str) -> str:
        return f"service/{self._laid['cluster'].rsplit('/', 1)[-1]}/{service}"

    def _scaling(self, call: str, service: str, **more: Any) -> None:
        where = {"ServiceNamespace": "ecs", "ResourceId": self._resource(service), "ScalableDimension": "ecs:service:DesiredCount"}
        getattr(self._account.client("application-autoscaling"), call)(**where, **more)
