"""Every action × resource × condition key of every policy, against the Service Authorization Reference."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import reference
from choices import ALL, APPLICATION, NAMED
from conftest import stack_of
from stack import Stack

#: Global keys that are there for every request: IAM's user guide, "AWS global condition context keys".
_EVERYWHERE = {"aws:requestedregion"}
#: Where AWS's data knows less than AWS's documentation: the action, the beginning of what it is done to, and why it is right.
_NOT_IN_THE_DATA = {
    ("elasticloadbalancing:AddTags", "listener/app/"): "the data has the older half of the service; the newer tags listeners by it too",
    ("elasticloadbalancing:AddTags", "listener-rule/app/"): "and rules",
    ("cloudformation:CreateChangeSet", "transform/"): "CloudFormation's user guide, transforms: the role needs it on the transform",
}

_Statement = tuple[str, dict[str, Any]]


def _every(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _statements(stack: Stack) -> Iterator[_Statement]:
    """Those of all roles' policies, of whoever has them, each with its name."""
    documents = {name: each["PolicyDocument"] for name, each in stack.of_type("AWS::IAM::ManagedPolicy").items()}
    for name, role in stack.of_type("AWS::IAM::Role").items():
        documents |= {f"{name}/{each['PolicyName']}": each["PolicyDocument"] for each in role.get("Policies", [])}
    for name, document in documents.items():
        for number, statement in enumerate(document["Statement"]):
            yield f"{name}/{statement.get('Sid', number)}", statement


def _keys(statement: dict[str, Any]) -> set[str]:
    return {key.lower() for keys in statement.get("Condition", {}).values() for key in keys}


def _is_known(key: str, known: set[str]) -> bool:
    general = re.sub(r"/.*", "/${tagkey}", key)
    return key in _EVERYWHERE | known or general in known or any(key.startswith(each.split("${")[0]) for each in known if "${" in each)


def _problems(name: str, statement: dict[str, Any]) -> Iterator[str]:
    resources = [arn for each in _every(statement["Resource"]) for arn in each.split(",")]
    named = set()
    for pattern in _every(statement["Action"]):
        actions = reference.actions(pattern)
        if not actions:
            yield f"{name}: there is no action {pattern}"
        known = {beginning for action, beginning in _NOT_IN_THE_DATA if action == pattern}
        named |= {arn for arn in resources if arn.count(":") >= 5 and arn.split(":", 5)[5].startswith(tuple(known))}
        possible = {arn for action in actions for arn in resources for kind in reference.resource_types(action) if arn == "*" or reference.names_a(arn, kind)}
        named |= possible
        without = all(not reference.resource_types(action) for action in actions)
        if "*" not in resources and (without or not possible | named):
            yield f"{name}: {pattern} is done to none of {resources}"
        if "*" in pattern:
            continue
        for key in _keys(statement):
            if not all(_is_known(key, reference.condition_keys(action)) for action in actions):
                yield f"{name}: {pattern} knows no key {key}"
    for arn in set(resources) - named - {"*"}:
        yield f"{name}: nothing in it is done to {arn}"


@pytest.mark.parametrize("name", ALL)
def test_the_reference_knows_every_permission(name: str) -> None:
    assert [problem for one in _statements(stack_of(name)) for problem in _problems(*one)] == []


def test_it_does_with_everything_that_is_named() -> None:
    adopted = "arn:aws:ec2:us-west-2:123456789012:natgateway/nat-0a000000000000001"
    more = {"AdoptedArns": adopted, "PassableRoleArns": NAMED["TaskRoleArn"], "VolumeKeyArns": "arn:aws:kms:us-west-2:123456789012:key/0a"}
    stack = Stack(APPLICATION | more | {"Tracing": "Active", "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/developers"})
    problems = [problem for one in _statements(stack) for problem in _problems(*one)]
    # Of what is adopted, each statement takes what it knows.
    assert [each for each in problems if "Adopted" not in each] == []


def test_no_exception_is_left_over() -> None:
    used = [(action, arn) for _, one in _statements(stack_of("application")) for action in _every(one["Action"]) for arn in _every(one["Resource"])]
    for action, beginning in _NOT_IN_THE_DATA:
        assert any(one == action and f":{beginning}" in arn for one, arn in used), (action, beginning)
        kinds = reference.resource_types(action)
        assert not any(reference.names_a(f"arn:aws:{action.split(':')[0]}:us-west-2:123456789012:{beginning}*", kind) for kind in kinds), "it is in the data now"


@pytest.mark.parametrize(
    ("action", "resource", "condition"),
    [
        ("ec2:DestroyNatGateway", "*", {}),
        ("ecr:GetAuthorizationToken", "arn:aws:ecr:us-west-2:123456789012:repository/a", {}),
        ("ec2:DeleteNatGateway", "arn:aws:ec2:us-west-2:123456789012:subnet/subnet-1", {}),
        ("ecs:ListTasks", "*", {"ArnEquals": {"ecs:klaster": "a"}}),
        ("ecs:DescribeTaskDefinition", "*", {"StringEquals": {"aws:ResourceTag/Environment": "dev"}}),
    ],
)
def test_what_the_reference_does_not_know_is_seen(action: str, resource: str, condition: dict[str, Any]) -> None:
    assert list(_problems("one", {"Action": action, "Resource": resource, "Condition": condition})) != []
