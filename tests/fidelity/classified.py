"""What people say becomes of each field: `resources/*.yaml`, read and checked for its form.

    resource: Load balancers          # a section of the page
    about: …                          # what becomes of the resource as a whole
    calls:
      - call: elbv2:DescribeLoadBalancers
        items: LoadBalancers[]
        rows:
          - restored: [Scheme]        # comes back: by which field of the model, and which test proves it
            by: [LoadBalancer.scheme]
            proof: [tests/cycle.rs::durable_comes_back_as_it_was]
          - derived: [DNSName]        # AWS says it; nobody could ask for it
            why: …
          - kept: [VpcId]             # survives, because it is not deleted; `kept: rest` for all that is not named
            why: …
          - refused: [OutpostId]      # not torn down at all: the place and the words of the rule
            rule: ["shared/src/aws/load_balancers/identity.rs: stands on an Outpost"]
          - lost: [PrivateIp]         # neither: allowed with a sentence only
            why: …
          - as: [DefaultActions[]]    # classified once, under `shape:` instead of `call:`
            shape: Action

`note:` may say more on any row.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
#: The order in which the page tells them.
ORDER = (
    "addresses-kept",
    "addresses-released",
    "nat-gateways",
    "routes",
    "load-balancers",
    "listeners",
    "rules",
    "dns-records",
    "services-scaled",
    "services-deleted",
    "auto-scaling",
    "databases",
    "alarms",
    "target-groups",
    "vpc-endpoints",
    "instances",
    "auto-scaling-groups",
)
#: What can become of a field, and what a row about it must say besides.
FATES = {
    "restored": {"by", "proof"},
    "derived": {"why"},
    "kept": {"why"},
    "refused": {"rule"},
    "lost": {"why"},
    "as": {"shape"},
}
REST = "rest"


@dataclass(frozen=True)
class Row:
    """Fields that share a fate."""

    fate: str
    fields: tuple[str, ...]
    by: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    why: str = ""
    note: str = ""
    shape: str = ""

    @property
    def is_rest(self) -> bool:
        return self.fields == (REST,)


@dataclass(frozen=True)
class Answer:
    """What one call, or one shape that several answers share, says of a resource."""

    name: str
    items: str
    rows: tuple[Row, ...]
    keys: bool = False
    is_shape: bool = False


@dataclass(frozen=True)
class Resource:
    """One section of the page."""

    file: str
    title: str
    about: str
    answers: tuple[Answer, ...] = field(default=())


@cache
def resources() -> tuple[Resource, ...]:
    return tuple(_resource(name) for name in ORDER)


def _resource(name: str) -> Resource:
    path = HERE / "resources" / f"{name}.yaml"
    document = yaml.safe_load(path.read_text())
    assert set(document) == {"resource", "about", "calls"}, f"{path.name}: {sorted(document)}"
    return Resource(name, document["resource"], document["about"].strip(), tuple(_answer(path.name, each) for each in document["calls"]))


def _answer(file: str, entry: dict[str, Any]) -> Answer:
    assert set(entry) - {"keys"} in ({"call", "items", "rows"}, {"shape", "rows"}), f"{file}: {sorted(entry)}"
    rows = tuple(_row(file, each) for each in entry["rows"])
    return Answer(entry.get("call") or entry["shape"], entry.get("items", ""), rows, entry.get("keys", False), "shape" in entry)


def _row(file: str, entry: dict[str, Any]) -> Row:
    fates = [fate for fate in FATES if fate in entry]
    assert len(fates) == 1, f"{file}: a row says one of {list(FATES)}: {entry}"
    fate = fates[0]
    said = {key: value for key, value in entry.items() if key != fate}
    assert set(said) - {"note"} == FATES[fate], f"{file}: a row of `{fate}` says {sorted(FATES[fate])}: {entry}"
    assert all(said.values()), f"{file}: something is empty: {entry}"
    fields = (REST,) if entry[fate] == REST else tuple(entry[fate])
    assert fields != (REST,) or fate == "kept", f"{file}: only what is kept may be left unnamed: {entry}"
    return Row(fate, fields, **{key: value if isinstance(value, str) else tuple(value) for key, value in said.items()})
