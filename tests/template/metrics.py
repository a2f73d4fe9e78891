"""The metrics that the functions write, by name: what alarms and the dashboard may point at."""

import re
from pathlib import Path

NAMESPACE = "Curfew"
DIMENSION = "Environment"
NAMES = frozenset(
    {
        "Failed",
        "Blocked",
        "Up",
        "UpOutsideSchedule",
        "NotReady",
        "RunSeconds",
        "MorningSeconds",
        "EveningSeconds",
        "Actions",
        "SavedThisMonthUsd",
        "HourlyCostUsd",
    }
)

#: AWS's own, as its documentation names them: namespace, dimensions, metrics.
OF_AWS = {
    "AWS/Lambda": (("FunctionName",), {"Errors", "Throttles", "Invocations", "Duration"}),
    "AWS/SQS": (("QueueName",), {"ApproximateNumberOfMessagesVisible"}),
    "AWS/ApplicationELB": (
        ("LoadBalancer",),
        {"RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "TargetResponseTime"},
    ),
    "AWS/NATGateway": (("NatGatewayId",), {"BytesOutToDestination"}),
    "AWS/ECS": (("ClusterName", "ServiceName"), {"CPUUtilization", "MemoryUtilization"}),
}


def written() -> frozenset[str] | None:
    """The names in the functions' own list, where they have one."""
    source = Path(__file__).resolve().parents[2] / "functions" / "src" / "metrics.rs"
    return frozenset(re.findall(r'Self::(\w+) => "\1"', source.read_text())) if source.exists() else None


def exists(namespace: str, dimensions: tuple[str, ...], name: str) -> bool:
    if namespace == NAMESPACE:
        return dimensions == (DIMENSION,) and name in NAMES
    known, names = OF_AWS.get(namespace, ((), set()))
    return dimensions == known and name in names
