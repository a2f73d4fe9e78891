"""An emulator in which the template itself is deployed, for what people do with a stack."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import EMULATOR, FACTOR, ROOT, Shell

#: Where images are pushed to, and what they are called.
REGISTRY = "123456789012.dkr.ecr.us-west-2.amazonaws.com"
#: Whose calls are noted, to hold them against the policies of a role.
PIPELINE = "AKIDPIPELINE"


@contextmanager
def deployed(folder: Path, **parameters: str) -> Iterator[Shell]:
    command = [EMULATOR / "serve", "--port", "0", "--clock-factor", str(FACTOR), "--until-stdin-closes"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        endpoint = process.stdout.readline().split()[1]
        chosen = json.dumps({"Product": "durable", "ProductDomain": "durableai"} | parameters)
        lay = [ROOT / "tests" / "template" / "lay", "--endpoint", endpoint, "--parameters", chosen]
        laid = subprocess.run(lay, check=True, capture_output=True, text=True).stdout
        yield Shell(endpoint, json.loads(laid), folder)
    finally:
        process.stdin.close()
        process.wait()


def settings(part: str) -> dict[str, str]:
    """What the example's workflow gives deploy.sh for one part of the application, with the prefix of the stack's names."""
    return {
        "CONTAINER": part,
        "ECR_REPOSITORY": f"durable-dev-{part}",
        "ECS_CLUSTER": "durable-dev-cluster",
        "ECS_SERVICE": f"durable-dev-{part}",
        "SETTINGS_FAMILY": f"durable-dev-{part}-settings",
        "TASK_FAMILY": f"durable-dev-{part}",
        "IMAGE_TAG": "new",
        "IMAGE": f"{REGISTRY}/durable-dev-{part}:new",
        "POLL": "0.3",
        "PATIENCE": "100",
        "AWS_ACCESS_KEY_ID": PIPELINE,
    }


def push(shell: Shell, part: str, **more: Any) -> None:
    """An image as applications have it: a program and no shell, which writes to its own files."""
    image = {"image": settings(part)["IMAGE"], "architecture": "ARM64", "programs": ["node"], "writes": True}
    shell.control("/_emulator/images", image | more)


def service(shell: Shell, part: str) -> dict[str, Any]:
    found = shell.aws(f"ecs describe-services --cluster durable-dev-cluster --services durable-dev-{part}")["services"]
    return found[0] if found else {}


def revision(shell: Shell, arn: str) -> dict[str, Any]:
    return shell.aws(f"ecs describe-task-definition --task-definition {arn}")["taskDefinition"]
