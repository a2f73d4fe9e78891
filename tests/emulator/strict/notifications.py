"""What was published to SNS, to be read at `GET /_emulator/notifications`.

facts §10: "SNS MessageStructure=json": the message must then be JSON with a `default`, which moto checks; it has no way to
read what a topic without subscribers was told.
"""

import json
from typing import Any

from moto.sns.models import sns_backends

from .account import published
from .clock import clock
from .operations import Call, Refusal, before


@before("sns", "Publish")
def note_publication(call: Call) -> None:
    message: Any = call["Message"]
    if call["MessageStructure"] == "json":
        try:
            message = json.loads(message)
        except (TypeError, ValueError):
            raise Refusal("InvalidParameter", "Invalid parameter: Message Structure - JSON message body failed to parse") from None
        if not isinstance(message, dict) or not isinstance(message.get("default"), str):
            raise Refusal("InvalidParameter", "Invalid parameter: Message Structure - No default entry in JSON message body")
    subject = call["Subject"]
    if subject is not None and (
        not 0 < len(subject) <= 100
        or not subject.isascii()
        or not subject.isprintable()
        or not subject[0].isprintable()
        or subject[0] == " "
    ):
        raise Refusal("InvalidParameter", "Invalid parameter: Subject")
    topic = call["TopicArn"] or call["TargetArn"]
    if topic not in sns_backends[call.account_id][call.region].topics:
        return
    published.append(
        {
            "topic": topic,
            "subject": subject,
            "structure": call["MessageStructure"],
            "message": message,
            "attributes": call["MessageAttributes"] or {},
            "at": clock.date().isoformat(),
        }
    )
