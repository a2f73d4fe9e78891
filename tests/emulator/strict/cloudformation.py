"""CloudFormation makes what the API would have made.

Moto's stacks drop what its models have no place for: a cluster's settings and tags, most of a task definition, a target
group's attributes, tags of EC2 resources, a subnet's association with its route table, a zone's name servers, an instance's
security groups and whether it forwards, a nested stack's tags and outputs; they know no certificates; and only EC2's resources
carry the stack's tags and CloudFormation's own.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from moto.acm.models import acm_backends
from moto.cloudformation import parsing
from moto.cloudformation.models import Stack, cloudformation_backends
from moto.cloudformation.utils import get_stack_from_s3_url
from moto.core.common_models import CloudFormationModel
from moto.core.utils import pascal_to_camelcase, remap_nested_keys
from moto.ec2.models import ec2_backends
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.instances import Instance
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.security_groups import SecurityGroup
from moto.ec2.models.subnets import SubnetRouteTableAssociation
from moto.route53.models import FakeZone

from .account import Region, regions
from .resources import tags_of
from .stack_runtime import StackCall, Standing
from .tagging import change
from .target_group import TargetGroup, delete_target_group, settings_of


class _TargetGroups(CloudFormationModel):
    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ElasticLoadBalancingV2::TargetGroup"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any) -> Standing:
        properties = cloudformation_json["Properties"] | {"Name": resource_name}
        where = regions[(account_id, region_name)]
        made = TargetGroup(where, settings_of(defaultdict(lambda: None, properties)), _tags(properties))
        made.attributes |= {each["Key"]: str(each["Value"]) for each in properties.get("TargetGroupAttributes", [])}
        where.target_groups[made.arn] = made
        attributes = {"TargetGroupArn": made.arn, "TargetGroupName": made.name}
        return Standing(made.arn, attributes, lambda: delete_target_group(StackCall(account_id, region_name, {"TargetGroupArn": made.arn})))


class _Certificates(CloudFormationModel):
    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::CertificateManager::Certificate"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any) -> Standing:
        properties = cloudformation_json["Properties"]
        arn = acm_backends[account_id][region_name].request_certificate(
            properties["DomainName"], None, properties.get("SubjectAlternativeNames", []), properties.get("Tags", [])
        )
        return Standing(arn, {}, lambda: acm_backends[account_id][region_name].delete_certificate(arn))


class _Clusters(CloudFormationModel):
    @staticmethod
    def cloudformation_name_type() -> str:
        return "ClusterName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ECS::Cluster"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any) -> Standing:
        properties = _lower(cloudformation_json["Properties"])
        made = regions[(account_id, region_name)].ecs.create_cluster(
            resource_name, properties.get("tags"), properties.get("clusterSettings"), properties.get("configuration")
        )
        ecs = regions[(account_id, region_name)].ecs
        return Standing(made.name, {"Arn": made.arn}, lambda: ecs.delete_cluster(made.name))


class _TaskDefinitions(CloudFormationModel):
    @staticmethod
    def cloudformation_name_type() -> str:
        return "Family"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::ECS::TaskDefinition"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any) -> Standing:
        properties = _lower(cloudformation_json["Properties"])
        made = regions[(account_id, region_name)].ecs.register_task_definition(
            family=properties.get("family", resource_name),
            container_definitions=properties["containerDefinitions"],
            volumes=properties.get("volumes"),
            network_mode=properties.get("networkMode"),
            tags=properties.get("tags"),
            requires_compatibilities=properties.get("requiresCompatibilities"),
            cpu=properties.get("cpu"),
            memory=properties.get("memory"),
            task_role_arn=properties.get("taskRoleArn"),
            execution_role_arn=properties.get("executionRoleArn"),
            runtime_platform=properties.get("runtimePlatform"),
        )
        ecs = regions[(account_id, region_name)].ecs
        return Standing(made.arn, {"TaskDefinitionArn": made.arn}, lambda: ecs.deregister_task_definition(made.arn))


def _lower(properties: dict[str, Any]) -> dict[str, Any]:
    """As ECS's API spells them."""
    return remap_nested_keys(properties, pascal_to_camelcase)


