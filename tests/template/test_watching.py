"""The alarms, the dashboard and the budget."""

import json
import re
from typing import Any

import metrics
import pytest
from conftest import stack_of
from stack import Stack

_ALARMS = {"RunFailedAlarm", "BlockedAlarm", "UpOutsideScheduleAlarm", "NotReadyAlarm", "TickErrorsAlarm", "NoTicksAlarm", "DeadLettersAlarm"}
_SEARCH = re.compile(r"SEARCH\('\{([^,}]+),([^}]+)\} MetricName=\"(\w+)\"(?: ([^']+))?', '(\w+)', 300\)")


def _alarms(name: str = "default") -> dict[str, dict[str, Any]]:
    return stack_of(name).of_type("AWS::CloudWatch::Alarm")


def test_alarms_point_at_metrics_that_exist() -> None:
    assert set(_alarms()) == _ALARMS
    for name, alarm in _alarms().items():
        dimensions = tuple(each["Name"] for each in alarm["Dimensions"])
        assert metrics.exists(alarm["Namespace"], dimensions, alarm["MetricName"]), name
        assert all(each["Value"] for each in alarm["Dimensions"])


def test_metrics_are_those_that_the_functions_write() -> None:
    assert metrics.written() in (None, metrics.NAMES)


def test_alarms_tell_people_and_say_what_they_mean(stack: Stack) -> None:
    topic, policy = stack.resolve({"Ref": "Topic"}), stack.properties("TopicPolicy")
    pattern = policy["PolicyDocument"]["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"].rsplit(":", 1)[1]
    for alarm in stack.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == [topic]
        assert "docs/operations.md" in alarm["AlarmDescription"]
        assert re.fullmatch(pattern.replace("*", ".*"), alarm["AlarmName"]), "the topic would not take it"


@pytest.mark.parametrize(
    ("name", "minutes", "needed", "missing"),
    [
        ("RunFailedAlarm", 15, 1, "notBreaching"),
        ("BlockedAlarm", 15, 1, "notBreaching"),
        ("UpOutsideScheduleAlarm", 30, 2, "notBreaching"),
        ("NotReadyAlarm", 30, 2, "notBreaching"),
        ("TickErrorsAlarm", 15, 2, "notBreaching"),
        ("NoTicksAlarm", 15, 3, "breaching"),
        ("DeadLettersAlarm", 5, 1, "notBreaching"),
    ],
)
def test_alarms_wait_as_long_as_they_say(name: str, minutes: int, needed: int, missing: str) -> None:
    alarm = _alarms()[name]
    assert alarm["Period"] * alarm["EvaluationPeriods"] == minutes * 60
    assert alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"]) == needed
    assert alarm["TreatMissingData"] == missing
    # A tick every five minutes: a shorter period would be empty every other time.
    assert alarm["Period"] >= 300
    # Reports of the same trouble come up to a quarter of an hour apart: what must hold in all periods looks at so much.
    if alarm["Namespace"] == metrics.NAMESPACE and needed == alarm["EvaluationPeriods"]:
        assert alarm["Period"] >= 900 and alarm["Statistic"] == "Minimum"


def test_nobody_hears_of_ticks_that_were_turned_off() -> None:
    assert set(_alarms("inactive")) == _ALARMS - {"NoTicksAlarm"}


def test_watching_can_be_left_out() -> None:
    stack = stack_of("unwatched")
    assert stack.of_type("AWS::CloudWatch::Alarm") == stack.of_type("AWS::CloudWatch::Dashboard") == {}


def _widgets(stack: Stack) -> list[dict[str, Any]]:
    return json.loads(stack.properties("Dashboard")["DashboardBody"])["widgets"]


@pytest.mark.parametrize("name", ["default", "adopt"])
def test_the_dashboard_shows_metrics_that_exist(name: str) -> None:
    shown = set()
    for widget in _widgets(stack_of(name)):
        assert widget["properties"]["region"] == "us-west-2"
        above: list[Any] = []
        for metric in widget["properties"]["metrics"]:
            if metric[0] == {"expression": "FILL(up, REPEAT)", "label": "Up"}:
                continue
            if isinstance(metric[0], dict):
                search = _SEARCH.fullmatch(metric[0]["expression"])
                assert search, metric
                found = (search[1], tuple(search[2].split(",")), search[3])
            else:
                named = [each for each in metric if isinstance(each, str)]
                above = [before if own == "." else own for own, before in zip(named, above or named, strict=True)]
                assert above[3::2] == ["dev"]
                found = (above[0], tuple(above[2::2]), above[1])
            assert metrics.exists(*found), metric
            shown.add(found)
    assert {each[0] for each in shown} == {"Curfew", "AWS/Lambda", "AWS/ApplicationELB", "AWS/NATGateway", "AWS/ECS"}
    assert ("Curfew", ("Environment",), "SavedThisMonthUsd") in shown


def test_the_dashboard_survives_the_night() -> None:
    """Nothing of what is another every morning is named by an id."""
    for widget in _widgets(stack_of("default")):
        for metric in widget["properties"]["metrics"]:
            namespace = _SEARCH.fullmatch(metric[0]["expression"]) if isinstance(metric[0], dict) else None
            if namespace is None:
                assert metric[0] in ("Curfew", ".") or "FILL" in metric[0]["expression"]
                continue
            if namespace[1] == "AWS/ApplicationELB":
                assert namespace[4] == "app/durable-dev-alb"
            if namespace[1] == "AWS/NATGateway":
                assert namespace[4] is None


def test_widgets_do_not_overlap() -> None:
    places = [
        (x, y)
        for widget in _widgets(stack_of("default"))
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(places) == len(set(places)) and max(x for x, _ in places) < 24


def test_the_budget_counts_what_was_chosen() -> None:
    (own,) = stack_of("default").of_type("AWS::Budgets::Budget").values()
    (all_,) = stack_of("unwatched").of_type("AWS::Budgets::Budget").values()
    assert own["Budget"]["CostFilters"] == {"TagKeyValue": ["user:Environment$dev"]}
    assert "CostFilters" not in all_["Budget"]
    assert str(own["Budget"]["BudgetLimit"]["Amount"]) == "60" and own["Budget"]["BudgetLimit"]["Unit"] == "USD"
    assert (own["Budget"]["TimeUnit"], own["Budget"]["BudgetType"]) == ("MONTHLY", "COST")


def test_the_budget_tells_the_function_and_people(stack: Stack) -> None:
    (budget,) = stack.of_type("AWS::Budgets::Budget").values()
    topic = stack.resolve({"Ref": "BudgetTopic"})
    told = [(each["Notification"]["NotificationType"], each["Notification"]["Threshold"]) for each in budget["NotificationsWithSubscribers"]]
    assert told == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]
    for each in budget["NotificationsWithSubscribers"]:
        assert each["Subscribers"] == [{"SubscriptionType": "SNS", "Address": topic}]
    (statement,) = stack.properties("BudgetTopicPolicy")["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "budgets.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:budgets::123456789012:*"},
    }
    # A key of AWS's own would keep AWS Budgets out.
    assert "KmsMasterKeyId" not in stack.properties("BudgetTopic")
    protocols = {each["Protocol"] for each in stack.of_type("AWS::SNS::Subscription").values() if each["TopicArn"] == topic}
    assert protocols == ({"lambda", "email"} if stack.parameters["NotificationEmail"] else {"lambda"})
