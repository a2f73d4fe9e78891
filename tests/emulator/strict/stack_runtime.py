"""What CloudFormation makes of the runtime tier: NAT gateways, VPC endpoints, load balancers with listeners and rules, records, services.

Moto's stacks make these of its own models, which nothing else here knows. They are made, and deleted, by the same functions
as through the API. CloudFormation waits for each until it is there, or gone: so does the emulator's clock.
"""

import json
from collections.abc import Callable
from typing import Any

from moto.core.common_models import CloudFormationModel
from moto.core.utils import pascal_to_camelcase, remap_nested_keys
from moto.route53.models import route53_backends

from . import latencies
from .account import regions
from .clock import clock
from .ecs_service import create_service, delete_service
from .listener import create_listener, delete_listener
from .load_balancer import create_load_balancer, delete_load_balancer
from .load_balancer_attributes import modify_load_balancer_attributes
from .nat_gateway import create_nat_gateway, delete_nat_gateway
from .operations import Refusal
from .route53 import change_resource_record_sets
from .rule import create_rule, delete_rule
from .vpc_endpoints import create_vpc_endpoint, delete_vpc_endpoints


class StackCall:
    """A call that CloudFormation makes on behalf of a stack."""

    def __init__(self, account_id: str, region_name: str, parameters: dict[str, Any]) -> None:
        self.account_id = account_id
        self.region = region_name
        self.parameters = parameters

    def __getitem__(self, name: str) -> Any:
        return self.parameters.get(name)


def waited(seconds: float) -> None:
    """So much time passes, and everything that is due in it happens."""
    clock.advance(seconds)
    clock.settle()


class Standing(CloudFormationModel):
    """A resource of a stack: what `Ref` and `Fn::GetAtt` say of it, and how it is deleted."""

    def __init__(self, identifier: str, attributes: dict[str, str], remove: Callable[[], Any]) -> None:
        self._identifier, self._attributes, self._remove = identifier, attributes, remove

    @property
    def physical_resource_id(self) -> str:
        return self._identifier

    def get_cfn_attribute(self, name: str) -> str:
        return self._attributes[name]

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    def is_created(self) -> bool:
        return True

    def delete(self, account_id: str, region_name: str) -> None:
        self._remove()


def _made(kind: str, name_type: str, make: Callable[[str, Callable[[dict[str, Any]], StackCall], dict[str, Any]], Standing]) -> type:
    """The model of a kind of resource, whose `make` gets its name, a maker of calls and its properties."""

    def create_from(cls: Any, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any) -> Standing:
        return make(resource_name, lambda parameters: StackCall(account_id, region_name, parameters), cloudformation_json["Properties"])

    members = {
        "cloudformation_name_type": staticmethod(lambda: name_type),
        "cloudformation_type": staticmethod(lambda: kind),
        "create_from_cloudformation_json": classmethod(create_from),
    }
    return type(kind.rsplit(":", 1)[1], (CloudFormationModel,), members)


def _nat_gateway(_: str, call: Any, properties: dict[str, Any]) -> Standing:
    tags = [{"ResourceType": "natgateway", "Tags": properties.get("Tags", [])}]
    parameters = {key: value for key, value in properties.items() if key != "Tags"} | {"TagSpecifications": tags}
    identifier = create_nat_gateway(call(parameters))["NatGateway"]["NatGatewayId"]
    waited(latencies.NAT_GATEWAY_CREATE)

    def remove() -> None:
        delete_nat_gateway(call({"NatGatewayId": identifier}))
        waited(latencies.NAT_GATEWAY_DELETE)

    return Standing(identifier, {"NatGatewayId": identifier}, remove)


def _vpc_endpoint(_: str, call: Any, properties: dict[str, Any]) -> Standing:
    tags = [{"ResourceType": "vpc-endpoint", "Tags": properties.get("Tags", [])}]
    parameters = {key: value for key, value in properties.items() if key != "Tags"} | {"TagSpecifications": tags}
    if "PolicyDocument" in parameters:
        parameters["PolicyDocument"] = json.dumps(parameters["PolicyDocument"])
    identifier = create_vpc_endpoint(call(parameters))["VpcEndpoint"]["VpcEndpointId"]
    waited(latencies.VPC_ENDPOINT_CREATE)

    def remove() -> None:
        delete_vpc_endpoints(call({"VpcEndpointIds": [identifier]}))
        waited(latencies.VPC_ENDPOINT_DELETE)

    return Standing(identifier, {"Id": identifier}, remove)


