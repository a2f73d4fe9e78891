#!/usr/bin/env bash
# Python's zoneinfo with PyPI's pinned tzdata 2026.6, and data that counts leap seconds, as a machine's zoneinfo/right/ has it.
# Surprise: the reader takes such a file (made here from the package's own by zic's rule: each listed instant later by the leap seconds
# before it, and the list of them) without an error or a warning, drops the list, and changes the clocks 27 seconds late for every
# listed change since 2017.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps tzdata==2026.6
cat > "$dir/try.py" <<'P'
import io, struct
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from zoneinfo import ZoneInfo
import tzdata

def blocks(data):
    """(counts, body) of each of the two blocks, and the footer."""
    found = []
    for size in (4, 8):
        counts = struct.unpack(">6I", data[20:44])
        utc, std, leap, times, types, chars = counts
        length = times * size + times + types * 6 + chars + leap * (size + 4) + std + utc
        found.append((counts, data[44 : 44 + length]))
        data = data[44 + length :]
    return found, data

def right(data):
    """The same clocks for a counter that counts 27 leap seconds, all before 2017-01-01 here: changes after it are 27 s later."""
    (_, (counts, body)), footer = blocks(data)
    utc, std, leap, times, types, chars = counts
    at = [t + 27 if t >= 1483228800 else t for t in struct.unpack(f">{times}q", body[: times * 8])]
    rest = body[times * 8 : times * 9 + types * 6 + chars]
    leaps = struct.pack(">qi", 1483228826, 27)
    header = lambda c: b"TZif2" + bytes(15) + struct.pack(">6I", *c)
    first = header((0, 0, 0, 0, 1, 4)) + bytes(6) + b"UTC\0"
    return first + header((0, 0, 1, times, types, chars)) + struct.pack(f">{times}q", *at) + rest + leaps + footer

data = files("tzdata").joinpath("zoneinfo/Africa/Casablanca").read_bytes()
print("IANA", tzdata.IANA_VERSION)
utc = timezone.utc
change = datetime(2026, 2, 15, 2, tzinfo=utc)  # Ramadan: 03:00 is 02:00
for name, bytes_ in (("ordinary", data), ("leap seconds", right(data))):
    zone = ZoneInfo.from_file(io.BytesIO(bytes_), key=name)
    late = next(s for s in range(0, 60) if (change + timedelta(seconds=s)).astimezone(zone).utcoffset() == timedelta(0))
    print(f"{name}: clocks go back {late} s after 02:00 UTC")
P
said=$("$dir/venv/bin/python" -W error "$dir/try.py")
echo "$said"
diff <(echo "$said") - <<'X'
IANA 2026f
ordinary: clocks go back 0 s after 02:00 UTC
leap seconds: clocks go back 27 s after 02:00 UTC
X
echo "as described"
