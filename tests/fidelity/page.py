"""docs/fidelity.md, out of what is classified."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

import model
from classified import Answer, Resource, Row, resources

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "fidelity.md"
#: The columns of the summary, and the order of the rows of a table.
FATES = ("restored", "refused", "kept", "derived", "lost")

HEAD = """# Fidelity

What becomes of everything that AWS tells about the resources that Curfew takes down, brings back or changes, field by field.
A test walks AWS's API model (the pinned `botocore`) and fails when a field is not in these tables; so nothing is
left out, and what AWS adds to its services has to be looked at before it can be forgotten.

| word | meaning |
|---|---|
| restored | recorded in the evening and the same in the morning: by the named field of the model, as the named test proves |
| refused | a resource that has it, or has it otherwise than said, is not taken down: the words are those of the reason that is told |
| kept | survives, because the resource is not deleted |
| derived | AWS says it, or it follows from what is restored; nobody could ask for it |
| lost | neither: it is gone, or another, in the morning |

`UPDATE_EXPECT=1 tests/fidelity/check` writes this page; `tests/fidelity/resources` is where a new field is classified.
"""


@cache
def shared_shapes() -> dict[str, Answer]:
    """Shapes that several answers share, by their short name."""
    return {each.name.split(":")[1]: each for resource in resources() for each in resource.answers if each.is_shape}


@cache
def known(answer: Answer) -> tuple[str, ...]:
    """All fields that the API model has for an answer."""
    if answer.keys:
        return tuple(model.documented_keys(answer.name, answer.items))
    shapes = frozenset(shared_shapes())
    if answer.is_shape:
        return tuple(model.fields_of_shape(*answer.name.split(":"), shapes))
    return tuple(model.fields(answer.name, answer.items, shapes))


def fields_of(answer: Answer, row: Row) -> tuple[str, ...]:
    """The fields of a row, with those that are not named by any other for the rest."""
    if not row.is_rest:
        return row.fields
    named = {field for each in answer.rows for field in each.fields}
    return tuple(field for field in known(answer) if field not in named)


def text() -> str:
    parts = [HEAD, _summary(), _lost(), *(_section(resource) for resource in resources()), _identity(), _written()]
    return "\n".join(parts)


def _summary() -> str:
    lines = ["## In numbers", "", f"| | fields | {' | '.join(FATES)} |", f"|---|{'---:|' * (len(FATES) + 1)}"]
    totals = dict.fromkeys(FATES, 0)
    for resource in resources():
        counts = {fate: _count(resource, fate) for fate in FATES}
        totals = {fate: totals[fate] + counts[fate] for fate in FATES}
        name = f"[{resource.title}](#{_anchor(resource.title)})"
        lines.append(_line(name, sum(counts.values()), *(counts[fate] or "" for fate in FATES)))
    lines.append(_line("**all**", sum(totals.values()), *(totals[fate] for fate in FATES)))
    return "\n".join(lines) + "\n"


def _count(resource: Resource, fate: str) -> int:
    return sum(len(fields_of(answer, row)) for answer in resource.answers for row in answer.rows if row.fate == fate)


def _lost() -> str:
    lines = ["## What is lost", ""]
    for resource in resources():
        for answer in resource.answers:
            lines += [f"* {resource.title}: {_fields(answer, row)}: {_flat(row.why)}." for row in answer.rows if row.fate == "lost"]
    lines.append("* Everything that is made again: tags that begin with `aws:`, which only AWS can give.")
    return "\n".join(lines) + "\n"


def _section(resource: Resource) -> str:
    lines = [f"## {resource.title}", "", _flat(resource.about), ""]
    for answer in resource.answers:
        name = answer.name.split(":")[1]
        lines += [f"`{name}`{', wherever one stands' if answer.is_shape else ''}:", "", "| fields | | |", "|---|---|---|"]
        own = [row for row in answer.rows if row.fate == "as"]
        lines += [_line(_fields(answer, row), "", f"see `{row.shape}`, under listeners") for row in own]
        for fate in FATES:
            lines += [_line(_fields(answer, row), fate, _how(row)) for row in answer.rows if row.fate == fate]
        lines.append("")
    return "\n".join(lines)


def _how(row: Row) -> str:
    said = [_flat(row.why)] if row.why else []
    if row.by:
        said.append(f"{_codes(row.by)}; {', '.join(_linked(each, '::') for each in row.proof)}")
    if row.rule:
        said.append(", ".join(_linked(each, ": ", "“{}”") for each in row.rule))
    return "; ".join([*said, *([_flat(row.note)] if row.note else [])])


def _identity() -> str:
    lines = ["## What hangs on a load balancer's identity", ""]
    lines += ["A new load balancer has another ARN, another DNS name and other listeners. What keeps the old ones:", ""]
    lines += ["| what | | how |", "|---|---|---|"]
    for each in identity():
        said = _how(Row(each["fate"], (), tuple(each.get("by", ())), tuple(each.get("proof", ())), tuple(each.get("rule", ()))))
        lines.append(_line(each["thing"], each["fate"], "; ".join(filter(None, [_flat(each["how"]), said]))))
    return "\n".join(lines) + "\n"


def _written() -> str:
    """Each identity that a night ends, against each place where it may be written."""
    said = written()
    lines = ["## Where the old ids and names may be written", ""]
    lines += ["Told is in a capture, in `doctor` and in `plan --down`, as far as the caller may look.", ""]
    lines += ["| what is another one each morning | in | | how |", "|---|---|---|---|"]
    for one, identity in said["identities"].items():
        fates: dict[tuple[str, str], list[str]] = {}
        for two, place in said["places"].items():
            cell = said["cells"][f"{one} {two}"]
            how = "; ".join(filter(None, [cell.get("why", ""), _linked(cell["proof"], "::") if "proof" in cell else ""]))
            fates.setdefault((WORDS[cell["fate"]], how), []).append(place)
        lines += [_line(identity, ", ".join(places), fate, how) for (fate, how), places in fates.items()]
    return "\n".join(lines) + "\n"


#: How the fate of a written identity is said.
WORDS = {"restored": "restored", "repointed": "repointed", "told": "told", "refused": "refused", "lost": "lost", "none": "cannot be"}


@cache
def written() -> dict:
    return yaml.safe_load((HERE / "written.yaml").read_text())


@cache
def identity() -> list[dict]:
    return yaml.safe_load((HERE / "identity.yaml").read_text())


def _fields(answer: Answer, row: Row) -> str:
    if row.is_rest:
        return f"all other {len(fields_of(answer, row))}"
    return _codes(shortened(row.fields, known(answer)))


def shortened(fields: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """The same with `Config.*` for all of what stands below `Config`, where a row has all of it."""
    found: list[str] = []
    for field in fields:
        whole = [prefix for prefix in _prefixes(field) if _is_whole(prefix, fields, known)]
        name = f"{whole[0]}.*" if whole else field
        if name not in found:
            found.append(name)
    return found


def _prefixes(field: str) -> list[str]:
    steps = field.split(".")
    return [".".join(steps[:length]) for length in range(1, len(steps))]


def _is_whole(prefix: str, fields: tuple[str, ...], known: tuple[str, ...]) -> bool:
    below = {field for field in known if field.startswith(f"{prefix}.")}
    return len(below) > 1 and below <= set(fields)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _linked(pointer: str, separator: str, form: str = "`{}`") -> str:
    file, _, name = pointer.partition(separator)
    return f"[{form.format(name)}](../{file})"


def _line(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |".replace("  ", " ")


def _flat(words: str) -> str:
    return " ".join(words.split())


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")
