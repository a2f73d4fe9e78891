"""CloudWatch's alarms: put and described whole, over the protocol that the SDKs speak."""

from typing import Any

import boto3
import pytest
from botocore.config import Config

from conftest import REGION, Emulator, refused

ONE = {"Namespace": "AWS/ApplicationELB", "MetricName": "HTTPCode_ELB_5XX_Count", "Statistic": "Sum", "Period": 60, "Threshold": 5.0}
RULE = {"EvaluationPeriods": 2, "ComparisonOperator": "GreaterThanThreshold"}


@pytest.fixture(params=["json", "smithy-rpc-v2-cbor"])
def cloudwatch(aws: Emulator, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """boto3 speaks JSON, the SDK of Rust CBOR."""
    monkeypatch.setattr("botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", [request.param])
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    config = Config(retries={"total_max_attempts": 1}, read_timeout=300)
    return boto3.client("cloudwatch", region_name=REGION, endpoint_url=aws.endpoint, config=config, **keys)


def on(end: str) -> dict[str, Any]:
    return {"Dimensions": [{"Name": "LoadBalancer", "Value": f"app/dev/{end}"}]}


def described(cloudwatch: Any, name: str) -> dict[str, Any]:
    (one,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return one


def test_an_alarm_is_described_with_all_that_it_was_put_with_and_keeps_state_and_tags(aws: Emulator, cloudwatch: Any):
    name = aws.name("errors")
    more = {
        "AlarmDescription": "people come",
        "AlarmActions": ["arn:aws:sns:us-west-2:123456789012:people"],
        "TreatMissingData": "breaching",
        "WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 5},
        "EvaluationWindow": {"WallClockWindow": {"Timezone": "America/New_York"}},
    }
    cloudwatch.put_metric_alarm(AlarmName=name, Tags=[{"Key": "team", "Value": "web"}], **ONE, **RULE, **on("1"), **more)
    first = described(cloudwatch, name)
    assert {key: first[key] for key in (ONE | RULE | on("1") | more)} == ONE | RULE | on("1") | more
    assert first["StateValue"] == "INSUFFICIENT_DATA" and first["ActionsEnabled"] is True
    aws.advance(60)
    cloudwatch.put_metric_alarm(AlarmName=name, Tags=[{"Key": "team", "Value": "other"}], **ONE, **RULE, **on("2"))
    second = described(cloudwatch, name)
    assert second["Dimensions"] == on("2")["Dimensions"] and "AlarmDescription" not in second, "all of it is overwritten"
    assert second["StateUpdatedTimestamp"] == first["StateUpdatedTimestamp"] < second["AlarmConfigurationUpdatedTimestamp"]
    assert cloudwatch.list_tags_for_resource(ResourceARN=second["AlarmArn"])["Tags"] == [{"Key": "team", "Value": "web"}]


def test_cloudformation_marks_them(aws: Emulator, cloudwatch: Any):
    name = aws.name("marked")
    cloudwatch.put_metric_alarm(AlarmName=name, **ONE, **RULE, **on("1"), Tags=[{"Key": "team", "Value": "web"}])
    arn = described(cloudwatch, name)["AlarmArn"]
    aws.control("POST", "tags", {"region": "us-west-2", "arn": arn, "tags": {"aws:cloudformation:stack-name": "shop"}})
    tags = {each["Key"]: each["Value"] for each in cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]}
    assert tags == {"team": "web", "aws:cloudformation:stack-name": "shop"}


def test_metric_math_comes_back_as_it_was(aws: Emulator, cloudwatch: Any):
    stat = {"Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount"} | on("1"), "Period": 60, "Stat": "Sum"}
    band = {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": True}
    metrics = [{"Id": "m1", "MetricStat": stat, "ReturnData": True}, band]
    name = aws.name("unusual")
    rule = RULE | {"ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold"}
    cloudwatch.put_metric_alarm(AlarmName=name, Metrics=metrics, ThresholdMetricId="band", **rule)
    assert described(cloudwatch, name)["Metrics"] == metrics


def test_what_is_not_whole_is_refused(cloudwatch: Any):
    for wrong in (RULE | on("1"), ONE | RULE | {"ThresholdMetricId": "band"}, {**ONE, **RULE, "ExtendedStatistic": "p99"}):
        with refused("ValidationError"):
            cloudwatch.put_metric_alarm(AlarmName="wrong", **wrong)
    with refused("ResourceNotFound"):
        cloudwatch.delete_alarms(AlarmNames=["wrong"])


def test_all_are_told_in_pages(aws: Emulator, cloudwatch: Any):
    names = [aws.name("many") for _ in range(5)]
    for name in names:
        cloudwatch.put_metric_alarm(AlarmName=name, **ONE, **RULE, **on("1"))
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmNames=names, PaginationConfig={"PageSize": 3})
    assert [len(each["MetricAlarms"]) for each in pages] == [3, 2]
    assert cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["MetricAlarms"] == []
