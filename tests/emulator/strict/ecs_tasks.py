"""Tasks: they take a minute, need a way out, register their targets, and drain before they stop.

facts §3: "Stop time: deregister → drain `deregistration_delay` (0–3600, default 300 s) → SIGTERM → stopTimeout 30 s
default → SIGKILL". Moto never starts a service's tasks, and lists none.
"""

from collections.abc import Callable
from secrets import token_hex
from typing import Any
from uuid import uuid4

from . import latencies, network_interfaces
from .account import Region, region
from .clock import clock
from .egress import reaches_registry
from .images import misfit
from .mishaps import task_could_not_start
from .operations import Call, Refusal, operation
from .pages import page
from .target_health import deregister, register


class Task:
    def __init__(
        self, where: Region, cluster: Any, definition: Any, settings: dict[str, Any], looked: Callable[["Task", str], None]
    ) -> None:
        """`settings` are those of RunTask or of the service; `looked` is told when the task runs or has stopped."""
        self.where = where
        self.cluster = cluster
        self.definition = definition
        self.settings = settings
        self.looked = looked
        self.arn = where.arn("ecs", f"task/{cluster.name}/{token_hex(16)}")
        self.group: str = settings.get("group") or f"family:{definition.family}"
        self.service_name = self.group.removeprefix("service:") if self.group.startswith("service:") else None
        self.deployment_id: str | None = settings.get("deploymentId")
        self.tags: list[dict[str, str]] = settings.get("tags") or []
        self.desired, self.last = "RUNNING", "PROVISIONING"
        self.times: dict[str, Any] = {"createdAt": clock.date()}
        self.stop_code = self.stopped_reason = None
        network = (settings.get("networkConfiguration") or {}).get("awsvpcConfiguration", {})
        self.public_address = network.get("assignPublicIp") == "ENABLED"
        self.subnet_id: str | None = settings.get("subnet") or (network.get("subnets") or [None])[0]
        self.interface: Any = None
        #: Of a task without an interface of its own: the EC2 instance and its port that requests come to.
        self.host: str | None = settings.get("host")
        self.host_port = 32768 + len(where.tasks)
        self.attachment = str(uuid4())
        if self.subnet_id:
            # As ECS writes it: only the attachment's id tells whose the interface is (facts §11).
            attachment = where.arn("ecs", f"attachment/{self.attachment}")
            self.interface = network_interfaces.create(where, self.subnet_id, attachment, groups=network.get("securityGroups", []))
        where.tasks[self.arn] = self
        clock.after(latencies.TASK_PROVISIONING, self._pull)

    def _pull(self) -> None:
        if self.desired == "STOPPED":
            return
        self.last, self.times["pullStartedAt"] = "PENDING", clock.date()
        if self.subnet_id is None or reaches_registry(self.where, self.subnet_id, self.public_address):
            clock.after(latencies.TASK_START - latencies.TASK_PROVISIONING, self._run)
        else:
            clock.after(latencies.TASK_PULL_GIVES_UP - latencies.TASK_PROVISIONING, self._give_up)

    def _run(self) -> None:
        if self.desired == "STOPPED":
            return
        if reason := misfit(self.definition):
            self._fail("EssentialContainerExited", reason)
            return
        self.last, self.times["startedAt"] = "RUNNING", clock.date()
        zone = self.where.ec2.get_subnet(self.subnet_id).availability_zone if self.subnet_id else None
        for group, identifier, port in self._targets():
            register(group, identifier, port, zone)
        self.looked(self, "running")

    def _give_up(self) -> None:
        if self.desired == "STOPPED":
            return
        task_could_not_start(self)
        image = self.definition.container_definitions[0].get("image", "")
        reason = (
            f"CannotPullContainerError: The task cannot pull {image} from the registry. "
            "There is a connection issue between the task and the registry. Check your task network configuration."
        )
        self._fail("TaskFailedToStart", reason)

    def _fail(self, code: str, reason: str) -> None:
        self.desired, self.stop_code, self.stopped_reason = "STOPPED", code, reason
        self._stopped()

    def _targets(self) -> list[tuple[Any, str, int]]:
        """Each target group that it registers in, and as what: its own address, or its host's (facts §3 "awsvpc")."""
        pairs = [
            (self.where.target_groups.get(each.get("targetGroupArn")), each.get("containerPort"))
            for each in self.settings.get("loadBalancers") or []
        ]
        if self.interface is not None:
            return [(group, self.interface.private_ip_address, port) for group, port in pairs if group is not None]
        return [(group, self.host, self.host_port) for group, _ in pairs if group is not None and self.host]

    def stop(self, reason: str, code: str) -> None:
        if self.desired == "STOPPED":
            return
        running = self.last == "RUNNING"
        self.desired, self.stopped_reason, self.stop_code = "STOPPED", reason, code
        self.times["stoppingAt"] = clock.date()
        targets = self._targets()
        if not running:
            self._stopped()
        elif targets:
            self.last = "DEACTIVATING"
            for group, identifier, port in targets:
                deregister(group, identifier, port)
            clock.after(max(group.deregistration_delay for group, _, _ in targets), self._terminate)
        else:
            self._terminate()

    def _terminate(self) -> None:
        self.last = "STOPPING"
        clock.after(latencies.TASK_STOP, self._stopped)

    def _stopped(self) -> None:
        self.last, self.times["stoppedAt"] = "STOPPED", clock.date()
        if self.interface is not None:
            self.where.ec2.enis.pop(self.interface.id, None)
        clock.after(latencies.TASK_REMAINS, lambda: self.where.tasks.pop(self.arn, None))
        self.looked(self, "stopped")

    def healthy(self) -> bool:
        """Running, and its targets pass their checks where a target group is asked."""
        if self.last != "RUNNING":
            return False
        targets = [group.targets.get((identifier, port)) for group, identifier, port in self._targets()]
        return all(each is not None and each.health()["State"] == "healthy" for each in targets)

    def describe(self, with_tags: bool) -> dict[str, Any]:
        answer = self.times | {
            "taskArn": self.arn,
            "clusterArn": self.cluster.arn,
            "taskDefinitionArn": self.definition.arn,
            "group": self.group,
            "lastStatus": self.last,
            "desiredStatus": self.desired,
            "launchType": self.settings.get("launchType") or "FARGATE",
            "platformVersion": "1.4.0",
            "platformFamily": "Linux",
            "cpu": self.definition.cpu,
            "memory": self.definition.memory,
            "healthStatus": "UNKNOWN",
            "enableExecuteCommand": bool(self.settings.get("enableExecuteCommand")),
            "startedBy": self.deployment_id or self.settings.get("startedBy"),
            "stopCode": self.stop_code,
            "stoppedReason": self.stopped_reason,
            "containers": [
                {"name": each["name"], "image": each.get("image"), "taskArn": self.arn, "lastStatus": self.last}
                for each in self.definition.container_definitions
            ],
            "attachments": self._attachments(),
            "version": 1,
        }
        if with_tags:
            answer["tags"] = self.tags
        return {key: value for key, value in answer.items() if value is not None}

    def _attachments(self) -> list[dict[str, Any]]:
        if self.interface is None:
            return []
        details = {
            "subnetId": self.subnet_id,
            "networkInterfaceId": self.interface.id,
            "privateIPv4Address": self.interface.private_ip_address,
        }
        status = "DELETED" if self.last == "STOPPED" else "ATTACHED"
        return [
            {
                "id": self.attachment,
                "type": "ElasticNetworkInterface",
                "status": status,
                "details": [{"name": key, "value": value} for key, value in details.items()],
            }
        ]


