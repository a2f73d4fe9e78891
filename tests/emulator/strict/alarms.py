"""CloudWatch's metric alarms, described with everything they were put with.

bc:cloudwatch: "When you update an existing alarm, its state is left unchanged, but the update completely overwrites the previous
configuration of the alarm"; tags are only taken for a new one. Moto makes a new one of each, and knows no pages, warm-up and windows.
Nothing here measures anything: an alarm stays as it was set.
"""

import copy
from typing import Any

from .account import region
from .clock import clock
from .operations import Call, Refusal, operation
from .pages import page

_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")


def _invalid(message: str) -> Refusal:
    return Refusal("ValidationError", message)


@operation("cloudwatch", "PutMetricAlarm")
def put_metric_alarm(call: Call) -> dict[str, Any]:
    _refuse_invalid(call)
    where, name = region(call), call["AlarmName"]
    before = where.alarms.get(name)
    configuration = {key: copy.deepcopy(value) for key, value in call.parameters.items() if key != "Tags"}
    stays = ("StateValue", "StateReason", "StateUpdatedTimestamp", "StateTransitionedTimestamp")
    since = clock.now()
    state = {"StateValue": "INSUFFICIENT_DATA", "StateReason": "Unchecked: Initial alarm creation", "StateUpdatedTimestamp": since}
    state |= {key: before.described[key] for key in stays if before and key in before.described}
    made = {"AlarmArn": where.arn("cloudwatch", f"alarm:{name}"), "AlarmConfigurationUpdatedTimestamp": since}
    lists = {key: [] for key in ("OKActions", "AlarmActions", "InsufficientDataActions", "Dimensions")}
    tags = before.tags if before else {each["Key"]: each["Value"] for each in call["Tags"] or []}
    where.alarms[name] = _Alarm({"ActionsEnabled": True} | lists | configuration | made | state, tags)
    return {}


class _Alarm:
    def __init__(self, described: dict[str, Any], tags: dict[str, str]) -> None:
        self.described = described
        self.tags = tags


def _refuse_invalid(call: Call) -> None:
    if call["EvaluationPeriods"] is None or call["ComparisonOperator"] is None:
        raise _invalid("EvaluationPeriods and ComparisonOperator are required")
    if (call["MetricName"] is None) == (call["Metrics"] is None):
        raise _invalid("An alarm has either MetricName or Metrics")
    of_one = ("Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")
    if call["Metrics"] and any(call[key] for key in of_one):
        raise _invalid(f"With Metrics, none of {', '.join(of_one)} may be given")
    if call["MetricName"] and (call["Statistic"] is None) == (call["ExtendedStatistic"] is None):
        raise _invalid("An alarm on one metric has either Statistic or ExtendedStatistic")
    if call["Statistic"] not in (None, *_STATISTICS):
        raise _invalid(f"{call['Statistic']} is no statistic")
    if (call["Threshold"] is None) == (call["ThresholdMetricId"] is None):
        raise _invalid("An alarm has either Threshold or ThresholdMetricId")


@operation("cloudwatch", "DescribeAlarms")
def describe_alarms(call: Call) -> dict[str, Any]:
    """bc:cloudwatch: 100 names and 100 alarms an answer at most, 50 unless it is told; metric alarms unless others are asked for."""
    names = call["AlarmNames"] or []
    if len(names) > 100 or (call["MaxRecords"] or 50) > 100:
        raise _invalid("Member must have length less than or equal to 100")
    every = sorted(region(call).alarms.items()) if "MetricAlarm" in (call["AlarmTypes"] or ["MetricAlarm"]) else []
    found = [copy.deepcopy(each.described) for name, each in every if not names or name in names]
    shown, token = page(found, call["NextToken"], call["MaxRecords"] or 50, "InvalidNextToken")
    return {"MetricAlarms": shown, "CompositeAlarms": []} | ({"NextToken": token} if token else {})


@operation("cloudwatch", "DeleteAlarms")
def delete_alarms(call: Call) -> dict[str, Any]:
    for name in call["AlarmNames"]:
        if region(call).alarms.pop(name, None) is None:
            raise Refusal("ResourceNotFound", f"{name} does not exist")
    return {}


@operation("cloudwatch", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> dict[str, Any]:
    found = next((each for each in region(call).alarms.values() if each.described["AlarmArn"] == call["ResourceARN"]), None)
    if found is None:
        raise Refusal("ResourceNotFoundException", f"{call['ResourceARN']} does not exist")
    return {"Tags": [{"Key": key, "Value": value} for key, value in found.tags.items()]}
