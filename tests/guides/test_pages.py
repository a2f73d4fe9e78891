"""The pages: each command is run, or stands in a list that says why it is not; each link leads somewhere; figures are computed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import cost
import pytest
from conftest import ROOT, Shell

PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]
GUIDES = [page for page in PAGES if page.name in ("README.md", "application.md", "deployment.md", "operations.md", "troubleshooting.md", "recovery.md", "cost.md")]
COMMANDS = ("aws", "cargo", "curfew", "git", "sam", "tests/", "./check")

#: What is not run here, and why; a beginning of the command.
ELSEWHERE = {
    "cargo demo": "simulator/tests play it",
    "cargo local": "tests/stage is it",
    "cargo simulate": "./check runs it",
    "cargo install": "builds for minutes; ./check builds the same",
    "./check": "it is what runs this",
    "git ": "changes this very checkout",
    "sam validate": "the template's tests run it",
    "sam build": "tests/sam/build runs it",
    "sam deploy": "needs an AWS account",
    "sam delete": "needs an AWS account",
    "aws cloudformation": "about a stack; needs an AWS account",
    "aws sqs": "the stack's queue; needs an AWS account",
    "aws lambda": "the stack's functions; needs an AWS account",
    "aws logs": "the stack's logs; needs an AWS account",
    "aws events": "the stack's rule; needs an AWS account",
    "aws sts decode-authorization-message": "needs a message of AWS's",
    "aws cloudtrail": "the emulator has no trail",
    "aws service-quotas": "a person at AWS decides",
}

#: Of variables that a block sets: test_stack_recovery.py runs it as a whole.
IN_ORDER = ("VPC=", "GATEWAY=", "$VPC", "$GATEWAY")

#: An account that does not answer.
NOWHERE = {
    "PATH": "/usr/bin:/bin",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_REGION": "us-west-2",
    "AWS_SECRET_ACCESS_KEY": "none",
    "CURFEW_ENVIRONMENT": "dev",
    "CURFEW_STATE_BUCKET": "none",
}


def blocks(page: Path) -> list[tuple[str, str]]:
    return re.findall(r"^```(\w*)\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    """The commands of a page's blocks, each on one line."""
    found = []
    for language, text in blocks(page):
        if language in ("", "sh"):
            lines = text.replace("\\\n", " ").splitlines()
            found += [line.split("   ")[0].strip() for line in lines if line.startswith(COMMANDS) or re.match(r"[A-Z]+=\$\(aws ", line)]
    return found


def is_run_here(command: str) -> bool:
    return not any(command.startswith(beginning) for beginning in ELSEWHERE)


def is_pure(command: str) -> bool:
    return command.startswith(("curfew validate examples/", "curfew schedule "))


ALL = sorted({command for page in GUIDES for command in commands(page)})


def curfew() -> str:
    """The command as ./check has built it."""
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    found = [target / kind / "curfew" for kind in ("debug", "release") if (target / kind / "curfew").exists()]
    assert found, "curfew is not built; run `cargo build --workspace` first"
    return str(found[0])


def test_the_pages_have_commands_and_what_is_not_run_is_used() -> None:
    assert len(ALL) > 60
    unused = [beginning for beginning in ELSEWHERE if not any(command.startswith(beginning) for command in ALL)]
    assert unused == []


@pytest.mark.parametrize("command", [command for command in ALL if is_pure(command)])
def test_what_needs_no_account_is_run(command: str) -> None:
    line = re.sub(r"^curfew", curfew(), command)
    done = subprocess.run(["bash", "-euc", line], cwd=ROOT, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [command for command in ALL if command.startswith("curfew ") and not is_pure(command)])
def test_what_needs_an_account_is_understood(command: str, tmp_path: Path) -> None:
    """Its words are, and then nobody answers: tests/cli.rs and tests/recovery.rs do such things. A usage error would end with 2."""
    line = re.sub(r"^curfew", curfew(), command)
    done = subprocess.run(["bash", "-euc", line], text=True, capture_output=True, cwd=tmp_path, env=NOWHERE)
    assert done.returncode == 1, f"{done.returncode}: {done.stderr}"


