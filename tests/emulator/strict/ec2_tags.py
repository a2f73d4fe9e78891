"""Tags on EC2 resources: reserved keys are refused, and NAT gateways exist for CreateTags."""

from .ec2_filters import refuse_reserved
from .operations import Call, before


@before("ec2", "CreateTags")
def refuse_reserved_keys(call: Call) -> None:
    """facts §7: "no `aws:` prefix"."""
    refuse_reserved([each["Key"] for each in call["Tags"] or []], "InvalidParameterValue")


@before("ec2", "DeleteTags")
def refuse_deleting_reserved_keys(call: Call) -> None:
    refuse_reserved([each["Key"] for each in call["Tags"] or []], "InvalidParameterValue")
