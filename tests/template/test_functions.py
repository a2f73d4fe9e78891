"""The functions, what starts them, and what becomes of an event that nobody takes."""

import re

import pytest
from choices import DEFAULT, HTTP_ONLY
from conftest import stack_of
from stack import Stack, parsed

_FUNCTIONS = {"Start", "Stop", "Reconcile", "Budget"}
#: Lambda's and EventBridge's own, which would be hours too late for a schedule.
_QUARTER_OF_AN_HOUR = 900


def test_the_functions_are_these(stack: Stack) -> None:
    functions = stack.of_type("AWS::Lambda::Function")
    assert set(functions) == {f"{name}Function" for name in _FUNCTIONS}
    for name, function in functions.items():
        assert (function["Runtime"], function["Handler"]) == ("provided.al2023", "bootstrap")
        assert function["Architectures"] == [stack.parameters["Architecture"]]
        assert function["Timeout"] == (60 if name == "BudgetFunction" else 900)
        # It fails on new accounts; the lease keeps runs apart.
        assert "ReservedConcurrentExecutions" not in function
        assert function["TracingConfig"] == {"Mode": "PassThrough"}


def test_each_is_built_from_its_own_binary() -> None:
    for name in _FUNCTIONS:
        metadata = parsed()["Resources"][f"{name}Function"]["Metadata"]
        assert metadata["BuildMethod"] == "rust-cargolambda"
        assert metadata["BuildProperties"] == {"Binary": name.lower()}


def test_they_know_what_they_need(stack: Stack) -> None:
    common = {"CURFEW_ENVIRONMENT", "CURFEW_STATE_BUCKET", "CURFEW_TOPIC_ARN", "CURFEW_CHAT_TOPIC_ARN"}
    own = {"CURFEW_BUDGET_NAME", "CURFEW_BUDGET_ACTION", "CURFEW_BUDGET_OVER_UP", "CURFEW_BUDGET_TOPIC_ARN"}
    for name, function in stack.of_type("AWS::Lambda::Function").items():
        variables = function["Environment"]["Variables"]
        assert set(variables) == (common | own if name == "BudgetFunction" else common)
        assert all(variables.values())


def test_each_logs_into_a_group_that_forgets(stack: Stack) -> None:
    groups = stack.of_type("AWS::Logs::LogGroup")
    assert all(int(group["RetentionInDays"]) > 0 for group in groups.values())
    retained = {group["LogGroupName"] for group in groups.values()}
    for function in stack.of_type("AWS::Lambda::Function").values():
        assert function["LoggingConfig"]["LogGroup"] in retained
    for name, task in stack.of_type("AWS::ECS::TaskDefinition").items():
        for container in task["ContainerDefinitions"]:
            # The placeholder has no role, by which ECS would write its log.
            assert ("LogConfiguration" in container) == ("ExecutionRoleArn" in task) == name.endswith("Settings")
            assert "LogConfiguration" not in container or container["LogConfiguration"]["Options"]["awslogs-group"] in retained


def test_retention_is_as_chosen() -> None:
    stack = Stack(DEFAULT | {"LogRetentionDays": "90", "TaskLogRetentionDays": "14"})
    for group in stack.of_type("AWS::Logs::LogGroup").values():
        assert str(group["RetentionInDays"]) == ("14" if group["LogGroupName"].startswith("/ecs/") else "90")


def test_retries_are_set_on_purpose_and_failures_kept(stack: Stack) -> None:
    dead_letters = stack.resolve({"Fn::GetAtt": ["DeadLetters", "Arn"]})
    settings = {each["FunctionName"]: each for each in stack.of_type("AWS::Lambda::EventInvokeConfig").values()}
    assert set(settings) == {function["FunctionName"] for function in stack.of_type("AWS::Lambda::Function").values()}
    expected = {"start": (900, 1), "stop": (900, 1), "reconcile": (300, 0), "budget": (21600, 2)}
    for name, each in settings.items():
        assert (each["MaximumEventAgeInSeconds"], each["MaximumRetryAttempts"]) == expected[name.rsplit("-", 1)[1]]
        assert each["DestinationConfig"] == {"OnFailure": {"Destination": dead_letters}}


def test_schedules_are_in_the_environments_zone(stack: Stack) -> None:
    schedules = stack.of_type("AWS::Scheduler::Schedule")
    assert len(schedules) == 2
    dead_letters = stack.resolve({"Fn::GetAtt": ["DeadLetters", "Arn"]})
    for schedule in schedules.values():
        assert schedule["ScheduleExpressionTimezone"] == "America/New_York"
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert schedule["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": _QUARTER_OF_AN_HOUR, "MaximumRetryAttempts": 3}
        assert schedule["Target"]["DeadLetterConfig"] == {"Arn": dead_letters}
        assert "<aws.scheduler.scheduled-time>" in schedule["Target"]["Input"]
        assert schedule["State"] == ("DISABLED" if stack.parameters["Active"] == "no" else "ENABLED")


