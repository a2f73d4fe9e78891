"""What of the base tier is made, and what is not because it is named or because all of it is there."""

import hashlib
import itertools
import json

import pytest
from choices import ADOPT, APPLICATION, DEFAULT, EXISTING, HTTP_ONLY, NAMED, TWO
from conftest import stack_of
from stack import Stack, parsed

_BASE_TIER = ("AWS::EC2::", "AWS::ECR::", "AWS::ECS::", "AWS::ElasticLoadBalancingV2::", "AWS::CertificateManager::", "AWS::Route53::")
_RUNTIME_TIER = {
    "AWS::EC2::EIP",
    "AWS::EC2::NatGateway",
    "AWS::ECS::Service",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::Route53::RecordSet",
    "AWS::Route53::RecordSetGroup",
}

#: What naming one thing leaves out.
_LEFT_OUT = {
    "VpcId": {
        "Vpc",
        "InternetGateway",
        "InternetGatewayAttachment",
        "InternetRoute",
        "PublicRouteTable",
        *(f"{kind}Subnet{zone}{more}" for kind in ("Public", "Private") for zone in "AB" for more in ("", "Routes")),
        "PrivateRouteTableA",
        "PrivateRouteTableB",
    },
    "BalancerSecurityGroup": {"BalancerGroup"},
    "TaskSecurityGroup": {"TaskGroup", "FrontendFromBalancer", "BackendFromBalancer"},
    "HostedZoneId": {"Zone"},
    "CertificateArn": {"Certificate"},
    "FrontendRepository": {"FrontendImages"},
    "BackendRepository": {"BackendImages"},
    "ClusterName": {"Cluster"},
    "FrontendTargetGroup": {"FrontendTargets"},
    "BackendTargetGroup": {"BackendTargets"},
    "FrontendTaskFamily": {"FrontendTask", "FrontendSettings", "FrontendLogs"},
    "BackendTaskFamily": {"BackendTask", "BackendSettings", "BackendLogs"},
    "ExecutionRoleArn": {"ExecutionRole"},
    "TaskRoleArn": {"TaskRole"},
}
_WITH_VPC = ("PublicSubnets", "PrivateSubnets", "PrivateRouteTables")


def test_everything_refers_to_what_is_made(stack: Stack) -> None:
    for name in stack.resources:
        stack.properties(name)
    stack.outputs()


def test_every_set_of_answers_is_allowed(stack: Stack) -> None:
    assert stack.refused() == []


def test_nothing_of_the_runtime_tier_is_made() -> None:
    kinds = {each["Type"] for each in parsed()["Resources"].values()}
    assert not kinds & _RUNTIME_TIER


def test_adopting_makes_nothing_of_the_base_tier() -> None:
    stack = stack_of("adopt")
    made = {name: each["Type"] for name, each in stack.resources.items()}
    assert [name for name, kind in made.items() if kind.startswith(_BASE_TIER) or name == "Blueprint"] == []
    assert "/ecs/" not in str(stack.of_type("AWS::Logs::LogGroup"))
    trusted = {str(role["AssumeRolePolicyDocument"]["Statement"]) for role in stack.of_type("AWS::IAM::Role").values()}
    assert all("ecs-tasks" not in each for each in trusted)


def test_naming_everything_makes_only_the_blueprint() -> None:
    adopted, existing = stack_of("adopt").resources, stack_of("everything existing").resources
    otherwise = {"TopicEmail", "BudgetEmail", "NoTicksAlarm"}
    assert set(existing) - set(adopted) - otherwise == {"Blueprint"}


@pytest.mark.parametrize("parameter", _LEFT_OUT)
def test_naming_one_thing_leaves_out_that_thing(parameter: str) -> None:
    # What stands in a network is named with one.
    around = {name: NAMED[name] for name in ("VpcId", *_WITH_VPC)} if parameter in ("BalancerSecurityGroup", "TaskSecurityGroup", "FrontendTargetGroup", "BackendTargetGroup") else {}
    own = {name: NAMED[name] for name in (parameter, *(_WITH_VPC if parameter == "VpcId" else ()))}
    without, named = Stack(DEFAULT | around), Stack(DEFAULT | around | own)
    assert named.refused() == []
    assert set(without.resources) - set(named.resources) == _LEFT_OUT[parameter]
    for name in named.resources:
        named.properties(name)
    named.outputs()


