"""Two documents side by side: what came back against what was there."""

from collections.abc import Iterator
from typing import Any

#: A morning adds Curfew's tags to what it made, and nobody but AWS can give AWS's: shown, but no difference.
MARKS = ("curfewTags", "awsTags")


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a document with its path; empty lists and dicts are values too."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, (*path, str(key)))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, str(number)))
    else:
        yield path, value


def differences(before: dict[str, Any], after: dict[str, Any], marks: bool = False) -> list[tuple[str, Any, Any]]:
    """Path, value before and value after of everything that differs; `marks` counts Curfew's and AWS's tags too."""
    one, other = dict(leaves(before)), dict(leaves(after))
    paths = [path for path in {**one, **other} if marks or not any(mark in path for mark in MARKS)]
    return [(" › ".join(path), one.get(path), other.get(path)) for path in paths if one.get(path) != other.get(path)]


def table(before: dict[str, Any], after: dict[str, Any], marks: bool = False) -> tuple[str, bool]:
    """A line for each part of the runtime tier and of the base tier, then each difference; and whether all is equal."""
    lines = [f"{'':34} {'was there':>10} {'came back':>10}"]
    found: list[tuple[str, Any, Any]] = []
    for tier in ("runtime", "base"):
        if tier not in before or tier not in after:
            continue
        for part in {**before[tier], **after[tier]}:
            one, other = before[tier].get(part, {}), after[tier].get(part, {})
            mine = differences({part: one}, {part: other}, marks)
            verdict = "equal" if not mine else f"{len(mine)} different"
            lines.append(f"{tier + ' ' + part:34} {len(list(leaves(one))):>10} {len(list(leaves(other))):>10}  {verdict}")
            found += [(f"{tier} › {path}", was, now) for path, was, now in mine]
    lines += [f"  {path}: was {was!r}, is {now!r}" for path, was, now in found]
    return "\n".join(lines), not found
