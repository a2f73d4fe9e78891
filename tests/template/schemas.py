"""What CloudFormation's own schemas and SAM's translator say of the template, once every function in it is resolved.

cfn-lint carries the registry's schemas: types, patterns, enums, what is required, what only AWS sets. Over the template as it is
written it can judge little, because most values are functions; over the resolved one it judges every value.
"""

import json
from typing import Any

from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from choices import REGION
from stack import Stack


def resolved(stack: Stack) -> dict[str, Any]:
    """The stack as a template without parameters, conditions and functions."""
    kept = ("Type", "DeletionPolicy", "UpdateReplacePolicy")
    resources = {
        name: {key: each[key] for key in kept if key in each} | {"Properties": stack.properties(name)} for name, each in stack.resources.items()
    }
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def findings(template: dict[str, Any]) -> list[str]:
    """Errors and warnings, but for those about how a template is written: with all resolved, zones, ARNs and ids stand in it."""
    found = lint(json.dumps(template), config=ManualArgs(regions=[REGION], ignore_checks=["I", "W3010"]))
    return [f"{each.rule.id} {'/'.join(map(str, each.path or []))}: {each.message}" for each in found]


def of(kind: str) -> dict[str, Any]:
    """A type's schema in the registry."""
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema


def listed(kind: str, which: str) -> list[list[str]]:
    """The paths in one of a schema's lists, such as `createOnlyProperties`."""
    return [pointer.split("/")[2:] for pointer in of(kind).get(which, [])]


def at(properties: Any, path: list[str]) -> Any:
    """What stands at a path of properties; nothing if there is nothing. An asterisk means all members of a list."""
    for number, step in enumerate(path):
        if step == "*" and isinstance(properties, list):
            return [found for each in properties if (found := at(each, path[number + 1 :])) is not None] or None
        properties = properties.get(step) if isinstance(properties, dict) else None
    return properties
