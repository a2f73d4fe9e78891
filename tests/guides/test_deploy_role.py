"""The roles that GitHub Actions and CloudFormation deploy the stack as: who may become them, and what they may not do.

Over the template's text, with intrinsic functions as they are written; the workflow's side is in test_workflows.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from conftest import ROOT


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as `{"!Sub": …}`."""


def _short(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {f"!{suffix}": loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {f"!{suffix}": loader.construct_sequence(node, deep=True)}
    return {f"!{suffix}": loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _short)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return yaml.load((ROOT / "template.yaml").read_text(), Loader)


def statements(template: dict[str, Any], role: str) -> Iterator[dict[str, Any]]:
    for policy in template["Resources"][role]["Properties"]["Policies"]:
        for one in policy["PolicyDocument"]["Statement"]:
            yield one["!If"][1] if "!If" in one else one


def every(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_nothing_of_it_is_made_unless_a_repository_is_named(template) -> None:
    assert template["Parameters"]["GitHubRepository"]["Default"] == ""
    assert template["Conditions"]["IsDeployedByGitHub"] == {"!Not": [{"!Equals": [{"!Ref": "GitHubRepository"}, ""]}]}
    assert template["Resources"]["DeployRole"]["Condition"] == template["Resources"]["StackRole"]["Condition"] == "IsDeployedByGitHub"
    assert template["Resources"]["OidcProvider"]["Condition"] == "MakesOidcProvider"


def test_only_that_repositorys_environment_becomes_it(template) -> None:
    (trust,) = template["Resources"]["DeployRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    # No wildcard, and both claims: an audience alone would let any repository in.
    assert trust["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": {"!Sub": "repo:${GitHubRepository}:environment:${Environment}"},
        }
    }


def test_the_workflow_may_do_what_sam_deploy_does_and_no_more(template) -> None:
    allowed = {action for one in statements(template, "DeployRole") for action in every(one["Action"])}
    assert allowed == {
        "cloudformation:CreateChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStacks",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:GetTemplateSummary",
        "iam:PassRole",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }


@pytest.mark.parametrize("role", ["DeployRole", "StackRole"])
def test_roles_are_passed_to_named_services_only(template, role) -> None:
    passing = [one for one in statements(template, role) if "iam:PassRole" in every(one["Action"])]
    assert len(passing) == 1
    assert "iam:PassedToService" in passing[0]["Condition"]["StringEquals"]
    assert "*" not in every(passing[0]["Resource"])


@pytest.mark.parametrize("role", ["DeployRole", "StackRole"])
def test_what_changes_anything_anywhere_says_why_it_must(template, role) -> None:
    broad = {one["Sid"] for one in statements(template, role) if "*" in every(one["Resource"])}
    assert broad <= {"SumsUpATemplate", "WhatHasNoName", "TheBaseTierItMakes", "ItsTaskDefinitions"}
    for one in statements(template, role):
        assert not {"*", "iam:*"} & set(every(one["Action"]))
        if one["Sid"] == "TheBaseTierItMakes":
            assert "aws:RequestedRegion" in one["Condition"]["StringEquals"]


def test_a_pipeline_cannot_widen_its_own_rights(template) -> None:
    (denied,) = [one for one in statements(template, "StackRole") if one["Sid"] == "NotItsOwnRights"]
    assert denied["Effect"] == "Deny"
    assert {"iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"} <= set(denied["Action"])
    assert [each["!Sub"].rsplit("/", 1)[1] for each in denied["Resource"]] == ["${AWS::StackName}-DeployRole-*", "${AWS::StackName}-StackRole-*"]
    allowed = [one for one in statements(template, "StackRole") if one["Effect"] == "Allow"]
    assert not any("iam:PutRolePermissionsBoundary" in every(one["Action"]) for one in allowed)
    # Other roles get the stack's own policies and no others, such as AdministratorAccess.
    (attach,) = [one for one in allowed if "iam:AttachRolePolicy" in every(one["Action"])]
    assert attach["Condition"]["ArnLike"]["iam:PolicyARN"]["!Sub"].endswith(":policy/${AWS::StackName}-*")