def test_every_name_has_such_a_test() -> None:
    assert set(_LEFT_OUT) | set(_WITH_VPC) == set(NAMED)


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        ({key: value for key, value in ADOPT.items() if key != "ClusterName"}, "ClusterName"),
        *(({key: value for key, value in EXISTING.items() if key != missing}, "PublicSubnets") for missing in _WITH_VPC),
        (ADOPT | {"DomainName": "dev.example.com"}, "HostedZoneId"),
        (HTTP_ONLY | {"RecordNames": "dev.example.com"}, "DomainName"),
        (DEFAULT | {"TaskSecurityGroup": NAMED["TaskSecurityGroup"]}, "VpcId"),
        (DEFAULT | {"BackendTargetGroup": NAMED["BackendTargetGroup"]}, "VpcId"),
        (EXISTING | {"DatabasePort": "5432"}, "TaskSecurityGroup"),
        (ADOPT | {"ApplicationRepository": "example/shop"}, "BaseTier"),
    ],
)
def test_half_an_answer_is_refused(chosen: dict[str, str], complaint: str) -> None:
    refused = Stack(chosen).refused()
    assert len(refused) == 1 and complaint in refused[0], refused


def test_whoever_adopts_may_name_the_network_alone() -> None:
    assert Stack(ADOPT | {"VpcId": NAMED["VpcId"]}).refused() == []


def test_the_network_lets_in_and_out_what_it_must() -> None:
    stack = stack_of("default")
    groups = stack.of_type("AWS::EC2::SecurityGroup")
    rules = stack.of_type("AWS::EC2::SecurityGroupIngress")

    def ports(listed: list[dict[str, object]]) -> set[tuple[object, ...]]:
        other = ("CidrIp", "SourceSecurityGroupId", "DestinationSecurityGroupId")
        assert all(each["FromPort"] == each["ToPort"] and each["IpProtocol"] == "tcp" for each in listed)
        return {(each["FromPort"], next(each[key] for key in other if key in each)) for each in listed}

    balancer, tasks = (stack.resolve({"Fn::GetAtt": [name, "GroupId"]}) for name in ("BalancerGroup", "TaskGroup"))
    assert ports(groups["BalancerGroup"]["SecurityGroupIngress"]) == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0")}
    assert ports(groups["BalancerGroup"]["SecurityGroupEgress"]) == {(3000, tasks), (8000, tasks)}
    assert ports(groups["TaskGroup"]["SecurityGroupEgress"]) == {(443, "0.0.0.0/0")}
    assert "SecurityGroupIngress" not in groups["TaskGroup"]
    assert ports(list(rules.values())) == {(3000, balancer), (8000, balancer)}
    assert {each["GroupId"] for each in rules.values()} == {tasks}
    http = stack_of("HTTP only").of_type("AWS::EC2::SecurityGroup")["BalancerGroup"]
    assert ports(http["SecurityGroupIngress"]) == {(80, "0.0.0.0/0")}


def test_only_the_public_route_table_has_a_default_route() -> None:
    stack = stack_of("default")
    routes = stack.of_type("AWS::EC2::Route")
    assert [route["RouteTableId"] for route in routes.values()] == [stack.resolve({"Ref": "PublicRouteTable"})]
    zones = [subnet["AvailabilityZone"] for subnet in stack.of_type("AWS::EC2::Subnet").values()]
    assert [len(set(pair)) for pair in (zones[:2], zones[2:])] == [2, 2]


def test_target_groups_are_quick() -> None:
    for group in stack_of("default").of_type("AWS::ElasticLoadBalancingV2::TargetGroup").values():
        assert group["HealthCheckIntervalSeconds"] == 10
        assert {"Key": "deregistration_delay.timeout_seconds", "Value": "15"} in group["TargetGroupAttributes"]


