"""Actions of listeners and rules, given in any form AWS takes and described in the form AWS gives.

facts §2: "Actions: forward (weighted ≤5 TGs + stickiness), redirect, fixed-response, authenticate-oidc,
authenticate-cognito, **jwt-validation** (new). **OIDC ClientSecret is not returned by Describe**". Moto loses weights,
stickiness and defaults, and knows no jwt-validation.
"""

import copy
from typing import Any

from .account import Region
from .elb import find_kind
from .operations import Refusal
from .target_group import named_target_groups, used_by

_LAST = ("forward", "redirect", "fixed-response")
_REDIRECT_DEFAULTS = {"Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}
_LOGIN_DEFAULTS = {
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "Scope": "openid",
    "SessionTimeout": 604800,
    "OnUnauthenticatedRequest": "authenticate",
}
_CONFIG = {
    "redirect": "RedirectConfig",
    "fixed-response": "FixedResponseConfig",
    "authenticate-oidc": "AuthenticateOidcConfig",
    "authenticate-cognito": "AuthenticateCognitoConfig",
    "jwt-validation": "JwtValidationConfig",
}


def accepted(where: Region, balancer: Any, actions: list[dict[str, Any]] | None, secure: bool) -> list[dict[str, Any]]:
    """The actions as they will be described, or AWS's refusal."""
    given = copy.deepcopy(actions or [])
    ordered = sorted(enumerate(given, 1), key=lambda pair: pair[1].get("Order", pair[0]))
    result = [_accept(where, balancer, each, secure) for _, each in ordered]
    if not result or result[-1]["Type"] not in _LAST or any(each["Type"] in _LAST for each in result[:-1]):
        raise Refusal("InvalidLoadBalancerAction", "Exactly one forward, redirect or fixed-response action is needed, as the last one")
    if len(result) > 1:
        for place, each in enumerate(result, 1):
            each["Order"] = place
    return result


def _accept(where: Region, balancer: Any, action: dict[str, Any], secure: bool) -> dict[str, Any]:
    kind = action.get("Type")
    if kind == "forward":
        return _accept_forward(where, balancer, action)
    if kind not in _CONFIG:
        raise Refusal("ValidationError", f"'{kind}' is not an action type")
    config = action.get(_CONFIG[kind])
    if config is None:
        raise Refusal("ValidationError", f"An action of type {kind} needs {_CONFIG[kind]}")
    if kind.startswith(("authenticate-", "jwt-")) and not secure:
        raise Refusal("InvalidLoadBalancerAction", f"Actions of type {kind} are only supported on HTTPS listeners")
    if kind == "redirect":
        action["RedirectConfig"] = _REDIRECT_DEFAULTS | config
    elif kind.startswith("authenticate-"):
        action[_CONFIG[kind]] = _LOGIN_DEFAULTS | config
    if kind == "authenticate-oidc" and "ClientSecret" not in config and not config.get("UseExistingClientSecret"):
        raise Refusal("ValidationError", "ClientSecret must be specified")
    return action


def _accept_forward(where: Region, balancer: Any, action: dict[str, Any]) -> dict[str, Any]:
    config = action.setdefault("ForwardConfig", {})
    groups = config.get("TargetGroups") or [{"TargetGroupArn": action.get("TargetGroupArn")}]
    if "TargetGroupArn" in action and [each["TargetGroupArn"] for each in groups] != [action["TargetGroupArn"]]:
        raise Refusal("ValidationError", "With both TargetGroupArn and ForwardConfig, ForwardConfig must name that one target group")
    if len(groups) > 5:
        raise Refusal("TooManyTargetGroups", "You can specify up to five target groups")
    config["TargetGroups"] = [{"TargetGroupArn": each["TargetGroupArn"], "Weight": each.get("Weight", 1)} for each in groups]
    config["TargetGroupStickinessConfig"] = {"Enabled": False} | config.get("TargetGroupStickinessConfig", {})
    action.pop("TargetGroupArn", None)
    if len(groups) == 1:
        action["TargetGroupArn"] = groups[0]["TargetGroupArn"]
    for arn in named_target_groups(action):
        find_kind(where, arn, "targetgroup")
        if any(other is not balancer for other in used_by(where, arn)):
            # facts §2: "cannot be associated with more than one load balancer"
            raise Refusal(
                "TargetGroupAssociationLimit", f"The following target groups cannot be associated with more than one load balancer: {arn}"
            )
    return action


def described(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Describe gives: everything but the secret."""
    shown = copy.deepcopy(actions)
    for each in shown:
        config = each.get("AuthenticateOidcConfig", {})
        config.pop("ClientSecret", None)
        config.pop("UseExistingClientSecret", None)
    return shown


def keep_secret(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """facts §2: "`UseExistingClientSecret` works only on modify/existing rule (R)"."""
    known = next((each["AuthenticateOidcConfig"].get("ClientSecret") for each in before if "AuthenticateOidcConfig" in each), None)
    for each in after:
        config = each.get("AuthenticateOidcConfig", {})
        if config.get("UseExistingClientSecret"):
            if known is None:
                raise Refusal("ValidationError", "UseExistingClientSecret needs an existing client secret")
            config["ClientSecret"] = known
