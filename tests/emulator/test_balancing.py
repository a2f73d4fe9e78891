"""Load balancers, listeners, rules and target groups, over the wire (facts §2)."""

import pytest

from conftest import Emulator, Network, refused


@pytest.fixture(scope="module")
def network(aws: Emulator) -> Network:
    return aws.network()


@pytest.fixture
def elb(aws: Emulator):
    return aws.client("elbv2")


def create(aws: Emulator, network: Network, name: str | None = None, **more) -> str:
    settings = {"Subnets": network.public, "SecurityGroups": [network.group]} | more
    return aws.client("elbv2").create_load_balancer(Name=name or aws.name("alb"), **settings)["LoadBalancers"][0]["LoadBalancerArn"]


def group(aws: Emulator, network: Network, **more) -> str:
    settings = {"Protocol": "HTTP", "Port": 80, "VpcId": network.vpc, "TargetType": "ip"} | more
    return aws.client("elbv2").create_target_group(Name=aws.name("group"), **settings)["TargetGroups"][0]["TargetGroupArn"]


def listener(aws: Emulator, balancer: str, actions: list[dict], port: int = 80, **more) -> str:
    answer = aws.client("elbv2").create_listener(
        LoadBalancerArn=balancer, Port=port, DefaultActions=actions, **({"Protocol": "HTTP"} | more)
    )
    return answer["Listeners"][0]["ListenerArn"]


def secure(aws: Emulator) -> dict:
    arn = aws.client("acm").request_certificate(DomainName="example.com")["CertificateArn"]
    return {"Protocol": "HTTPS", "Certificates": [{"CertificateArn": arn}]}


def described(elb, arn: str) -> dict:
    return elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]


ANSWER = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}


def forward(arn: str) -> dict:
    return {"Type": "forward", "TargetGroupArn": arn}


def test_provisioning_then_active(aws, elb, network):
    """facts §2: "States provisioning|active|…"; "no deleting state: … LoadBalancerNotFound at once"."""
    arn = create(aws, network)
    assert described(elb, arn)["State"]["Code"] == "provisioning"
    aws.advance(154)
    assert described(elb, arn)["State"]["Code"] == "active"
    elb.delete_load_balancer(LoadBalancerArn=arn)
    with refused("LoadBalancerNotFound"):
        described(elb, arn)
    with refused("LoadBalancerNotFound"):
        elb.describe_load_balancers(Names=["nobody"])
    elb.delete_load_balancer(LoadBalancerArn=arn)


def test_same_name(aws, elb, network):
    """facts §2: "**returns the existing one**; different settings → DuplicateLoadBalancerName"."""
    name = aws.name("alb")
    first = create(aws, network, name, Tags=[{"Key": "owner", "Value": "somebody"}])
    assert create(aws, network, name) == first
    with refused("DuplicateLoadBalancerName"):
        create(aws, network, name, Scheme="internal")
    before = described(elb, first)
    elb.delete_load_balancer(LoadBalancerArn=first)
    again = described(elb, create(aws, network, name))
    assert again["LoadBalancerArn"] != first and again["DNSName"] != before["DNSName"]
    assert again["CanonicalHostedZoneId"] == before["CanonicalHostedZoneId"]


def test_deletion_protection(aws, elb, network):
    """facts §2: "deletion protection → OperationNotPermitted"."""
    arn = create(aws, network)
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}])
    with refused("OperationNotPermitted"):
        elb.delete_load_balancer(LoadBalancerArn=arn)


def test_attributes(aws, elb, network):
    """facts §2: "plus attributes: deletion_protection, access_logs.s3.{enabled,bucket,prefix}, …"."""
    arn = create(aws, network)
    found = {each["Key"]: each["Value"] for each in elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]}
    assert len(found) == 23
    assert (found["idle_timeout.timeout_seconds"], found["routing.http.desync_mitigation_mode"], found["client_keep_alive.seconds"]) == (
        "60",
        "defensive",
        "3600",
    )
    for wrong in (("idle_timeout.timeout_seconds", "4001"), ("idle_timeout", "60"), ("access_logs.s3.enabled", "true")):
        with refused("InvalidConfigurationRequest"):
            elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[dict(zip(("Key", "Value"), wrong, strict=True))])


