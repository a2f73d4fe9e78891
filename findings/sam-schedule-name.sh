#!/usr/bin/env bash
# aws-sam-translator 1.115.0: an event of type `ScheduleV2` without `Name` does not get the unique name that CloudFormation gives
# an AWS::Scheduler::Schedule without one. SAM writes `Name: <logical id>`, so two stacks of one template (dev and staging) ask for
# the same schedule in the account's default group. `OmitName: true` leaves the name to CloudFormation. An event of type `Schedule`
# (a rule) gets no name at all.
set -euo pipefail
cd "$(mktemp -d)"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check aws-sam-translator==1.115.0
AWS_DEFAULT_REGION=eu-west-1 venv/bin/python - <<'PYTHON'
from importlib.metadata import version

from samtranslator.translator.transform import transform


class NoPolicies:
    def load(self) -> dict:
        return {}


def translated(kind: str, expression: str, **more: object) -> dict:
    """The properties of what a function's one event becomes."""
    event = {"Type": kind, "Properties": {expression: "rate(1 hour)", **more}}
    if kind == "Schedule":
        event["Properties"] = {"Schedule": "rate(1 hour)"}
    function = {"Handler": "a.b", "Runtime": "python3.12", "InlineCode": "b = print", "Events": {"Evening": event}}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Stop": {"Type": "AWS::Serverless::Function", "Properties": function}},
    }
    made = transform(template, {}, NoPolicies())["Resources"]
    kinds = ("AWS::Scheduler::Schedule", "AWS::Events::Rule")
    return next(one["Properties"] for one in made.values() if one["Type"] in kinds)


print("aws-sam-translator", version("aws-sam-translator"))
plain = translated("ScheduleV2", "ScheduleExpression")
omitted = translated("ScheduleV2", "ScheduleExpression", OmitName=True)
rule = translated("Schedule", "Schedule")
print("ScheduleV2:                ", plain.get("Name"))
print("ScheduleV2, OmitName: true:", omitted.get("Name"))
print("Schedule:                  ", rule.get("Name"))
assert plain["Name"] == "StopEvening"
assert "Name" not in omitted and "Name" not in rule
PYTHON
