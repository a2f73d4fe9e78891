"""What other services attach to load balancers: nothing at first, then what was laid."""

import pytest
from botocore.exceptions import ClientError

from conftest import Emulator, refused

ELSEWHERE = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/elsewhere/0123456789abcdef"


@pytest.fixture(autouse=True)
def nothing_attached(aws: Emulator):
    yield
    aws.control("DELETE", "attachments")


@pytest.fixture(scope="module")
def balancer(aws: Emulator) -> str:
    subnets = aws.network().public
    return aws.client("elbv2").create_load_balancer(Name="attached", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]


def endpoints(aws: Emulator) -> list[str]:
    api = aws.client("globalaccelerator")
    accelerators = [each for page in api.get_paginator("list_accelerators").paginate() for each in page["Accelerators"]]
    listeners = [one for each in accelerators for one in api.list_listeners(AcceleratorArn=each["AcceleratorArn"])["Listeners"]]
    groups = [one for each in listeners for one in api.list_endpoint_groups(ListenerArn=each["ListenerArn"])["EndpointGroups"]]
    return [one["EndpointId"] for each in groups for one in each["EndpointDescriptions"]]


def origins(aws: Emulator) -> list[str]:
    pages = aws.client("cloudfront", "us-east-1").get_paginator("list_distributions")
    assert list(pages.paginate())[0]["DistributionList"]["Quantity"] == 0
    found, marker = [], {}
    while True:
        listed = aws.client("cloudfront").list_vpc_origins(**marker)["VpcOriginList"]
        assert listed["Quantity"] == len(listed.get("Items", []))
        found += [each["OriginEndpointArn"] for each in listed.get("Items", [])]
        if not listed["IsTruncated"]:
            return found
        marker = {"Marker": listed["NextMarker"]}


def targets(aws: Emulator, *resources: str) -> list[str]:
    pages = aws.client("application-autoscaling").get_paginator("describe_scalable_targets")
    described = [each for page in pages.paginate(ServiceNamespace="ecs", ResourceIds=list(resources)) for each in page["ScalableTargets"]]
    return [each["ResourceId"] for each in described]


def test_nothing_is_attached_at_first(aws, balancer):
    assert "WebACL" not in aws.client("wafv2").get_web_acl_for_resource(ResourceArn=balancer)
    assert (endpoints(aws), origins(aws), targets(aws, "service/dev/api")) == ([], [], [])


def test_web_acl(aws, balancer):
    """facts §2: "WAF: association is lost with the LB"."""
    aws.control("POST", "attachments", {"kind": "web-acl", "resource": balancer, "name": "shield"})
    waf = aws.client("wafv2")
    assert waf.get_web_acl_for_resource(ResourceArn=balancer)["WebACL"]["Name"] == "shield"
    with refused("WAFNonexistentItemException"):
        waf.get_web_acl_for_resource(ResourceArn=ELSEWHERE)


def test_a_web_acl_guards_a_load_balancer_until_that_is_gone(aws):
    """facts §2: "association is lost with the LB. Re-associate …; retry WAFUnavailableEntityException"."""
    elb, waf, name = aws.client("elbv2"), aws.client("wafv2"), aws.name("guarded")
    subnets = aws.network().public
    make = lambda: elb.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]  # noqa: E731
    before = make()
    aws.control("POST", "attachments", {"kind": "web-acl", "resource": before, "name": "shield"})
    aws.control("POST", "attachments", {"kind": "web-acl", "name": "stricter", "managed": True})
    guard = lambda arn: waf.get_web_acl_for_resource(ResourceArn=arn).get("WebACL", {})  # noqa: E731
    shield = guard(before)["ARN"]
    assert guard(before)["ManagedByFirewallManager"] is False
    elb.delete_load_balancer(LoadBalancerArn=before)
    with refused("WAFNonexistentItemException"):
        waf.associate_web_acl(WebACLArn=shield, ResourceArn=before)
    arn = make()
    assert guard(arn) == {}
    with refused("WAFUnavailableEntityException"):
        waf.associate_web_acl(WebACLArn=shield, ResourceArn=arn)
    aws.advance(200)
    with refused("WAFNonexistentItemException"):
        waf.associate_web_acl(WebACLArn=shield + "0", ResourceArn=arn)
    waf.associate_web_acl(WebACLArn=shield, ResourceArn=arn)
    waf.associate_web_acl(WebACLArn=shield, ResourceArn=arn)
    assert guard(arn)["Name"] == "shield"
    stricter = next(each for each in aws.control("GET", "attachments") if each["name"] == "stricter")
    waf.associate_web_acl(WebACLArn=shield.replace(shield.split("webacl/")[1], f"stricter/{stricter['id']}"), ResourceArn=arn)
    assert (guard(arn)["Name"], guard(arn)["ManagedByFirewallManager"]) == ("stricter", True)