def test_two_zones_are_needed(aws, elb, network):
    """facts §2: "subnets (≥2 AZ…)", "SubnetNotFound, InvalidSecurityGroup"."""
    with refused("ValidationError"):
        create(aws, network, Subnets=network.public[:1])
    with refused("SubnetNotFound"):
        create(aws, network, Subnets=[network.public[0], "subnet-00000000000000000"])
    with refused("InvalidSecurityGroup"):
        create(aws, network, SecurityGroups=["sg-00000000000000000"])


def test_listener_ports_and_certificates(aws, elb, network):
    """facts §2: "DuplicateListener"; "extra SNI certs only via DescribeListenerCertificates/AddListenerCertificates"."""
    balancer = create(aws, network)
    with refused("CertificateNotFound"):
        listener(
            aws,
            balancer,
            [ANSWER],
            443,
            Protocol="HTTPS",
            Certificates=[{"CertificateArn": "arn:aws:acm:us-west-2:123456789012:certificate/none"}],
        )
    with refused("ValidationError"):
        listener(aws, balancer, [ANSWER], 443, Protocol="HTTPS")
    settings = secure(aws)
    arn = listener(aws, balancer, [ANSWER], 443, **settings)
    assert listener(aws, balancer, [ANSWER], 443, **settings) == arn
    with refused("DuplicateListener"):
        listener(aws, balancer, [ANSWER], 443)
    more = secure(aws)["Certificates"]
    elb.add_listener_certificates(ListenerArn=arn, Certificates=more)
    found = elb.describe_listener_certificates(ListenerArn=arn)["Certificates"]
    assert [(each["CertificateArn"], each["IsDefault"]) for each in found] == [
        (settings["Certificates"][0]["CertificateArn"], True),
        (more[0]["CertificateArn"], False),
    ]
    assert elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]["Certificates"] == settings["Certificates"]


def test_tls_policies(aws, elb, network):
    """Elastic Load Balancing's guide, "Security policies for your Application Load Balancer": also those with forward secrecy."""
    balancer = create(aws, network)
    listener(aws, balancer, [ANSWER], 443, **secure(aws), SslPolicy="ELBSecurityPolicy-FS-1-2-Res-2019-08")
    with refused("SSLPolicyNotFound"):
        listener(aws, balancer, [ANSWER], 8443, **secure(aws), SslPolicy="ELBSecurityPolicy-FS-1-2-Res-2019-8")


def test_listener_attributes(aws, elb, network):
    """facts §2: "~19 ALB listener attributes … via Describe/ModifyListenerAttributes"."""
    balancer = create(aws, network)
    plain, tls = listener(aws, balancer, [ANSWER]), listener(aws, balancer, [ANSWER], 443, **secure(aws))
    count = lambda arn: len(elb.describe_listener_attributes(ListenerArn=arn)["Attributes"])  # noqa: E731
    assert (count(plain), count(tls)) == (11, 19)
    elb.modify_listener_attributes(ListenerArn=plain, Attributes=[{"Key": "routing.http.response.server.enabled", "Value": "false"}])
    assert {"Key": "routing.http.response.server.enabled", "Value": "false"} in elb.describe_listener_attributes(ListenerArn=plain)[
        "Attributes"
    ]
    with refused("InvalidConfigurationRequest"):
        elb.modify_listener_attributes(ListenerArn=plain, Attributes=[{"Key": "tcp.idle_timeout.seconds", "Value": "60"}])


CONDITIONS = [
    {"Field": "host-header", "HostHeaderConfig": {"Values": ["a.example.com"]}},
    {"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^a[0-9]+"]}},
    {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}},
    {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Preview", "Values": ["on"]}},
    {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "debug", "Value": "1"}, {"Value": "x"}]}},
    {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}},
    {"Field": "source-ip", "SourceIpConfig": {"Values": ["203.0.113.0/24"]}},
]


