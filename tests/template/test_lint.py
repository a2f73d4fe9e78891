"""What is wrong with the template by the rules of others, without exceptions but those that stand beside their resource."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import virtual_environment
from choices import REGION
from stack import TEMPLATE, parsed

HERE = Path(__file__).resolve().parent


def _run(*command: str) -> None:
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": REGION, "PYTHONPATH": ""}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=TEMPLATE.parent)
    assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}\n{ran.stderr}"


@pytest.mark.parametrize("region", ["us-west-2", "us-east-1", "eu-central-1"])
def test_cfn_lint_finds_nothing(region: str) -> None:
    _run(str(Path(sys.executable).parent / "cfn-lint"), "--regions", region, "--", str(TEMPLATE))


@pytest.mark.parametrize("environment", ["default", "adopt"])
def test_sam_takes_it(environment: str) -> None:
    _run(str(Path(sys.executable).parent / "sam"), "validate", "--template", str(TEMPLATE), "--region", REGION, "--config-env", environment)


def test_checkov_finds_nothing_but_the_exceptions() -> None:
    checkov = virtual_environment.ensure(HERE / "checkov").parent / "checkov"
    _run(str(checkov), "--framework", "cloudformation", "--skip-download", "--compact", "--quiet", "--file", str(TEMPLATE))


def test_every_exception_says_why() -> None:
    for name, resource in parsed()["Resources"].items():
        for exception in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
            assert len(exception["comment"]) > 15, f"{name}: {exception['id']}"


def test_nothing_is_ignored_in_secret() -> None:
    """Neither in the template nor in a configuration file beside it."""
    assert "cfn-lint" not in parsed().get("Metadata", {})
    assert all("cfn-lint" not in each.get("Metadata", {}) for each in parsed()["Resources"].values())
    present = {each.name for each in TEMPLATE.parent.iterdir()}
    assert not present & {".cfnlintrc", ".cfnlintrc.yaml", ".cfnlintrc.yml", "setup.cfg", ".checkov.yaml", ".checkov.yml"}
