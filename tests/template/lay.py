"""Deploys the template on the emulator and prints, as one JSON line, what it made: what `tests/emulator/lay` prints of an example."""

import argparse
import json
import sys
from typing import Any

from choices import ACCOUNT, DEFAULT, REGION
from deploy import Deployed

FUNCTIONS = ("start", "stop", "reconcile", "budget")


def lay(endpoint: str, chosen: dict[str, str]) -> dict[str, Any]:
    deployed = Deployed(endpoint, chosen)
    if deployed.status != "CREATE_COMPLETE":
        sys.exit(f"the stack is {deployed.status}")
    return {
        "example": "template",
        "environment": deployed.stack.parameters["Environment"],
        "region": REGION,
        "account": ACCOUNT,
        "bucket": deployed.outputs["StateBucket"],
        "topic": deployed.outputs["Topic"],
        "parameter": deployed.outputs["Blueprint"],
        "cluster": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{deployed.outputs['Cluster']}",
        "replacements": {},
        "variables": {function: deployed.variables(function) for function in FUNCTIONS},
    }


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="lay", description=__doc__)
    parser.add_argument("--endpoint", required=True, help="the emulator's URL")
    parser.add_argument("--parameters", type=json.loads, default=DEFAULT, help="as JSON; those of a new environment with a domain by default")
    chosen = parser.parse_args(arguments)
    print(json.dumps(lay(chosen.endpoint.rstrip("/"), chosen.parameters)))


if __name__ == "__main__":
    main(sys.argv[1:])