def test_conditions_come_back(aws, elb, network):
    """facts §2: "Conditions (host-header, path-pattern, http-header, query-string, …; **RegexValues** new)"."""
    arn = listener(aws, create(aws, network), [ANSWER])
    for priority, condition in enumerate(CONDITIONS, 1):
        elb.create_rule(ListenerArn=arn, Priority=priority, Conditions=[condition], Actions=[ANSWER])
    rules = elb.describe_rules(ListenerArn=arn)["Rules"]
    assert [each["Priority"] for each in rules] == [*(str(number) for number in range(1, 8)), "default"]
    for condition, rule in zip(CONDITIONS, rules, strict=False):
        found = rule["Conditions"][0]
        values = found.pop("Values", None)
        assert found == condition
        assert values in (None, condition.get("HostHeaderConfig", condition.get("PathPatternConfig", {})).get("Values"))
    elb.create_rule(ListenerArn=arn, Priority=20, Conditions=[{"Field": "path-pattern", "Values": ["/x"]}], Actions=[ANSWER])
    with refused("PriorityInUse"):
        elb.create_rule(ListenerArn=arn, Priority=20, Conditions=[{"Field": "path-pattern", "Values": ["/x"]}], Actions=[ANSWER])
    with refused("ValidationError"):
        elb.create_rule(
            ListenerArn=arn,
            Priority=21,
            Conditions=[{"Field": "path-pattern", "Values": [f"/{number}" for number in range(6)]}],
            Actions=[ANSWER],
        )


