"""The role by which a pipeline has CloudFormation deploy: it may change whatever of this stack has a name."""

import functools
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from choices import ACCOUNT, DEFAULT, REGION
from stack import Stack

#: Each kind that has a name of ours: its service, and the ARN of what has that name.
_NAMED = {
    "AWS::Budgets::Budget": ("budgets", f"arn:aws:budgets::{ACCOUNT}:budget/{{}}"),
    "AWS::CloudWatch::Alarm": ("cloudwatch", f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{{}}"),
    "AWS::CloudWatch::Dashboard": ("cloudwatch", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{{}}"),
    "AWS::ECR::Repository": ("ecr", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{{}}"),
    "AWS::ECS::Cluster": ("ecs", f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{{}}"),
    "AWS::ECS::TaskDefinition": ("ecs", f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{{}}:1"),
    "AWS::Events::Rule": ("events", f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{{}}"),
    "AWS::Lambda::EventInvokeConfig": ("lambda", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}"),
    "AWS::Lambda::Function": ("lambda", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}"),
    "AWS::Lambda::Permission": ("lambda", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}"),
    "AWS::Logs::LogGroup": ("logs", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{{}}"),
    "AWS::SNS::Topic": ("sns", f"arn:aws:sns:{REGION}:{ACCOUNT}:{{}}"),
    "AWS::SQS::Queue": ("sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{}}"),
    "AWS::SSM::Parameter": ("ssm", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{{}}"),
    "AWS::Scheduler::Schedule": ("scheduler", f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{{}}"),
}
#: Kinds whose names are in no ARN that is known before: they are allowed by action.
_BY_ACTION = ("AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::Route53::HostedZone")

#: What AWS's schemas name, and this stack never needs.
_NEVER = {
    "acm-pca:*": "no private authority",
    "acm:UpdateCertificateOptions": "the log of issued certificates is not chosen",
    "billing:GetBillingViewData": "no billing view of one's own",
    "ec2:*VpnGateway": "the gateway is the internet's",
    "ec2:*SubnetCidrBlock": "no IPv6",
    "ec2:CreateVpcEncryptionControl": "not used",
    "ec2:ModifyVpcTenancy": "a VPC's tenancy stays",
    "elasticfilesystem:*": "functions mount nothing",
    "elasticloadbalancing:*Targets": "targets are ECS's",
    "firehose:*": "log groups deliver nowhere",
    "iam:*GroupPolicy": "policies go to roles alone",
    "iam:*UserPolicy": "policies go to roles alone",
    "iam:CreateServiceLinkedRole": "the account's first cluster is a person's: so is the first deployment",
    "iam:*ClientID*OpenIDConnectProvider": "whom the provider trusts is a person's to change",
    "iam:CreateOpenIDConnectProvider": "made by the first deployment, a person's",
    "iam:DeleteOpenIDConnectProvider": "it is retained",
    "iam:UpdateOpenIDConnectProviderThumbprint": "AWS does not look at it any more",
    "iam:*RolePermissionsBoundary": "a wall that a pipeline could lift would be none",
    "kms:*": "no key of one's own",
    "route53:*VPC*HostedZone": "the zone is public",
    "route53:CreateQueryLoggingConfig": "queries are not logged",
    "route53:DeleteQueryLoggingConfig": "queries are not logged",
    "s3files:*": "functions mount nothing",
    "s3tables:*": "the bucket keeps no metadata table",
}


def _every(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@functools.cache
def _statements(**chosen: str) -> list[dict[str, Any]]:
    stack = Stack(DEFAULT | {"GitHubRepository": "example/durable"} | chosen)
    return stack.properties("StackRole")["Policies"][0]["PolicyDocument"]["Statement"]


def _is_allowed(statements: list[dict[str, Any]], service: str, arn: str) -> bool:
    allowing = [one for one in statements if one["Effect"] == "Allow" and any(each.startswith(f"{service}:") for each in _every(one["Action"]))]
    return any(fnmatchcase(arn, pattern) for one in allowing for pattern in _every(one["Resource"]) if pattern != "*")


def _called() -> Iterator[tuple[str, str]]:
    """What CloudFormation calls for each kind that the stack is made of, as AWS's own schemas say."""
    stack = Stack(DEFAULT | {"GitHubRepository": "example/durable"})
    for kind in {each["Type"] for each in stack.resources.values()}:
        handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema["handlers"]
        for phase in ("create", "read", "update", "delete"):
            yield from ((kind, action) for action in handlers.get(phase, {}).get("permissions", []))


def test_whatever_cloudformation_calls_is_allowed() -> None:
    allowed = [each for one in _statements() if one["Effect"] == "Allow" for each in _every(one["Action"])]

    def is_among(patterns: Iterable[str], action: str) -> bool:
        return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)

    missing = {(kind, action) for kind, action in _called() if not is_among(allowed, action)}
    assert {each for each in missing if not is_among(_NEVER, each[1])} == set()
    assert [never for never in _NEVER if not any(is_among([never], action) for _, action in missing)] == []


def test_what_has_a_name_may_be_deployed() -> None:
    stack, statements = Stack(DEFAULT | {"Watching": "alarms-and-dashboard"}), _statements()
    seen, denied = set(), []
    for name, resource in stack.resources.items():
        kind = resource["Type"]
        called = stack.called(name)
        if kind in _BY_ACTION or kind not in _NAMED and called is None:
            continue
        service, arn = _NAMED[kind]
        assert called, f"{name} has no name of ours"
        seen.add(kind)
        if not _is_allowed(statements, service, arn.format(called)):
            denied.append(f"{name}: {arn.format(called)}")
    assert not denied
    assert seen == set(_NAMED)


@pytest.mark.parametrize(
    ("service", "arn"),
    [
        ("cloudwatch", f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:curfew-prod-blocked"),
        ("cloudwatch", f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:pager"),
        ("cloudwatch", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/company"),
        ("lambda", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:curfew-prod-stop"),
        ("ecs", f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/other-dev-cluster"),
        ("sns", f"arn:aws:sns:{REGION}:{ACCOUNT}:pager"),
    ],
)
def test_what_has_another_name_may_not(service: str, arn: str) -> None:
    assert not _is_allowed(_statements(), service, arn)


def test_no_role_exceeds_the_boundary() -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/developers"
    chosen = {"GitHubRepository": "example/durable", "PermissionsBoundaryArn": boundary}
    for name, role in Stack(DEFAULT | chosen).of_type("AWS::IAM::Role").items():
        assert role["PermissionsBoundary"] == boundary, name
    for name, role in Stack(DEFAULT).of_type("AWS::IAM::Role").items():
        assert "PermissionsBoundary" not in role, name

    def denied(**chosen: str) -> dict[str, dict[str, Any]]:
        return {one["Sid"]: one for one in _statements(**chosen) if one["Effect"] == "Deny"}

    (sid,) = denied(**chosen).keys() - denied().keys()
    one = denied(**chosen)[sid]
    assert one["Condition"] == {"StringNotEquals": {"iam:PermissionsBoundary": boundary}}
    # Whatever gives a role rights.
    assert set(one["Action"]) == {"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy"}
    assert one["Resource"] == f"arn:aws:iam::{ACCOUNT}:role/curfew-dev-*"
