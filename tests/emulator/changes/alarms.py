"""CloudWatch's alarms."""

from typing import Any

from .laid import Laid


class Alarms(Laid):
    """What watches a load balancer or a NAT gateway."""

    def add_alarm(self, name: str, load_balancer: str, tags: dict[str, str] | None = None, **details: Any) -> str:
        """An alarm on a load balancer's errors, with all that an alarm can say; the answer is what its dimension says."""
        watched = self._watched(load_balancer)
        asked = {
            "AlarmDescription": "Too many answers are errors",
            "AlarmActions": [self._laid["topic"]],
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "HTTPCode_ELB_5XX_Count",
            "Dimensions": [{"Name": "LoadBalancer", "Value": watched}],
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 5,
            "DatapointsToAlarm": 3,
            "Threshold": 10.0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "Tags": [{"Key": key, "Value": value} for key, value in (tags or {"Team": "web"}).items()],
        }
        self._account.client("cloudwatch").put_metric_alarm(AlarmName=name, **asked | details)
        return watched

    def add_ratio_alarm(self, name: str, load_balancer: str, tags: dict[str, str] | None = None) -> str:
        """An alarm on the share of errors: metric math over two metrics of a load balancer."""
        watched = self._watched(load_balancer)
        metrics = [
            {"Id": "share", "Expression": "100 * errors / requests", "Label": "errors in percent", "ReturnData": True},
            self._statistic("errors", "HTTPCode_Target_5XX_Count", watched),
            self._statistic("requests", "RequestCount", watched),
        ]
        self._account.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Metrics=metrics,
            EvaluationPeriods=3,
            Threshold=5.0,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {"Team": "web"}).items()],
        )
        return watched

    def add_gateway_alarm(self, name: str, tags: dict[str, str] | None = None) -> str:
        """An alarm on what the environment's NAT gateway has lost, as generated templates have it: metric math."""
        found = self._account.client("ec2").describe_nat_gateways(Filters=[{"Name": "state", "Values": ["available"]}])
        watched = str(found["NatGateways"][0]["NatGatewayId"])
        metrics = [
            {"Id": "lost", "Expression": "errors + dropped", "Label": "lost", "ReturnData": True},
            self._of_gateway("errors", "ErrorPortAllocation", watched),
            self._of_gateway("dropped", "PacketsDropCount", watched),
        ]
        self._account.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Metrics=metrics,
            EvaluationPeriods=3,
            Threshold=0.0,
            ComparisonOperator="GreaterThanThreshold",
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {"Team": "web"}).items()],
        )
        return watched

    def alarm(self, name: str) -> dict[str, Any]:
        """What is said of one, but for its times."""
        found = self._account.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
        return {key: value for key, value in found.items() if not key.endswith("Timestamp")}

    def _watched(self, load_balancer: str) -> str:
        elb = self._account.client("elbv2")
        arn = elb.describe_load_balancers(Names=[load_balancer])["LoadBalancers"][0]["LoadBalancerArn"]
        return str(arn).split(":loadbalancer/")[1]

    @staticmethod
    def _of_gateway(identifier: str, metric: str, watched: str) -> dict[str, Any]:
        dimensions = [{"Name": "NatGatewayId", "Value": watched}]
        named = {"Namespace": "AWS/NATGateway", "MetricName": metric, "Dimensions": dimensions}
        return {"Id": identifier, "MetricStat": {"Metric": named, "Period": 60, "Stat": "Sum"}, "ReturnData": False}

    @staticmethod
    def _statistic(identifier: str, metric: str, watched: str) -> dict[str, Any]:
        dimensions = [{"Name": "LoadBalancer", "Value": watched}]
        named = {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": dimensions}
        return {"Id": identifier, "MetricStat": {"Metric": named, "Period": 60, "Stat": "Sum"}, "ReturnData": False}
