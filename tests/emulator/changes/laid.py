"""What every change needs: the account, what was laid in it, its blueprint and its time."""

import json
import urllib.request
from datetime import UTC, datetime
from typing import Any

from reader.account import Account


class Laid:
    """An account in which an example's base tier was laid."""

    def __init__(self, endpoint: str, laid: dict[str, Any]) -> None:
        self._account = Account(endpoint, laid["region"])
        self._laid = laid

    def _put_blueprint(self, text: str) -> None:
        size = "Advanced" if len(text.encode()) > 4096 else "Standard"
        self._account.client("ssm").put_parameter(Name=self._laid["parameter"], Value=text, Type="String", Tier=size, Overwrite=True)

    def _name(self, section: str, name: str, written: str) -> None:
        """Under a section of the blueprint."""
        text = self._account.client("ssm").get_parameter(Name=self._laid["parameter"])["Parameter"]["Value"]
        if f"\n{section}:\n" not in text:
            text = text.rstrip("\n") + f"\n\n{section}:\n"
        self._put_blueprint(text.replace(f"\n{section}:\n", f"\n{section}:\n  {name}: {written}\n"))

    def _tell(self, path: str, body: dict[str, Any]) -> Any:
        """What only the emulator can do: the answer of one of its own addresses."""
        request = urllib.request.Request(f"{self._account.endpoint}/_emulator/{path}", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def _now(self) -> datetime:
        """The emulator's."""
        with urllib.request.urlopen(f"{self._account.endpoint}/_emulator/clock") as answer:
            return datetime.fromtimestamp(json.load(answer)["now"], UTC)


def instant(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
