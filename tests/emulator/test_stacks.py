"""CloudFormation makes what the API would have made."""

import json
from typing import Any

from conftest import Emulator


def _stack(aws: Emulator, resources: dict[str, Any], outputs: dict[str, Any], tags: list[dict[str, str]] | None = None) -> dict[str, str]:
    formation, name = aws.client("cloudformation"), aws.name("stack")
    template = {"Resources": resources, "Outputs": {k: {"Value": v} for k, v in outputs.items()}}
    formation.create_stack(StackName=name, TemplateBody=json.dumps(template), Tags=tags or [])
    described = formation.describe_stacks(StackName=name)["Stacks"][0]
    assert described["StackStatus"] == "CREATE_COMPLETE"
    return {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}


_TAGS = [{"Key": "curfew:environment", "Value": "dev"}]


def test_a_target_group_keeps_its_attributes_and_tags(aws: Emulator) -> None:
    group = {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {
            "Name": "of-a-stack",
            "VpcId": aws.network().vpc,
            "TargetType": "ip",
            "Protocol": "HTTP",
            "Port": 8000,
            "HealthCheckIntervalSeconds": 10,
            "TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "15"}],
            "Tags": _TAGS,
        },
    }
    arn = _stack(aws, {"Group": group}, {"Arn": {"Ref": "Group"}})["Arn"]
    elb = aws.client("elbv2")
    (described,) = elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
    assert (described["TargetGroupName"], described["HealthCheckIntervalSeconds"]) == ("of-a-stack", 10)
    assert {"Key": "deregistration_delay.timeout_seconds", "Value": "15"} in elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    tags = elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]
    assert [each for each in tags if not each["Key"].startswith("aws:")] == _TAGS


def test_ecs_keeps_everything(aws: Emulator) -> None:
    settings = [{"Name": "containerInsights", "Value": "enabled"}]
    cluster = {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "of-a-stack", "ClusterSettings": settings, "Tags": _TAGS}}
    task = {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "Family": "of-a-stack",
            "RequiresCompatibilities": ["FARGATE"],
            "NetworkMode": "awsvpc",
            "Cpu": "256",
            "Memory": "512",
            "RuntimePlatform": {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"},
            "ContainerDefinitions": [{"Name": "web", "Image": "web"}],
            "Tags": _TAGS,
        },
    }
    made = _stack(aws, {"Cluster": cluster, "Task": task}, {"Cluster": {"Fn::GetAtt": ["Cluster", "Arn"]}, "Task": {"Ref": "Task"}})
    ecs, tags = aws.client("ecs"), [{"key": "curfew:environment", "value": "dev"}]
    (described,) = ecs.describe_clusters(clusters=[made["Cluster"]], include=["SETTINGS", "TAGS"])["clusters"]
    assert described["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    assert [each for each in described["tags"] if not each["key"].startswith("aws:")] == tags
    answer = ecs.describe_task_definition(taskDefinition="of-a-stack", include=["TAGS"])
    definition = answer["taskDefinition"]
    assert definition["taskDefinitionArn"] == made["Task"]
    assert [each for each in answer["tags"] if not each["key"].startswith("aws:")] == tags
    assert {each["key"] for each in answer["tags"]} >= {"aws:cloudformation:stack-name", "aws:cloudformation:logical-id"}
    assert definition["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    assert (definition["networkMode"], definition["cpu"], definition["memory"]) == ("awsvpc", "256", "512")


def test_what_is_around(aws: Emulator) -> None:
    """Certificates, a zone's name servers, route tables, a parameter's tags, and values that are none."""
    vpc = aws.network().vpc
    subnet = aws.client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.99.0/24")["Subnet"]["SubnetId"]
    resources = {
        "Certificate": {"Type": "AWS::CertificateManager::Certificate", "Properties": {"DomainName": "dev.example.com"}},
        "Zone": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "dev.example.com"}},
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": vpc, "Tags": _TAGS}},
        "Routes": {"Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": {"SubnetId": subnet, "RouteTableId": {"Ref": "Table"}}},
        "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/of/a/stack", "Type": "String", "Value": "x", "Tags": {"Team": "a"}}},
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "of a stack",
                "VpcId": vpc,
                "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0"}, {"Ref": "AWS::NoValue"}],
            },
        },
    }
    outputs = {
        "Certificate": {"Ref": "Certificate"},
        "NameServers": {"Fn::Join": [" ", {"Fn::GetAtt": ["Zone", "NameServers"]}]},
        "Table": {"Ref": "Table"},
        "Group": {"Fn::GetAtt": ["Group", "GroupId"]},
    }
    made = _stack(aws, resources, outputs)
    assert aws.client("acm").describe_certificate(CertificateArn=made["Certificate"])["Certificate"]["DomainName"] == "dev.example.com"
    assert len(made["NameServers"].split()) == 4
    ec2 = aws.client("ec2")
    (table,) = ec2.describe_route_tables(RouteTableIds=[made["Table"]])["RouteTables"]
    assert _TAGS[0] in table["Tags"]
    assert [each["SubnetId"] for each in table["Associations"]] == [subnet]
    assert len(ec2.describe_security_groups(GroupIds=[made["Group"]])["SecurityGroups"][0]["IpPermissions"]) == 1
    tags = aws.client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId="/of/a/stack")["TagList"]
    assert tags == [{"Key": "Team", "Value": "a"}]


