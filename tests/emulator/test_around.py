"""What surrounds the runtime tier, over the wire: the Tagging API, Route 53, SNS, S3 and the emulator's own requests."""

import contextlib
import json
import threading
import time

import pytest
from botocore.exceptions import HTTPClientError

from conftest import Emulator, Network, refused


@pytest.fixture(scope="module")
def network(aws: Emulator) -> Network:
    return aws.network()


def found(aws: Emulator, environment: str, *types: str) -> dict[str, dict[str, str]]:
    pages = aws.client("resourcegroupstaggingapi").get_paginator("get_resources")
    filters = [{"Key": "curfew:environment", "Values": [environment]}]
    listed = [
        each for page in pages.paginate(TagFilters=filters, ResourceTypeFilters=list(types)) for each in page["ResourceTagMappingList"]
    ]
    return {each["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]} for each in listed}


def test_tagging_sees_everything_a_little_late(aws, network):
    """facts §7: "ResourceTypeFilters … ec2:natgateway, ec2:elastic-ip, …, elasticloadbalancing:listener, ecs:service"."""
    tag = [{"Key": "curfew:environment", "Value": "all"}]
    ec2, elb, ecs = aws.client("ec2"), aws.client("elbv2"), aws.client("ecs")
    allocation = ec2.allocate_address(TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": tag}])["AllocationId"]
    nat = ec2.create_nat_gateway(
        SubnetId=network.public[0], AllocationId=allocation, TagSpecifications=[{"ResourceType": "natgateway", "Tags": tag}]
    )["NatGateway"]["NatGatewayId"]
    balancer = elb.create_load_balancer(Name="tagged", Subnets=network.public, Tags=tag)["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(Name="tagged", Protocol="HTTP", Port=80, VpcId=network.vpc, TargetType="ip", Tags=tag)["TargetGroups"][
        0
    ]["TargetGroupArn"]
    listener = elb.create_listener(
        LoadBalancerArn=balancer, Port=80, Protocol="HTTP", DefaultActions=[{"Type": "forward", "TargetGroupArn": group}], Tags=tag
    )["Listeners"][0]["ListenerArn"]
    lower = [{"key": "curfew:environment", "value": "all"}]
    cluster = ecs.create_cluster(clusterName="tagged", tags=lower)["cluster"]["clusterArn"]
    ecs.register_task_definition(family="tagged", containerDefinitions=[{"name": "tagged", "image": "example", "memory": 64}])
    service = ecs.create_service(cluster=cluster, serviceName="tagged", taskDefinition="tagged", desiredCount=0, tags=lower)["service"][
        "serviceArn"
    ]
    assert found(aws, "all") == {}
    aws.advance(10)
    prefix = "arn:aws:ec2:us-west-2:123456789012:"
    assert set(found(aws, "all")) == {
        f"{prefix}elastic-ip/{allocation}",
        f"{prefix}natgateway/{nat}",
        balancer,
        group,
        listener,
        cluster,
        service,
    }
    assert set(found(aws, "all", "elasticloadbalancing:loadbalancer/app", "ecs:cluster")) == {balancer, cluster}
    assert set(found(aws, "all", "ecs", "ec2:natgateway")) == {cluster, service, f"{prefix}natgateway/{nat}"}

    elb.delete_load_balancer(LoadBalancerArn=balancer)
    aws.advance(60)
    assert balancer in found(aws, "all") and listener in found(aws, "all")
    aws.advance(3600)
    assert balancer not in found(aws, "all") and listener not in found(aws, "all")


def test_tagging_changes_tags(aws, network):
    """facts §7: "Tag/UntagResources ≤20 ARNs … per-ARN failures in FailedResourcesMap (HTTP 200!)"."""
    api, elb = aws.client("resourcegroupstaggingapi"), aws.client("elbv2")
    balancer = elb.create_load_balancer(Name="changed", Subnets=network.public)["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(Name="changed", Protocol="HTTP", Port=80, VpcId=network.vpc, TargetType="ip")["TargetGroups"][0][
        "TargetGroupArn"
    ]
    cluster = aws.client("ecs").create_cluster(clusterName="changed")["cluster"]["clusterArn"]
    vpc = f"arn:aws:ec2:us-west-2:123456789012:vpc/{network.vpc}"
    arns = [balancer, group, cluster, vpc]
    assert api.tag_resources(ResourceARNList=[*arns, balancer + "0"], Tags={"curfew:environment": "changed"})[
        "FailedResourcesMap"
    ].keys() == {balancer + "0"}
    aws.advance(10)
    assert set(found(aws, "changed")) == set(arns)
    assert elb.describe_tags(ResourceArns=[balancer])["TagDescriptions"][0]["Tags"] == [{"Key": "curfew:environment", "Value": "changed"}]
    assert api.untag_resources(ResourceARNList=arns, TagKeys=["curfew:environment"])["FailedResourcesMap"] == {}
    aws.advance(10)
    assert found(aws, "changed") == {}
    with refused("InvalidParameterException"):
        api.tag_resources(ResourceARNList=[vpc] * 21, Tags={"a": "b"})


def test_ecs_tags(aws):
    """Moto's TagResource does not see the strict services; facts §7: "no `aws:` prefix"."""
    ecs = aws.client("ecs")
    cluster = ecs.create_cluster(clusterName="labels")["cluster"]["clusterArn"]
    ecs.tag_resource(resourceArn=cluster, tags=[{"key": "curfew:override", "value": "up until 2026-11-21T20:00:00Z"}])
    assert ecs.describe_clusters(clusters=["labels"], include=["TAGS"])["clusters"][0]["tags"][0]["key"] == "curfew:override"
    ecs.untag_resource(resourceArn=cluster, tagKeys=["curfew:override"])
    assert ecs.list_tags_for_resource(resourceArn=cluster)["tags"] == []
    with refused("InvalidParameterException"):
        ecs.tag_resource(resourceArn=cluster, tags=[{"key": "aws:x", "value": "y"}])
    assert ecs.describe_clusters(clusters=["nobody"])["failures"][0]["reason"] == "MISSING"


@pytest.fixture
def zone(aws: Emulator) -> str:
    return (
        aws.client("route53").create_hosted_zone(Name="example.com", CallerReference=aws.name("zone"))["HostedZone"]["Id"].rsplit("/", 1)[1]
    )


ALIAS = {"HostedZoneId": "Z1H1FL5HABSF5", "DNSName": "dev-ALB-1.us-west-2.elb.amazonaws.com", "EvaluateTargetHealth": False}


def change(aws: Emulator, zone: str, *changes: tuple[str, dict]) -> str:
    batch = {
        "Changes": [
            {"Action": action, "ResourceRecordSet": {"Name": "Dev.example.com", "Type": "A"} | record} for action, record in changes
        ]
    }
    return aws.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)["ChangeInfo"]["Id"]


def records(aws: Emulator, zone: str, **more) -> list[dict]:
    answer = aws.client("route53").list_resource_record_sets(HostedZoneId=zone, **more)
    return [each for each in answer["ResourceRecordSets"] if each["Type"] not in ("NS", "SOA")]


def parked(address: str = "192.0.2.1") -> dict:
    return {"TTL": 60, "ResourceRecords": [{"Value": address}]}


def test_changes_take_their_time(aws, zone):
    """facts §2: "status PENDING→INSYNC (waiter 30 s×60; observed 33–35 s)"."""
    identifier = change(aws, zone, ("UPSERT", {"AliasTarget": ALIAS}))
    status = lambda: aws.client("route53").get_change(Id=identifier)["ChangeInfo"]["Status"]  # noqa: E731
    assert status() == "PENDING"
    aws.advance(35)
    assert status() == "INSYNC"
    written = ALIAS | {"DNSName": "dev-alb-1.us-west-2.elb.amazonaws.com."}
    assert records(aws, zone) == [{"Name": "dev.example.com.", "Type": "A", "AliasTarget": written}]
    change(aws, zone, ("UPSERT", parked()))
    assert records(aws, zone) == [{"Name": "dev.example.com.", "Type": "A", **parked()}]


def test_batches_are_transactional(aws, zone):
    """facts §2: "batch is transactional"; a delete must match what is there."""
    change(aws, zone, ("CREATE", parked()))
    with refused("InvalidChangeBatch"):
        change(aws, zone, ("UPSERT", parked("192.0.2.2")), ("DELETE", parked("192.0.2.9") | {"Name": "other.example.com"}))
    with refused("InvalidChangeBatch"):
        change(aws, zone, ("CREATE", parked()))
    with refused("InvalidChangeBatch"):
        change(aws, zone, ("DELETE", parked("192.0.2.9")))
    with refused("InvalidChangeBatch"):
        change(aws, zone, ("UPSERT", parked() | {"Name": "dev.example.org"}))
    with refused("InvalidChangeBatch"):
        change(aws, zone, ("UPSERT", {"AliasTarget": ALIAS | {"HostedZoneId": "Z35SXDOTRQ7X7K"}}))
    assert records(aws, zone)[0]["ResourceRecords"] == [{"Value": "192.0.2.1"}]
    change(aws, zone, ("DELETE", parked()))
    assert records(aws, zone) == []


def test_record_paging(aws, zone):
    """Names sort by their labels from the right; StartRecordName is where the page begins."""
    for name in ("a", "b", "a.b"):
        change(aws, zone, ("UPSERT", parked() | {"Name": f"{name}.example.com"}))
    assert [each["Name"] for each in records(aws, zone)] == ["a.example.com.", "b.example.com.", "a.b.example.com."]
    one = records(aws, zone, StartRecordName="B.example.com", StartRecordType="A", MaxItems="1")
    assert [each["Name"] for each in one] == ["b.example.com."]


def test_notifications_can_be_read(aws):
    """facts §10: "SNS MessageStructure=json"; without `default` SNS refuses it."""
    sns = aws.client("sns")
    topic = sns.create_topic(Name="curfew-notifications")["TopicArn"]
    sns.publish(TopicArn=topic, Subject="dev is down", Message=json.dumps({"default": "dev is down", "sqs": "{}"}), MessageStructure="json")
    with refused("InvalidParameter"):
        sns.publish(TopicArn=topic, Message=json.dumps({"sqs": "{}"}), MessageStructure="json")
    with refused("NotFound"):
        sns.publish(TopicArn=topic + "x", Message="nobody")
    read = aws.control("GET", "notifications")
    assert [(each["topic"], each["subject"], each["message"]) for each in read] == [
        (topic, "dev is down", {"default": "dev is down", "sqs": "{}"})
    ]


def test_conditional_puts(aws):
    """DESIGN: "written with conditional puts (`If-None-Match` / `If-Match`)". Moto does these right."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="state", Key="dev/state.json", Body=b"1", IfNoneMatch="*")["ETag"]
    with refused("PreconditionFailed"):
        s3.put_object(Bucket="state", Key="dev/state.json", Body=b"2", IfNoneMatch="*")
    second = s3.put_object(Bucket="state", Key="dev/state.json", Body=b"2", IfMatch=first)["ETag"]
    with refused("PreconditionFailed"):
        s3.put_object(Bucket="state", Key="dev/state.json", Body=b"3", IfMatch=first)
    with refused("NoSuchKey"):
        s3.put_object(Bucket="state", Key="dev/other.json", Body=b"3", IfMatch=first)
    answer = s3.get_object(Bucket="state", Key="dev/state.json")
    assert (answer["ETag"], answer["Body"].read()) == (second, b"2")
    s3.delete_object(Bucket="state", Key="dev/state.json")
    s3.put_object(Bucket="state", Key="dev/state.json", Body=b"4", IfNoneMatch="*")


def test_calls_are_listed(aws, network):
    """The emulator tells which calls were made, so that a test can count a night's."""
    aws.control("POST", "calls", {})
    aws.client("ec2").describe_vpcs()
    with refused("NatGatewayNotFound"):
        aws.client("ec2").delete_nat_gateway(NatGatewayId="nat-00000000000000000")
    aws.client("ecs").list_clusters()
    listed = aws.control("GET", "calls")
    assert [(each["service"], each["operation"], each["status"]) for each in listed] == [
        ("ec2", "DescribeVpcs", 200),
        ("ec2", "DeleteNatGateway", 400),
        ("ecs", "ListClusters", 200),
    ]


def test_tags_of_aws(aws, network):
    """Only the emulator itself can set `aws:` tags, as CloudFormation does."""
    arn = f"arn:aws:ec2:us-west-2:123456789012:vpc/{network.vpc}"
    aws.control("POST", "tags", {"region": "us-west-2", "arn": arn, "tags": {"aws:cloudformation:stack-name": "infra"}})
    assert aws.client("ec2").describe_vpcs(VpcIds=[network.vpc])["Vpcs"][0]["Tags"] == [
        {"Key": "aws:cloudformation:stack-name", "Value": "infra"}
    ]


def test_faults_on_demand(aws):
    """Throttling, cuts and hangs: the errors are those of each protocol, the effect is there after an `after`."""
    ec2, ecs, s3 = aws.client("ec2"), aws.client("ecs"), aws.client("s3")
    aws.control("POST", "faults", {"operation": "DescribeVpcs", "error": "RequestLimitExceeded", "status": 503, "times": 2})
    for _ in range(2):
        with refused("RequestLimitExceeded"):
            ec2.describe_vpcs()
    assert ec2.describe_vpcs()["Vpcs"]
    aws.control("DELETE", "faults")
    aws.control("POST", "faults", {"changing": True, "skip": 1, "cut": "after"})
    ecs.create_cluster(clusterName="one")
    with pytest.raises(HTTPClientError):
        ecs.create_cluster(clusterName="two")
    ecs.list_clusters()
    assert {each["clusterName"] for each in ecs.describe_clusters(clusters=["one", "two"])["clusters"]} == {"one", "two"}
    aws.control("POST", "faults", {"operation": "CreateCluster", "cut": "before"})
    with pytest.raises(HTTPClientError):
        ecs.create_cluster(clusterName="three")
    assert ecs.describe_clusters(clusters=["three"])["clusters"] == []
    aws.control("DELETE", "faults")
    aws.control("POST", "faults", {"error": "ThrottlingException", "times": 1})
    with refused("ThrottlingException"):
        ecs.list_clusters()
    aws.control("DELETE", "faults")
    aws.control("POST", "faults", {"error": "SlowDown", "status": 503})
    with refused("SlowDown"):
        s3.list_buckets()
    assert aws.control("GET", "faults")[0]["hits"] == 1
    aws.control("DELETE", "faults")


def test_held_calls_hold_nobody_else(aws):
    """A held call never ends, and others go on."""
    aws.control("POST", "faults", {"operation": "CreateCluster", "hold": "after"})

    def held() -> None:
        with contextlib.suppress(HTTPClientError):
            aws.client("ecs").create_cluster(clusterName="held")

    threading.Thread(target=held, daemon=True).start()
    for _ in range(100):
        if aws.control("GET", "faults")[0]["hits"]:
            break
        time.sleep(0.05)
    assert aws.client("ecs").describe_clusters(clusters=["held"])["clusters"]
    aws.control("DELETE", "faults")