def test_the_tick_comes_every_five_minutes(stack: Stack) -> None:
    (rule,) = stack.of_type("AWS::Events::Rule").values()
    assert rule["ScheduleExpression"] == "cron(0/5 * * * ? *)"
    assert rule["State"] == ("DISABLED" if stack.parameters["Active"] == "no" else "ENABLED")
    (target,) = rule["Targets"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 1}
    assert target["Arn"] == stack.resolve({"Fn::GetAtt": ["ReconcileFunction", "Arn"]})
    assert target["DeadLetterConfig"] == {"Arn": stack.resolve({"Fn::GetAtt": ["DeadLetters", "Arn"]})}


@pytest.mark.parametrize("hours", ["00:00-00:59", "06:05-08:00", "09:30-13:07", "20:00-23:59"])
def test_odd_times_are_cron_too(hours: str) -> None:
    stack = Stack(HTTP_ONLY | {"Hours": hours, "Days": "MON,WED-FRI"})
    for schedule in stack.of_type("AWS::Scheduler::Schedule").values():
        hour, minute = hours.split("-")["stop" in schedule["Name"]].split(":")
        fields = re.fullmatch(r"cron\((\d\d?) (\d\d?) \? \* ([A-Z,-]+) \*\)", schedule["ScheduleExpression"])
        assert fields and (int(fields[1]), int(fields[2]), fields[3]) == (int(minute), int(hour), "MON,WED-FRI")


def test_a_day_ends_after_it_begins() -> None:
    """Every pair of times of a coarse clock, against a plain comparison."""
    pattern = re.compile(parsed()["Parameters"]["Hours"]["AllowedPattern"])
    times = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 1, 9, 10, 30, 59)]
    wrong = [f"{one}-{other}" for one in times for other in times if bool(pattern.fullmatch(f"{one}-{other}")) != (one < other)]
    assert wrong == []


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        ("Hours", ["08:00-20:00", "00:00-23:59"], ["24:00-24:30", "8:00-20:00", "08:60-20:00", "08:00", "08:00-20:00-", "08:00 - 20:00", ""]),
        ("DomainName", ["", "dev.example.com", "a-1.example"], ["Dev.example.com", "dev.example.com.", "*.example.com", "localhost", "-a.example.com"]),
        ("HostedZoneId", ["", "Z0123456789ABCDEFGHIJ"], ["/hostedzone/Z0123456789ABCDEFGHIJ", "z012", "example.com"]),
        (
            "CertificateArn",
            ["", "arn:aws:acm:us-west-2:123456789012:certificate/0a000000-0000-4000-8000-000000000001"],
            ["0a000000-0000-4000-8000-000000000001", "arn:aws:iam::123456789012:role/a"],
        ),
        ("ExecutionRoleArn", ["", "arn:aws:iam::123456789012:role/service/a-b"], ["a-b", "arn:aws:iam::123456789012:policy/a"]),
        ("TaskRoleArn", ["", "arn:aws-cn:iam::123456789012:role/a"], ["arn:aws:iam::1234:role/a", "arn:aws:iam::123456789012:user/a"]),
        ("ClusterName", ["", "shop", "durable-dev-cluster"], ["arn:aws:ecs:us-west-2:123456789012:cluster/shop", "a b"]),
        ("VpcId", ["", "vpc-0a000000000000001"], ["0a000000000000001", "subnet-1", "vpc-0a,vpc-0b"]),
        ("TaskSecurityGroup", ["", "sg-0a"], ["tasks", "sg-0a,sg-0b", "sg-xyz"]),
        ("BalancerSecurityGroup", ["", "sg-0a"], ["tasks", "sg-"]),
        ("FrontendRepository", ["", "shop/frontend", "a_b.c-d"], ["123456789012.dkr.ecr.us-west-2.amazonaws.com/shop", "Shop", "shop:1", "shop/"]),
        (
            "BackendTargetGroup",
            ["", "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/a/0a00000000000001"],
            ["a", "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/a/0a00000000000001"],
        ),
        ("FrontendTaskFamily", ["", "shop-frontend"], ["shop-frontend:3", "arn:aws:ecs:us-west-2:123456789012:task-definition/a:1"]),
        ("RecordNames", ["", "dev.example.com", r"\052.example.com", "_a.example.com"], ["Dev.example.com", "dev.example.com.", "*.example.com", " a.b"]),
        ("AdoptedArns", ["", "arn:aws:rds:us-west-2:123456789012:db:main"], ["main", " arn:aws:rds:us-west-2:123456789012:db:main"]),
        ("VolumeKeyArns", ["", "arn:aws:kms:us-west-2:123456789012:key/mrk-0a"], ["alias/a", "arn:aws:kms:us-west-2:123456789012:alias/a"]),
        ("PassableRoleArns", ["", "arn:aws:iam::123456789012:role/a"], ["a", "*"]),
        (
            "DatabaseSecret",
            ["", "arn:aws:secretsmanager:us-west-2:123456789012:secret:rds!db-0a-AbCdEf"],
            ["rds!db-0a", "arn:aws:ssm:us-west-2:123456789012:parameter/a", "arn:aws:secretsmanager:us-west-2:123456789012:secret:a:password::"],
        ),
        ("BackendSecret", ["", "arn:aws:ssm:us-west-2:123456789012:parameter/a/b"], ["/a/b", "arn:aws:s3:::a"]),
        ("Days", ["MON", "MON-FRI", "MON,WED-FRI", "SAT,SUN"], ["", "Mon-Fri", "MON FRI", "MON-", "*"]),
        ("Product", ["a", "durable", "a1-b", "internals"], ["", "1a", "Durable", "a_b", "p" * 13, "internal", "sg-a", "aws-b"]),
        ("Environment", ["dev", "e" * 10, "chat"], ["", "e" * 11, "DEV", "dev-chat", "a-budget"]),
        ("NetworkPrefix", ["10.0", "10.255", "172.16", "172.31", "192.168"], ["", "10", "11.0", "172.32", "192.169", "10.0.0"]),
        ("NotificationEmail", ["", "someone@example.com"], ["someone", "a@b@c", "a b@c"]),
        ("PublicSubnets", ["", "subnet-0a,subnet-0b"], ["subnet-0a", "subnet-0a, subnet-0b", "vpc-1"]),
        ("PrivateRouteTables", ["", "rtb-0a", "rtb-0a,rtb-0b"], ["rtb", "rtb-0a,", "x"]),
        ("PermissionsBoundaryArn", ["", "arn:aws:iam::123456789012:policy/a/b"], ["developers", "arn:aws:iam::123456789012:role/a"]),
        ("ProductDomain", ["durableai", "a b_.:/=+-@"], ["", 'a"b', "a{b}"]),
    ],
)
def test_answers_that_make_no_sense_are_refused(parameter: str, good: list[str], bad: list[str]) -> None:
    pattern = parsed()["Parameters"][parameter]["AllowedPattern"]
    assert [each for each in good if not re.fullmatch(pattern, each)] == []
    assert [each for each in bad if re.fullmatch(pattern, each)] == []


