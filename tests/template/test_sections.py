"""Each section holds what CloudFormation documents for that section, and nothing that it knows in another."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import regex
import sections
from choices import DEFAULT
from stack import TEMPLATE, Stack, parsed

_TEMPLATE = Stack(DEFAULT).template


def _functions(value: Any) -> Iterator[tuple[str, Any]]:
    """Every function in a value with its argument, also those inside an argument."""
    if isinstance(value, dict):
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in ("Ref", "Condition") and isinstance(argument, str) or name.startswith("Fn::"):
                yield name, argument
        for inner in value.values():
            yield from _functions(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _functions(inner)


def _kind(name: str) -> str:
    if name.startswith("AWS::"):
        return "pseudo"
    return "parameter" if name in _TEMPLATE["Parameters"] else "resource"


def _misplaced(section: str, value: Any) -> list[str]:
    """What is not known in that section."""
    known, wrong = sections.SECTIONS[section], []
    for name, argument in _functions(value):
        if name not in known.functions:
            wrong.append(f"{section} do not know {name}: {known.source}")
        elif name == "Ref" and _kind(argument) not in known.refers_to:
            wrong.append(f"{section} do not know the {_kind(argument)} {argument}: {known.source}")
    return wrong


def test_every_function_is_known_where_it_stands() -> None:
    wrong = _misplaced("Metadata", _TEMPLATE.get("Metadata", {}))
    for section in ("Parameters", "Rules", "Conditions", "Outputs"):
        for name, each in _TEMPLATE[section].items():
            wrong += [f"{name}: {one}" for one in _misplaced(section, each)]
    for name, each in _TEMPLATE["Resources"].items():
        wrong += [f"{name}: {one}" for one in _misplaced("Properties", each.get("Properties", {}))]
        wrong += [f"{name}: {one}" for one in _misplaced("Metadata of a resource", each.get("Metadata", {}))]
    assert wrong == []


def test_a_misplaced_function_is_seen() -> None:
    assert _misplaced("Rules", {"Assert": {"Fn::Equals": [{"Fn::Join": ["", {"Ref": "RecordNames"}]}, ""]}}) != []
    assert _misplaced("Rules", {"Fn::Equals": [{"Ref": "AWS::Region"}, ""]}) != []
    assert _misplaced("Conditions", {"Fn::Equals": [{"Fn::Sub": "${Product}"}, ""]}) != []
    assert _misplaced("Conditions", {"Fn::Equals": [{"Ref": "StateBucket"}, ""]}) != []
    assert _misplaced("Parameters", {"Default": {"Ref": "AWS::Region"}}) != []
    assert _misplaced("Outputs", {"Value": {"Fn::And": []}}) != []


def test_the_top_holds_sections_only() -> None:
    assert set(_TEMPLATE) <= sections.TOP
    assert set(parsed()) <= sections.TOP | {"Globals"}, "Globals are SAM's"
    assert isinstance(_TEMPLATE["Description"], str) and len(_TEMPLATE["Description"]) <= sections.DESCRIPTION_OF_TEMPLATE
    for section, limit in sections.LIMITS.items():
        assert len(_TEMPLATE.get(section, {})) <= limit, section
    assert TEMPLATE.stat().st_size < sections.BODY_IN_S3
    assert len(json.dumps(_TEMPLATE)) < sections.BODY_IN_S3


@pytest.mark.parametrize("name", _TEMPLATE["Parameters"])
def test_a_parameter_has_what_its_type_may_have(name: str) -> None:
    each = _TEMPLATE["Parameters"][name]
    for key in each:
        assert each["Type"] in sections.OF_PARAMETER[key], key
    assert len(each["Description"]) <= sections.DESCRIPTION_OF_PARAMETER
    assert regex.fullmatch("[A-Za-z0-9]{1,255}", name)
    if "Default" not in each:
        return
    default = str(each["Default"])
    assert isinstance(each["Default"], str | int), "YAML's yes and no are no texts"
    assert default in map(str, each.get("AllowedValues", [default]))
    # "When applied on a parameter of type CommaDelimitedList, the pattern must match each value in the list."
    values = default.split(",") if each["Type"] == "CommaDelimitedList" else [default]
    assert all(regex.fullmatch(each.get("AllowedPattern", "(?s).*"), value) for value in values)
    assert each.get("MinLength", 0) <= len(default) <= each.get("MaxLength", 4096)


def test_a_rule_is_a_condition_and_assertions() -> None:
    for name, rule in _TEMPLATE["Rules"].items():
        assert set(rule) <= sections.OF_RULE and rule["Assertions"], name
        for assertion in rule["Assertions"]:
            assert set(assertion) == sections.OF_ASSERTION, name
            assert isinstance(assertion["AssertDescription"], str), name
            assert [function for function, _ in _functions(assertion["Assert"])], name


def test_a_condition_names_conditions_that_are_there() -> None:
    for name, condition in _TEMPLATE["Conditions"].items():
        (function,) = condition
        assert function in ("Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"), name
        for used, argument in _functions(condition):
            if used == "Condition":
                assert argument in _TEMPLATE["Conditions"], name
            if used in ("Fn::And", "Fn::Or"):
                assert 2 <= len(argument) <= 10, name


def test_an_output_has_what_outputs_may_have() -> None:
    for name, output in _TEMPLATE["Outputs"].items():
        assert set(output) <= sections.OF_OUTPUT, name
        assert isinstance(output["Description"], str) and len(output["Description"]) <= 1024, name
        assert output.get("Condition") in (None, *_TEMPLATE["Conditions"]), name


def test_attributes_stand_beside_properties_and_are_literal() -> None:
    for name, resource in _TEMPLATE["Resources"].items():
        assert set(resource) <= sections.OF_RESOURCE, name
        assert not set(resource.get("Properties", {})) & (sections.OF_RESOURCE - {"Metadata", "Type"}), f"{name}: an attribute among its properties"
        assert resource.get("DeletionPolicy", "Delete") in sections.DELETION, name
        assert resource.get("UpdateReplacePolicy", "Delete") in sections.REPLACEMENT, name
        assert resource.get("Condition") in (None, *_TEMPLATE["Conditions"]), name
        depends = resource.get("DependsOn", [])
        for other in [depends] if isinstance(depends, str) else depends:
            assert other in _TEMPLATE["Resources"], name
