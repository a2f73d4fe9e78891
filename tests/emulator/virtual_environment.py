"""The virtual environments that the emulator and the template's tests run in, made under `target/` when they are not there yet.

Only the standard library: the launchers run this with whatever Python 3 the machine has.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"


def run(module: str, *arguments: str, home: Path = HERE) -> None:
    """Become `python -m module` inside the environment, with this process's arguments and id."""
    python = ensure(home.name, home / "requirements.txt")
    # Without byte code beside the sources, so that the checkout stays clean; what pip installed has its own.
    environment = os.environ | {"PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    os.execve(python, [str(python), "-m", module, *arguments, *sys.argv[1:]], environment)


def ensure(name: str = "emulator", requirements: Path = REQUIREMENTS) -> Path:
    """The environment's Python, made first if necessary. Two that come at once make it once."""
    folder = Path(os.environ.get(f"CURFEW_{name.upper()}_VENV") or HERE.parents[1] / "target" / f"{name}-venv")
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    environment = folder / key
    complete = environment / "complete"
    if not complete.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not complete.exists():
                _make(environment, name, requirements)
                complete.touch()
    return environment / "bin" / "python"


def _make(environment: Path, name: str, requirements: Path) -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit("Python's venv module is missing. Install it (Debian, Ubuntu: apt-get install python3-venv), then run this again.")
    shutil.rmtree(environment, ignore_errors=True)
    print(f"making the environment of {name} in {environment} (once)", file=sys.stderr)
    _step(
        [sys.executable, "-m", "venv", str(environment)],
        "The virtual environment could not be made (Debian, Ubuntu: apt-get install python3-venv).",
    )
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _step([*pip, "--requirement", str(requirements)], f"The packages of {requirements} could not be installed.")


def _step(command: list[str], otherwise: str) -> None:
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
        sys.exit(otherwise)