def test_transforms_come_back(aws, elb, network):
    """facts §2: "**Transforms** (host-header-rewrite, url-rewrite, 2025)"."""
    arn = listener(aws, create(aws, network), [ANSWER])
    transforms = [{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/old", "Replace": "/new"}]}}]
    elb.create_rule(ListenerArn=arn, Priority=1, Conditions=[CONDITIONS[0]], Actions=[ANSWER], Transforms=transforms)
    assert elb.describe_rules(ListenerArn=arn)["Rules"][0]["Transforms"] == transforms


def test_actions_come_back(aws, elb, network):
    """facts §2: "Actions: forward (weighted ≤5 TGs + stickiness), redirect, fixed-response, …, **jwt-validation** (new)"."""
    balancer, one, two = create(aws, network), group(aws, network), group(aws, network)
    arn = listener(aws, balancer, [forward(one)], 443, **secure(aws))
    found = elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]["DefaultActions"]
    single = {"TargetGroups": [{"TargetGroupArn": one, "Weight": 1}], "TargetGroupStickinessConfig": {"Enabled": False}}
    assert found == [{"Type": "forward", "TargetGroupArn": one, "ForwardConfig": single}]

    weighted = {
        "TargetGroups": [{"TargetGroupArn": one, "Weight": 90}, {"TargetGroupArn": two, "Weight": 10}],
        "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
    }
    jwt = {"Type": "jwt-validation", "JwtValidationConfig": {"JwksEndpoint": "https://example.com/jwks", "Issuer": "https://example.com"}}
    elb.create_rule(ListenerArn=arn, Priority=1, Conditions=[CONDITIONS[0]], Actions=[{"Type": "forward", "ForwardConfig": weighted}])
    elb.create_rule(ListenerArn=arn, Priority=2, Conditions=[CONDITIONS[2]], Actions=[jwt | {"Order": 1}, forward(two) | {"Order": 2}])
    elb.create_rule(
        ListenerArn=arn,
        Priority=3,
        Conditions=[CONDITIONS[3]],
        Actions=[{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_302", "Host": "b.example.com"}}],
    )
    rules = elb.describe_rules(ListenerArn=arn)["Rules"]
    assert rules[0]["Actions"] == [{"Type": "forward", "ForwardConfig": weighted}]
    assert rules[1]["Actions"][0] == jwt | {"Order": 1}
    assert rules[2]["Actions"][0]["RedirectConfig"] == {
        "Protocol": "#{protocol}",
        "Port": "#{port}",
        "Host": "b.example.com",
        "Path": "/#{path}",
        "Query": "#{query}",
        "StatusCode": "HTTP_302",
    }


def test_oidc_secret_is_never_shown(aws, elb, network):
    """facts §2: "**OIDC ClientSecret is not returned by Describe**"."""
    config = {
        "Issuer": "https://i",
        "AuthorizationEndpoint": "https://a",
        "TokenEndpoint": "https://t",
        "UserInfoEndpoint": "https://u",
        "ClientId": "id",
    }
    login = {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": config | {"ClientSecret": "hidden"}}
    balancer, settings = create(aws, network), secure(aws)
    arn = listener(aws, balancer, [login, ANSWER | {"Order": 2}], 443, **settings)
    shown = elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]["DefaultActions"][0]["AuthenticateOidcConfig"]
    assert "ClientSecret" not in shown and shown["SessionCookieName"] == "AWSELBAuthSessionCookie"
    with refused("ValidationError"):
        listener(aws, balancer, [login | {"AuthenticateOidcConfig": config}, ANSWER], 444, **settings)


def test_mutual_authentication_can_be_laid(aws, elb, network):
    """facts §2: "MutualAuthentication (mode/trust store/…)"."""
    trust = {"Mode": "verify", "TrustStoreArn": "arn:aws:elasticloadbalancing:us-west-2:123456789012:truststore/ours/1"}
    arn = listener(aws, create(aws, network), [ANSWER], 443, MutualAuthentication=trust, **secure(aws))
    assert elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]["MutualAuthentication"]["TrustStoreArn"] == trust["TrustStoreArn"]


def test_target_group_belongs_to_one(aws, elb, network):
    """facts §2: "TG ↔ LB is 1:1 (TargetGroupAssociationLimit)"; "TG survives LB delete; LoadBalancerArns empties"."""
    one, other, target_group = create(aws, network), create(aws, network), group(aws, network)
    arns = lambda: elb.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"][0]["LoadBalancerArns"]  # noqa: E731
    listener(aws, one, [forward(target_group)])
    assert arns() == [one]
    with refused("TargetGroupAssociationLimit"):
        listener(aws, other, [forward(target_group)])
    with refused("ResourceInUse"):
        elb.delete_target_group(TargetGroupArn=target_group)
    elb.delete_load_balancer(LoadBalancerArn=one)
    assert arns() == []
    listener(aws, other, [forward(target_group)])
    assert arns() == [other]


def test_target_health_follows(aws, elb, network):
    """facts §2: "needs **one** passed check … and checks only start once LB nodes exist"; "unused/Target.NotInUse"."""
    target_group = group(aws, network, HealthCheckIntervalSeconds=10)
    health = lambda: [each["TargetHealth"] for each in elb.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]]  # noqa: E731
    elb.register_targets(TargetGroupArn=target_group, Targets=[{"Id": "10.0.11.5"}])
    assert (health()[0]["State"], health()[0]["Reason"]) == ("unused", "Target.NotInUse")
    balancer = create(aws, network)
    listener(aws, balancer, [forward(target_group)])
    assert (health()[0]["State"], health()[0]["Reason"]) == ("initial", "Elb.RegistrationInProgress")
    aws.advance(155)
    assert (health()[0]["State"], health()[0]["Reason"]) == ("initial", "Elb.InitialHealthChecking")
    aws.advance(10)
    assert health()[0]["State"] == "healthy"
    elb.deregister_targets(TargetGroupArn=target_group, Targets=[{"Id": "10.0.11.5"}])
    assert health()[0]["State"] == "draining"
    aws.advance(301)
    assert health() == []


def test_tags(aws, elb, network):
    """facts §2: "DescribeTags ≤20 ARNs per call"; listeners and rules have tags of their own."""
    balancer = create(aws, network)
    arn = listener(aws, balancer, [ANSWER], Tags=[{"Key": "a", "Value": "1"}])
    rule = elb.create_rule(ListenerArn=arn, Priority=1, Conditions=[CONDITIONS[0]], Actions=[ANSWER], Tags=[{"Key": "b", "Value": "2"}])[
        "Rules"
    ][0]["RuleArn"]
    found = elb.describe_tags(ResourceArns=[arn, rule])["TagDescriptions"]
    assert [each["Tags"] for each in found] == [[{"Key": "a", "Value": "1"}], [{"Key": "b", "Value": "2"}]]
    with refused("ValidationError"):
        elb.describe_tags(ResourceArns=[arn] * 21)
    elb.delete_load_balancer(LoadBalancerArn=balancer)
    with refused("ListenerNotFound"):
        elb.describe_tags(ResourceArns=[arn])
