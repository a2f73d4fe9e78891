"""What people, pipelines and other tools change in an account by hand, with boto3.

hand --endpoint URL --laid JSON CHANGE [JSON]

`--laid` is the line that `lay` printed; the second JSON holds the change's own words. Prints what came of it as JSON.
"""

import argparse
import json
from collections.abc import Callable
from typing import Any

from changes.alarms import Alarms
from changes.balancing import Balancing
from changes.blueprint import Blueprint
from changes.documents import Documents
from changes.network import Network
from changes.others import Others
from changes.services import Services
from changes.standing import Standing


class Hand(Blueprint, Documents, Network, Balancing, Services, Standing, Alarms, Others):
    """Each public method is a change; its parameters are the words of the second JSON."""


def main() -> None:
    changes = sorted(name for name in dir(Hand) if not name.startswith("_"))
    parser = argparse.ArgumentParser(prog="hand", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoint", required=True, help="the emulator's URL")
    parser.add_argument("--laid", required=True, type=json.loads, help="the line that `lay` printed")
    parser.add_argument("change", choices=changes)
    parser.add_argument("details", nargs="?", default={}, type=json.loads)
    chosen = parser.parse_args()
    change: Callable[..., Any] = getattr(Hand(chosen.endpoint.rstrip("/"), chosen.laid), chosen.change)
    print(json.dumps(change(**chosen.details)))


if __name__ == "__main__":
    main()
