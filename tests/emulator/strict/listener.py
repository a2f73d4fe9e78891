"""Listeners: one per port, with all their attributes and certificates, while the load balancer is still provisioning.

facts §2: "Listener: Port, Protocol, SslPolicy, default cert, DefaultActions, AlpnPolicy, MutualAuthentication … tags;
extra SNI certs only via DescribeListenerCertificates/AddListenerCertificates; ~19 ALB listener attributes". Moto takes a
port twice, and has one listener attribute, of network load balancers.
"""

import copy
from typing import Any

from .account import Region, region
from .actions import accepted, described, keep_secret
from .elb import attribute_list, find_kind, identifier, tags_of
from .operations import Call, Refusal, operation
from .pages import page
from .target_group import note_attachments

#: facts §2: "50 listeners, 100 rules, 25 certs"
QUOTA = 50
CERTIFICATES = 25

#: Policies that AWS has and Moto lacks: Elastic Load Balancing's guide, "Security policies for your Application Load Balancer".
TLS_POLICIES = (
    "ELBSecurityPolicy-FS-1-2-Res-2019-08",
    "ELBSecurityPolicy-FS-1-2-2019-08",
    "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-FS-2018-06",
)

_RESPONSE = "routing.http.response."
_HTTP = {_RESPONSE + "server.enabled": "true"} | {
    f"{_RESPONSE}{header}.header_value": ""
    for header in (
        "strict_transport_security",
        "access_control_allow_origin",
        "access_control_allow_methods",
        "access_control_allow_headers",
        "access_control_allow_credentials",
        "access_control_expose_headers",
        "access_control_max_age",
        "content_security_policy",
        "x_content_type_options",
        "x_frame_options",
    )
}
_HTTPS = _HTTP | {
    f"routing.http.request.{header}.header_name": "-".join(word.capitalize() for word in header.split("_"))
    for header in (
        "x_amzn_mtls_clientcert_serial_number",
        "x_amzn_mtls_clientcert_issuer",
        "x_amzn_mtls_clientcert_subject",
        "x_amzn_mtls_clientcert_validity",
        "x_amzn_mtls_clientcert_leaf",
        "x_amzn_mtls_clientcert",
        "x_amzn_tls_version",
        "x_amzn_tls_cipher_suite",
    )
}
_ATTRIBUTES = {"HTTP": _HTTP, "HTTPS": _HTTPS, "TCP": {"tcp.idle_timeout.seconds": "350"}, "TLS": {"tcp.idle_timeout.seconds": "350"}}


class Listener:
    def __init__(self, balancer: Any, settings: dict[str, Any], tags: dict[str, str]) -> None:
        self.load_balancer = balancer
        self.arn = balancer.arn.replace(":loadbalancer/", ":listener/") + f"/{identifier()}"
        self.default_rule_arn = self.arn.replace(":listener/", ":listener-rule/") + f"/{identifier()}"
        self.settings = settings
        self.tags = tags
        self.attributes = dict(_ATTRIBUTES.get(settings["Protocol"], {}))
        self.default_actions: list[dict[str, Any]] = []
        self.certificates: list[str] = []
        self.more_certificates: list[str] = []

    @property
    def secure(self) -> bool:
        return self.settings["Protocol"] in ("HTTPS", "TLS")

    def describe(self) -> dict[str, Any]:
        answer = copy.deepcopy(self.settings) | {
            "ListenerArn": self.arn,
            "LoadBalancerArn": self.load_balancer.arn,
            "DefaultActions": described(self.default_actions),
        }
        if self.certificates:
            answer["Certificates"] = [{"CertificateArn": each} for each in self.certificates]
        return answer

    def describe_default_rule(self) -> dict[str, Any]:
        return {
            "RuleArn": self.default_rule_arn,
            "Priority": "default",
            "Conditions": [],
            "Actions": described(self.default_actions),
            "Transforms": [],
            "IsDefault": True,
        }


