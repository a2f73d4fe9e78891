"""Whether what a classification points at is there: fields of the model, tests, the words of rules."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def text(path: str) -> str:
    file = ROOT / path
    return file.read_text() if file.is_file() else ""


@cache
def _model() -> str:
    return "\n".join(file.read_text() for file in sorted((ROOT / "shared" / "src" / "model").glob("*.rs")))


def has_field(path: str) -> bool:
    """`LoadBalancer.scheme`, `RuleAction::Redirect.port`, or the variant `Condition::SourceIp` itself."""
    kind, _, name = path.partition(".")
    kind, _, variant = kind.partition("::")
    body = _body(_model(), rf"^pub (?:struct|enum) {kind}\b[^{{;]*")
    if variant:
        body = _body(body, rf"^\s*{variant}\b\s*(?=\{{)") or (not name and re.search(rf"^\s*{variant}\b", body, re.MULTILINE) and variant) or ""
    return bool(body) and (not name or re.search(rf"^\s*(?:pub )?{name}:", body, re.MULTILINE) is not None)


def _body(source: str, head: str) -> str:
    """What stands between the braces after a head."""
    found = re.search(head, source, re.MULTILINE)
    if not found or source[found.end() : found.end() + 1] != "{":
        return ""
    depth = 0
    for position in range(found.end(), len(source)):
        depth += {"{": 1, "}": -1}.get(source[position], 0)
        if depth == 0:
            return source[found.end() + 1 : position]
    return ""


def has_test(path: str) -> bool:
    """`tests/cycle.rs::durable_comes_back_as_it_was`; in Rust marked as a test or written in `proptest!`."""
    file, _, name = path.partition("::")
    if file.endswith(".py"):
        return re.search(rf"^def {name}\(", text(file), re.MULTILINE) is not None
    return re.search(rf"#\[(?:tokio::)?test\](?:\s*#\[[^\n]*\])*\s*(?:async )?fn {name}\(", text(file)) is not None


def has_rule(rule: str) -> bool:
    """`shared/src/aws/records.rs: has a weight`: the words stand in that file."""
    file, _, words = rule.partition(": ")
    return bool(words) and words in text(file)
