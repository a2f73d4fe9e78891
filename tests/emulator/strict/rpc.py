"""Smithy's RPC v2 in CBOR, which CloudWatch's SDKs speak and moto does not.

A request is put before moto as one of AWS's JSON protocol, which the same API takes too, and its answer is put into CBOR again. So
whoever names a call by its headers finds it where it is in all other JSON protocols.
"""

import datetime
import io
import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel
from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

#: The services that are asked so, by the name in the path.
_SERVICES = {"GraniteServiceVersion20100801": "cloudwatch"}
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def is_spoken(environ: dict[str, Any]) -> bool:
    return environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor"


def answered(application: Application, environ: dict[str, Any], start_response: Callable[..., Any], body: bytes) -> Iterable[bytes]:
    """`/service/<service>/operation/<operation>`, answered by an application that speaks JSON."""
    _, _, service, _, operation = environ["PATH_INFO"].split("/")
    asked = json.dumps(_decoded(body), default=_seconds).encode()
    environ |= {"PATH_INFO": "/", "RAW_URI": "/", "REQUEST_URI": "/", "CONTENT_TYPE": "application/x-amz-json-1.0"}
    environ |= {"HTTP_X_AMZ_TARGET": f"{service}.{operation}", "CONTENT_LENGTH": str(len(asked)), "wsgi.input": io.BytesIO(asked)}
    seen: list[tuple[str, list[tuple[str, str]]]] = []
    answer = json.loads(b"".join(application(environ, lambda status, headers, *_: seen.append((status, headers)))) or b"{}")
    status, headers = seen[-1]
    encoded = _encoded(service, operation, answer) if status.startswith("2") else _encoded_error(answer)
    # The code that the API had before: the SDKs go by it.
    kept = [(name, value) for name, value in headers if name.lower() == "x-amzn-query-error"]
    spoken = [("smithy-protocol", "rpc-v2-cbor"), ("Content-Type", "application/cbor"), ("Content-Length", str(len(encoded)))]
    start_response(status, kept + spoken)
    return [encoded]


def _decoded(body: bytes) -> Any:
    parser = RpcV2CBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}


def _seconds(value: Any) -> float:
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    raise TypeError(f"{value!r} is nothing that JSON has")


@cache
def _model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(_SERVICES[service])


def _encoded(service: str, operation: str, answer: dict[str, Any]) -> bytes:
    shape = _model(service).operation_model(operation).output_shape
    return RpcV2CBORSerializer()._serialize_body_params(answer, shape) if shape else b"\xbf\xff"


def _encoded_error(answer: dict[str, Any]) -> bytes:
    """A map of two texts, of any length."""
    encoded = bytearray(b"\xbf")
    for key, text in (("__type", answer.get("__type", "")), ("message", answer.get("message") or answer.get("Message") or "")):
        for each in (key, text):
            RpcV2CBORSerializer()._serialize_type_string(encoded, each, None, None)
    return bytes(encoded + b"\xff")
