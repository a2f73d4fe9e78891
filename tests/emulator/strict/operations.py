"""How a correction is put over moto: it replaces one API operation by a plain function.

A correction is written as

    @operation("ec2", "CreateNatGateway")
    def create_nat_gateway(call): ...

`call.parameters` is the request in the shape of AWS's own API model (moto parses it with botocore's
model), and the returned dict is the answer in that same shape. What no correction names, moto does.
"""

import importlib
from collections.abc import Callable
from typing import Any

from botocore import xform_name
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult

#: Where moto keeps the response class of each service.
_RESPONSES = {
    "application-autoscaling": ("moto.applicationautoscaling.responses", "ApplicationAutoScalingResponse"),
    "budgets": ("moto.budgets.responses", "BudgetsResponse"),
    "cloudwatch": ("moto.cloudwatch.responses", "CloudWatchResponse"),
    "cloudfront": ("moto.cloudfront.responses", "CloudFrontResponse"),
    "ec2": ("moto.ec2.responses", "EC2Response"),
    "ecs": ("moto.ecs.responses", "EC2ContainerServiceResponse"),
    "elbv2": ("moto.elbv2.responses", "ELBV2Response"),
    "globalaccelerator": ("strict.global_accelerator", "GlobalAcceleratorResponse"),
    "resourcegroupstaggingapi": ("moto.resourcegroupstaggingapi.responses", "ResourceGroupsTaggingAPIResponse"),
    "route53": ("moto.route53.responses", "Route53"),
    "sns": ("moto.sns.responses", "SNSResponse"),
    "wafv2": ("moto.wafv2.responses", "WAFV2Response"),
}

Operation = Callable[["Call"], dict[str, Any] | None]


class Refusal(ServiceException):
    """An AWS error: its code and its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)


class Call:
    """One request: who asks, where, and with which parameters."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.account_id: str = response.current_account
        self.region: str = response.region
        if not response.automated_parameter_parsing:
            response.parse_parameters(response.normalized_request)
        self.parameters: dict[str, Any] = plain(response.params)

    def __getitem__(self, name: str) -> Any:
        return self.parameters.get(name)


def plain(value: Any) -> Any:
    """A parsed request as ordinary dicts and lists, safe to keep."""
    if hasattr(value, "original_dict"):
        value = value.original_dict()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def operation(service: str, name: str) -> Callable[[Operation], Operation]:
    """Replace the operation `name` of moto's `service`."""

    def install(function: Operation) -> Operation:
        module, class_name = _RESPONSES[service]
        response_class = getattr(importlib.import_module(module), class_name)

        def answer(self: Any) -> ActionResult:
            return ActionResult(function(Call(self)))

        answer.__doc__ = function.__doc__
        setattr(response_class, xform_name(name), answer)
        return function

    return install


def before(service: str, name: str) -> Callable[[Callable[[Call], None]], Callable[[Call], None]]:
    """Check (and refuse) first, then let moto do the operation."""

    def install(check: Callable[[Call], None]) -> Callable[[Call], None]:
        module, class_name = _RESPONSES[service]
        response_class = getattr(importlib.import_module(module), class_name)
        moto_does = getattr(response_class, xform_name(name))

        def answer(self: Any) -> Any:
            check(Call(self))
            return moto_does(self)

        setattr(response_class, xform_name(name), answer)
        return check

    return install
