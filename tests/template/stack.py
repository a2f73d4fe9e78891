"""The template as CloudFormation would carry it out: transformed, with its conditions and functions resolved.

Only what this template uses of CloudFormation's language. A reference to something that is not made is an error, as it is
in CloudFormation.
"""

import os
import re
from pathlib import Path
from typing import Any

from choices import ACCOUNT, REGION

os.environ["AWS_DEFAULT_REGION"] = REGION

from samtranslator.public.translator import ManagedPolicyLoader  # noqa: E402
from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"
#: Where `sam package` would have put the functions.
CODE = ("artifacts", "curfew.zip")

#: Stand-ins for the ids that AWS would make, in the shape of each kind.
_REF = {
    "AWS::EC2::VPC": "vpc-0{:016x}",
    "AWS::EC2::Subnet": "subnet-0{:016x}",
    "AWS::EC2::RouteTable": "rtb-0{:016x}",
    "AWS::EC2::InternetGateway": "igw-0{:016x}",
    "AWS::EC2::SecurityGroup": "sg-0{:016x}",
    "AWS::Route53::HostedZone": "Z{:020X}",
    "AWS::CertificateManager::Certificate": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/00000000-0000-4000-8000-{{:012x}}",
    "AWS::ElasticLoadBalancingV2::TargetGroup": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/{{name}}/{{:016x}}",
    "AWS::SNS::Topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:{{name}}",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/curfew-dev-{{name}}-{{:012X}}",
    "AWS::IAM::OIDCProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
    "AWS::S3::Bucket": "curfew-dev-{name}-{:012x}",
    "AWS::SQS::Queue": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{{name}}",
}
#: And what `Fn::GetAtt` says of their `Arn`, by what the template calls them.
_ARN = {
    "AWS::Events::Rule": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{{}}",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/curfew-dev-{{}}-0A0A0A0A0A0A",
    "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}",
    "AWS::SQS::Queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{}}",
}
#: Where a resource's type says what it is called.
_NAMES = ("Name", "AlarmName", "ClusterName", "DashboardName", "Family", "FunctionName", "LogGroupName", "QueueName", "RepositoryName", "TopicName")


class NotMade(Exception):
    """Something refers to what the conditions leave out."""


def parsed() -> dict[str, Any]:
    """The template as it is written."""
    return yaml_parse(TEMPLATE.read_text())


