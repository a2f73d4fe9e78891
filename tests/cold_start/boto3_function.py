"""The same as src/bin/clients.rs, in Python with boto3: what people would otherwise write."""

import http.client
import json
import os

import boto3

SERVICES = [
    "application-autoscaling", "autoscaling", "cloudfront", "cloudwatch", "ec2", "ecs", "elbv2", "globalaccelerator", "rds",
    "resourcegroupstaggingapi", "route53", "s3", "sns", "ssm", "wafv2",
]  # fmt: skip
NEXT = "/2018-06-01/runtime/invocation/next"
RESPONSE = "/2018-06-01/runtime/invocation/{}/response"

clients = {service: boto3.client(service) for service in SERVICES}


def answer(event):
    if event.get("dryRun") is not True:
        return None
    parameter = clients["ssm"].get_parameter(Name="/curfew/dev/blueprint", WithDecryption=True)
    return parameter["Parameter"]["Value"]


def main():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        api.request("GET", NEXT)
        invocation = api.getresponse()
        event = json.loads(invocation.read())
        api.request("POST", RESPONSE.format(invocation.headers["lambda-runtime-aws-request-id"]), json.dumps(answer(event)))
        api.getresponse().read()


main()
