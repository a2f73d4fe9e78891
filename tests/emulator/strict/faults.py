"""Faults on demand: an AWS error, a connection that is cut, or one that hangs, before or after the call has its effect.

    POST /_emulator/faults  {"operation": "CreateRoute", "error": "Throttling", "status": 400, "times": 2}
    POST /_emulator/faults  {"changing": true, "skip": 3, "cut": "after"}
    POST /_emulator/faults  {"changing": true, "skip": 3, "hold": "before"}
    GET  /_emulator/faults  all of them, each with `hits`: how often it struck
    DELETE /_emulator/faults

`operation` (default: any) and `changing` (default: also calls that only read) choose calls, `skip` lets that many of
them pass first, `times` (default: 1) is how many are struck. A call that is held is answered never: a test sees `hits`
rise and kills the process that waits, which is how it dies exactly before or after its n-th change.
"""

import threading
from typing import Any

from .operations import Refusal

faults: list[dict[str, Any]] = []
_READS = ("Describe", "List", "Get", "Head")


def changes(operation: str) -> bool:
    """Whether a call changes anything; S3's and Route 53's are named by method and path."""
    return not operation.startswith(_READS)


def add(fault: dict[str, Any]) -> dict[str, Any]:
    known = {"operation", "changing", "skip", "times", "error", "status", "message", "cut", "hold"}
    kinds = [each for each in ("error", "cut", "hold") if each in fault]
    if set(fault) - known or len(kinds) != 1 or any(fault.get(each) not in (None, "before", "after") for each in ("cut", "hold")):
        raise ValueError(f"a fault has one of error, cut and hold, and no other keys than {sorted(known)}")
    made = {"operation": None, "changing": False, "skip": 0, "times": 1, "seen": 0, "hits": 0} | fault
    faults.append(made)
    return made


def striking(operation: str) -> dict[str, Any] | None:
    """The fault that strikes this call, if one does; asked once for each call."""
    chosen = None
    for fault in faults:
        if fault["operation"] not in (None, operation) or fault["changing"] and not changes(operation):
            continue
        fault["seen"] += 1
        if chosen is None and fault["skip"] < fault["seen"] <= fault["skip"] + fault["times"]:
            chosen = fault
    return chosen


def end(fault: dict[str, Any]) -> None:
    """Leave the client without an answer: at once, or for ever."""
    fault["hits"] += 1
    if "hold" in fault:
        threading.Event().wait()
    raise ConnectionAbortedError("cut by a fault")


def refuse(fault: dict[str, Any]) -> Refusal:
    fault["hits"] += 1
    return Refusal(fault["error"], fault.get("message", "A fault that a test asked for."))


def install() -> None:
    """Errors are given by moto's own serializers, so that each protocol has its form."""
    from moto.core.responses import ActionResult, BaseResponse

    does = BaseResponse.call_action

    def call_action(self: Any) -> Any:
        fault = self.normalized_request.environ.get("curfew.fault")
        if fault is None or "error" not in fault:
            return does(self)
        status, headers, body = self.serialized(ActionResult(refuse(fault)))
        return fault.get("status", status), headers, body

    BaseResponse.call_action = call_action


def plain_error(fault: dict[str, Any]) -> tuple[int, bytes]:
    """S3 answers outside of those serializers; its errors look like this."""
    refusal = refuse(fault)
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
    return fault.get("status", 400), body.encode()
