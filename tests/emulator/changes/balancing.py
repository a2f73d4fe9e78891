"""Load balancers with their parts, what other services attach to them (strict/attachments.py), and whose they are."""

import copy
import json
import urllib.request
from typing import Any

from .laid import Laid


class Balancing(Laid):
    """What the world reaches tasks by."""

    def add_load_balancer(self, name: str, subnets: list[str]) -> str:
        """Somebody else's, with a name of ours."""
        elb = self._account.client("elbv2")
        return elb.create_load_balancer(Name=name, Subnets=subnets, Scheme="internal")["LoadBalancers"][0]["LoadBalancerArn"]

    def tag_load_balancer(self, name: str, tags: dict[str, str | None]) -> None:
        """Set tags, and take those away that are nothing."""
        elb, arns = self._account.client("elbv2"), [self._load_balancer(name)]
        if taken := [key for key, value in tags.items() if value is None]:
            elb.remove_tags(ResourceArns=arns, TagKeys=taken)
        if given := [{"Key": key, "Value": value} for key, value in tags.items() if value is not None]:
            elb.add_tags(ResourceArns=arns, Tags=given)

    def delete_target_group(self, arn: str) -> None:
        """Delete a target group, which AWS does only of one that nothing forwards to."""
        self._account.client("elbv2").delete_target_group(TargetGroupArn=arn)

    def set_attributes(self, name: str, attributes: dict[str, str]) -> None:
        pairs = [{"Key": key, "Value": value} for key, value in attributes.items()]
        self._account.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=self._load_balancer(name), Attributes=pairs)

    def add_listener(self, name: str, port: int, domain: str) -> str:
        """A listener by HTTPS that answers 404; the answer is its certificate."""
        certificate = self.certificate(domain)
        answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
        self._account.client("elbv2").create_listener(
            LoadBalancerArn=self._load_balancer(name),
            Port=port,
            Protocol="HTTPS",
            Certificates=[{"CertificateArn": certificate}],
            DefaultActions=[answer],
        )
        return certificate

    def certificate(self, domain: str) -> str:
        return self._account.client("acm").request_certificate(DomainName=domain, ValidationMethod="DNS")["CertificateArn"]

    def set_certificate(self, certificate: str, status: str) -> None:
        """What ACM says of a certificate from now on."""
        self._tell("certificates", {"arn": certificate, "status": status})

    def add_rule(self, name: str, port: int, priority: int, path: str, action: dict[str, Any] | None = None) -> str:
        """A rule that forwards where the listener's first own rule does, or does as `action` says before."""
        elb, listener = self._account.client("elbv2"), self._listener(name, port)
        forward = copy.deepcopy(elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"][-1])
        actions = [forward] if action is None else [action | {"Order": 1}, forward | {"Order": 2}]
        conditions = [{"Field": "path-pattern", "PathPatternConfig": {"Values": [path]}}]
        made = elb.create_rule(ListenerArn=listener, Priority=priority, Conditions=conditions, Actions=actions)
        return made["Rules"][0]["RuleArn"]

    def remove_rule(self, name: str, port: int, priority: int) -> None:
        elb = self._account.client("elbv2")
        rules = elb.describe_rules(ListenerArn=self._listener(name, port))["Rules"]
        elb.delete_rule(RuleArn=next(each["RuleArn"] for each in rules if each["Priority"] == str(priority)))

    def add_certificate(self, name: str, port: int, domain: str) -> str:
        """One more certificate on a listener."""
        certificate = self.certificate(domain)
        certificates = [{"CertificateArn": certificate}]
        self._account.client("elbv2").add_listener_certificates(ListenerArn=self._listener(name, port), Certificates=certificates)
        return certificate

    def _load_balancer(self, name: str) -> str:
        return self._account.client("elbv2").describe_load_balancers(Names=[name])["LoadBalancers"][0]["LoadBalancerArn"]

    def _listener(self, name: str, port: int) -> str:
        listeners = self._account.client("elbv2").describe_listeners(LoadBalancerArn=self._load_balancer(name))["Listeners"]
        return next(each["ListenerArn"] for each in listeners if each["Port"] == port)

    def attach(self, kind: str, load_balancer: str, name: str = "dev", managed: bool = False) -> None:
        """A web ACL, an accelerator or a VPC origin to a load balancer."""
        resource = self._load_balancer(load_balancer)
        body = {"kind": kind, "resource": resource, "name": name, "region": self._laid["region"], "managed": managed}
        self._tell("attachments", body)

    def web_acl(self, name: str) -> str:
        """One that guards nothing yet: its ARN."""
        body = {"kind": "web-acl", "name": name, "region": self._laid["region"]}
        laid = self._tell("attachments", body)[-1]
        return f"arn:aws:wafv2:{laid['region']}:123456789012:regional/webacl/{name}/{laid['id']}"

    def detach_all(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self._account.endpoint}/_emulator/attachments", method="DELETE")).close()

    def hand_over(self, stack: str) -> list[str]:
        """Everything that carries Curfew's tags as if a CloudFormation stack had made it; the answer is what that is."""
        listed = self._account.all(
            "resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList", TagFilters=[{"Key": "curfew:environment"}]
        )
        arns = [each["ResourceARN"] for each in listed]
        tagging = self._account.client("resourcegroupstaggingapi")
        for start in range(0, len(arns), 20):
            some = arns[start : start + 20]
            failed = tagging.untag_resources(ResourceARNList=some, TagKeys=["curfew:environment", "curfew:name"])["FailedResourcesMap"]
            if failed:
                raise ValueError(failed)
        for database in self._account.all("rds", "describe_db_instances", "DBInstances"):
            made_by = [{"Key": "aws:cloudformation:stack-name", "Value": stack}]
            self._account.client("rds").add_tags_to_resource(ResourceName=database["DBInstanceArn"], Tags=made_by)
        # CloudFormation tags neither listeners nor rules.
        for arn in (each for each in arns if "listener" not in each):
            tags = {"aws:cloudformation:stack-name": stack}
            body = {"region": self._laid["region"], "arn": arn, "tags": tags}
            self._tell("tags", body)
        return arns

    def write_identities(self, name: str, service: str) -> None:
        """Write a load balancer's DNS name and ARN, and a NAT gateway's id, wherever people write them."""
        client = self._account.client
        elb, ec2, ecs, watch = client("elbv2"), client("ec2"), client("ecs"), client("cloudwatch")
        balancer = elb.describe_load_balancers(Names=[name])["LoadBalancers"][0]
        dns, suffix = balancer["DNSName"], balancer["LoadBalancerArn"].split(":loadbalancer/")[1]
        (gateway,) = [each for each in ec2.describe_nat_gateways()["NatGateways"] if each["State"] == "available"]
        metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", suffix]]
        widget = {"type": "metric", "x": 0, "y": 0, "width": 6, "height": 6, "properties": {"metrics": metrics, "region": self._laid["region"]}}
        watch.put_dashboard(DashboardName="latency", DashboardBody=json.dumps({"widgets": [widget]}))
        watch.put_metric_alarm(
            AlarmName="nat-ports",
            Namespace="AWS/NATGateway",
            MetricName="ErrorPortAllocation",
            Dimensions=[{"Name": "NatGatewayId", "Value": gateway["NatGatewayId"]}],
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
        )
        check = {"Type": "HTTPS", "FullyQualifiedDomainName": dns, "Port": 443, "RequestInterval": 30, "FailureThreshold": 3}
        client("route53").create_health_check(CallerReference="check", HealthCheckConfig=check)
        subnets = [each["SubnetId"] for each in balancer["AvailabilityZones"]]
        other = elb.create_load_balancer(Name="front-door", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        to = {"Type": "redirect", "RedirectConfig": {"Host": dns, "StatusCode": "HTTP_302"}}
        elb.create_listener(LoadBalancerArn=other, Port=80, Protocol="HTTP", DefaultActions=[to])
        cluster = self._laid["cluster"]
        found = ecs.describe_services(cluster=cluster, services=[service])["services"][0]
        definition = ecs.describe_task_definition(taskDefinition=found["taskDefinition"])["taskDefinition"]
        container = definition["containerDefinitions"][0] | {"environment": [{"name": "BACKEND", "value": f"http://{dns}/api"}]}
        kept = ("family", "networkMode", "requiresCompatibilities", "cpu", "memory")
        made = ecs.register_task_definition(containerDefinitions=[container], **{key: definition[key] for key in kept if key in definition})
        ecs.update_service(cluster=cluster, service=service, taskDefinition=made["taskDefinition"]["taskDefinitionArn"])