def cluster_of(call: Call) -> Any:
    return region(call).ecs._get_cluster(call["cluster"] or "default")


def _task(call: Call, name: str) -> Task:
    cluster = cluster_of(call)
    for task in region(call).tasks.values():
        if task.cluster is cluster and name in (task.arn, task.arn.rsplit("/", 1)[1]):
            return task
    raise Refusal("InvalidParameterException", "The referenced task was not found.")


@operation("ecs", "ListTasks")
def list_tasks(call: Call) -> dict[str, Any]:
    """Those that are meant to run, unless the stopped ones are asked for; stopped ones remain for an hour."""
    where, cluster = region(call), cluster_of(call)
    desired = call["desiredStatus"] or "RUNNING"
    found = [each for each in where.tasks.values() if each.cluster is cluster and each.desired == desired]
    if call["serviceName"]:
        name = call["serviceName"].rsplit("/", 1)[-1]
        if where.arn("ecs", f"service/{cluster.name}/{name}") not in where.services:
            raise Refusal("ServiceNotFoundException", "Service not found.")
        found = [each for each in found if each.service_name == name]
    if call["family"]:
        found = [each for each in found if each.definition.family == call["family"]]
    if call["startedBy"]:
        found = [each for each in found if call["startedBy"] in (each.deployment_id, each.settings.get("startedBy"))]
    shown, token = page([each.arn for each in found], call["nextToken"], call["maxResults"] or 100, "InvalidParameterException")
    return {"taskArns": shown, "nextToken": token}


@operation("ecs", "DescribeTasks")
def describe_tasks(call: Call) -> dict[str, Any]:
    """facts §3: "DescribeTasks ≤100"."""
    names = call["tasks"] or []
    if not 1 <= len(names) <= 100:
        raise Refusal("InvalidParameterException", "Tasks must have between 1 and 100 elements.")
    tasks, failures = [], []
    for name in names:
        try:
            tasks.append(_task(call, name).describe("TAGS" in (call["include"] or [])))
        except Refusal:
            failures.append({"arn": name, "reason": "MISSING"})
    return {"tasks": tasks, "failures": failures}


@operation("ecs", "StopTask")
def stop_task(call: Call) -> dict[str, Any]:
    task = _task(call, call["task"])
    task.stop(call["reason"] or "Task stopped by user", "UserInitiated")
    return {"task": task.describe(True)}


@operation("ecs", "RunTask")
def run_task(call: Call) -> dict[str, Any]:
    """facts §3: "Standalone/scheduled RunTask tasks … run at night without NAT and fail"."""
    where, cluster = region(call), cluster_of(call)
    definition = where.ecs.describe_task_definition(call["taskDefinition"])
    made = [Task(where, cluster, definition, call.parameters, lambda task, what: None) for _ in range(call["count"] or 1)]
    return {"tasks": [each.describe(True) for each in made], "failures": []}
