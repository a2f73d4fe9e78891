"""What people are asked: in groups, with a default for everything but two, and the file that answers the rest."""

import tomllib
from pathlib import Path

import pytest
from choices import TWO
from samcli.commands.deploy.deploy_context import DeployContext
from stack import TEMPLATE, Stack, parsed

_INTERFACE = parsed()["Metadata"]["AWS::CloudFormation::Interface"]
_CONFIGURATION = tomllib.loads((Path(TEMPLATE).parent / "samconfig.toml").read_text())


def test_two_answers_are_enough() -> None:
    assert {name for name, each in parsed()["Parameters"].items() if "Default" not in each} == set(TWO)
    stack = Stack(TWO)
    assert stack.refused() == []
    for name in stack.resources:
        stack.properties(name)


def test_sam_keeps_what_is_not_named() -> None:
    """By SAM's own code: a later deployment sends the answers that the command names, and for all others that they stay."""
    sent = {each["ParameterKey"]: each for each in DeployContext.merge_parameters(parsed(), {"Active": "yes"})}
    assert set(sent) == set(parsed()["Parameters"])
    assert sent.pop("Active")["ParameterValue"] == "yes"
    assert all(each.get("UsePreviousValue") and "ParameterValue" not in each for each in sent.values())


def test_nothing_happens_by_itself_before_somebody_has_seen_it_work() -> None:
    stack = Stack(TWO)
    begins = [*stack.of_type("AWS::Events::Rule").values(), *stack.of_type("AWS::Scheduler::Schedule").values()]
    assert {each["State"] for each in begins} == {"DISABLED"} and len(begins) == 3


def test_every_question_has_a_group_and_a_label() -> None:
    asked = list(parsed()["Parameters"])
    grouped = [name for group in _INTERFACE["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(asked), "each once"
    assert set(_INTERFACE["ParameterLabels"]) == set(asked)
    labels = [each["default"] for each in _INTERFACE["ParameterLabels"].values()]
    assert all(labels) and len({group["Label"]["default"] for group in _INTERFACE["ParameterGroups"]}) == len(_INTERFACE["ParameterGroups"])


def test_the_answers_that_are_needed_come_first() -> None:
    first = _INTERFACE["ParameterGroups"][0]["Parameters"]
    assert set(TWO) < set(first) and len(first) <= 4


@pytest.mark.parametrize("name", ["default", "dev", "staging", "prod", "adopt"])
def test_each_environment_is_a_stack_of_its_own(name: str) -> None:
    section = _CONFIGURATION[name]
    stacks = {"default": "curfew-dev", "adopt": "curfew-dev"}
    assert section["global"]["parameters"]["stack_name"] == stacks.get(name, f"curfew-{name}")
    deploy = dict(section["deploy"]["parameters"])
    # Whatever stood here would be put over what was answered with every deployment.
    assert deploy.pop("parameter_overrides", None) == ("BaseTier=existing" if name == "adopt" else None)
    assert deploy == {"capabilities": "CAPABILITY_IAM", "resolve_s3": True, "confirm_changeset": True}
    assert section["validate"]["parameters"]["lint"] is True
    assert section["build"]["parameters"]["parallel"] is False
