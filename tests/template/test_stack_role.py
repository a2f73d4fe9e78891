"""The role by which a pipeline has CloudFormation deploy: it may change whatever of this stack has a name."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
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
_NAMES = ("Name", "AlarmName", "ClusterName", "DashboardName", "Family", "FunctionName", "LogGroupName", "QueueName", "RepositoryName", "TopicName")
#: Kinds whose names are in no ARN that is known before: they are allowed by action.
_BY_ACTION = ("AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::Route53::HostedZone")


def _name(kind: str, properties: dict[str, Any]) -> str | None:
    if kind == "AWS::Budgets::Budget":
        return properties["Budget"]["BudgetName"]
    return next((properties[key] for key in _NAMES if key in properties), None)


def _statements(**chosen: str) -> list[dict[str, Any]]:
    stack = Stack(DEFAULT | {"GitHubRepository": "example/durable"} | chosen)
    return stack.properties("StackRole")["Policies"][0]["PolicyDocument"]["Statement"]


def _is_allowed(statements: list[dict[str, Any]], service: str, arn: str) -> bool:
    def every(value: Any) -> list[str]:
        return value if isinstance(value, list) else [value]

    allowing = [one for one in statements if one["Effect"] == "Allow" and any(each.startswith(f"{service}:") for each in every(one["Action"]))]
    return any(fnmatchcase(arn, pattern) for one in allowing for pattern in every(one["Resource"]) if pattern != "*")


def test_what_has_a_name_may_be_deployed() -> None:
    stack, statements = Stack(DEFAULT | {"Watching": "alarms-and-dashboard"}), _statements()
    seen, denied = set(), []
    for name, resource in stack.resources.items():
        kind = resource["Type"]
        called = _name(kind, stack.properties(name))
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
