"""The template deployed on the emulator's CloudFormation."""

import io
import json
import zipfile
from typing import Any

import boto3
from botocore.config import Config
from choices import REGION
from stack import CODE, Stack

NAME = "curfew-dev"
#: What the emulator's CloudFormation does not know, and why the environment goes up and down without it.
LEFT_OUT = {
    "AWS::Budgets::Budget": "an alert is a message that a test sends",
    "AWS::CloudWatch::Alarm": "nothing watches on the emulator",
    "AWS::Lambda::EventInvokeConfig": "the tests invoke the functions themselves",
    "AWS::S3::BucketPolicy": "the emulator checks no permissions",
    "AWS::SNS::Subscription": "nobody reads e-mail on the emulator",
    "AWS::SNS::TopicPolicy": "the emulator checks no permissions",
    "AWS::SQS::QueuePolicy": "the emulator checks no permissions",
    "AWS::Scheduler::Schedule": "the tests invoke the functions themselves",
}


class Deployed:
    """What became of a deployment."""

    def __init__(self, endpoint: str, chosen: dict[str, str]) -> None:
        self.endpoint = endpoint
        self.stack = Stack(chosen)
        self._clients: dict[str, Any] = {}
        self._upload()
        formation = self.client("cloudformation")
        given = [{"ParameterKey": name, "ParameterValue": value} for name, value in chosen.items()]
        body = json.dumps(without_left_out(self.stack))
        formation.create_stack(StackName=NAME, TemplateBody=body, Parameters=given, Capabilities=["CAPABILITY_IAM"])
        described = formation.describe_stacks(StackName=NAME)["Stacks"][0]
        self.status: str = described["StackStatus"]
        self.outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
        listed = formation.get_paginator("list_stack_resources").paginate(StackName=NAME)
        summaries = [each for page in listed for each in page["StackResourceSummaries"]]
        # Moto lists what a condition leaves out, without a name, where something that is left out too refers to it.
        named = [each for each in summaries if each["LogicalResourceId"]]
        self.identifiers = {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in named}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                region_name=REGION,
                endpoint_url=self.endpoint,
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(s3={"addressing_style": "path"}),
            )
        return self._clients[service]

    def variables(self, function: str) -> dict[str, str]:
        """The environment variables of a function, as Lambda would start it with."""
        name = self.identifiers[f"{function.capitalize()}Function"]
        return self.client("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]

    def blueprint(self) -> str:
        return self.client("ssm").get_parameter(Name=self.outputs["Blueprint"])["Parameter"]["Value"]

    def _upload(self) -> None:
        """As `sam package` does; the emulator runs no functions, so that any code is enough."""
        bucket, key = CODE
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as code:
            code.writestr("bootstrap", "")
        s3 = self.client("s3")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=bucket, Key=key, Body=archive.getvalue())


def without_left_out(stack: Stack) -> dict[str, Any]:
    """The transformed template without what the emulator does not know; what refers to that is told its name."""
    resources = stack.template["Resources"]
    left_out = {name for name, each in resources.items() if each["Type"] in LEFT_OUT}

    def known(value: Any) -> Any:
        if isinstance(value, dict) and value.get("Ref") in left_out:
            return stack.resolve(value)
        if isinstance(value, dict):
            return {key: known(inner) for key, inner in value.items()}
        return [known(inner) for inner in value] if isinstance(value, list) else value

    kept = {name: known(each) for name, each in resources.items() if name not in left_out}
    return {key: value for key, value in stack.template.items() if key != "Rules"} | {"Resources": kept}