def _settings(call: Call, before: dict[str, Any]) -> dict[str, Any]:
    from moto.elbv2.ssl_policies import SSL_POLICIES

    settings = before | {
        key: call[key] for key in ("Port", "Protocol", "SslPolicy", "AlpnPolicy", "MutualAuthentication") if call[key] is not None
    }
    if settings.get("Protocol") not in ("HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"):
        raise Refusal("UnsupportedProtocol", f"Protocol '{settings.get('Protocol')}' is not supported")
    if settings["Protocol"] not in ("HTTPS", "TLS"):
        if call["SslPolicy"] or call["Certificates"] or call["MutualAuthentication"]:
            raise Refusal("ValidationError", f"Certificates and TLS policies are not supported on {settings['Protocol']} listeners")
        return {key: value for key, value in settings.items() if key not in ("SslPolicy", "MutualAuthentication")}
    settings.setdefault("SslPolicy", "ELBSecurityPolicy-2016-08")
    if settings["SslPolicy"] not in (*SSL_POLICIES, *TLS_POLICIES):
        raise Refusal("SSLPolicyNotFound", f"SSL policy '{settings['SslPolicy']}' not found")
    if settings["Protocol"] == "HTTPS":
        settings.setdefault("MutualAuthentication", {"Mode": "off"})
        if settings["MutualAuthentication"].get("Mode") == "verify":
            settings["MutualAuthentication"].setdefault("IgnoreClientCertificateExpiry", False)
    return settings


def _checked_certificates(where: Region, given: list[dict[str, Any]]) -> list[str]:
    from .certificates import usable

    arns = [each["CertificateArn"] for each in given]
    for arn in arns:
        usable(where.account_id, where.name, arn)
    return arns


def _default_certificate(where: Region, call: Call, settings: dict[str, Any], before: list[str]) -> list[str]:
    if settings["Protocol"] not in ("HTTPS", "TLS"):
        return []
    given = _checked_certificates(where, call["Certificates"] or []) or before
    if len(given) != 1:
        raise Refusal("ValidationError", f"A listener with protocol '{settings['Protocol']}' needs exactly one certificate")
    return given


@operation("elbv2", "DescribeSSLPolicies")
def describe_ssl_policies(call: Call) -> dict[str, Any]:
    """All of them, or those that are asked for; one that is not known refuses the call."""
    from moto.elbv2.ssl_policies import SSL_POLICIES

    known = [*SSL_POLICIES, *TLS_POLICIES]
    wanted = call["Names"] or known
    for name in wanted:
        if name not in known:
            raise Refusal("SSLPolicyNotFound", f"SSL policy '{name}' not found")
    shown, marker = page([{"Name": name} for name in wanted], call["Marker"], call["PageSize"] or 400)
    return {"SslPolicies": shown} | ({"NextMarker": marker} if marker else {})


@operation("elbv2", "CreateListener")
def create_listener(call: Call) -> dict[str, Any]:
    """facts §2: CreateListener "multiple with same settings, each call succeeds … existing one"; else DuplicateListener."""
    where = region(call)
    balancer = find_kind(where, call["LoadBalancerArn"], "loadbalancer")
    made = Listener(balancer, _settings(call, {}), tags_of(call))
    made.certificates = _default_certificate(where, call, made.settings, [])
    made.default_actions = accepted(where, balancer, call["DefaultActions"], made.secure)
    keep_secret([], made.default_actions)
    others = [each for each in where.listeners.values() if each.load_balancer is balancer]
    for other in others:
        if other.settings["Port"] == made.settings["Port"]:
            if (other.settings, other.certificates, other.default_actions) != (made.settings, made.certificates, made.default_actions):
                raise Refusal("DuplicateListener", f"A listener already exists on this port for this load balancer '{balancer.arn}'")
            return {"Listeners": [other.describe()]}
    if len(others) >= QUOTA:
        raise Refusal("TooManyListeners", "You've reached the limit on the number of listeners per load balancer")
    where.listeners[made.arn] = made
    note_attachments(where)
    return {"Listeners": [made.describe()]}


