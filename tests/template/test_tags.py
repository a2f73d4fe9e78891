"""Everything that AWS can tag is tagged; AWS's own schemas say what that is."""

from typing import Any

import yaml
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from choices import REGION
from stack import Stack

_EVERYWHERE = {"ProductDomain": "durableai", "Environment": "dev", "ManagedBy": "cloudformation"}

#: Of the base tier, what Curfew changes, and so has to prove to be its environment's.
_CHANGED = {"Cluster", "PrivateRouteTableA", "PrivateRouteTableB"}


def _tags(kind: str, properties: dict[str, Any]) -> dict[str, str] | None:
    """A resource's tags, or none if AWS cannot tag its kind."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    tagging = schema.get("tagging", {})
    if not tagging.get("taggable", schema.get("taggable", "Tags" in schema["properties"])):
        return None
    tags = properties.get(tagging.get("tagProperty", "/properties/Tags").rsplit("/", 1)[1], {})
    return tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


def test_everything_is_tagged(stack: Stack) -> None:
    for name, resource in stack.resources.items():
        tags = _tags(resource["Type"], stack.properties(name))
        if tags is None:
            continue
        assert _EVERYWHERE.items() <= tags.items(), f"{name}: {tags}"
        assert tags.get("Component") and tags.get("Purpose"), f"{name}: {tags}"
        own = name in _CHANGED or tags["Component"] in ("curfew", "budget")
        assert tags.get("curfew:environment") == ("dev" if own else None), f"{name}: {tags}"


def test_what_comes_and_goes_is_tagged_alike(stack: Stack) -> None:
    if "Blueprint" in stack.resources:
        tags = yaml.safe_load(stack.properties("Blueprint")["Value"])["tags"]
        assert tags | _EVERYWHERE == tags | {"ManagedBy": "cloudformation"}
        assert tags["ManagedBy"] == "curfew" and tags["Component"] and tags["Purpose"]
