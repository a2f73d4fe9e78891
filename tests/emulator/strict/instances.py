"""EC2 instances take their time to stop and to start, and not from every state.

Moto stops and starts them at once and from any state. The user guide's life cycle: a running instance is `stopping`, then
`stopped`; a stopped one is `pending`, then `running`. "You can't stop or hibernate instance store-backed instances."
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import InstanceBackend

from . import latencies
from .account import regions
from .clock import clock
from .mishaps import instance_stopped

_CODES = {"pending": 0, "running": 16, "stopping": 64, "stopped": 80}
#: By what was told when it was last changed: what is due for an earlier change does not happen.
_changes: dict[str, int] = {}

_start, _stop = InstanceBackend.start_instances, InstanceBackend.stop_instances


class _IncorrectState(EC2ClientError):
    def __init__(self, instance: Any, verb: str) -> None:
        message = f"The instance '{instance.id}' is not in a state from which it can be {verb}."
        super().__init__("IncorrectInstanceState", message)


class _Unsupported(EC2ClientError):
    def __init__(self, instance: Any, why: str) -> None:
        super().__init__("UnsupportedOperation", f"The instance '{instance.id}' cannot be stopped: {why}")


def _becomes(instance: Any, state: str) -> int:
    """The number of this change."""
    instance._state.name, instance._state.code = state, _CODES[state]
    _changes[instance.id] = _changes.get(instance.id, 0) + 1
    return _changes[instance.id]


def _later(instance: Any, seconds: float, change: int, state: str) -> None:
    clock.after(seconds, lambda: _becomes(instance, state) if _changes[instance.id] == change else None)


def start_instances(self: Any, instance_ids: list[str]) -> Any:
    found = self.get_multi_instances_by_id(instance_ids)
    for each in found:
        if each.state not in ("pending", "running", "stopped"):
            raise _IncorrectState(each, "started")
    stopped = [each for each in found if each.state == "stopped"]
    answer = [(each, each._state) for each in found if each not in stopped] + _start(self, [each.id for each in stopped])
    for each in stopped:
        _later(each, latencies.INSTANCE_START, _becomes(each, "pending"), "running")
    return answer


def stop_instances(self: Any, instance_ids: list[str]) -> Any:
    found = self.get_multi_instances_by_id(instance_ids)
    for each in found:
        if each.state not in ("running", "stopping", "stopped"):
            raise _IncorrectState(each, "stopped")
        if each.root_device_type != "ebs":
            raise _Unsupported(each, "it is instance store-backed")
        if each.lifecycle == "spot":
            raise _Unsupported(each, "it is a one-time Spot Instance")
    running = [each for each in found if each.state == "running"]
    answer = [(each, each._state) for each in found if each not in running] + _stop(self, [each.id for each in running])
    for each in running:
        instance_stopped(regions[(self.account_id, self.region_name)], each.id)
        _later(each, latencies.INSTANCE_STOP, _becomes(each, "stopping"), "stopped")
    return answer


for _correction in (start_instances, stop_instances):
    setattr(InstanceBackend, _correction.__name__, _correction)
