"""The workflows: what actionlint and shellcheck say, what they may do, and what they are made of."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import stacks
import yaml
from conftest import ROOT

WORKFLOWS = [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), ROOT / "examples" / "deploy-app" / "deploy-app.yml"]
SCRIPTS = [ROOT / "examples" / "deploy-app" / "deploy.sh", ROOT / "check", ROOT / ".ci" / "run"]


def read(path: Path) -> dict[Any, Any]:
    return yaml.safe_load(path.read_text())


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
def workflow(request: pytest.FixtureRequest) -> dict[Any, Any]:
    return read(request.param)


def test_there_are_three() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "deploy.yml", "deploy-app.yml"]


def test_permissions_are_named_and_none_is_broad(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job.get("permissions", {}).items() <= {"contents": "read", "id-token": "write"}.items()
        assert job["timeout-minutes"] <= 120
    assert "concurrency" in workflow


def test_who_may_become_a_role_names_a_protected_environment(workflow: dict[Any, Any]) -> None:
    for job in workflow["jobs"].values():
        lends = [step for step in job["steps"] if step.get("uses", "").startswith("aws-actions/configure-aws-credentials@")]
        assert bool(lends) == ("environment" in job) == ("id-token" in job.get("permissions", {}))
        for step in lends:
            assert set(step["with"]) == {"role-to-assume", "aws-region"}, "no key that lasts"


def test_actions_are_pinned_by_commit_and_say_which_release(workflow: dict[Any, Any]) -> None:
    for step in steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"]), step
    for path in WORKFLOWS:
        for line in path.read_text().splitlines():
            if "uses:" in line:
                assert re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_no_command_is_made_of_what_others_write(workflow: dict[Any, Any]) -> None:
    for step in steps(workflow):
        assert "${{" not in step.get("run", ""), f"a variable of the step's env instead: {step['run']}"


def shellcheck(text: str, *options: str) -> None:
    program = shutil.which("shellcheck")
    assert program, "shellcheck is missing (Debian, Ubuntu: apt-get install shellcheck)"
    done = subprocess.run([program, *options, "-"], input=text, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout


def test_commands_pass_shellcheck(workflow: dict[Any, Any]) -> None:
    for step in steps(workflow):
        if "run" in step:
            shellcheck(step["run"], "--shell=bash")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_pass_shellcheck(script: Path) -> None:
    shellcheck(script.read_text())


def test_ci_runs_check_and_sam_build_and_nothing_besides() -> None:
    jobs = read(WORKFLOWS[0])["jobs"]
    assert {name: job["steps"][-1]["run"] for name, job in jobs.items()} == {"check": "./check", "build": "tests/sam/build"}


def test_the_example_runs_the_script_that_is_tried() -> None:
    workflow = read(WORKFLOWS[2])
    runs = [step["run"] for step in steps(workflow) if "deploy.sh" in step.get("run", "")]
    assert [re.findall(r"\.github/deploy\.sh (\w+)", run) for run in runs] == [["platform"], ["scan"], ["release"]]
    # What is built is what the tasks run on.
    assert 'docker build --platform "$platform"' in runs[0]
    # It names what test_application.py names.
    (job,) = workflow["jobs"].values()
    assert set(stacks.settings("frontend")) - {"IMAGE", "POLL", "PATIENCE", "AWS_ACCESS_KEY_ID"} <= set(job["env"])
    for part in job["strategy"]["matrix"]["part"]:
        for name, value in stacks.settings(part).items():
            if name in job["env"] and name != "IMAGE_TAG":
                written = job["env"][name].replace("${{ vars.PREFIX }}", "durable-dev").replace("${{ matrix.part }}", part)
                assert written == value, name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actionlint_finds_nothing(path: Path) -> None:
    program = shutil.which("actionlint")
    if program is None:
        pytest.skip("actionlint is not installed; ci.yml installs it")
    done = subprocess.run([program, "-color=never", path], text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
