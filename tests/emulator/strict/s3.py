"""S3 by the emulator's clock, and with S3's own names: when a document was written, and when it was read (RFC 9110: `Last-Modified`, `Date`).

A lease is judged by these two, so moto's own time, which does not run as fast as the emulator's, would make it last
for minutes.
"""

from datetime import datetime
from email.utils import format_datetime, formatdate
from typing import Any

from moto.s3 import models
from moto.s3.responses import S3Response

from .clock import clock


def _now() -> datetime:
    return clock.date().replace(tzinfo=None)


models.utcnow = _now


_versioning = S3Response.get_bucket_versioning


def _get_bucket_versioning(self: S3Response) -> Any:
    """Under the name that S3 gives the answer (API reference, GetBucketVersioning): SDKs that read it strictly refuse moto's."""
    status, headers, body = _versioning(self)
    return status, headers, body.replace("GetBucketVersioningResponse", "VersioningConfiguration")


S3Response.get_bucket_versioning = _get_bucket_versioning  # type: ignore[method-assign]


def dated(headers: list[tuple[str, str]], service: str) -> list[tuple[str, str]]:
    """The headers of an answer, with its date: S3's by the emulator's clock."""
    others = [(name, value) for name, value in headers if name.lower() != "date"]
    return [*others, ("Date", format_datetime(clock.date(), usegmt=True) if service == "s3" else formatdate(usegmt=True))]
