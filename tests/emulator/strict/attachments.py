"""What other services attach to a load balancer: empty until a test lays something.

facts §2: "What stores the ALB ARN/id/listener/rule ARN and breaks on recreate: WAFv2 association; … Global Accelerator
endpoint (EndpointId = ALB ARN …); CloudFront VPC origin (Arn in config …)". Moto knows neither Global Accelerator nor
VPC origins, and answers for load balancers that do not exist.

GET    /_emulator/attachments   all that were laid
POST   /_emulator/attachments   {"kind": "web-acl", "resource": <load balancer's ARN>, "name": "dev", "managed": false}
                                {"kind": "accelerator" | "vpc-origin", "resource": <load balancer's ARN>, "name": "dev"}
DELETE /_emulator/attachments   takes all of them away

`resource` may be left out for an accelerator or an origin that leads elsewhere, and for a web ACL that guards nothing yet.
What web ACLs do is in web_acls.py.
"""

from typing import Any
from uuid import uuid4

from moto.cloudfront import urls as cloudfront_urls
from moto.cloudfront.responses import CloudFrontResponse

from . import global_accelerator  # noqa: F401 - one of the services
from .account import attachments
from .clock import clock
from .operations import Call, Refusal, before, operation
from .pages import page

_ACCOUNT = "123456789012"
_KINDS = ("web-acl", "accelerator", "vpc-origin")

cloudfront_urls.url_paths["{0}/2020-05-31/vpc-origin$"] = CloudFrontResponse.dispatch


def lay(attachment: dict[str, Any]) -> dict[str, Any]:
    """Attach something, as its owner would with that service's own console."""
    known = {"kind", "resource", "name", "region", "managed"}
    if attachment.get("kind") not in _KINDS or set(attachment) - known:
        raise ValueError(f"an attachment has a kind out of {_KINDS}, and no other keys than {sorted(known)}")
    laid = {"name": "dev", "region": "us-west-2", "resource": "", "id": str(uuid4()), "at": clock.date()} | attachment
    attachments.append(laid)
    return laid


def _of_kind(kind: str) -> list[dict[str, Any]]:
    return [each for each in attachments if each["kind"] == kind]


@operation("cloudfront", "ListVpcOrigins")
def list_vpc_origins(call: Call) -> dict[str, Any]:
    """bc:cloudfront: pages by Marker, of 100 at most; Items are absent where there are none."""
    size = min(int(call["MaxItems"] or 100), 100)
    origins, marker = page(_of_kind("vpc-origin"), call["Marker"], size, "InvalidArgument")
    listed = {"Marker": call["Marker"] or "", "MaxItems": size, "IsTruncated": marker is not None, "Quantity": len(origins)}
    if marker:
        listed["NextMarker"] = marker
    if origins:
        listed["Items"] = [_vpc_origin(each) for each in origins]
    return {"VpcOriginList": listed}


def _vpc_origin(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "Id": f"vo_{each['id']}",
        "Name": each["name"],
        "Status": "Deployed",
        "CreatedTime": each["at"],
        "LastModifiedTime": each["at"],
        "Arn": f"arn:aws:cloudfront::{_ACCOUNT}:vpcorigin/vo_{each['id']}",
        "AccountId": _ACCOUNT,
        "OriginEndpointArn": each["resource"],
    }
