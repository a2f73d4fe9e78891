"""Tags of ECS services and tasks; those of clusters and task definitions stay with moto, but no key is reserved there.

facts §7: "no `aws:` prefix". Moto's own operations do not see the strict services.
"""

from typing import Any

from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend

from .account import Region, region
from .ec2_filters import refuse_reserved
from .operations import Call, Refusal, operation


def _owner(where: Region, arn: str) -> Any:
    """What keeps the tags of this ARN as `tags`, a list of key and value."""
    if ":service/" in arn or ":task/" in arn:
        found = where.services.get(arn) or where.tasks.get(arn)
        if found is None:
            raise Refusal("InvalidParameterException", "The specified resource was not found.")
        return found
    return where.ecs._get_resource(arn, where.ecs._parse_resource_arn(arn))


def change_tags(where: Region, arn: str, added: dict[str, str], removed: list[str]) -> None:
    owner = _owner(where, arn)
    kept = {each["key"]: each["value"] for each in owner.tags or [] if each["key"] not in removed}
    owner.tags = [{"key": key, "value": value} for key, value in (kept | added).items()]


def _without_reserved(moto_registers: Any) -> Any:
    def register(self: Any, *arguments: Any, **settings: Any) -> Any:
        tags = settings.get("tags") or []
        if any(each["key"].lower().startswith("aws:") for each in tags):
            raise InvalidParameterException("aws: prefixed tag key names are not allowed for external use.")
        return moto_registers(self, *arguments, **settings)

    return register


EC2ContainerServiceBackend.register_task_definition = _without_reserved(EC2ContainerServiceBackend.register_task_definition)


@operation("ecs", "TagResource")
def tag_resource(call: Call) -> dict[str, Any]:
    added = {each["key"]: each.get("value", "") for each in call["tags"] or []}
    refuse_reserved(added, "InvalidParameterException")
    change_tags(region(call), call["resourceArn"], added, [])
    return {}


@operation("ecs", "UntagResource")
def untag_resource(call: Call) -> dict[str, Any]:
    change_tags(region(call), call["resourceArn"], {}, call["tagKeys"] or [])
    return {}


@operation("ecs", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> dict[str, Any]:
    return {"tags": _owner(region(call), call["resourceArn"]).tags or []}
