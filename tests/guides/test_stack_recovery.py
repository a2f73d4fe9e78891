"""What docs/recovery.md says of stacks: its commands, run as they stand there on the emulator, after the damage is done."""

import json
import re
import subprocess
from pathlib import Path

from conftest import EMULATOR, ROOT, Shell
from stacks import deployed


def commands(heading: str, block: int) -> str:
    part = next(part for part in (ROOT / "docs" / "recovery.md").read_text().split("\n## ") if part.startswith(heading))
    return re.findall(r"^```sh\n(.*?)^```", part, re.MULTILINE | re.DOTALL)[block]


def billable(shell: Shell) -> list[str]:
    read = [EMULATOR / "read", "--endpoint", shell.endpoint, "--region", shell.laid["region"]]
    ran = subprocess.run(read, check=True, capture_output=True, text=True)
    return [each["kind"] for each in json.loads(ran.stdout)["billable"]]


def test_what_a_late_failure_leaves_behind_is_taken_away(tmp_path: Path) -> None:
    with deployed(tmp_path, Active="yes") as shell:
        shell.bring_up()
        assert {"natGateway", "loadBalancer", "address", "task"} <= set(billable(shell))
        script, _, last = commands("A new stack fails", 1).rstrip("\n").rpartition("\n")
        # The emulator's CloudFormation deletes in no order that AWS would take.
        assert last.startswith("aws cloudformation delete-stack")
        shell.run(script)
        shell.control("/_emulator/advance", {"seconds": 600})
        assert billable(shell) == []


def test_what_an_answer_left_out_is_found_again(tmp_path: Path) -> None:
    domain = "dev.durable.example.com"
    with deployed(tmp_path, DomainName=domain) as shell:
        *looks, deploy = commands("An answer was lost", 0).splitlines()
        found = [shell.run(look).strip() for look in looks]
        assert deploy.startswith("sam deploy --parameter-overrides DomainName=")
    zone, certificate, vpc, subnets, tables = found
    assert re.fullmatch(r"[A-Z0-9]{1,32}", zone)
    assert re.fullmatch(r"arn:aws:acm:us-west-2:\d{12}:certificate/[0-9a-f-]{36}", certificate)
    assert re.fullmatch(r"vpc-[0-9a-f]+", vpc)
    assert len(subnets.splitlines()) == 4 and {line.split()[0][:-2] for line in subnets.splitlines()} == {"durable-dev-public", "durable-dev-private"}
    assert len(tables.split()) == 2


def test_a_retained_network_is_deleted_as_the_guide_says(tmp_path: Path) -> None:
    with deployed(tmp_path) as shell:
        page = (ROOT / "docs" / "deployment.md").read_text()
        script = next(block for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL) if "delete-vpc" in block)
        # `sam delete` takes what is not retained; the emulator's stacks know no such policy.
        groups = shell.aws("ec2 describe-security-groups --filters Name=tag:Component,Values=base")["SecurityGroups"]
        for group in groups:
            shell.run(f"aws ec2 delete-security-group --group-id {group['GroupId']}")
        shell.run(script)
        assert shell.aws("ec2 describe-vpcs --filters Name=tag:Name,Values=durable-dev-vpc")["Vpcs"] == []
