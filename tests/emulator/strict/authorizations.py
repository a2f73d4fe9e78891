"""What IAM would look at before a call is answered: actions, resources, and the context of conditions.

facts §8: the actions' resources and condition keys. A call can need several: NAT gateways ask for the gateway, its address
and its subnet; what is tagged as it is made needs the right to tag; making a service passes its tasks' roles.
Nothing is refused here: whoever has policies evaluates what was noted, at `GET /_emulator/authorizations`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

from .account import Region
from .requests import Request, parsed
from .resources import group_arn, tags_of

#: What those who are followed asked for so far, in order.
authorizations: list[dict[str, Any]] = []
#: The access keys of those who are followed.
followed: set[str] = set()

Wanted = tuple[str, str, dict[str, Any]]
#: A call's rule: what it asks IAM for.
_RULES: dict[str, Callable[[Request, Region], Iterator[Wanted]]] = {}


def note(environ: dict[str, Any], body: bytes) -> None:
    """Note what a call asks for, with the tags that its resources have at this moment."""
    request = _followed(environ, body)
    if request is None:
        return
    where = request.where()
    for action, resource, context in _RULES.get(request.call, _on_anything)(request, where):
        owned = {f"aws:ResourceTag/{key}": value for key, value in tags_of(where, resource).items()}
        authorizations.append(
            {"by": request.by, "call": request.call, "action": action, "resource": resource, "context": owned | context}
        )


def note_missing(environ: dict[str, Any], status: int) -> None:
    """Whether an object is missing is only told to whoever may list the bucket."""
    request = _followed(environ, b"") if status == 404 else None
    if request and request.call == "s3:GetObject":
        bucket = f"arn:aws:s3:::{request.path[1]}"
        authorizations.append({"by": request.by, "call": request.call, "action": "s3:ListBucket", "resource": bucket, "context": {}})


def _followed(environ: dict[str, Any], body: bytes) -> Request | None:
    return parsed(environ, body) if any(key in environ.get("HTTP_AUTHORIZATION", "") for key in followed) else None


def _rule(*calls: str) -> Callable[[Any], Any]:
    def install(rule: Any) -> Any:
        _RULES.update(dict.fromkeys(calls, rule))
        return rule

    return install


def _on_anything(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, "*", {}


def _born(tags: dict[str, str]) -> dict[str, Any]:
    if not tags:
        return {}
    return {f"aws:RequestTag/{key}": value for key, value in tags.items()} | {"aws:TagKeys": sorted(tags)}


# EC2.


@_rule("ec2:AllocateAddress", "ec2:CreateNatGateway")
def _make(request: Request, where: Region) -> Iterator[Wanted]:
    kind = {"ec2:AllocateAddress": "elastic-ip", "ec2:CreateNatGateway": "natgateway"}[request.call]
    new, born = where.arn("ec2", f"{kind}/new"), _born(request.specified_tags())
    yield request.call, new, born
    if kind == "natgateway":
        subnet = request["SubnetId"]
        vpc = where.ec2.get_subnet(subnet).vpc_id
        yield request.call, where.arn("ec2", f"elastic-ip/{request['AllocationId']}"), {}
        yield request.call, where.arn("ec2", f"subnet/{subnet}"), {"ec2:Vpc": where.arn("ec2", f"vpc/{vpc}")}
    if born:
        yield "ec2:CreateTags", new, born | {"ec2:CreateAction": request.operation}


@_rule("ec2:DeleteNatGateway")
def _delete_nat_gateway(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("ec2", f"natgateway/{request['NatGatewayId']}"), {}


@_rule("ec2:CreateVpcEndpoint")
def _make_vpc_endpoint(request: Request, where: Region) -> Iterator[Wanted]:
    new, born = where.arn("ec2", "vpc-endpoint/new"), _born(request.specified_tags())
    vpc = where.arn("ec2", f"vpc/{request['VpcId']}")
    owner = "aws-marketplace" if ".vpce-svc-" in request["ServiceName"] else "amazon"
    yield request.call, new, born | {"ec2:VpceServiceName": request["ServiceName"], "ec2:VpceServiceOwner": owner}
    yield request.call, vpc, {}
    for kind, prefix in (("subnet", "SubnetId"), ("security-group", "SecurityGroupId")):
        for identifier in request.numbered(prefix):
            yield request.call, where.arn("ec2", f"{kind}/{identifier}"), {"ec2:Vpc": vpc}
    # A dependent action, in the reference of EC2's actions.
    if request["PrivateDnsEnabled"] == "true":
        yield "route53:AssociateVPCWithHostedZone", "arn:aws:route53:::hostedzone/new", {}
    if born:
        yield "ec2:CreateTags", new, born | {"ec2:CreateAction": request.operation}


@_rule("ec2:DeleteVpcEndpoints")
def _delete_vpc_endpoints(request: Request, where: Region) -> Iterator[Wanted]:
    for identifier in request.numbered("VpcEndpointId"):
        yield request.call, where.arn("ec2", f"vpc-endpoint/{identifier}"), {}


@_rule("ec2:ReleaseAddress")
def _release(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("ec2", f"elastic-ip/{request['AllocationId']}"), {}


@_rule("ec2:CreateRoute", "ec2:ReplaceRoute")
def _route(request: Request, where: Region) -> Iterator[Wanted]:
    table = request["RouteTableId"]
    vpc = where.ec2.get_route_table(table).vpc_id
    yield request.call, where.arn("ec2", f"route-table/{table}"), {"ec2:Vpc": where.arn("ec2", f"vpc/{vpc}")}


@_rule("ec2:StartInstances", "ec2:StopInstances")
def _on_ec2_instance(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("ec2", f"instance/{request['InstanceId.1']}"), {}


@_rule("autoscaling:UpdateAutoScalingGroup")
def _on_group(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, group_arn(where, request["AutoScalingGroupName"]), {}


# Elastic Load Balancing.


@_rule("elasticloadbalancing:CreateLoadBalancer")
def _make_load_balancer(request: Request, where: Region) -> Iterator[Wanted]:
    yield from _make_balancing(request, new := where.arn("elasticloadbalancing", f"loadbalancer/app/{request['Name']}/new"), new)


@_rule("elasticloadbalancing:CreateListener")
def _make_listener(request: Request, where: Region) -> Iterator[Wanted]:
    balancer = request["LoadBalancerArn"]
    yield from _make_balancing(request, balancer, balancer.replace(":loadbalancer/", ":listener/") + "/new")


@_rule("elasticloadbalancing:CreateRule")
def _make_rule(request: Request, where: Region) -> Iterator[Wanted]:
    listener = request["ListenerArn"]
    yield from _make_balancing(request, listener, listener.replace(":listener/", ":listener-rule/") + "/new")


def _make_balancing(request: Request, on: str, new: str) -> Iterator[Wanted]:
    born = _born(request.member_tags())
    yield request.call, on, born
    if born:
        yield "elasticloadbalancing:AddTags", new, born | {"elasticloadbalancing:CreateAction": request.operation}


@_rule("elasticloadbalancing:ModifyLoadBalancerAttributes", "elasticloadbalancing:DeleteLoadBalancer")
def _on_load_balancer(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, request["LoadBalancerArn"], {}


@_rule("elasticloadbalancing:ModifyListenerAttributes", "elasticloadbalancing:AddListenerCertificates")
def _on_listener(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, request["ListenerArn"], {}


# ECS.


def _cluster(request: Request, where: Region) -> str:
    return where.arn("ecs", f"cluster/{request['cluster'].rsplit('/', 1)[-1]}")


def _service(request: Request, where: Region, service: str) -> str:
    return where.arn("ecs", f"service/{_cluster(request, where).rsplit('/', 1)[-1]}/{service.rsplit('/', 1)[-1]}")


@_rule("ecs:DescribeClusters")
def _describe_clusters(request: Request, where: Region) -> Iterator[Wanted]:
    for each in request["clusters"]:
        yield request.call, where.arn("ecs", f"cluster/{each.rsplit('/', 1)[-1]}"), {}


@_rule("ecs:DescribeServices")
def _describe_services(request: Request, where: Region) -> Iterator[Wanted]:
    for each in request["services"]:
        yield request.call, _service(request, where, each), {"ecs:cluster": _cluster(request, where)}


@_rule("ecs:ListTasks")
def _list_tasks(request: Request, where: Region) -> Iterator[Wanted]:
    cluster = _cluster(request, where)
    yield request.call, where.arn("ecs", f"container-instance/{cluster.rsplit('/', 1)[-1]}/any"), {"ecs:cluster": cluster}


@_rule("ecs:ListServices")
def _list_services(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, "*", {"ecs:cluster": _cluster(request, where)}


@_rule("ecs:DescribeTasks")
def _describe_tasks(request: Request, where: Region) -> Iterator[Wanted]:
    for each in request["tasks"]:
        yield request.call, each, {"ecs:cluster": _cluster(request, where)}


@_rule("ecs:RegisterTaskDefinition")
def _register_revision(request: Request, where: Region) -> Iterator[Wanted]:
    new = where.arn("ecs", f"task-definition/{request['family']}:*")
    born = _born({each["key"]: each["value"] for each in request["tags"] or []})
    yield request.call, new, born
    if born:
        yield "ecs:TagResource", new, born | {"ecs:CreateAction": request.operation}
    for role in sorted({request["executionRoleArn"], request["taskRoleArn"]} - {None}):
        yield "iam:PassRole", role, {"iam:PassedToService": "ecs-tasks.amazonaws.com"}


@_rule("ecr:DescribeImageScanFindings")
def _scan_findings(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("ecr", f"repository/{request['repositoryName']}"), {}


@_rule("ecs:UpdateService", "ecs:DeleteService")
def _on_service(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, _service(request, where, request["service"]), {"ecs:cluster": _cluster(request, where)}


@_rule("ecs:CreateService")
def _create_service(request: Request, where: Region) -> Iterator[Wanted]:
    new, born = _service(request, where, request["serviceName"]), _born({each["key"]: each["value"] for each in request["tags"] or []})
    yield request.call, new, born | {"ecs:cluster": _cluster(request, where)}
    if born:
        yield "ecs:TagResource", new, born | {"ecs:CreateAction": request.operation}
    definition = where.ecs.describe_task_definition(request["taskDefinition"])
    for role in sorted({definition.execution_role_arn, definition.task_role_arn} - {None}):
        yield "iam:PassRole", role, {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    if request["role"]:
        yield "iam:PassRole", request["role"], {"iam:PassedToService": "ecs.amazonaws.com"}


# Application Auto Scaling. What it does to services and alarms it asks for with the caller's own rights.


def _scalable_target(request: Request, where: Region) -> tuple[str, dict[str, Any]]:
    found = where.scalable_targets.get(request["ResourceId"])
    arn = found.described["ScalableTargetARN"] if found else where.arn("application-autoscaling", "scalable-target/new")
    keys = {"service-namespace": request["ServiceNamespace"], "scalable-dimension": request["ScalableDimension"]}
    return arn, {f"application-autoscaling:{key}": value for key, value in keys.items()}


@_rule("application-autoscaling:RegisterScalableTarget")
def _register(request: Request, where: Region) -> Iterator[Wanted]:
    arn, context = _scalable_target(request, where)
    yield request.call, arn, context
    _, cluster, _ = request["ResourceId"].split("/")
    for call in ("ecs:DescribeServices", "ecs:UpdateService"):
        yield call, where.arn("ecs", request["ResourceId"]), {"ecs:cluster": where.arn("ecs", f"cluster/{cluster}")}


@_rule("application-autoscaling:PutScalingPolicy")
def _put_scaling_policy(request: Request, where: Region) -> Iterator[Wanted]:
    arn, context = _scalable_target(request, where)
    yield request.call, arn, context
    alarm = where.arn("cloudwatch", f"alarm:TargetTracking-{request['ResourceId']}-new")
    yield "cloudwatch:DescribeAlarms", where.arn("cloudwatch", "alarm:*"), {}
    yield "cloudwatch:PutMetricAlarm", alarm, {}
    yield "cloudwatch:DeleteAlarms", alarm, {}


@_rule("application-autoscaling:DescribeScalingPolicies")
def _scaling_policies(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, "*", {}
    yield "cloudwatch:DescribeAlarms", where.arn("cloudwatch", "alarm:*"), {}


# CloudWatch.


@_rule("cloudwatch:DescribeAlarms")
def _see_alarms(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("cloudwatch", "alarm:*"), {}


@_rule("cloudwatch:PutMetricAlarm")
def _put_alarm(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("cloudwatch", f"alarm:{request['AlarmName']}"), {}


@_rule("ecs:TagResource")
def _tag_cluster(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, request["resourceArn"], _born({each["key"]: each["value"] for each in request["tags"]})


@_rule("ecs:UntagResource")
def _untag_cluster(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, request["resourceArn"], {"aws:TagKeys": request["tagKeys"]}


# ACM.


@_rule("acm:DescribeCertificate")
def _certificate(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, request["CertificateArn"], {}


# RDS.


@_rule("rds:StartDBInstance", "rds:StopDBInstance")
def _on_instance(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("rds", f"db:{request['DBInstanceIdentifier']}"), {}


@_rule("rds:StartDBCluster", "rds:StopDBCluster")
def _on_db_cluster(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("rds", f"cluster:{request['DBClusterIdentifier']}"), {}


# What remembers, tells and names.


@_rule("s3:GetObject", "s3:PutObject")
def _object(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, f"arn:aws:s3:::{'/'.join(request.path[1:])}", {}


@_rule("ssm:GetParameter")
def _parameter(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, where.arn("ssm", f"parameter{request['Name']}"), {}


@_rule("sns:Publish")
def _publish(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, request["TopicArn"], {}


@_rule("budgets:ViewBudget")
def _budget(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, f"arn:aws:budgets::{request['AccountId']}:budget/{request['BudgetName']}", {}


@_rule("route53:ListResourceRecordSets")
def _records(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, f"arn:aws:route53:::hostedzone/{request.path[3]}", {}


@_rule("route53:GetChange")
def _change(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, f"arn:aws:route53:::change/{request.path[3]}", {}


@_rule("route53:ChangeResourceRecordSets")
def _change_records(request: Request, where: Region) -> Iterator[Wanted]:
    batch = ElementTree.fromstring(re.sub(rb'\sxmlns="[^"]+"', b"", request.body))
    texts = {name: sorted({each.text or "" for each in batch.iter(name)}) for name in ("Name", "Type", "Action")}
    prefix = "route53:ChangeResourceRecordSets"
    context = {
        f"{prefix}NormalizedRecordNames": [_normalized(name) for name in texts["Name"]],
        f"{prefix}RecordTypes": texts["Type"],
        f"{prefix}Actions": texts["Action"],
    }
    yield request.call, f"arn:aws:route53:::hostedzone/{request.path[3]}", context


def _normalized(name: str) -> str:
    """Lower case, no dot at the end, everything but letters, digits, `-`, `_` and `.` as `\\` and three octal digits."""
    return re.sub(r"[^a-z0-9._-]", lambda found: f"\\{ord(found[0]):03o}", name.lower().rstrip("."))


# What other services attach.


@_rule("wafv2:GetWebACLForResource")
def _firewall(request: Request, where: Region) -> Iterator[Wanted]:
    """The service reference: "GetWebACLForResource: wafv2:GetWebACLForResource, elasticloadbalancing:GetLoadBalancerWebACL";
    its API reference: "This call uses GetWebACL, to verify that your account has permission".
    """
    firewall = where.arn("wafv2", "regional/webacl/any/any")
    yield request.call, request["ResourceArn"], {}
    yield request.call, firewall, {}
    yield "wafv2:GetWebACL", firewall, {}
    yield "elasticloadbalancing:GetLoadBalancerWebACL", request["ResourceArn"], {}


@_rule("wafv2:AssociateWebACL")
def _guard(request: Request, where: Region) -> Iterator[Wanted]:
    """facts §8: "dep. elasticloadbalancing:SetWebAcl, CreateWebACLAssociation"; the former on `*` only, the latter on the load
    balancer, with its tags."""
    yield request.call, request["WebACLArn"], {}
    yield request.call, request["ResourceArn"], {}
    yield "elasticloadbalancing:SetWebAcl", "*", {}
    yield "elasticloadbalancing:CreateWebACLAssociation", request["ResourceArn"], {}


@_rule("globalaccelerator:ListListeners", "globalaccelerator:ListEndpointGroups")
def _of_accelerator(request: Request, where: Region) -> Iterator[Wanted]:
    yield request.call, request["AcceleratorArn"] or request["ListenerArn"], {}