def _environment() -> dict[str, Any]:
    """All of an environment in one template, as CDK writes it."""
    resources: dict[str, Any] = {}

    def add(name: str, kind: str, after: list[str] | None = None, **properties: Any) -> None:
        resources[name] = {"Type": f"AWS::{kind}", "Properties": properties} | ({"DependsOn": after} if after else {})

    vpc, group = {"Ref": "Vpc"}, {"Ref": "Group"}
    add("Vpc", "EC2::VPC", CidrBlock="10.5.0.0/16")
    add("Internet", "EC2::InternetGateway")
    add("Attached", "EC2::VPCGatewayAttachment", VpcId=vpc, InternetGatewayId={"Ref": "Internet"})
    for number, name in enumerate(("PublicA", "PublicB", "PrivateA", "PrivateB")):
        add(name, "EC2::Subnet", VpcId=vpc, CidrBlock=f"10.5.{number}.0/24", AvailabilityZone=f"us-west-2{name[-1].lower()}")
        add(f"{name}Table", "EC2::RouteTable", VpcId=vpc)
        add(f"{name}Of", "EC2::SubnetRouteTableAssociation", SubnetId={"Ref": name}, RouteTableId={"Ref": f"{name}Table"})
        to = {"GatewayId": {"Ref": "Internet"}} if name.startswith("Public") else {"NatGatewayId": {"Ref": "Nat"}}
        add(f"{name}Out", "EC2::Route", ["Attached"], RouteTableId={"Ref": f"{name}Table"}, DestinationCidrBlock="0.0.0.0/0", **to)
    add("Address", "EC2::EIP", Domain="vpc")
    allocation = {"Fn::GetAtt": ["Address", "AllocationId"]}
    add("Nat", "EC2::NatGateway", ["PublicAOut", "PublicAOf"], SubnetId={"Ref": "PublicA"}, AllocationId=allocation, Tags=_TAGS)
    subnets = [{"Ref": "PublicA"}, {"Ref": "PublicB"}]
    add("Balancer", "ElasticLoadBalancingV2::LoadBalancer", ["PublicAOut", "PublicBOut"], Subnets=subnets, Type="application")
    add("Group", "ElasticLoadBalancingV2::TargetGroup", VpcId=vpc, TargetType="ip", Protocol="HTTP", Port=80)
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    add("Listener", "ElasticLoadBalancingV2::Listener", LoadBalancerArn={"Ref": "Balancer"}, Port=80, Protocol="HTTP", DefaultActions=forward)
    path = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/x"]}}]
    add("Rule", "ElasticLoadBalancingV2::ListenerRule", ListenerArn={"Ref": "Listener"}, Priority=5, Conditions=path, Actions=forward)
    add("Cluster", "ECS::Cluster")
    containers = [{"Name": "web", "Image": "web", "PortMappings": [{"ContainerPort": 80}]}]
    fargate = {"RequiresCompatibilities": ["FARGATE"], "NetworkMode": "awsvpc", "Cpu": "256", "Memory": "512"}
    add("Task", "ECS::TaskDefinition", Family="stacked", ContainerDefinitions=containers, **fargate)
    add(
        "Service",
        "ECS::Service",
        ["Listener", "Rule"],
        Cluster={"Ref": "Cluster"},
        TaskDefinition={"Ref": "Task"},
        DesiredCount=2,
        LaunchType="FARGATE",
        LoadBalancers=[{"TargetGroupArn": group, "ContainerName": "web", "ContainerPort": 80}],
        NetworkConfiguration={"AwsvpcConfiguration": {"Subnets": [{"Ref": "PrivateA"}, {"Ref": "PrivateB"}]}},
    )
    return resources