def aws_commands() -> list[tuple[str, str]]:
    """The AWS CLI's commands of all guides but recovery.md, whose commands tests/recovery.rs runs as they stand."""
    pages = [page for page in GUIDES if page.name != "recovery.md"]
    return [(page.name, command) for page in pages for command in commands(page) if "aws " in command and not any(each in command for each in IN_ORDER) and is_run_here(re.sub(r"^[A-Z]+=\$\(", "", command))]


def test_the_aws_commands_are_understood_and_work_on_an_example(shell: Shell) -> None:
    """With the example's names in the place of the pages' own, after an evening's documents were stored."""
    names = {
        "durable-dev-frontend --query 'imageDetails": "durable-frontend --query 'imageDetails",
        "Z0EXAMPLE": shell.laid["replacements"]["Z0D1A00000000000000A"],
        "/curfew/dev/blueprint": shell.laid["parameter"],
    }
    shell.run("echo '{}' > state.json; cp state.json recording.json; aws s3 cp state.json s3://$CURFEW_STATE_BUCKET/dev/state.json")
    shell.run("aws s3 cp recording.json s3://$CURFEW_STATE_BUCKET/dev/recording.json")
    shell.run("aws ssm get-parameter --name /curfew/dev/blueprint --query Parameter.Value --output text > blueprint.yaml")
    tried = aws_commands()
    assert len(tried) >= 12, tried
    for page, command in tried:
        for old, new in names.items():
            command = command.replace(old, new)
        if "put-parameter" in command and "--overwrite" not in command:
            command += " --overwrite"
        if "release-address" in command:
            address = shell.aws("ec2 allocate-address")["AllocationId"]
            command = command.replace("eipalloc-0example", address)
        done = shell.try_to(command)
        assert done.returncode == 0, f"{page}: {command}\n{done.stderr}"


def anchors(page: Path) -> set[str]:
    """What GitHub makes of headings."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(there), f"{page.name}: {target}: {sorted(anchors(there))}"


def test_every_alarm_of_the_template_has_its_heading() -> None:
    alarms = re.findall(r"AlarmName: !Sub \S*curfew-([a-z-]+)", (ROOT / "template.yaml").read_text())
    headings = anchors(ROOT / "docs" / "operations.md")
    assert [name for name in alarms if name not in headings] == []


def test_every_kind_of_reason_is_explained() -> None:
    source = (ROOT / "shared" / "src" / "safety.rs").read_text()
    kinds = re.findall(r"^    (\w+),$", source.split("pub enum ReasonKind", 1)[1].split("}", 1)[0], re.MULTILINE)
    names = [re.sub(r"(?<!^)([A-Z])", r"-\1", kind).lower() for kind in kinds]
    assert len(names) >= 6
    page = (ROOT / "docs" / "troubleshooting.md").read_text()
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_what_curfew_costs_is_as_computed() -> None:
    page = (ROOT / "docs" / "cost.md").read_text()
    assert page == cost.written(page), "run python tests/guides/cost.py, and review the difference"


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_shell_blocks_are_shell(page: Path) -> None:
    program = shutil.which("bash")
    for language, text in blocks(page):
        if language == "sh":
            done = subprocess.run([program, "-n"], input=text, text=True, capture_output=True)
            assert done.returncode == 0, done.stderr


def test_nobody_is_told_to_answer_an_existing_stack_again() -> None:
    """SAM's questions offer the template's defaults, not what was answered, and send all of them."""
    files = [*PAGES, ROOT / ".github" / "workflows" / "deploy.yml"]
    assert [file.name for file in files if "sam deploy --guided" in file.read_text()] == []


def test_another_environment_is_named_with_its_section() -> None:
    named = [command for command in ALL if command.startswith("sam deploy") and "Product=" in command]
    assert len(named) >= 4
    for command in named:
        section = re.search(r"--config-env (\w+)", command)
        if section and section[1] != "adopt":
            assert f"Environment={section[1]} " in command + " ", command
        if section and section[1] == "adopt":
            assert "BaseTier=existing" in command, command


def test_an_invocation_by_hand_waits_for_its_answer() -> None:
    """The CLI gives up after a minute and invokes again."""
    text = "\n".join(page.read_text() for page in PAGES)
    invoked = re.findall(r"aws lambda invoke[^\n]*", text)
    assert invoked and [each for each in invoked if "--cli-read-timeout 0" not in each] == []
