"""Rules: every kind of condition and transform comes back as it was given, and priorities are unique.

facts §2: "Rules: Priority 1–50000, Conditions (host-header, path-pattern, http-header, query-string,
http-request-method, source-ip; **RegexValues** new), Actions, **Transforms** (host-header-rewrite, url-rewrite, 2025),
tags. CreateRule is **not** documented idempotent: retry → PriorityInUse".
"""

import copy
from typing import Any

from .account import Region, region
from .actions import accepted, described, keep_secret
from .elb import find, find_kind, identifier, tags_of
from .operations import Call, Refusal, operation
from .pages import page
from .target_group import note_attachments

_CONFIG = {
    "host-header": "HostHeaderConfig",
    "path-pattern": "PathPatternConfig",
    "http-header": "HttpHeaderConfig",
    "query-string": "QueryStringConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "source-ip": "SourceIpConfig",
}
#: facts §2: "100 rules … 5 match evaluations/rule"
QUOTA = 100
MATCH_EVALUATIONS = 5


class Rule:
    def __init__(self, listener: Any, priority: int, tags: dict[str, str]) -> None:
        self.listener = listener
        self.arn = listener.arn.replace(":listener/", ":listener-rule/") + f"/{identifier()}"
        self.priority = priority
        self.tags = tags
        self.conditions: list[dict[str, Any]] = []
        self.actions: list[dict[str, Any]] = []
        self.transforms: list[dict[str, Any]] = []

    def describe(self) -> dict[str, Any]:
        return {
            "RuleArn": self.arn,
            "Priority": str(self.priority),
            "Conditions": copy.deepcopy(self.conditions),
            "Actions": described(self.actions),
            "Transforms": copy.deepcopy(self.transforms),
            "IsDefault": False,
        }


def _conditions(given: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """AWS takes `Values` or the config of the field, and describes host and path conditions with both."""
    conditions = [_condition(copy.deepcopy(each)) for each in given or []]
    if not conditions:
        raise Refusal("ValidationError", "A rule needs at least one condition")
    evaluations = sum(
        len(each[_CONFIG[each["Field"]]].get("Values", []) + each[_CONFIG[each["Field"]]].get("RegexValues", [])) for each in conditions
    )
    if evaluations > MATCH_EVALUATIONS:
        raise Refusal("ValidationError", f"Rules can have up to {MATCH_EVALUATIONS} match evaluations")
    return conditions


def _condition(condition: dict[str, Any]) -> dict[str, Any]:
    field = condition.get("Field")
    if field not in _CONFIG:
        raise Refusal("ValidationError", f"Condition field '{field}' must be one of '{list(_CONFIG)}'")
    config = condition.get(_CONFIG[field])
    flat = {key: condition.pop(key) for key in ("Values", "RegexValues") if condition.get(key)}
    condition.pop("Values", None)
    if config and flat:
        raise Refusal("ValidationError", f"A condition cannot have both Values and {_CONFIG[field]}")
    if flat and field not in ("host-header", "path-pattern"):
        raise Refusal("ValidationError", f"A condition of field '{field}' needs {_CONFIG[field]}")
    config = config or flat
    if not config.get("Values") and not config.get("RegexValues"):
        raise Refusal("ValidationError", f"A condition of field '{field}' needs at least one value")
    if field == "http-header" and not config.get("HttpHeaderName"):
        raise Refusal("ValidationError", "A condition of field 'http-header' needs HttpHeaderName")
    condition[_CONFIG[field]] = config
    if field in ("host-header", "path-pattern") and config.get("Values"):
        condition["Values"] = list(config["Values"])
    return condition


def _refuse_priority(listener: Any, where: Region, priority: int, mine: list[Rule]) -> None:
    if not 1 <= priority <= 50000:
        raise Refusal("ValidationError", f"Priority '{priority}' must be between 1 and 50000")
    for other in where.rules.values():
        if other.listener is listener and other.priority == priority and other not in mine:
            raise Refusal("PriorityInUse", f"Priority '{priority}' is currently in use")


@operation("elbv2", "CreateRule")
def create_rule(call: Call) -> dict[str, Any]:
    where = region(call)
    listener = find_kind(where, call["ListenerArn"], "listener")
    made = Rule(listener, int(call["Priority"]), tags_of(call))
    _refuse_priority(listener, where, made.priority, [])
    if sum(each.listener is listener for each in where.rules.values()) >= QUOTA:
        raise Refusal("TooManyRules", "You've reached the limit on the number of rules per load balancer")
    made.conditions = _conditions(call["Conditions"])
    made.actions = accepted(where, listener.load_balancer, call["Actions"], listener.secure)
    keep_secret([], made.actions)
    made.transforms = copy.deepcopy(call["Transforms"] or [])
    where.rules[made.arn] = made
    note_attachments(where)
    return {"Rules": [made.describe()]}


@operation("elbv2", "ModifyRule")
def modify_rule(call: Call) -> dict[str, Any]:
    where = region(call)
    changed = find_kind(where, call["RuleArn"], "listener-rule")
    if call["Conditions"] is not None:
        changed.conditions = _conditions(call["Conditions"])
    if call["Actions"] is not None:
        actions = accepted(where, changed.listener.load_balancer, call["Actions"], changed.listener.secure)
        keep_secret(changed.actions, actions)
        changed.actions = actions
    if call["ResetTransforms"]:
        changed.transforms = []
    elif call["Transforms"] is not None:
        changed.transforms = copy.deepcopy(call["Transforms"])
    note_attachments(where)
    return {"Rules": [changed.describe()]}


@operation("elbv2", "SetRulePriorities")
def set_rule_priorities(call: Call) -> dict[str, Any]:
    where = region(call)
    wanted = [(find_kind(where, each["RuleArn"], "listener-rule"), int(each["Priority"])) for each in call["RulePriorities"] or []]
    for rule, priority in wanted:
        _refuse_priority(rule.listener, where, priority, [each for each, _ in wanted])
    for rule, priority in wanted:
        rule.priority = priority
    return {"Rules": [rule.describe() for rule, _ in wanted]}


@operation("elbv2", "DeleteRule")
def delete_rule(call: Call) -> dict[str, Any]:
    where = region(call)
    if call["RuleArn"] in {each.default_rule_arn for each in where.listeners.values()}:
        raise Refusal("OperationNotPermitted", f"Default rule '{call['RuleArn']}' cannot be deleted")
    del where.rules[find_kind(where, call["RuleArn"], "listener-rule").arn]
    note_attachments(where)
    return {}


@operation("elbv2", "DescribeRules")
def describe_rules(call: Call) -> dict[str, Any]:
    where = region(call)
    if call["RuleArns"]:
        found = [_describe(where, arn) for arn in call["RuleArns"]]
    else:
        listener = find_kind(where, call["ListenerArn"], "listener")
        own = sorted((each for each in where.rules.values() if each.listener is listener), key=lambda each: each.priority)
        found = [each.describe() for each in own] + [listener.describe_default_rule()]
    shown, marker = page(found, call["Marker"], call["PageSize"] or 400)
    return {"Rules": shown, "NextMarker": marker}


def _describe(where: Region, arn: str) -> dict[str, Any]:
    for listener in where.listeners.values():
        if listener.default_rule_arn == arn:
            return listener.describe_default_rule()
    return find(where, arn).describe()