def test_an_environment_in_one_template(own_aws: Emulator) -> None:
    """It is there, serves, and can be deleted again."""
    outputs = {"Name": {"Fn::GetAtt": ["Balancer", "DNSName"]}, "Group": {"Ref": "Group"}, "Nat": {"Ref": "Nat"}, "Vpc": {"Ref": "Vpc"}}
    made = _stack(own_aws, _environment(), outputs)
    own_aws.advance(120)
    elb, ec2 = own_aws.client("elbv2"), own_aws.client("ec2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    assert (balancer["DNSName"], balancer["State"]["Code"]) == (made["Name"], "active")
    health = elb.describe_target_health(TargetGroupArn=made["Group"])["TargetHealthDescriptions"]
    assert [each["TargetHealth"]["State"] for each in health] == ["healthy", "healthy"]
    assert ec2.describe_nat_gateways(NatGatewayIds=[made["Nat"]])["NatGateways"][0]["State"] == "available"
    formation = own_aws.client("cloudformation")
    formation.delete_stack(StackName=formation.describe_stacks()["Stacks"][0]["StackName"])
    assert formation.describe_stacks()["Stacks"] == []
    assert elb.describe_load_balancers()["LoadBalancers"] == elb.describe_target_groups()["TargetGroups"] == []
    assert ec2.describe_addresses()["Addresses"] == []
    assert made["Vpc"] not in [each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]]


def test_what_a_stack_makes_carries_its_tags_and_cloudformations(own_aws: Emulator) -> None:
    """Listeners, rules, routes and records carry none: CloudFormation cannot tag them."""
    resources = _environment() | {
        "Endpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {"VpcEndpointType": "Interface", "VpcId": {"Ref": "Vpc"}, "ServiceName": "com.amazonaws.us-west-2.logs"},
        }
    }
    resources["Nat"]["Properties"]["Tags"] = [{"Key": "Team", "Value": "network"}]
    _stack(own_aws, resources, {}, [{"Key": "Team", "Value": "shop"}])
    own_aws.advance(10)
    listed = own_aws.client("resourcegroupstaggingapi").get_paginator("get_resources").paginate()
    tags = [{tag["Key"]: tag["Value"] for tag in each["Tags"]} for page in listed for each in page["ResourceTagMappingList"]]
    teams = {each["aws:cloudformation:logical-id"]: each["Team"] for each in tags if "aws:cloudformation:logical-id" in each}
    wanted = {"Vpc", "PublicA", "PublicATable", "Address", "Nat", "Endpoint", "Balancer", "Group", "Cluster", "Task", "Service"}
    assert teams.items() >= dict.fromkeys(wanted, "shop").items() - {("Nat", "shop")} | {("Nat", "network")}
    assert not teams.keys() & {"Listener", "Rule", "PublicAOut"}


