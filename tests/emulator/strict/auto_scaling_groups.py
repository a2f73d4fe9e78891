"""Auto Scaling groups take their time to follow their capacity, and take none that is impossible.

Moto has new instances in service at once and forgets those that go at once; it takes any numbers. The user guide's life cycle:
`Pending`, then `InService`; `Terminating`, then gone. "The desired capacity must be between the minimum and the maximum size."
"""

from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend

from . import latencies
from .account import regions
from .clock import clock
from .mishaps import instance_stopped

_update = AutoScalingBackend.update_auto_scaling_group


def update_auto_scaling_group(self: Any, name: str, **changes: Any) -> Any:
    group = self.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError("AutoScalingGroup name not found - null")
    _must_be_possible(group, changes)
    on_their_way_in = [each for each in group.instance_states if each.lifecycle_state == "Pending"]
    leaving = [each for each in group.instance_states if each.lifecycle_state == "Terminating"]
    # Moto knows only those in service, and adds to the list that it is given.
    before = [each for each in group.instance_states if each not in leaving]
    group.instance_states = list(before)
    for each in on_their_way_in:
        each.lifecycle_state = "InService"
    _update(self, name=name, **changes)
    stay = list(group.instance_states)
    for each in stay:
        if each in on_their_way_in or each not in before:
            each.lifecycle_state = "Pending"
    gone = [each for each in before if each not in stay]
    for each in gone:
        each.lifecycle_state = "Terminating"
        instance_stopped(regions[(self.account_id, self.region_name)], name)
    group.instance_states = stay + leaving + gone
    clock.after(latencies.GROUP_SETTLE, lambda: _settle(group, [each for each in stay if each not in before], gone))
    return group


def _must_be_possible(group: Any, changes: dict[str, Any]) -> None:
    def new(key: str, now: int) -> int:
        value = changes.get(key)
        return now if value is None else int(value)

    least, most = new("min_size", group.min_size), new("max_size", group.max_size)
    desired = new("desired_capacity", group.desired_capacity)
    if changes.get("desired_capacity") is not None and not least <= desired <= most:
        raise ValidationError(f"Desired capacity:{desired} must be between the specified min size:{least} and max size:{most}")
    if least > most:
        raise ValidationError(f"Max bound, {most}, must be greater than or equal to min bound, {least}")


def _settle(group: Any, new: list[Any], gone: list[Any]) -> None:
    for each in new:
        if each.lifecycle_state == "Pending":
            each.lifecycle_state = "InService"
    group.instance_states = [each for each in group.instance_states if each not in gone]


AutoScalingBackend.update_auto_scaling_group = update_auto_scaling_group
