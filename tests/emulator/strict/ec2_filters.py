"""EC2's filters: names with values, any value matches, `*` and `?` are wildcards, every filter must match."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from .operations import Call, Refusal


def matching(
    call: Call, items: list[Any], value_of: Callable[[Any, str], str | None], tags_of: Callable[[Any], dict[str, str]], names: set[str]
) -> list[Any]:
    """The `items` that pass the filters of `call`; `names` are the filters that exist besides tags."""
    filters = {each["Name"]: each.get("Values", []) for each in call["Filters"] or call["Filter"] or []}
    for name in filters:
        if name not in names and name != "tag-key" and not name.startswith("tag:"):
            raise Refusal("InvalidParameterValue", f"The filter '{name}' is invalid")

    def passes(item: Any) -> bool:
        for name, patterns in filters.items():
            if name == "tag-key":
                found = list(tags_of(item))
            elif name.startswith("tag:"):
                found = [value for key, value in tags_of(item).items() if key == name[4:]]
            else:
                found = [value_of(item, name) or ""]
            if not any(fnmatchcase(value, pattern) for value in found for pattern in patterns):
                return False
        return True

    return [item for item in items if passes(item)]


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def created_tags(call: Call, resource_type: str) -> dict[str, str]:
    """The tags that a creating call gives to what it creates."""
    tags = {}
    for specification in call["TagSpecifications"] or call["TagSpecification"] or []:
        if specification.get("ResourceType") != resource_type:
            raise Refusal(
                "InvalidParameterValue", f"'{specification.get('ResourceType')}' is not a valid taggable resource type for this operation."
            )
        tags.update({tag["Key"]: tag.get("Value", "") for tag in specification.get("Tags", [])})
    refuse_reserved(tags, "InvalidParameterValue")
    return tags


def refuse_reserved(keys: Any, code: str) -> None:
    """facts §7: "no `aws:` prefix" in the tags that a caller sets."""
    for key in keys:
        if key.lower().startswith("aws:"):
            raise Refusal(code, f"Tag keys starting with 'aws:' are reserved for internal use: {key}")