def test_records_and_endpoints(aws: Emulator) -> None:
    """A record of a stack is there for Route 53, an endpoint for those who describe and delete it."""
    network = aws.network()
    alias = {"DNSName": "dualstack.shop-1.us-west-2.elb.amazonaws.com", "HostedZoneId": "Z1H1FL5HABSF5"}
    resources = {
        "Zone": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "shop.example.com"}},
        "Alias": {
            "Type": "AWS::Route53::RecordSet",
            "Properties": {"HostedZoneId": {"Ref": "Zone"}, "Name": "shop.example.com.", "Type": "A", "AliasTarget": alias},
        },
        "Text": {
            "Type": "AWS::Route53::RecordSet",
            "Properties": {
                "HostedZoneName": "shop.example.com.",
                "Name": "text.shop.example.com",
                "Type": "CNAME",
                "TTL": "60",
                "ResourceRecords": ["example.com"],
            },
            "DependsOn": "Zone",
        },
        "Endpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcEndpointType": "Interface",
                "VpcId": network.vpc,
                "ServiceName": "com.amazonaws.us-west-2.sqs",
                "PolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]},
            },
        },
    }
    made = _stack(aws, resources, {"Zone": {"Ref": "Zone"}, "Endpoint": {"Ref": "Endpoint"}})
    sets = aws.client("route53").list_resource_record_sets(HostedZoneId=made["Zone"])["ResourceRecordSets"]
    target = {"DNSName": alias["DNSName"] + ".", "HostedZoneId": alias["HostedZoneId"], "EvaluateTargetHealth": False}
    assert {"Name": "shop.example.com.", "Type": "A", "AliasTarget": target} in sets
    assert {"Name": "text.shop.example.com.", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "example.com"}]} in sets
    (endpoint,) = aws.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[made["Endpoint"]])["VpcEndpoints"]
    assert (endpoint["State"], json.loads(endpoint["PolicyDocument"])["Statement"][0]["Action"]) == ("available", "sqs:*")


def test_a_nat_instance(aws: Emulator) -> None:
    """With the groups that the template names, and without the check that would keep it from forwarding."""
    network = aws.network()
    everything = {"IpProtocol": "-1", "CidrIp": "10.0.0.0/16"}
    resources = {
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {"GroupDescription": "NAT", "VpcId": network.vpc, "SecurityGroupIngress": [everything]},
        },
        "Instance": {
            "Type": "AWS::EC2::Instance",
            "Properties": {
                "ImageId": "ami-12c6146b",
                "InstanceType": "t4g.nano",
                "SubnetId": network.public[0],
                "SecurityGroupIds": [{"Fn::GetAtt": ["Group", "GroupId"]}],
                "SourceDestCheck": False,
            },
        },
    }
    made = _stack(aws, resources, {"Group": {"Fn::GetAtt": ["Group", "GroupId"]}, "Instance": {"Ref": "Instance"}})
    ec2 = aws.client("ec2")
    (instance,) = ec2.describe_instances(InstanceIds=[made["Instance"]])["Reservations"][0]["Instances"]
    assert [each["GroupId"] for each in instance["SecurityGroups"]] == [made["Group"]]
    assert instance["SourceDestCheck"] is False
    (rule,) = ec2.describe_security_groups(GroupIds=[made["Group"]])["SecurityGroups"][0]["IpPermissions"]
    assert (rule["IpProtocol"], [each["CidrIp"] for each in rule["IpRanges"]]) == ("-1", ["10.0.0.0/16"])


def test_nested_stacks(aws: Emulator) -> None:
    """Their outputs can be referred to, they pass on the tags, and what is in them has names of its own in spite of their long ones."""
    child = {
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.6.0.0/16"}},
            "Queue": {"Type": "AWS::SQS::Queue"},
            "DeadLetters": {"Type": "AWS::SQS::Queue"},
        },
        "Outputs": {"Id": {"Value": {"Ref": "Vpc"}}},
    }
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket="templates", Key="child.json", Body=json.dumps(child))
    long = "NetworkNestedStackNetworkNestedStackResource0124E108"
    resources = {
        long: {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3.us-west-2.amazonaws.com/templates/child.json"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Fn::GetAtt": [long, "Outputs.Id"]}, "CidrBlock": "10.6.1.0/24"}},
    }
    made = _stack(aws, resources, {"Subnet": {"Ref": "Subnet"}}, [{"Key": "Team", "Value": "shop"}])
    ec2 = aws.client("ec2")
    (subnet,) = ec2.describe_subnets(SubnetIds=[made["Subnet"]])["Subnets"]
    (vpc,) = ec2.describe_vpcs(VpcIds=[subnet["VpcId"]])["Vpcs"]
    assert vpc["CidrBlock"] == "10.6.0.0/16"
    tags = {each["Key"]: each["Value"] for each in vpc["Tags"]}
    assert tags["Team"] == "shop"
    assert long in tags["aws:cloudformation:stack-name"]
    assert len(aws.client("sqs").list_queues()["QueueUrls"]) == 2