def test_who_may_put_what_into_the_queue(stack: Stack) -> None:
    (policy,) = stack.of_type("AWS::SQS::QueuePolicy").values()
    allowed = {
        (each["Principal"]["Service"], each["Condition"]["ArnEquals"]["aws:SourceArn"]) for each in policy["PolicyDocument"]["Statement"]
    }
    rule = stack.resolve({"Fn::GetAtt": ["Tick", "Arn"]})
    assert allowed == {("events.amazonaws.com", rule), ("sns.amazonaws.com", stack.resolve({"Ref": "BudgetTopic"}))}
    (alert,) = [each for each in stack.of_type("AWS::SNS::Subscription").values() if each["Protocol"] == "lambda"]
    assert alert["RedrivePolicy"] == {"deadLetterTargetArn": stack.resolve({"Fn::GetAtt": ["DeadLetters", "Arn"]})}


def test_the_state_outlives_the_stack_and_is_nobody_elses(stack: Stack) -> None:
    resource, bucket = stack.resources["StateBucket"], stack.properties("StateBucket")
    # A stack whose creation failed is tried again, under the same names.
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(bucket["PublicAccessBlockConfiguration"].values()) and len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert "BucketEncryption" in bucket


def test_roles_have_no_names() -> None:
    """So CAPABILITY_IAM is enough."""
    stack = stack_of("default")
    assert [name for name, role in stack.of_type("AWS::IAM::Role").items() if "RoleName" in role] == []


def test_nothing_begins_before_the_blueprint_is_there() -> None:
    """A certificate can take hours, and each tick without a blueprint fails."""
    stack = Stack(DEFAULT)
    begins = [each for each in stack.template["Resources"].values() if each["Type"] in ("AWS::Events::Rule", "AWS::Scheduler::Schedule")]
    assert len(begins) == 3
    for each in begins:
        assert "${Blueprint}" in str(each["Properties"]["Description"])
