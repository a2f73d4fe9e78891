"""Global Accelerator, which moto does not have: accelerators with a listener and an endpoint group each, only listed.

facts §2: "Global Accelerator endpoint (EndpointId = ALB ARN …)". Its API lives in us-west-2 alone, wherever the
endpoints are (bc:globalaccelerator and its endpoint rules).
"""

import re
from typing import Any

from flask import Flask
from moto import backend_index
from moto.core.responses import BaseResponse
from moto.core.utils import convert_to_flask_response
from moto.moto_server.werkzeug_app import BackendRequest

from .account import attachments
from .operations import Call, Refusal, operation
from .pages import page

_NAME = "globalaccelerator"


class GlobalAcceleratorResponse(BaseResponse):
    """What moto has for each service that it knows."""

    def __init__(self) -> None:
        super().__init__(service_name=_NAME)
        self.automated_parameter_parsing = True


backend_index.backend_url_patterns.append((_NAME, re.compile(rf"https?://{_NAME}\.(.+)\.amazonaws\.com")))


def applications() -> dict[str, Flask]:
    """The one application that moto's dispatcher cannot make by itself."""
    application = Flask(_NAME)
    application.request_class = BackendRequest
    view = convert_to_flask_response(GlobalAcceleratorResponse.dispatch)
    application.add_url_rule("/", endpoint=_NAME, methods=["POST"], view_func=view)
    return {_NAME: application}


def _accelerators(call: Call) -> dict[str, dict[str, Any]]:
    """All accelerators by ARN; a request that is signed for another region is refused."""
    if call.region != "us-west-2":
        raise Refusal("InvalidSignatureException", f"Credential should be scoped to a valid region, not '{call.region}'.")
    arn = f"arn:aws:globalaccelerator::{call.account_id}:accelerator"
    return {f"{arn}/{each['id']}": each for each in attachments if each["kind"] == "accelerator"}


def _listed(call: Call, key: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """A page: 10 at first, 100 at most."""
    found, token = page(items, call["NextToken"], min(call["MaxResults"] or 10, 100), "InvalidNextTokenException")
    return {key: found} | ({"NextToken": token} if token else {})


@operation(_NAME, "ListAccelerators")
def list_accelerators(call: Call) -> dict[str, Any]:
    shared = {"IpAddressType": "IPV4", "Enabled": True, "Status": "DEPLOYED"}
    described = [
        shared | {"AcceleratorArn": arn, "Name": each["name"], "CreatedTime": each["at"], "LastModifiedTime": each["at"]}
        for arn, each in _accelerators(call).items()
    ]
    return _listed(call, "Accelerators", described)


@operation(_NAME, "ListListeners")
def list_listeners(call: Call) -> dict[str, Any]:
    arn = call["AcceleratorArn"]
    if arn not in _accelerators(call):
        raise Refusal("AcceleratorNotFoundException", "The accelerator that you specified doesn't exist.")
    listener = {"ListenerArn": f"{arn}/listener/0a1b2c3d", "Protocol": "TCP", "ClientAffinity": "NONE"}
    return _listed(call, "Listeners", [listener | {"PortRanges": [{"FromPort": 443, "ToPort": 443}]}])


@operation(_NAME, "ListEndpointGroups")
def list_endpoint_groups(call: Call) -> dict[str, Any]:
    arn = call["ListenerArn"] or ""
    accelerator = _accelerators(call).get(arn.removesuffix("/listener/0a1b2c3d"))
    if accelerator is None or not arn.endswith("/listener/0a1b2c3d"):
        raise Refusal("ListenerNotFoundException", "The listener that you specified doesn't exist.")
    endpoint = {"EndpointId": accelerator["resource"], "Weight": 128, "HealthState": "HEALTHY", "ClientIPPreservationEnabled": True}
    group = {"EndpointGroupArn": f"{arn}/endpoint-group/4e5f6a7b", "EndpointGroupRegion": accelerator["region"]}
    return _listed(call, "EndpointGroups", [group | {"EndpointDescriptions": [endpoint] if accelerator["resource"] else []}])
