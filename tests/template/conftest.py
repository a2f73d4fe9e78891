"""Each set of answers, as a stack that is worked out once."""

import functools
import os
import shutil
import sys
from pathlib import Path

import pytest
from choices import ALL
from stack import Stack

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def stack_of(name: str) -> Stack:
    return Stack(ALL[name])


@pytest.fixture(params=ALL)
def stack(request: pytest.FixtureRequest) -> Stack:
    """Each of them in turn."""
    return stack_of(request.param)


@pytest.fixture(scope="session")
def command() -> str:
    """The `curfew` command, as cargo built it."""
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    binary = os.environ.get("CURFEW_BINARY") or str(target / "debug" / "curfew")
    assert shutil.which(binary), f"{binary} is not built; run `cargo build --workspace` first"
    return binary


sys.path.insert(0, str(ROOT / "tests" / "emulator"))