@operation("elbv2", "ModifyListener")
def modify_listener(call: Call) -> dict[str, Any]:
    where = region(call)
    changed = find_kind(where, call["ListenerArn"], "listener")
    settings = _settings(call, changed.settings)
    for other in where.listeners.values():
        if other is not changed and other.load_balancer is changed.load_balancer and other.settings["Port"] == settings["Port"]:
            raise Refusal(
                "DuplicateListener", f"A listener already exists on this port for this load balancer '{changed.load_balancer.arn}'"
            )
    certificates = _default_certificate(where, call, settings, changed.certificates)
    if call["DefaultActions"] is not None:
        actions = accepted(where, changed.load_balancer, call["DefaultActions"], settings["Protocol"] in ("HTTPS", "TLS"))
        keep_secret(changed.default_actions, actions)
        changed.default_actions = actions
    if settings["Protocol"] != changed.settings["Protocol"]:
        changed.attributes = dict(_ATTRIBUTES.get(settings["Protocol"], {}))
    changed.settings, changed.certificates = settings, certificates
    note_attachments(where)
    return {"Listeners": [changed.describe()]}


@operation("elbv2", "DeleteListener")
def delete_listener(call: Call) -> dict[str, Any]:
    where = region(call)
    gone = find_kind(where, call["ListenerArn"], "listener")
    for rule in [each for each in where.rules.values() if each.listener is gone]:
        del where.rules[rule.arn]
    del where.listeners[gone.arn]
    note_attachments(where)
    return {}


@operation("elbv2", "DescribeListeners")
def describe_listeners(call: Call) -> dict[str, Any]:
    where = region(call)
    if call["ListenerArns"]:
        found = [find_kind(where, each, "listener") for each in call["ListenerArns"]]
    elif call["LoadBalancerArn"]:
        balancer = find_kind(where, call["LoadBalancerArn"], "loadbalancer")
        found = [each for each in where.listeners.values() if each.load_balancer is balancer]
    else:
        raise Refusal("ValidationError", "You must specify either listener ARNs or a load balancer ARN")
    shown, marker = page(found, call["Marker"], call["PageSize"] or 400)
    return {"Listeners": [each.describe() for each in shown], "NextMarker": marker}


@operation("elbv2", "DescribeListenerAttributes")
def describe_listener_attributes(call: Call) -> dict[str, Any]:
    return {"Attributes": attribute_list(find_kind(region(call), call["ListenerArn"], "listener").attributes)}


@operation("elbv2", "ModifyListenerAttributes")
def modify_listener_attributes(call: Call) -> dict[str, Any]:
    changed = find_kind(region(call), call["ListenerArn"], "listener")
    wanted = {each["Key"]: each.get("Value", "") for each in call["Attributes"] or []}
    for key in wanted:
        if key not in changed.attributes:
            raise Refusal(
                "InvalidConfigurationRequest",
                f"Listener attribute key '{key}' is not recognized for protocol {changed.settings['Protocol']}",
            )
    changed.attributes.update(wanted)
    return {"Attributes": attribute_list(changed.attributes)}


@operation("elbv2", "DescribeListenerCertificates")
def describe_listener_certificates(call: Call) -> dict[str, Any]:
    listener = find_kind(region(call), call["ListenerArn"], "listener")
    found = [{"CertificateArn": each, "IsDefault": True} for each in listener.certificates]
    found += [{"CertificateArn": each, "IsDefault": False} for each in listener.more_certificates]
    shown, marker = page(found, call["Marker"], call["PageSize"] or 400)
    return {"Certificates": shown, "NextMarker": marker}


@operation("elbv2", "AddListenerCertificates")
def add_listener_certificates(call: Call) -> dict[str, Any]:
    where = region(call)
    listener = find_kind(where, call["ListenerArn"], "listener")
    if not listener.secure:
        raise Refusal("ValidationError", "Certificates are only supported on HTTPS and TLS listeners")
    added = [each for each in _checked_certificates(where, call["Certificates"] or []) if each not in listener.more_certificates]
    if len(listener.more_certificates) + len(added) > CERTIFICATES:
        raise Refusal("TooManyCertificates", "You've reached the limit on the number of certificates per load balancer")
    listener.more_certificates += added
    return {"Certificates": [{"CertificateArn": each, "IsDefault": False} for each in added]}


@operation("elbv2", "RemoveListenerCertificates")
def remove_listener_certificates(call: Call) -> dict[str, Any]:
    listener = find_kind(region(call), call["ListenerArn"], "listener")
    gone = [each["CertificateArn"] for each in call["Certificates"] or []]
    if any(each in listener.certificates for each in gone):
        raise Refusal("OperationNotPermitted", "The default certificate cannot be removed")
    listener.more_certificates = [each for each in listener.more_certificates if each not in gone]
    return {}