def _tags(properties: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: str(tag["Value"]) for tag in properties.get("Tags", [])}


def _as_the_api_does(moto_creates: Any) -> Any:
    def create(logical_id: str, resource_json: Any, resources_map: Any, account_id: str, region_name: str) -> Any:
        if resource_json["Type"] == "AWS::SSM::Parameter":
            # Of all resources the one whose tags are a map in a stack, which moto takes for a list.
            listed = [{"Key": key, "Value": value} for key, value in resource_json["Properties"].get("Tags", {}).items()]
            resource_json = resource_json | {"Properties": resource_json["Properties"] | {"Tags": listed}}
        if resource_json["Type"] == "AWS::CloudFormation::Stack":
            own = _tags(parsing.clean_json(resource_json["Properties"], resources_map))
            passed = {key: value for key, value in resources_map.tags.items() if not key.startswith("aws:")} | own
            listed = [{"Key": key, "Value": value} for key, value in passed.items()]
            resource_json = resource_json | {"Properties": resource_json["Properties"] | {"Tags": listed}}
        made = moto_creates(logical_id, resource_json, resources_map, account_id, region_name)
        if made is not None and resource_json["Type"] in _MARKED:
            # A task definition's too, whose schema says `cloudFormationSystemTags`: who registers it again may not send these.
            where = regions[(account_id, region_name)]
            names = {"stack-name": resources_map["AWS::StackName"], "stack-id": resources_map["AWS::StackId"], "logical-id": logical_id}
            # The stack's own tags come with them, unless the template gives the resource another value.
            marks = {f"aws:cloudformation:{key}": value for key, value in names.items()}
            arn = _MARKED[resource_json["Type"]](where, made)
            change(where, arn, {key: str(value) for key, value in resources_map.tags.items()} | tags_of(where, arn) | marks, [])
        if isinstance(made, Instance):
            properties = parsing.clean_json(resource_json, resources_map)["Properties"]
            if properties.get("SecurityGroupIds"):
                made.ec2_backend.modify_instance_security_groups(made.id, properties["SecurityGroupIds"])
            made.source_dest_check = str(properties.get("SourceDestCheck", True)).lower()
        if isinstance(made, FakeZone):
            made.name = made.name.rstrip(".") + "."
        if isinstance(made, TaggedEC2Resource):
            properties = parsing.clean_json(resource_json, resources_map).get("Properties", {})
            identifier = made.allocation_id if isinstance(made, ElasticAddress) else made.physical_resource_id
            ec2_backends[account_id][region_name].create_tags([identifier], _tags(properties))
        if isinstance(made, SubnetRouteTableAssociation):
            ec2_backends[account_id][region_name].associate_route_table(made.route_table_id, subnet_id=made.subnet_id)
        return made

    return create


def _with_ports(moto_creates: Any) -> Any:
    """A rule for every protocol names no ports. Moto misses them, and tells of a group that is undefined."""

    def create(resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **others: Any) -> SecurityGroup:
        properties = cloudformation_json["Properties"]
        rules = [{"FromPort": None, "ToPort": None} | each for each in properties.get("SecurityGroupIngress", [])]
        with_ports = cloudformation_json | {"Properties": properties | {"SecurityGroupIngress": rules}}
        return moto_creates(resource_name, with_ports, account_id, region_name, **others)

    return create


def _without_no_values(moto_cleans: Any) -> Any:
    """AWS::NoValue leaves nothing behind in a list; in moto it leaves a None."""

    def clean(value: Any, resources_map: Any) -> Any:
        cleaned = moto_cleans(value, resources_map)
        return [each for each in cleaned if each is not None] if isinstance(cleaned, list) else cleaned

    return clean


