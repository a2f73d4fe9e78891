"""Reads what stands in an account, or compares two readings.

read --endpoint URL --region us-west-2 > evening.json
read --compare evening.json morning.json
read --endpoint URL --until-stdin-closes    # each line says {"region": …, "environment": …}, and a line answers it
"""

import argparse
import functools
import json
import sys
from pathlib import Path
from typing import Any

from reader import base, compare, runtime
from reader.account import Account


def read(endpoint: str, region: str, environment: str = "dev", parts: tuple[str, ...] = ("runtime", "base", "billable")) -> dict[str, Any]:
    """One document of what is there now."""
    account = _account(endpoint.rstrip("/"), region)
    document: dict[str, Any] = {"environment": environment, "region": region}
    if "runtime" in parts:
        document["runtime"] = runtime.read(account)
    if "base" in parts:
        document["base"] = base.read(account)
    if "billable" in parts:
        document["billable"] = runtime.billable(account)
    return json.loads(json.dumps(document, default=str))


@functools.cache
def _account(endpoint: str, region: str) -> Account:
    """One for all readings: its clients take a second to make."""
    return Account(endpoint, region)


def answer_each_line(endpoint: str) -> None:
    """Reads whenever standard input says a line."""
    for line in sys.stdin:
        print(json.dumps(read(endpoint, **json.loads(line))), flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="read", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoint", help="the emulator's URL")
    parser.add_argument("--region")
    parser.add_argument("--environment", default="dev", help="only a label in the document: an emulator has one environment in a region")
    parser.add_argument("--only", action="append", choices=("runtime", "base", "billable"), help="read only this part (may be repeated)")
    parser.add_argument("--until-stdin-closes", action="store_true", help="answer each line of standard input")
    parser.add_argument("--compare", nargs=2, metavar=("BEFORE", "AFTER"), help="compare two saved documents; exit 1 if they differ")
    parser.add_argument("--json", action="store_true", help="with --compare: print the differences as JSON")
    parser.add_argument("--marks", action="store_true", help="with --compare: tags of Curfew and of AWS must be equal, too")
    chosen = parser.parse_args(arguments)
    if chosen.compare:
        before, after = (json.loads(Path(each).read_text()) for each in chosen.compare)
        text, equal = compare.table(before, after, chosen.marks)
        if chosen.json:
            tiers = [{key: each.get(key, {}) for key in ("runtime", "base")} for each in (before, after)]
            found = compare.differences(*tiers, chosen.marks)
            text = json.dumps([{"path": path, "before": was, "after": now} for path, was, now in found])
        print(text)
        return 0 if equal else 1
    if chosen.endpoint and chosen.until_stdin_closes:
        answer_each_line(chosen.endpoint)
        return 0
    if not chosen.endpoint or not chosen.region:
        parser.error("--endpoint and --region are needed")
    print(json.dumps(read(chosen.endpoint, chosen.region, chosen.environment, tuple(chosen.only or ("runtime", "base", "billable")))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
