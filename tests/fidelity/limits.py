"""AWS's own limits for what a blueprint can say, packed from the API models that botocore ships.

`UPDATE_EXPECT=1 tests/fidelity/check` writes `shared/src/limits/aws.json`; without it, the test compares. Nothing in that file is
typed by hand: lengths, ranges, patterns and values are those of the models' shapes, attributes and their values those that
the models' documentation of `Key` lists.
"""

import json
import re
from pathlib import Path
from typing import Any

import botocore

import model

PACKED = Path(__file__).resolve().parents[2] / "shared" / "src" / "limits" / "aws.json"
#: The version whose models are packed, and the date of its release; the test fails on another version until both are set anew.
VERSION, RELEASED = "1.44.5", "2026-11-17"

#: Which member of which request limits what a blueprint says.
FIELDS = (
    "elbv2:CreateListener.Port",
    "elbv2:CreateRule.Priority",
    "elbv2:ModifyLoadBalancerAttributes.Attributes[].Value",
    "elbv2:CreateListener.MutualAuthentication.AdvertiseTrustStoreCaNames",
    "elbv2:CreateRule.Actions[].RedirectConfig.Protocol",
    "elbv2:CreateRule.Actions[].RedirectConfig.Host",
    "elbv2:CreateRule.Actions[].RedirectConfig.Path",
    "elbv2:CreateRule.Actions[].RedirectConfig.Query",
    "elbv2:CreateRule.Actions[].RedirectConfig.StatusCode",
    "elbv2:CreateRule.Actions[].FixedResponseConfig.MessageBody",
    "elbv2:CreateRule.Actions[].FixedResponseConfig.StatusCode",
    "elbv2:CreateRule.Actions[].FixedResponseConfig.ContentType",
    "elbv2:CreateRule.Actions[].AuthenticateCognitoConfig.OnUnauthenticatedRequest",
    "elbv2:CreateRule.Actions[].JwtValidationConfig.AdditionalClaims[].Format",
    "elbv2:AddTags.Tags[].Key",
    "elbv2:AddTags.Tags[].Value",
    "ecs:CreateService.tags",
    "ecs:CreateService.capacityProviderStrategy[].weight",
    "ecs:CreateService.capacityProviderStrategy[].base",
    "ecs:CreateService.propagateTags",
    "ecs:CreateService.availabilityZoneRebalancing",
    "route53:ChangeResourceRecordSets.HostedZoneId",
    "route53:ChangeResourceRecordSets.ChangeBatch.Changes[].ResourceRecordSet.Name",
    "route53:ChangeResourceRecordSets.ChangeBatch.Changes[].ResourceRecordSet.AliasTarget.DNSName",
    "wafv2:AssociateWebACL.WebACLArn",
)
#: The lists of attributes, and how the documentation introduces those that an application load balancer has.
ATTRIBUTES = {
    "loadBalancer": ("LoadBalancerAttribute", ("supported by all load balancers", "Application Load Balancers")),
    "listener": ("ListenerAttribute", ("only supported by Application Load Balancers",)),
}
_SECTION = re.compile(r"<p>(The following attributes? [^<]*)</p>\s*<ul>(.*?)</ul>(?=\s*(?:<p>The following|$))", re.DOTALL)
_ATTRIBUTE = re.compile(r"<li>\s*<p>\s*<code>([a-z0-9_.]+)</code>\s*[-–](.*?)(?=<li>\s*<p>\s*<code>[a-z0-9_.]+</code>\s*[-–]|$)", re.DOTALL)
_RANGE = re.compile(r"valid range is (\d+)(?:-| to )(\d+)")
_VALUES = re.compile(r"(?:possible values are|The value is) ((?:<code>\w+</code>(?:, and |, or |, | and | or )?)+)")


def packed() -> dict[str, Any]:
    """What the file says."""
    return {
        "source": {"package": "botocore", "version": VERSION, "released": RELEASED},
        "fields": {field: limit(field) for field in FIELDS},
        "attributes": {kind: attributes(shape, sections) for kind, (shape, sections) in ATTRIBUTES.items()},
    }


def text() -> str:
    return json.dumps(packed(), indent=1) + "\n"


def limit(field: str) -> dict[str, Any]:
    """What the model says of one member of a request."""
    service, rest = field.split(":")
    operation, *path = rest.split(".")
    shape = model.service(service).operation_model(operation).input_shape
    for step in path:
        shape = shape.members[step.removesuffix("[]")]
        if step.endswith("[]"):
            shape = shape.member
    known = {key: shape.metadata[key] for key in ("min", "max", "pattern", "enum") if key in shape.metadata}
    assert known, f"the model limits nothing of {field}"
    return {"type": shape.type_name} | known


def attributes(shape: str, sections: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The attributes that the documentation of a shape lists, with the values that it says they have."""
    documentation = model.service("elbv2").shape_for(shape).members["Key"].documentation
    found = {}
    for introduction, items in _SECTION.findall(documentation):
        if any(section in introduction for section in sections):
            found |= {name: values(name, about) for name, about in _ATTRIBUTE.findall(items)}
    return found


def values(name: str, about: str) -> dict[str, Any]:
    if (found := _RANGE.search(about)) is not None:
        return {"range": [int(found[1]), int(found[2])]}
    if name.endswith(".enabled") or {"<code>true</code>", "<code>false</code>"} <= set(re.findall(r"<code>\w+</code>", about)):
        return {"values": ["true", "false"]}
    if (found := _VALUES.search(about)) is not None:
        return {"values": re.findall(r"<code>(\w+)</code>", found[1])}
    return {}


def is_of_this_version() -> bool:
    return botocore.__version__ == VERSION
