"""S3 by the emulator's clock: when a document was written, and when it was read (RFC 9110: `Last-Modified`, `Date`).

A lease is judged by these two, so moto's own time, which does not run as fast as the emulator's, would make it last
for minutes.
"""

from datetime import datetime
from email.utils import format_datetime, formatdate

from moto.s3 import models

from .clock import clock


def _now() -> datetime:
    return clock.date().replace(tzinfo=None)


models.utcnow = _now


def dated(headers: list[tuple[str, str]], service: str) -> list[tuple[str, str]]:
    """The headers of an answer, with its date: S3's by the emulator's clock."""
    others = [(name, value) for name, value in headers if name.lower() != "date"]
    return [*others, ("Date", format_datetime(clock.date(), usegmt=True) if service == "s3" else formatdate(usegmt=True))]
