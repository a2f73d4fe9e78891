"""Every property of every resource, for each set of answers, against CloudFormation's registry: by schemas that are AWS's own."""

import pytest
from choices import ALL, APPLICATION, DEFAULT, NAMED
from conftest import stack_of
from schemas import at, findings, listed, of, resolved
from stack import Stack


@pytest.mark.parametrize("name", ALL)
def test_the_registry_takes_every_property(name: str) -> None:
    assert findings(resolved(stack_of(name))) == []


def test_a_property_that_the_registry_refuses_is_seen() -> None:
    template = resolved(stack_of("default"))
    template["Resources"]["FrontendTargets"]["Properties"]["Port"] = "http"
    template["Resources"]["StateBucket"]["Properties"]["BucketName"] = "Capital_Letters"
    del template["Resources"]["Tick"]["Properties"]["Targets"][0]["Id"]
    complained = " ".join(findings(template))
    for name in ("FrontendTargets", "StateBucket", "Tick"):
        assert f"Resources/{name}/" in complained, complained


def test_nothing_is_set_that_only_aws_sets(stack: Stack) -> None:
    for name, resource in stack.resources.items():
        settable = listed(resource["Type"], "createOnlyProperties")
        properties = stack.properties(name)
        readable = [path for path in listed(resource["Type"], "readOnlyProperties") if path not in settable]
        assert [path for path in readable if at(properties, path) is not None] == [], name
        assert set(of(resource["Type"]).get("required", [])) <= set(properties), name


#: Answers that never change: names are made of them, and a stack with others is another environment.
_LASTING = {"Product", "Environment", "BaseTier"}
#: Answers by which something with a name of ours would have to be replaced under that name, which CloudFormation refuses: the update is
#: rolled back and nothing is lost.
_REFUSED = {"VpcId": {"BackendTargets", "FrontendTargets"}}


def _replaced(before: Stack, after: Stack) -> dict[str, bool]:
    """What CloudFormation replaces from one set of answers to another, and whether it keeps its name meanwhile."""
    replaced = {}
    for name in set(before.resources) & set(after.resources):
        kind = before.resources[name]["Type"]
        old, new = before.properties(name), after.properties(name)
        if any(at(old, path) != at(new, path) for path in listed(kind, "createOnlyProperties")):
            replaced[name] = before.called(name) is not None and before.called(name) == after.called(name)
    return replaced


def test_an_answer_that_changes_later_replaces_nothing_that_matters() -> None:
    """By the registry's `createOnlyProperties`. Task definitions are replaced by design: a revision is never changed."""
    base = DEFAULT | {"DatabasePort": "5432"}
    before, refused, others = Stack(base), {}, {}
    network = {name: NAMED[name] for name in ("VpcId", "PublicSubnets", "PrivateSubnets", "PrivateRouteTables")}
    changes: dict[str, dict[str, str]] = {
        "Active": {"Active": "no"},
        "Hours": {"Hours": "07:00-19:00", "TimeZone": "Europe/Berlin", "Days": "MON"},
        "Watching": {"Watching": "nothing", "LogRetentionDays": "7", "TaskLogRetentionDays": "30", "Tracing": "Active"},
        "Budget": {"BudgetLimit": "90", "BudgetScope": "account", "BudgetAction": "stop", "BudgetOverUp": "true"},
        "Application": {name: value for name, value in APPLICATION.items() if name != "DatabasePort"},
        "DatabasePort": {"DatabasePort": "3306"},
        "TaskArchitecture": {"TaskArchitecture": "X86_64", "Architecture": "x86_64"},
        "ProductDomain": {"ProductDomain": "others"},
        "NotificationEmail": {"NotificationEmail": "another@example.com"},
        "VpcId": network,
    }
    for answer, change in changes.items():
        found = _replaced(before, Stack(base | change))
        refused |= {answer: names} if (names := {name for name, keeps in found.items() if keeps and "Task" not in name and "Settings" not in name}) else {}
        others |= {answer: names} if (names := {name for name, keeps in found.items() if not keeps}) else {}
    # A security group's name is a group's alone within its VPC, so it is replaced in the other one; rules and subscriptions hold nothing.
    assert {answer: names & {"BackendTargets", "FrontendTargets"} or names for answer, names in refused.items()} == _REFUSED
    assert others.get("NotificationEmail") == {"BudgetEmail", "TopicEmail"}
    assert set(others) <= {"NotificationEmail", "VpcId", "DatabasePort"}


def test_what_never_changes_is_said_to() -> None:
    stack = Stack(DEFAULT)
    for parameter in sorted(_LASTING - {"BaseTier"}):
        assert "never change" in stack.template["Parameters"][parameter]["Description"], parameter