def _load_balancer(name: str, call: Any, properties: dict[str, Any]) -> Standing:
    (made,) = create_load_balancer(call(properties | {"Name": properties.get("Name") or name[:32].strip("-")}))["LoadBalancers"]
    arn = made["LoadBalancerArn"]
    if properties.get("LoadBalancerAttributes"):
        modify_load_balancer_attributes(call({"LoadBalancerArn": arn, "Attributes": properties["LoadBalancerAttributes"]}))
    waited(latencies.LOAD_BALANCER_CREATE)
    attributes = {
        "LoadBalancerArn": arn,
        "DNSName": made["DNSName"],
        "CanonicalHostedZoneID": made["CanonicalHostedZoneId"],
        "LoadBalancerFullName": arn.split(":loadbalancer/")[1],
        "LoadBalancerName": made["LoadBalancerName"],
    }
    return Standing(arn, attributes, lambda: delete_load_balancer(call({"LoadBalancerArn": arn})))


def _if_there(remove: Callable[[], Any]) -> Callable[[], Any]:
    """What went with its load balancer is gone."""

    def removed() -> None:
        try:
            remove()
        except Refusal as refusal:
            if refusal.code not in ("ListenerNotFound", "RuleNotFound"):
                raise

    return removed


def _listener(_: str, call: Any, properties: dict[str, Any]) -> Standing:
    arn = create_listener(call(properties))["Listeners"][0]["ListenerArn"]
    return Standing(arn, {"ListenerArn": arn}, _if_there(lambda: delete_listener(call({"ListenerArn": arn}))))


def _rule(_: str, call: Any, properties: dict[str, Any]) -> Standing:
    arn = create_rule(call(properties))["Rules"][0]["RuleArn"]
    return Standing(arn, {"RuleArn": arn}, _if_there(lambda: delete_rule(call({"RuleArn": arn}))))


def _record(_: str, call: Any, properties: dict[str, Any]) -> Standing:
    """Its values are texts in a stack, and whether an alias asks for its target's health may be left out."""
    own = {key: properties[key] for key in properties if key not in ("Comment", "HostedZoneId", "HostedZoneName")}
    if "AliasTarget" in own:
        own["AliasTarget"] = {"EvaluateTargetHealth": False} | own["AliasTarget"]
    else:
        own |= {"TTL": int(own["TTL"]), "ResourceRecords": [{"Value": each} for each in own["ResourceRecords"]]}
    backend = route53_backends[call({}).account_id]["aws"]
    zone = properties.get("HostedZoneId") or backend.get_hosted_zone_by_name(properties["HostedZoneName"]).id

    def change(action: str) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": own}]}
        change_resource_record_sets(call({"HostedZoneId": zone, "ChangeBatch": batch}))

    change("CREATE")
    return Standing(own["Name"], {}, lambda: change("DELETE"))


def _service(name: str, call: Any, properties: dict[str, Any]) -> Standing:
    parameters = remap_nested_keys(properties, pascal_to_camelcase)
    made = create_service(call(parameters | {"serviceName": parameters.get("serviceName") or name}))["service"]
    waited(latencies.TASK_START)

    def remove() -> None:
        delete_service(call({"cluster": made["clusterArn"], "service": made["serviceArn"], "force": True}))
        where = regions[(call({}).account_id, call({}).region)]
        while any(each.settings.get("service") == made["serviceArn"] and each.last != "STOPPED" for each in where.tasks.values()):
            waited(latencies.TASK_STOP)

    return Standing(made["serviceArn"], {"ServiceArn": made["serviceArn"], "Name": made["serviceName"]}, remove)


_KINDS = [
    _made("AWS::EC2::NatGateway", "", _nat_gateway),
    _made("AWS::EC2::VPCEndpoint", "", _vpc_endpoint),
    _made("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name", _load_balancer),
    _made("AWS::ElasticLoadBalancingV2::Listener", "", _listener),
    _made("AWS::ElasticLoadBalancingV2::ListenerRule", "", _rule),
    _made("AWS::Route53::RecordSet", "", _record),
    _made("AWS::ECS::Service", "ServiceName", _service),
]