#: So many letters CloudFormation puts behind the names that it chooses.
_SUFFIX = 13
#: The ARN of what CloudFormation marks as its own, by kind. Of EC2 moto marks all that its own models make, but an address by its IP.
_MARKED: dict[str, Callable[[Region, Any], str]] = {
    "AWS::EC2::EIP": lambda where, made: where.arn("ec2", f"elastic-ip/{made.allocation_id}"),
    "AWS::EC2::NatGateway": lambda where, made: where.arn("ec2", f"natgateway/{made.physical_resource_id}"),
    "AWS::EC2::VPCEndpoint": lambda where, made: where.arn("ec2", f"vpc-endpoint/{made.physical_resource_id}"),
    "AWS::ECS::Cluster": lambda _, made: made.get_cfn_attribute("Arn"),
    "AWS::ECS::Service": lambda _, made: made.physical_resource_id,
    "AWS::ECS::TaskDefinition": lambda _, made: made.physical_resource_id,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": lambda _, made: made.physical_resource_id,
    "AWS::ElasticLoadBalancingV2::TargetGroup": lambda _, made: made.physical_resource_id,
    "AWS::RDS::DBInstance": lambda where, made: where.arn("rds", f"db:{made.physical_resource_id}"),
}


def _nested_stack(resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any) -> Stack:
    """With the tags of the stack that it is nested in."""
    properties = cloudformation_json["Properties"]
    template = get_stack_from_s3_url(properties["TemplateURL"], account_id, "aws")
    formation = cloudformation_backends[account_id][region_name]
    return formation.create_stack(resource_name, template, properties.get("Parameters", {}), tags=_tags(properties))


def _of_nested_stack(stack: Stack, name: str) -> Any:
    return {f"Outputs.{each['OutputKey']}": each["OutputValue"] for each in stack.outputs or []}[name]


def _with_queues(moto_generates: Any) -> Any:
    """Queues' names have 80 letters: moto cuts at the end, so that two queues of a nested stack get one name; CloudFormation cuts the stack's."""

    def generate(resource_type: str, stack_name: str, logical_id: str) -> str:
        shortened = stack_name[: 80 - len(f"-{logical_id}-") - _SUFFIX] if resource_type == "AWS::SQS::Queue" else stack_name
        return moto_generates(resource_type, shortened, logical_id)

    return generate


def _of_zone(zone: FakeZone, name: str) -> Any:
    return {"Id": zone.physical_resource_id, "NameServers": zone.delegation_set.name_servers}[name]


def _delete_route_table(table: RouteTable, *_: str) -> None:
    """With its associations, which moto's stacks leave behind, and then cannot delete the VPC."""
    table._associations.clear()
    table.ec2_backend.delete_route_table(table.id)


def _delete_internet_gateway(gateway: InternetGateway, *_: str) -> None:
    if gateway.vpc:
        gateway.ec2_backend.detach_internet_gateway(gateway.id, gateway.vpc.id)
    gateway.ec2_backend.delete_internet_gateway(gateway.id)


def _release(address: ElasticAddress, *_: str) -> None:
    address.ec2_backend.release_address(allocation_id=address.allocation_id)


ElasticAddress.delete = _release
RouteTable.delete = _delete_route_table
InternetGateway.delete = _delete_internet_gateway
SecurityGroup.create_from_cloudformation_json = staticmethod(_with_ports(SecurityGroup.create_from_cloudformation_json))
FakeZone.get_cfn_attribute = _of_zone
Stack.create_from_cloudformation_json = staticmethod(_nested_stack)
Stack.get_cfn_attribute = _of_nested_stack
parsing.generate_resource_name = _with_queues(parsing.generate_resource_name)
parsing.clean_json = _without_no_values(parsing.clean_json)
parsing.parse_and_create_resource = _as_the_api_does(parsing.parse_and_create_resource)
parsing.get_model_map.cache_clear()
parsing.get_name_type_map.cache_clear()
