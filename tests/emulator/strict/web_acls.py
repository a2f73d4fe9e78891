"""Web ACLs, laid by attachments.py, and the load balancers they guard.

facts §2: "WAF: association is lost with the LB. Re-associate: AssociateWebACL(WebACLArn, ResourceArn); retry
WAFUnavailableEntityException; … associate before the DNS upsert." Moto answers for load balancers that do not exist.
"""

from typing import Any

from .account import attachments, regions
from .elb import find_kind
from .mishaps import note
from .operations import Call, Refusal, before, operation

_MISSING = "AWS WAF couldn’t perform the operation because your resource doesn’t exist."
_BEING_MADE = "AWS WAF couldn’t retrieve the resource that you requested. Retry your request."


def _all() -> list[dict[str, Any]]:
    return [each for each in attachments if each["kind"] == "web-acl"]


def _guarded_by(web_acl: dict[str, Any]) -> list[str]:
    """The load balancers that it was associated with, those that are gone among them."""
    return web_acl.setdefault("guards", [web_acl["resource"]])


def _guard_of(balancer: str) -> dict[str, Any] | None:
    return next((each for each in _all() if balancer in _guarded_by(each)), None)


def _arn(web_acl: dict[str, Any], account_id: str) -> str:
    return f"arn:aws:wafv2:{web_acl['region']}:{account_id}:regional/webacl/{web_acl['name']}/{web_acl['id']}"


def _balancer(call: Call) -> Any:
    try:
        return find_kind(regions[(call.account_id, call.region)], call["ResourceArn"], "loadbalancer")
    except Refusal:
        raise Refusal("WAFNonexistentItemException", _MISSING) from None


@operation("wafv2", "GetWebACLForResource")
def get_web_acl_for_resource(call: Call) -> dict[str, Any]:
    web_acl = _guard_of(_balancer(call).arn)
    if web_acl is None:
        return {}
    metrics = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": web_acl["name"]}
    described = {"Name": web_acl["name"], "Id": web_acl["id"], "ARN": _arn(web_acl, call.account_id), "Capacity": 0}
    rules = {"DefaultAction": {"Allow": {}}, "VisibilityConfig": metrics}
    return {"WebACL": described | rules | {"ManagedByFirewallManager": web_acl.get("managed", False)}}


@operation("wafv2", "AssociateWebACL")
def associate_web_acl(call: Call) -> dict[str, Any]:
    """bc:wafv2: "WAFUnavailableEntityException: … Retry your request"; taken to be the answer while it is provisioning."""
    web_acl = next((each for each in _all() if _arn(each, call.account_id) == call["WebACLArn"]), None)
    if web_acl is None:
        raise Refusal("WAFNonexistentItemException", _MISSING)
    balancer = _balancer(call)
    if not balancer.active:
        raise Refusal("WAFUnavailableEntityException", _BEING_MADE)
    for each in _all():
        if balancer.arn in _guarded_by(each):
            _guarded_by(each).remove(balancer.arn)
    _guarded_by(web_acl).append(balancer.arn)
    return {}


@before("wafv2", "DisassociateWebACL")
def refuse_disassociating(call: Call) -> None:
    """Moto would look for it where nothing of the above is."""
    raise Refusal("WAFInvalidOperationException", "This emulator detaches by DELETE /_emulator/attachments")


def name_leads_to(dns_name: str) -> None:
    """A name begins to lead to a load balancer: it has the web ACL that the one of its name had before."""
    for where in list(regions.values()):
        for balancer in where.load_balancers.values():
            if dns_name.removeprefix("dualstack.") == balancer.dns_name.lower() + "." and _guard_of(balancer.arn) is None:
                before_it = f"/{balancer.name}/"
                if any(before_it in arn for each in _all() for arn in _guarded_by(each)):
                    note("a name leads to it before its web ACL is back", balancer.name, "§2: associate before the DNS upsert")
