"""The attributes of load balancers: every one that AWS has, with its default, and no other.

facts §2: "plus attributes: deletion_protection, access_logs.s3.{enabled,bucket,prefix}, connection_logs.s3.*,
**health_check_logs.s3.*** (new), …". Moto describes three of them.
"""

from typing import Any

from .account import region
from .elb import attribute_list, find_kind
from .operations import Call, Refusal, operation

_LOGS = {
    f"{kind}.s3.{key}": default
    for kind in ("access_logs", "connection_logs", "health_check_logs")
    for key, default in (("enabled", "false"), ("bucket", ""), ("prefix", ""))
}

_COMMON = {"deletion_protection.enabled": "false", "load_balancing.cross_zone.enabled": "true", "zonal_shift.config.enabled": "false"}

_APPLICATION = (
    _COMMON
    | _LOGS
    | {
        "ipv6.deny_all_igw_traffic": "false",
        "idle_timeout.timeout_seconds": "60",
        "client_keep_alive.seconds": "3600",
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "false",
        "routing.http.preserve_host_header.enabled": "false",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
        "routing.http.xff_client_port.enabled": "false",
        "routing.http.xff_header_processing.mode": "append",
        "routing.http2.enabled": "true",
        "waf.fail_open.enabled": "false",
    }
)

_NETWORK = (
    _COMMON
    | {key: value for key, value in _LOGS.items() if key.startswith("access_logs")}
    | {
        "load_balancing.cross_zone.enabled": "false",
        "ipv6.deny_all_igw_traffic": "false",
        "dns_record.client_routing_policy": "any_availability_zone",
        "secondary_ips.auto_assigned.per_subnet": "0",
    }
)

_RANGES = {"idle_timeout.timeout_seconds": (1, 4000), "client_keep_alive.seconds": (60, 604800)}
_CHOICES = {
    "routing.http.desync_mitigation_mode": ("monitor", "defensive", "strictest"),
    "routing.http.xff_header_processing.mode": ("append", "preserve", "remove"),
}


def defaults(settings: dict[str, Any]) -> dict[str, str]:
    """The attributes of a new load balancer."""
    attributes = dict(_APPLICATION if settings["Type"] == "application" else _NETWORK)
    attributes["ipv6.deny_all_igw_traffic"] = "true" if settings["Scheme"] == "internal" else "false"
    return attributes


@operation("elbv2", "DescribeLoadBalancerAttributes")
def describe_load_balancer_attributes(call: Call) -> dict[str, Any]:
    return {"Attributes": attribute_list(find_kind(region(call), call["LoadBalancerArn"], "loadbalancer").attributes)}


@operation("elbv2", "ModifyLoadBalancerAttributes")
def modify_load_balancer_attributes(call: Call) -> dict[str, Any]:
    changed = find_kind(region(call), call["LoadBalancerArn"], "loadbalancer")
    wanted = {each["Key"]: each.get("Value", "") for each in call["Attributes"] or []}
    for key, value in wanted.items():
        _refuse_invalid(changed, key, value)
    _refuse_logs_without_bucket(call, changed.attributes | wanted)
    changed.attributes.update(wanted)
    return {"Attributes": attribute_list(changed.attributes)}


def _refuse_invalid(changed: Any, key: str, value: str) -> None:
    if key not in changed.attributes:
        raise Refusal("InvalidConfigurationRequest", f"Load balancer attribute key '{key}' is not recognized")
    if key == "load_balancing.cross_zone.enabled" and changed.settings["Type"] == "application" and value != "true":
        raise Refusal(
            "InvalidConfigurationRequest", f"Load balancer attribute key '{key}' can't be changed on load balancers with type 'application'"
        )
    low, high = _RANGES.get(key, (0, 0))
    wrong = (key.endswith(".enabled") or key == "ipv6.deny_all_igw_traffic") and value not in ("true", "false")
    wrong = wrong or bool(high) and not (value.isdigit() and low <= int(value) <= high)
    wrong = wrong or key in _CHOICES and value not in _CHOICES[key]
    if wrong:
        raise Refusal("InvalidConfigurationRequest", f"The value '{value}' is invalid for the load balancer attribute '{key}'")


def _refuse_logs_without_bucket(call: Call, attributes: dict[str, str]) -> None:
    from moto.s3.models import s3_backends

    for kind in ("access_logs", "connection_logs", "health_check_logs"):
        if attributes.get(f"{kind}.s3.enabled") == "true":
            bucket = attributes[f"{kind}.s3.bucket"]
            if bucket not in s3_backends[call.account_id]["aws"].buckets:
                raise Refusal("InvalidConfigurationRequest", f"Access Denied for bucket: {bucket}. Please check S3bucket permission")
