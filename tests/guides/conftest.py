"""An emulator with an example laid in it, and a shell in which a person, or a pipeline, works on it with the AWS CLI."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = ROOT / "tests" / "emulator"
#: So many times faster than AWS.
FACTOR = 60


class Shell:
    """Runs commands against an emulator."""

    def __init__(self, endpoint: str, laid: dict[str, Any], folder: Path) -> None:
        self.endpoint, self.laid, self.folder = endpoint, laid, folder
        self.environment = {
            "PATH": f"{ROOT / 'tests' / 'guides' / 'bin'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_REGION": laid["region"],
            "AWS_DEFAULT_REGION": laid["region"],
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_PAGER": "",
            "CURFEW_ENVIRONMENT": laid["environment"],
            "CURFEW_STATE_BUCKET": laid["bucket"],
            "CURFEW_EMULATOR_VENV": os.environ.get("CURFEW_EMULATOR_VENV", ""),
        }

    def try_to(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = self.environment | variables
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, env=environment, text=True, capture_output=True, timeout=300
        )

    def run(self, script: str, **variables: str) -> str:
        done = self.try_to(script, **variables)
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout

    def aws(self, arguments: str) -> Any:
        return json.loads(self.run(f"aws {arguments} --output json") or "null")

    def control(self, path: str, body: dict[str, Any]) -> None:
        """What is asked of the emulator itself."""
        request = urllib.request.Request(self.endpoint + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
        urllib.request.urlopen(request).close()

    def told(self, path: str) -> Any:
        """What the emulator itself answers."""
        with urllib.request.urlopen(self.endpoint + path) as answer:
            return json.load(answer)

    def bring_up(self) -> None:
        command = [EMULATOR / "raise", "--endpoint", self.endpoint, "--laid", json.dumps(self.laid)]
        subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    command = [EMULATOR / "serve", "--port", "0", "--clock-factor", str(FACTOR), "--until-stdin-closes"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    endpoint = process.stdout.readline().split()[1]
    lay = subprocess.run([EMULATOR / "lay", "--endpoint", endpoint, "--example", "durable"], check=True, capture_output=True, text=True)
    yield Shell(endpoint, json.loads(lay.stdout), tmp_path)
    process.stdin.close()
    process.wait()