def test_a_name_that_leads_to_a_load_balancer_without_its_web_acl_is_a_mishap(own_aws):
    elb, route53, name = own_aws.client("elbv2"), own_aws.client("route53"), own_aws.name("guarded")
    subnets = own_aws.network().public
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    make = lambda: elb.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]  # noqa: E731

    def lead_to(balancer) -> list[str]:
        alias = {"HostedZoneId": balancer["CanonicalHostedZoneId"], "DNSName": balancer["DNSName"], "EvaluateTargetHealth": False}
        change = {"Action": "UPSERT", "ResourceRecordSet": {"Name": "dev.example.com", "Type": "A", "AliasTarget": alias}}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
        return [each["what"] for each in own_aws.control("GET", "mishaps")]

    before = make()
    assert lead_to(before) == []
    own_aws.control("POST", "attachments", {"kind": "web-acl", "resource": before["LoadBalancerArn"]})
    assert lead_to(before) == []
    elb.delete_load_balancer(LoadBalancerArn=before["LoadBalancerArn"])
    assert lead_to(make())[-1] == "a name leads to it before its web ACL is back"


def test_accelerators(aws, balancer):
    """facts §2: "Global Accelerator endpoint (EndpointId = ALB ARN …)"; its API lives in us-west-2."""
    for _ in range(12):
        aws.control("POST", "attachments", {"kind": "accelerator", "resource": ELSEWHERE})
    aws.control("POST", "attachments", {"kind": "accelerator"})
    aws.control("POST", "attachments", {"kind": "accelerator", "resource": balancer})
    assert len(aws.client("globalaccelerator").list_accelerators()["Accelerators"]) == 10
    assert endpoints(aws) == 12 * [ELSEWHERE] + [balancer]
    with refused("AcceleratorNotFoundException"):
        aws.client("globalaccelerator").list_listeners(AcceleratorArn=ELSEWHERE)
    with refused("ListenerNotFoundException"):
        aws.client("globalaccelerator").list_endpoint_groups(ListenerArn=ELSEWHERE)
    with refused("InvalidSignatureException"):
        aws.client("globalaccelerator", "eu-central-1").list_accelerators()


def test_vpc_origins(aws, balancer):
    """facts §2: "CloudFront VPC origin (Arn in config …)"; listed by pages."""
    for number in range(101):
        aws.control("POST", "attachments", {"kind": "vpc-origin", "resource": ELSEWHERE, "name": f"other {number}"})
    aws.control("POST", "attachments", {"kind": "vpc-origin", "resource": balancer})
    assert origins(aws) == 101 * [ELSEWHERE] + [balancer]


def test_faults_reach_these_services(aws, balancer):
    """Each protocol has its form of an error."""
    calls = [
        ("GetWebACLForResource", lambda: aws.client("wafv2").get_web_acl_for_resource(ResourceArn=balancer)),
        ("ListAccelerators", lambda: aws.client("globalaccelerator").list_accelerators()),
        ("DescribeScalableTargets", lambda: targets(aws)),
        ("ListVpcOrigins", lambda: origins(aws)),
    ]
    for operation, call in calls:
        aws.control("POST", "faults", {"operation": operation, "error": "AccessDeniedException", "status": 400})
        with pytest.raises(ClientError) as error:
            call()
        assert error.value.response["Error"]["Code"] == "AccessDeniedException"
        aws.control("DELETE", "faults")
