"""What AWS allows and nobody should do: noted with its instant, to be read at `GET /_emulator/mishaps`.

A test of an evening and a morning ends with asking that there was none.
"""

from typing import Any

from .account import Region, record_sets
from .clock import clock
from .egress import route_table

mishaps: list[dict[str, Any]] = []


def note(what: str, subject: str, fact: str) -> None:
    mishaps.append({"at": clock.now(), "what": what, "subject": subject, "fact": fact})


def nat_gateway_deleted(where: Region, nat_gateway: Any) -> None:
    for task in where.tasks.values():
        if task.last != "STOPPED" and task.subnet_id:
            table = route_table(where, where.ec2.get_subnet(task.subnet_id))
            if any(route.nat_gateway is nat_gateway for route in table.routes):
                note(
                    f"deleted while {task.group} still leaves by it ({task.last})",
                    nat_gateway.id,
                    "§3: NAT can be deleted only after tasks drained",
                )


def load_balancer_deleted(where: Region, balancer: Any) -> None:
    for group in where.target_groups.values():
        if group.load_balancer is balancer and group.targets:
            note(f"deleted while {group.name} has {len(group.targets)} targets", balancer.name, "§3: wait … targets gone, then delete ALB")
    for records in record_sets.values():
        for one in records.values():
            if one.get("AliasTarget", {}).get("DNSName", "").removeprefix("dualstack.") == balancer.dns_name.lower() + ".":
                note(f"deleted while {one['Name']} {one['Type']} still points at it", balancer.name, "§2: Dangling alias at night")


def database_stopped(where: Region, identifier: str) -> None:
    """Which service needs which database the emulator cannot know: those of the examples all need theirs."""
    left = sorted(task.group for task in where.tasks.values() if task.last != "STOPPED")
    if left:
        note(f"stopped while {', '.join(left)} still runs", identifier, "a database is stopped when no task is left that needs it")


def vpc_endpoint_deleted(where: Region, endpoint: Any) -> None:
    """One without the service's names is used by nobody while another has them."""
    others = (each for each in where.ec2.vpc_end_points.values() if isinstance(each, type(endpoint)) and each.vpc_id == endpoint.vpc_id)
    if not endpoint.private_dns and any(each.service_name == endpoint.service_name and each.private_dns for each in others):
        return
    for task in where.tasks.values():
        if task.last != "STOPPED" and task.subnet_id and where.ec2.get_subnet(task.subnet_id).vpc_id == endpoint.vpc_id:
            note(f"deleted while {task.group} may use it ({task.last})", endpoint.id, "endpoints go after the last task, as NAT gateways do")


def instance_stopped(where: Region, identifier: str) -> None:
    """An instance, or those of an Auto Scaling group: nobody says which service needs one."""
    left = sorted(task.group for task in where.tasks.values() if task.last != "STOPPED")
    if left:
        note(f"stopped while {', '.join(left)} still runs", identifier, "an instance is stopped when no task is left")


def task_could_not_start(task: Any) -> None:
    note("started without a way to its registry", task.group, "§0: gate UpdateService on NAT `available` + route")
