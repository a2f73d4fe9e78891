"""What clocks do: as the core says, and as Python's zoneinfo reads a folder of TZif files."""

import json
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
UTC = timezone.utc
# No zone changes its clocks twice within so long in these years. The core looks every half an hour, and both find each change
# to the second: two lists that are the same are two readings that are the same at every instant.
STEP = timedelta(hours=6)


@dataclass(frozen=True)
class Clocks:
    """A zone's offset at the beginning of a span, and each change in it: when, and to which offset; all in seconds."""

    offset: int
    changes: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Data:
    """Everything that one source says of a span."""

    release: str
    zones: dict[str, Clocks]


def of_the_core(first: int, last: int) -> Data:
    """As the core reads its own data, from the first year to the last."""
    # Each half-hour of six hundred zones is asked for: optimised, that takes a fraction of the time.
    optimised = ["--config", "profile.dev.package.jiff.opt-level=2"]
    cargo = ["cargo", "run", "--quiet", *optimised, "-p", "curfew-core", "--no-default-features", "--example", "clock_changes"]
    ran = subprocess.run([*cargo, "--", str(first), str(last)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    head, *zones = map(json.loads, ran.stdout.splitlines())
    read = {one["zone"]: Clocks(one["offset"], tuple(map(tuple, one["changes"]))) for one in zones}
    return Data(head["release"], read)


def release_of(package: Path) -> str:
    """IANA's name of the release in an installed package `tzdata`."""
    text = (package / "__init__.py").read_text()
    return next(line.split('"')[1] for line in text.splitlines() if line.startswith("IANA_VERSION"))


def of_tzdata(package: Path, first: int, last: int) -> Data:
    """As Python reads an installed package `tzdata`."""
    known: dict[bytes, Clocks] = {}
    zones = {}
    for name in (package / "zones").read_text().split():
        data = (package / "zoneinfo" / name).read_bytes()
        # Most names are aliases: of the same bytes.
        if data not in known:
            with open(package / "zoneinfo" / name, "rb") as file:
                known[data] = _clocks(ZoneInfo.from_file(file, name), datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC))
        zones[name] = known[data]
    return Data(release_of(package), zones)


def _clocks(zone: ZoneInfo, begin: datetime, end: datetime) -> Clocks:
    changes = []
    at = begin
    before = first = _offset(zone, at)
    while at < end:
        later = at + STEP
        after = _offset(zone, later)
        if after != before:
            changes.append((_change(zone, at, later), after))
            before = after
        at = later
    return Clocks(first, tuple(changes))


def _offset(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset.days * 86400 + offset.seconds


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> int:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return int(high.timestamp())


def first_difference(ours: Clocks | None, theirs: Clocks, begin: int, until: int | None = None) -> int | None:
    """The first instant from `begin` on, and before `until`, at which two disagree; none if they never do."""
    if ours is None:
        return begin
    instants = sorted({begin, *(at for clocks in (ours, theirs) for at, _ in clocks.changes if at > begin)})
    return next((at for at in instants if (until is None or at < until) and at_instant(ours, at) != at_instant(theirs, at)), None)


def at_instant(clocks: Clocks, instant: int) -> int:
    """The offset at an instant of the span."""
    offset = clocks.offset
    for at, after in clocks.changes:
        if at > instant:
            break
        offset = after
    return offset
