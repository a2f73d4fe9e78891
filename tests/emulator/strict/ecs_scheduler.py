"""The ECS scheduler: desired count, running tasks, deployments and their circuit breaker.

facts §3: "**UpdateService(desiredCount) does not trigger a deployment**", "Circuit breaker: rolling ECS only; consecutive
launch/health failures → FAILED, optional rollback; failedTasks resets after one success. Threshold =
min(200,max(3, 0.5×desired)) (R). Only acts within a deployment; a pure desiredCount change is not one (I) → restart
loop instead". Moto starts nothing.
"""

import copy
import math
import random
from typing import Any
from uuid import uuid4

from . import latencies
from .account import Region
from .clock import clock
from .ecs_tasks import Task


class Deployment:
    def __init__(self, definition: Any, settings: dict[str, Any]) -> None:
        self.id = f"ecs-svc/{random.randint(10**18, 10**19 - 1)}"
        self.status = "PRIMARY"
        self.definition = definition
        self.settings = copy.deepcopy(settings)
        self.rollout_state = "IN_PROGRESS"
        self.reason = f"ECS deployment {self.id} in progress."
        self.failed_tasks = 0
        self.created = self.updated = clock.date()


class Scheduler:
    """One service over time. `look` brings its tasks nearer to what is wanted; it is called whenever that may help."""

    def __init__(
        self,
        where: Region,
        cluster: Any,
        arn: str,
        settings: dict[str, Any],
        definition: Any,
        desired_count: int,
        tags: list[dict[str, str]],
    ) -> None:
        self.where = where
        self.cluster = cluster
        self.arn = arn
        self.name = arn.rsplit("/", 1)[1]
        self.status = "ACTIVE"
        self.settings = settings
        self.definition = definition
        self.desired_count = desired_count
        self.tags = tags
        self.created = clock.date()
        self.client_token: str | None = None
        self.deployments: list[Deployment] = []
        self.events: list[dict[str, Any]] = []
        self.last_completed: Any = None
        self._will_look = False
        self._will_end = False

    def tasks(self) -> list[Task]:
        """All that have not stopped yet."""
        return [each for each in self.where.tasks.values() if each.settings.get("service") == self.arn and each.last != "STOPPED"]

    def running_count(self) -> int:
        return sum(each.last == "RUNNING" for each in self.tasks())

    def pending_count(self) -> int:
        return sum(each.last in ("PROVISIONING", "PENDING") for each in self.tasks())

    def say(self, message: str) -> None:
        self.events.insert(0, {"id": str(uuid4()), "createdAt": clock.date(), "message": f"(service {self.name}) {message}"})

    def deploy(self, definition: Any) -> None:
        """A new deployment becomes the primary one; the tasks of the others make way for its tasks."""
        for each in self.deployments:
            each.status = "ACTIVE"
        self.definition = definition
        self.deployments.insert(0, Deployment(definition, self.settings))
        self.look()

    def drain(self) -> None:
        self.status, self.desired_count = "DRAINING", 0
        self._stop([each for each in self.tasks() if each.desired == "RUNNING"])
        self.look()

    def look(self) -> None:
        primary = self.deployments[0]
        tasks = self.tasks()
        alive = [each for each in tasks if each.desired == "RUNNING"]
        mine = [each for each in alive if each.deployment_id == primary.id]
        others = [each for each in alive if each.deployment_id != primary.id]
        self._start(primary, mine, tasks)
        self._stop_surplus(mine)
        self._stop_others(mine, others)
        self._settle_deployment(primary)
        if self.status == "DRAINING" and not self.tasks() and not self._will_end:
            self._will_end = True
            clock.after(latencies.SERVICE_DELETE, self._end)

    def _start(self, primary: Deployment, mine: list[Task], tasks: list[Task]) -> None:
        """A task that is still stopping occupies its place: so a service with maximumPercent 100 never runs two."""
        if primary.rollout_state == "FAILED":
            return
        if self._has_no_host():
            if len(mine) < self.desired_count:
                self._say_once("was unable to place a task because no container instance met all of its requirements.")
            return
        most = self.desired_count * self.settings["deploymentConfiguration"]["maximumPercent"] // 100
        count = min(self.desired_count - len(mine), most - len(tasks))
        started = [self._new_task(primary) for _ in range(count)]
        if started:
            self.say(f"has started {len(started)} tasks: " + " ".join(f"(task {each.arn.rsplit('/', 1)[1]})" for each in started) + ".")

    def _has_no_host(self) -> bool:
        """ECS user guide: tasks of the launch type EC2 run on the container instances that are registered in the cluster."""
        return self.settings.get("launchType") == "EC2" and not self._hosts()

    def _hosts(self) -> list[str]:
        registered = self.where.ecs.container_instances.get(self.cluster.name, {}).values()
        return [each.ec2_instance_id for each in registered if each.status == "ACTIVE"]

    def _say_once(self, message: str) -> None:
        if not self.events or not self.events[0]["message"].endswith(message):
            self.say(message)

    def _new_task(self, primary: Deployment) -> Task:
        subnets = self.settings.get("networkConfiguration", {}).get("awsvpcConfiguration", {}).get("subnets", [])
        used = [each.subnet_id for each in self.tasks()]
        settings = self.settings | {
            "service": self.arn,
            "group": f"service:{self.name}",
            "deploymentId": primary.id,
            "subnet": min(subnets, key=used.count) if subnets else None,
            "host": next(iter(self._hosts()), None) if self.settings.get("launchType") == "EC2" else None,
            "tags": self._task_tags(primary),
        }
        return Task(self.where, self.cluster, primary.definition, settings, self._task_changed)

    def _task_tags(self, primary: Deployment) -> list[dict[str, str]]:
        propagated = {"SERVICE": self.tags, "TASK_DEFINITION": primary.definition.tags}.get(self.settings["propagateTags"], [])
        managed = (
            {"aws:ecs:clusterName": self.cluster.name, "aws:ecs:serviceName": self.name} if self.settings["enableECSManagedTags"] else {}
        )
        return [each for each in propagated if not each["key"].startswith("aws:")] + [
            {"key": key, "value": value} for key, value in managed.items()
        ]

    def _stop_surplus(self, mine: list[Task]) -> None:
        surplus = sorted(mine, key=lambda each: each.last == "RUNNING")[: max(0, len(mine) - self.desired_count)]
        self._stop(surplus)

    def _stop_others(self, mine: list[Task], others: list[Task]) -> None:
        """Tasks of older deployments go as soon as enough are healthy without them."""
        least = math.ceil(self.desired_count * self.settings["deploymentConfiguration"]["minimumHealthyPercent"] / 100)
        healthy = sum(each.healthy() for each in mine)
        serving = [each for each in others if each.last == "RUNNING"]
        spare = len(serving) + healthy - least if self.desired_count else len(serving)
        self._stop([each for each in others if each.last != "RUNNING"] + serving[: max(0, spare)])

    def _stop(self, tasks: list[Task]) -> None:
        for each in tasks:
            each.stop(f"Scaling activity initiated by (deployment {each.deployment_id})", "ServiceSchedulerInitiated")
        if tasks and self.settings["loadBalancers"]:
            self.say(f"has begun draining connections on {len(tasks)} tasks.")

    def _settle_deployment(self, primary: Deployment) -> None:
        if primary.rollout_state != "IN_PROGRESS":
            return
        alive = [each for each in self.tasks() if each.desired == "RUNNING"]
        healthy = sum(each.healthy() for each in alive if each.deployment_id == primary.id)
        if healthy == self.desired_count and len(alive) == healthy:
            primary.rollout_state, primary.updated = "COMPLETED", clock.date()
            primary.reason = f"ECS deployment {primary.id} completed."
            self.last_completed = primary.definition
            self.deployments[:] = [primary]
            self.say("has reached a steady state.")
        else:
            self._look_later()

    def _look_later(self) -> None:
        def later() -> None:
            self._will_look = False
            self.look()

        if not self._will_look:
            self._will_look = True
            clock.after(latencies.SERVICE_SCHEDULER, later)

    def _task_changed(self, task: Task, what: str) -> None:
        primary = self.deployments[0]
        if task.deployment_id == primary.id and primary.rollout_state == "IN_PROGRESS":
            if what == "running":
                primary.failed_tasks = 0
            elif task.stop_code in ("TaskFailedToStart", "EssentialContainerExited"):
                primary.failed_tasks += 1
                self._trip_circuit_breaker(primary)
        self.look()

    def _trip_circuit_breaker(self, primary: Deployment) -> None:
        breaker = self.settings["deploymentConfiguration"]["deploymentCircuitBreaker"]
        threshold = min(200, max(3, math.ceil(0.5 * self.desired_count)))
        if not breaker.get("enable") or primary.failed_tasks < threshold:
            return
        primary.rollout_state, primary.updated = "FAILED", clock.date()
        primary.reason = "ECS deployment circuit breaker: tasks failed to start."
        self.say(f"(deployment {primary.id}) deployment failed: tasks failed to start.")
        if breaker.get("rollback") and self.last_completed not in (None, primary.definition):
            self.say(f"rolling back to deployment of {self.last_completed.arn}.")
            self.deploy(self.last_completed)

    def _end(self) -> None:
        self.status, self.deployments[:] = "INACTIVE", self.deployments[:1]
        clock.after(latencies.SERVICE_REMAINS, self._purge)

    def _purge(self) -> None:
        if self.where.services.get(self.arn) is self:
            del self.where.services[self.arn]

    def describe_deployments(self, more: tuple[str, ...]) -> list[dict[str, Any]]:
        described = []
        for each in self.deployments:
            own = [task for task in self.tasks() if task.deployment_id == each.id]
            shown = ("launchType", "capacityProviderStrategy", "platformVersion", "networkConfiguration", *more)
            described.append(
                {key: copy.deepcopy(value) for key, value in each.settings.items() if key in shown}
                | {
                    "id": each.id,
                    "status": each.status,
                    "taskDefinition": each.definition.arn,
                    "desiredCount": self.desired_count if each.status == "PRIMARY" else 0,
                    "runningCount": sum(task.last == "RUNNING" for task in own),
                    "pendingCount": sum(task.last in ("PROVISIONING", "PENDING") for task in own),
                    "failedTasks": each.failed_tasks,
                    "createdAt": each.created,
                    "updatedAt": each.updated,
                    "rolloutState": each.rollout_state,
                    "rolloutStateReason": each.reason,
                    "platformFamily": "Linux",
                }
            )
        return described
