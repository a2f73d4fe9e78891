"""What a test may ask the emulator itself, under `/_emulator/`: time, notifications, calls, and tags of AWS's own.

GET  /_emulator/clock           {"now": 1700000000.0, "date": "…", "factor": 100.0}
POST /_emulator/advance         {"seconds": 3600}: time jumps; the answer is the clock
GET  /_emulator/notifications   what was published to SNS, in order
GET  /_emulator/calls           every API call so far, in order; POST …/calls forgets them
POST /_emulator/authorizations  {"by": ["AKID…"]}: notes what IAM would be asked on behalf of these access keys; GET tells it
… /_emulator/attachments        what other services attach to load balancers and services (attachments.py)
POST /_emulator/push            an alarm or a scheduled action of auto scaling fires (scaling.py)
POST /_emulator/spend           {"budget": …, "actual": "65.1", "forecast": "92.4"}: what AWS Budgets says from now on
POST /_emulator/certificates    {"arn": …, "status": "EXPIRED"}: what ACM says of a certificate from now on
POST /_emulator/images          {"image": …, "architecture": …, "programs": […], "writes": …}: what an image is (images.py)
POST /_emulator/tags            {"region": …, "arn": …, "tags": {…}}: sets tags as CloudFormation does, also `aws:` ones
"""

import json
from typing import Any

from . import faults, images, mishaps
from .account import attachments, published, regions, spends
from .clock import clock

#: Every API call: when, which service and operation, where, and the HTTP status of the answer.
calls: list[dict[str, Any]] = []


def answer(method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    """The status and the JSON answer of one request."""
    what = (method, path.removeprefix("/_emulator/").rstrip("/"))
    if what == ("POST", "advance"):
        clock.advance(float(body["seconds"]))
        clock.settle()
    if what in (("GET", "clock"), ("POST", "advance")):
        return 200, {"now": clock.now(), "date": clock.date().isoformat(), "factor": clock.factor}
    if what == ("GET", "notifications"):
        return 200, published
    if what == ("GET", "calls"):
        return 200, calls
    if what == ("POST", "calls"):
        calls.clear()
        return 200, calls
    if what[1] == "authorizations":
        from .authorizations import authorizations, followed

        followed.update(body.get("by", []))
        return 200, authorizations
    if what == ("GET", "mishaps"):
        return 200, mishaps.mishaps
    if what[1] == "faults":
        if method == "POST":
            faults.add(body)
        elif method == "DELETE":
            faults.faults.clear()
        return 200, faults.faults
    if what[1] == "attachments":
        return 200, _attach(method, body)
    if what == ("POST", "push"):
        from .scaling import push

        return 200, push(body)
    if what == ("POST", "spend"):
        spends[body["budget"]] = body
        return 200, spends
    if what == ("POST", "certificates"):
        from .certificates import set_status

        set_status(body["arn"], body["status"])
        return 200, {}
    if what == ("POST", "images"):
        return 200, images.tell(body)
    if what == ("POST", "tags"):
        return _tag(body)
    return 404, {"error": f"no {method} {path}"}


def _attach(method: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    if method == "POST":
        from .attachments import lay

        lay(body)
    elif method == "DELETE":
        attachments.clear()
    return attachments


def _tag(body: dict[str, Any]) -> tuple[int, Any]:
    from .tagging import change, note_changes

    account_id = body["arn"].split(":")[4] or "123456789012"
    change(regions[(account_id, body["region"])], body["arn"], body["tags"], [])
    note_changes()
    return 200, {}


def encode(value: Any) -> bytes:
    return json.dumps(value, default=str).encode()
