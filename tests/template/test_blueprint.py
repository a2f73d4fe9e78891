"""The blueprint that the stack fills in is one that Curfew takes."""

import subprocess
from pathlib import Path

import pytest
import yaml
from choices import ALL, DEFAULT, EXISTING, HTTP_ONLY, NAMED
from stack import Stack

#: Schedules as people may answer: days, start, stop, zone; and what Curfew makes of them.
_WEEKS = [
    ("MON-FRI", "08:00", "20:00", "America/New_York", "Mon-Fri 08:00-20:00 America/New_York"),
    ("MON,WED-FRI", "06:45", "23:59", "Asia/Kathmandu", "Mon,Wed-Fri 06:45-23:59 Asia/Kathmandu"),
    ("SUN", "00:00", "00:01", "Etc/GMT+12", "Sun 00:00-00:01 Etc/GMT+12"),
    ("SAT,SUN", "10:05", "17:30", "America/Argentina/Buenos_Aires", "Sat,Sun 10:05-17:30 America/Argentina/Buenos_Aires"),
]


def _blueprint(chosen: dict[str, str]) -> str:
    return Stack(chosen).properties("Blueprint")["Value"]


def _validate(command: str, text: str, folder: Path) -> str:
    file = folder / "blueprint.yaml"
    file.write_text(text)
    ran = subprocess.run([command, "validate", str(file)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{ran.stdout}{ran.stderr}\n{text}"
    return ran.stdout + ran.stderr


@pytest.mark.parametrize("name", ["default", "HTTP only", "inactive", "unwatched", "everything existing"])
def test_curfew_takes_it(name: str, command: str, tmp_path: Path) -> None:
    said = _validate(command, _blueprint(ALL[name]), tmp_path)
    assert "is a blueprint of dev: 1 address, 1 NAT gateway," in said
    assert "1 load balancer," in said and "2 services" in said
    assert f"{0 if name == 'HTTP only' else 1} DNS record" in said


@pytest.mark.parametrize(("days", "start", "stop", "zone", "meant"), _WEEKS)
def test_the_schedule_is_the_one_that_was_asked_for(
    days: str, start: str, stop: str, zone: str, meant: str, command: str, tmp_path: Path
) -> None:
    text = _blueprint(DEFAULT | {"Days": days, "Hours": f"{start}-{stop}", "TimeZone": zone})
    _validate(command, text, tmp_path)
    schedule = yaml.safe_load(text)["schedule"]
    said = [
        subprocess.run([command, "schedule", "show", each], capture_output=True, text=True, check=True).stdout for each in (schedule, meant)
    ]
    assert said[0] == said[1]


def test_it_fits_a_free_parameter() -> None:
    longest = {"Product": "p" * 12, "Environment": "e" * 10, "DomainName": "a" * 60 + "." + "b" * 60 + ".example.com"}
    assert len(_blueprint(DEFAULT | longest).encode()) <= 4096
    assert len(_blueprint(EXISTING | longest).encode()) <= 4096


def test_https_where_there_is_a_domain_and_http_where_there_is_none() -> None:
    secure, plain = yaml.safe_load(_blueprint(DEFAULT)), yaml.safe_load(_blueprint(HTTP_ONLY))
    listeners = secure["loadBalancers"]["durable-dev-alb"]["listeners"]
    assert [each["protocol"] for each in listeners.values()] == ["HTTP", "HTTPS"]
    assert listeners[80]["defaultActions"] == [{"type": "redirect", "protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}]
    assert "rules" not in listeners[80]
    assert secure["dnsRecords"][0]["name"] == "dev.durable.example.com"
    (http,) = plain["loadBalancers"]["durable-dev-alb"]["listeners"].values()
    assert "dnsRecords" not in plain
    for serving in (listeners[443], http):
        assert "targetgroup/durable-dev-frontend/" in str(serving["defaultActions"])
        assert serving["rules"][10]["conditions"] == [{"field": "path-pattern", "values": ["/api/*"]}]
        assert "targetgroup/durable-dev-backend/" in str(serving["rules"][10]["actions"])


def test_it_is_made_of_what_was_named() -> None:
    blueprint = yaml.safe_load(_blueprint(EXISTING))
    assert blueprint["cluster"] == NAMED["ClusterName"]
    assert blueprint["routes"] == [{"routeTable": NAMED["PrivateRouteTables"], "natGateway": "egress"}]
    assert blueprint["natGateways"]["egress"]["subnet"] == NAMED["PublicSubnets"].split(",")[0]
    balancer = blueprint["loadBalancers"]["durable-dev-alb"]
    assert balancer["subnets"] == NAMED["PublicSubnets"].split(",")
    assert balancer["securityGroups"] == [NAMED["BalancerSecurityGroup"]]
    assert balancer["listeners"][443]["certificate"] == NAMED["CertificateArn"]
    assert blueprint["dnsRecords"][0]["zone"] == NAMED["HostedZoneId"]
    for part in ("Frontend", "Backend"):
        service = blueprint["services"][f"durable-dev-{part.lower()}"]
        assert service["taskDefinition"] == NAMED[f"{part}TaskFamily"]
        assert service["definition"]["subnets"] == NAMED["PrivateSubnets"].split(",")
        assert service["definition"]["securityGroups"] == [NAMED["TaskSecurityGroup"]]
        assert service["definition"]["attachments"][0]["targetGroup"] == NAMED[f"{part}TargetGroup"]


def test_tasks_are_the_size_that_is_counted() -> None:
    """What the blueprint says tasks cost is what the task definitions ask for."""
    stack = Stack(DEFAULT | {"TaskArchitecture": "X86_64"})
    blueprint = yaml.safe_load(stack.properties("Blueprint")["Value"])
    for part in ("Frontend", "Backend"):
        task, service = stack.properties(f"{part}Settings"), blueprint["services"][f"durable-dev-{part.lower()}"]
        assert task["Family"] == service["taskDefinition"] + "-settings"
        assert stack.properties(f"{part}Task")["Family"] == service["taskDefinition"]
        assert task["RuntimePlatform"]["CpuArchitecture"] == service["tasks"]["architecture"] == "X86_64"
        assert (int(task["Cpu"]), int(task["Memory"])) == (service["tasks"]["cpu"], service["tasks"]["memory"])
        attachment = service["definition"]["attachments"][0]
        (container,) = task["ContainerDefinitions"]
        assert (attachment["container"], attachment["port"]) == (container["Name"], container["PortMappings"][0]["ContainerPort"])