def test_the_placeholder_answers_the_health_check() -> None:
    stack = stack_of("default")
    groups = stack.of_type("AWS::ElasticLoadBalancingV2::TargetGroup")
    for part, path in (("Frontend", "index.html"), ("Backend", "health")):
        task, group = stack.properties(f"{part}Task"), groups[f"{part}Targets"]
        (container,) = task["ContainerDefinitions"]
        assert container["Name"] == part.lower()
        assert [each["ContainerPort"] for each in container["PortMappings"]] == [group["Port"]]
        assert group["HealthCheckPath"] in ("/", f"/{path}")
        assert f"> /pages/{path} && exec httpd -f -p {group['Port']} -h /pages" in container["Command"][-1]
        assert container["ReadonlyRootFilesystem"] and container["MountPoints"] == [{"SourceVolume": "pages", "ContainerPath": "/pages"}]


def test_images_are_scanned_and_do_not_pile_up() -> None:
    for repository in stack_of("default").of_type("AWS::ECR::Repository").values():
        assert repository["ImageScanningConfiguration"]["ScanOnPush"] is True
        untagged, any_ = json.loads(repository["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
        assert (untagged["selection"]["tagStatus"], untagged["selection"]["countNumber"], untagged["selection"]["countUnit"]) == ("untagged", 7, "days")
        assert (any_["selection"]["countType"], any_["selection"]["countNumber"]) == ("imageCountMoreThan", 10)


def test_names_fit_where_they_are_longest() -> None:
    """The longest product and environment that the template takes."""
    stack = Stack(DEFAULT | {"Product": "p" * 12, "Environment": "e" * 10})
    limits = {"Name": 32, "FunctionName": 64, "GroupName": 255, "TopicName": 256, "QueueName": 80, "ClusterName": 255, "BudgetName": 100}
    for kind, (key, limit) in itertools.product({each["Type"] for each in stack.resources.values()}, limits.items()):
        for name, properties in stack.of_type(kind).items():
            if key == "Name" and kind != "AWS::ElasticLoadBalancingV2::TargetGroup":
                continue
            assert len(str(properties.get(key, ""))) <= limit, f"{name}.{key}"
    balancer = [line.strip(" :") for line in stack.properties("Blueprint")["Value"].splitlines() if line.endswith("-alb:")]
    assert len(balancer) == 1 and len(balancer[0]) <= 32
    for schedule in stack.of_type("AWS::Scheduler::Schedule").values():
        assert len(schedule["Name"]) <= 64


#: What naming a thing leaves out, and may delete: it is empty of what cannot be made again alike, or AWS refuses while it is in use.
_MAY_GO = {
    "BalancerGroup": "rules alone; refused while a load balancer has it",
    "TaskGroup": "rules alone; refused while tasks have it",
    "FrontendFromBalancer": "a rule",
    "BackendFromBalancer": "a rule",
    "FrontendImages": "refused while it holds images",
    "BackendImages": "refused while it holds images",
    "Cluster": "refused while it has services",
    "FrontendTargets": "settings alone; refused while a listener leads to it",
    "BackendTargets": "settings alone; refused while a listener leads to it",
    "FrontendTask": "a placeholder",
    "BackendTask": "a placeholder",
    "FrontendSettings": "made of the answers",
    "BackendSettings": "made of the answers",
    "FrontendLogs": "logs of days",
    "BackendLogs": "logs of days",
    "ExecutionRole": "made of the answers",
    "TaskRole": "made of the answers",
}


def test_an_answer_that_is_forgotten_deletes_nothing_that_cannot_be_made_again() -> None:
    written = parsed()["Resources"]
    left_out = set().union(*_LEFT_OUT.values()) | {"StateBucket"}
    retained = {name for name in left_out if written[name].get("DeletionPolicy") == "RetainExceptOnCreate"}
    assert left_out - retained == set(_MAY_GO)
    assert all(written[name]["UpdateReplacePolicy"] == "Retain" for name in retained)


def test_the_placeholder_is_registered_once() -> None:
    """A revision with another placeholder would be newer than the pipeline's, so no answer that may change stands in it."""
    lasting = {"Product", "Environment", "BaseTier", "FrontendTaskFamily", "BackendTaskFamily"}
    first, changed = Stack(APPLICATION), dict(NAMED)
    for parameter, each in parsed()["Parameters"].items():
        others = [value for value in map(str, each.get("AllowedValues", [])) if value != first.parameters[parameter]]
        changed |= {parameter: value for value in others[:1]}
    second = Stack(APPLICATION | {name: value for name, value in changed.items() if name not in lasting})
    assert len(changed) > 20
    for name in ("FrontendTask", "BackendTask"):
        old, new = ({key: value for key, value in stack.properties(name).items() if key != "Tags"} for stack in (first, second))
        assert old == new


#: What the placeholder is, apart from its tags. A release that changes it registers it in every stack, newer than what runs there.
_PLACEHOLDER = {"FrontendTask": "946d743c36b6ef7b", "BackendTask": "e0a4f5fe0046b2cb"}


def test_no_release_registers_the_placeholder_again() -> None:
    stack = Stack(TWO)
    for name, digest in _PLACEHOLDER.items():
        properties = {key: value for key, value in stack.properties(name).items() if key != "Tags"}
        assert hashlib.sha256(json.dumps(properties, sort_keys=True).encode()).hexdigest()[:16] == digest, name


def test_settings_have_nothing_of_the_placeholder() -> None:
    stack = stack_of("application")
    for part in ("Frontend", "Backend"):
        task = stack.properties(f"{part}Settings")
        (container,) = task["ContainerDefinitions"]
        assert not {"Command", "EntryPoint", "ReadonlyRootFilesystem", "MountPoints"} & set(container)
        assert "Volumes" not in task
        assert [each["ContainerPort"] for each in container["PortMappings"]] == [stack.properties(f"{part}Targets")["Port"]]


def test_secrets_are_injected_and_may_be_read() -> None:
    stack = stack_of("application")
    statements = stack.properties("ExecutionRole")["Policies"][0]["PolicyDocument"]["Statement"]
    readable = [arn for one in statements if "Secrets" in one["Sid"] for arn in (one["Resource"] if isinstance(one["Resource"], list) else one["Resource"].split(","))]
    given = {}
    for part in ("Frontend", "Backend"):
        (container,) = stack.properties(f"{part}Settings")["ContainerDefinitions"]
        given[part] = {each["Name"]: each["ValueFrom"] for each in container["Secrets"]}
        for value in given[part].values():
            assert value.removesuffix(":username::").removesuffix(":password::") in readable
    assert set(given["Frontend"]) == {"SECRETS"}
    assert set(given["Backend"]) == {"SECRETS", "DATABASE_USERNAME", "DATABASE_PASSWORD"}
    assert given["Backend"]["DATABASE_PASSWORD"] == APPLICATION["DatabaseSecret"] + ":password::"
    assert set(APPLICATION["ApplicationSecrets"].split(",")) <= set(readable)
    plain = stack_of("default")
    assert all(each["ContainerDefinitions"][0].get("Secrets", []) == [] for each in plain.of_type("AWS::ECS::TaskDefinition").values())


def test_a_database_is_reached_on_its_port_alone() -> None:
    stack = stack_of("application")
    database, tasks = (stack.resolve({"Fn::GetAtt": [name, "GroupId"]}) for name in ("DatabaseGroup", "TaskGroup"))
    out = [rule for rule in stack.properties("TaskGroup")["SecurityGroupEgress"] if rule.get("DestinationSecurityGroupId") == database]
    assert [(rule["FromPort"], rule["ToPort"]) for rule in out] == [("5432", "5432")]
    let_in = stack.properties("DatabaseFromTasks")
    assert (let_in["GroupId"], let_in["SourceSecurityGroupId"], let_in["FromPort"]) == (database, tasks, "5432")
    (nowhere,) = stack.properties("DatabaseGroup")["SecurityGroupEgress"]
    assert nowhere["CidrIp"] == "127.0.0.1/32"
    assert {"Vpc", "PrivateSubnets", "DatabaseSecurityGroup"} <= set(stack.outputs())