class Stack:
    """What would be made with these parameters."""

    def __init__(self, chosen: dict[str, str]) -> None:
        written = parsed()
        self.parameters = {name: str(each.get("Default", "")) for name, each in written["Parameters"].items()} | chosen
        if unknown := set(chosen) - set(written["Parameters"]):
            raise ValueError(f"the template has no parameters {unknown}")
        written["Globals"]["Function"]["CodeUri"] = "s3://{}/{}".format(*CODE)
        self.template = transform(written, self.parameters, _NoManagedPolicies())
        self.resources = {
            name: each for name, each in self.template["Resources"].items() if "Condition" not in each or self.condition(each["Condition"])
        }

    # What is made.

    def properties(self, name: str) -> dict[str, Any]:
        return self.resolve(self.resources[name].get("Properties", {}))

    def called(self, name: str) -> str | None:
        """What the template calls a resource; none if AWS gives it a name."""
        properties = self.resources[name].get("Properties", {})
        if "Budget" in properties:
            return self.resolve(properties["Budget"]["BudgetName"])
        return next((self.resolve(properties[key]) for key in _NAMES if key in properties), None)

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The resolved properties of all that is made of a type."""
        return {name: self.properties(name) for name, each in self.resources.items() if each["Type"] == kind}

    def outputs(self) -> dict[str, Any]:
        outputs = self.template["Outputs"]
        return {
            name: self.resolve(each["Value"])
            for name, each in outputs.items()
            if "Condition" not in each or self.condition(each["Condition"])
        }

    def refused(self) -> list[str]:
        """What the rules have against these parameters."""
        return [
            assertion["AssertDescription"]
            for rule in self.template["Rules"].values()
            if self.resolve(rule["RuleCondition"])
            for assertion in rule["Assertions"]
            if not self.resolve(assertion["Assert"])
        ]

    # CloudFormation's language.

    def condition(self, name: str) -> bool:
        return bool(self.resolve(self.template["Conditions"][name]))

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [inner for inner in map(self.resolve, value) if inner is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            function, argument = next(iter(value.items()))
            if function in ("Ref", "Condition") and isinstance(argument, str):
                return self._ref(argument) if function == "Ref" else self.condition(argument)
            if function.startswith("Fn::"):
                return getattr(self, "_" + function[4:].lower())(argument)
        resolved = {key: self.resolve(inner) for key, inner in value.items()}
        return {key: inner for key, inner in resolved.items() if inner is not None}

    def _ref(self, name: str) -> Any:
        pseudo = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::NoValue": None, "AWS::StackName": "curfew-dev"}
        if name in pseudo:
            return pseudo[name]
        return self.parameters[name] if name in self.parameters else self._identifier(name)

    def _identifier(self, name: str) -> str:
        if name not in self.resources:
            raise NotMade(name)
        number = list(self.template["Resources"]).index(name) + 1
        kind = self.resources[name]["Type"]
        called = self.called(name) or (name.lower() if kind == "AWS::S3::Bucket" else name)
        return _REF.get(kind, "{name}").format(number, name=called)

    def _getatt(self, argument: Any) -> Any:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        identifier = self._identifier(name)
        if attribute == "GroupId":
            return identifier
        if attribute.endswith("Name"):
            return self.called(name) or identifier
        if attribute == "NameServers":
            return ["ns-1.example.org", "ns-2.example.org"]
        if identifier.startswith("arn:"):
            return identifier
        if self.resources[name]["Type"] == "AWS::S3::Bucket":
            return f"arn:aws:s3:::{identifier}"
        if attribute == "RepositoryUri":
            return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{identifier}"
        return _ARN[self.resources[name]["Type"]].format(self.called(name) or name)

    def _sub(self, argument: Any) -> str:
        text, own = argument if isinstance(argument, list) else (argument, {})
        own = {name: self.resolve(value) for name, value in own.items()}

        def replace(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in own:
                return str(own[name])
            return str(self._getatt(name) if "." in name else self._ref(name))

        return re.sub(r"\$\{([^!}]+)\}", replace, text)

    def _if(self, argument: Any) -> Any:
        name, yes, no = argument
        return self.resolve(yes if self.condition(name) else no)

    def _join(self, argument: Any) -> str:
        return argument[0].join(self.resolve(argument[1]))

    def _split(self, argument: Any) -> list[str]:
        return self.resolve(argument[1]).split(argument[0])

    def _select(self, argument: Any) -> Any:
        return self.resolve(argument[1])[int(argument[0])]

    def _getazs(self, argument: Any) -> list[str]:
        return [REGION + zone for zone in "abc"]

    def _equals(self, argument: Any) -> bool:
        one, other = self.resolve(argument)
        return str(one) == str(other)

    def _eachmemberequals(self, argument: Any) -> bool:
        members, wanted = argument[0], self.resolve(argument[1])
        return all(each == wanted for each in self.resolve(members).split(","))

    def _not(self, argument: Any) -> bool:
        return not self.resolve(argument[0])

    def _and(self, argument: Any) -> bool:
        return all(self.resolve(argument))

    def _or(self, argument: Any) -> bool:
        return any(self.resolve(argument))


class _NoManagedPolicies(ManagedPolicyLoader):
    """The roles are written out, so nothing has to be asked of AWS."""

    def __init__(self) -> None:
        super().__init__(None)

    def load(self) -> dict[str, str]:
        return {}
