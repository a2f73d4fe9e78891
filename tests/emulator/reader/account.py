"""Reading with boto3: clients, every page of every list, tags in three drawers."""

from typing import Any

import boto3
from botocore.config import Config

#: What changes by itself, or is new after each morning by AWS's own rules (facts §2: "New ARN, new DNS name").
VOLATILE = {"CreateTime", "CreatedTime", "DeleteTime", "createdAt", "updatedAt", "events", "deployments", "taskSets", "ResponseMetadata"}


class Account:
    def __init__(self, endpoint: str, region: str) -> None:
        self.endpoint = endpoint
        self.region = region
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                region_name=self.region,
                endpoint_url=self.endpoint,
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(retries={"mode": "standard"}, s3={"addressing_style": "path"}),
            )
        return self._clients[service]

    def all(self, service: str, operation: str, key: str, **parameters: Any) -> list[Any]:
        """Every element of `key` on every page of a list."""
        client = self.client(service)
        if not client.can_paginate(operation):
            return list(getattr(client, operation)(**parameters).get(key, []))
        return [each for page in client.get_paginator(operation).paginate(**parameters) for each in page.get(key, [])]

    def balancing_tags(self, arns: list[str]) -> dict[str, dict[str, Any]]:
        """Tags of load balancers, listeners, rules and target groups; twenty at a time (facts §2)."""
        found = {}
        for start in range(0, len(arns), 20):
            answer = self.client("elbv2").describe_tags(ResourceArns=arns[start : start + 20])
            found |= {each["ResourceArn"]: tags(each["Tags"]) for each in answer["TagDescriptions"]}
        return found


def tags(given: list[dict[str, str]] | dict[str, str] | None) -> dict[str, dict[str, str]]:
    """The owner's tags, Curfew's, and AWS's: only the first must come back unchanged."""
    if isinstance(given, dict):
        pairs = given
    else:
        pairs = {each.get("Key", each.get("key", "")): each.get("Value", each.get("value", "")) for each in given or []}
    drawers: dict[str, dict[str, str]] = {"ownTags": {}, "curfewTags": {}, "awsTags": {}}
    for key, value in sorted(pairs.items()):
        drawer = "curfewTags" if key.startswith("curfew:") else "awsTags" if key.startswith("aws:") else "ownTags"
        drawers[drawer][key] = value
    return drawers


def without(value: Any, *names: str) -> Any:
    """A description without the named keys, at any depth."""
    if isinstance(value, dict):
        return {key: without(inner, *names) for key, inner in sorted(value.items()) if key not in names}
    if isinstance(value, list):
        return [without(each, *names) for each in value]
    return value


def attributes(pairs: list[dict[str, str]]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in sorted(pairs, key=lambda each: each["Key"])}
