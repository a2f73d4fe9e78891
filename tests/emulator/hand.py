"""What people, pipelines and other tools change in an account by hand, with boto3.

hand --endpoint URL --laid JSON CHANGE [JSON]

`--laid` is the line that `lay` printed; the second JSON holds the change's own words. Prints what came of it as JSON.
"""

import argparse
import copy
import ipaddress
import json
import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from reader.account import Account

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Hand:
    """Each public method is a change; its parameters are the words of the second JSON."""

    def __init__(self, endpoint: str, laid: dict[str, Any]) -> None:
        self._account = Account(endpoint, laid["region"])
        self._laid = laid

    # The blueprint.

    def edit_blueprint(self, replace: dict[str, str]) -> None:
        """Put other words in the place of some, once each."""
        ssm = self._account.client("ssm")
        text = ssm.get_parameter(Name=self._laid["parameter"])["Parameter"]["Value"]
        for old, new in replace.items():
            if old not in text:
                raise ValueError(f"the blueprint does not have {old!r}")
            text = text.replace(old, new, 1)
        self._put_blueprint(text)

    def schedule(self, be: str) -> str:
        """A schedule that says `up` all the time, or `down` for days to come."""
        other_day = _DAYS[(self._now() + timedelta(days=3)).weekday()]
        schedule = {"up": "Mon-Sun 00:00-24:00 UTC", "down": f"{other_day} 00:00-00:01 UTC"}[be]
        text = self._account.client("ssm").get_parameter(Name=self._laid["parameter"])["Parameter"]["Value"]
        self._put_blueprint(re.sub(r"(?m)^schedule: .*$", f"schedule: {schedule}", text))
        return schedule

    def calendar(self, name: str) -> None:
        """A calendar of holidays beside the blueprint, with the one holiday of 1 January 2030; the blueprint names it."""
        ssm, parameter = self._account.client("ssm"), self._laid["parameter"]
        event = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART;VALUE=DATE:20300101\nEND:VEVENT"
        calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//curfew//EN\n{event}\nEND:VCALENDAR\n"
        ssm.put_parameter(Name=f"{parameter.rsplit('/', 1)[0]}/{name}", Value=calendar, Type="String", Overwrite=True)
        text = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
        self._put_blueprint(re.sub(r"(?m)^(cluster: .*)$", rf"\1\nholidays: {name}", text))

    def _put_blueprint(self, text: str) -> None:
        size = "Advanced" if len(text.encode()) > 4096 else "Standard"
        self._account.client("ssm").put_parameter(Name=self._laid["parameter"], Value=text, Type="String", Tier=size, Overwrite=True)

    # Overrides.

    def override(self, value: str | None = None, minutes: int | None = None) -> str | None:
        """A person's override on the cluster; none clears it. With `minutes`, `until` so many from now."""
        ecs, arn = self._account.client("ecs"), self._laid["cluster"]
        ecs.untag_resource(resourceArn=arn, tagKeys=["curfew:override", "curfew:hold"])
        if value is None:
            return None
        if minutes is not None:
            value += f" until {(self._now() + timedelta(minutes=minutes)).strftime('%Y-%m-%dT%H:%M:%SZ')}"
        ecs.tag_resource(resourceArn=arn, tags=[{"key": "curfew:override", "value": value}])
        return value

    def cluster_tags(self) -> dict[str, str]:
        tags = self._account.client("ecs").list_tags_for_resource(resourceArn=self._laid["cluster"])["tags"]
        return {each["key"]: each["value"] for each in tags}

    # AWS Budgets (strict/budgets.py).

    def budget(self, name: str, limit: str, unit: str = "MONTHLY", minutes: int | None = None) -> str | None:
        """A budget of costs; a custom one ends so many minutes from now. The answer is when that is."""
        budget = {"BudgetName": name, "BudgetType": "COST", "TimeUnit": unit, "BudgetLimit": {"Amount": limit, "Unit": "USD"}}
        end = None if minutes is None else self._now() + timedelta(minutes=minutes)
        if end is not None:
            budget["TimePeriod"] = {"Start": self._now() - timedelta(days=1), "End": end.replace(microsecond=0)}
        self._account.client("budgets").create_budget(AccountId=self._laid["cluster"].split(":")[4], Budget=budget)
        return None if end is None else _instant(end)

    def spend(self, budget: str, actual: str, forecast: str | None = None) -> None:
        """What AWS Budgets says of it from now on."""
        body = {"budget": budget, "actual": actual, "forecast": forecast}
        request = urllib.request.Request(f"{self._account.endpoint}/_emulator/spend", json.dumps(body).encode(), method="POST")
        urllib.request.urlopen(request).close()

    # The state bucket.

    def document(self, key: str) -> dict[str, Any]:
        """A document, with the versions it has."""
        s3, where = self._account.client("s3"), {"Bucket": self._laid["bucket"]}
        answer = s3.get_object(**where, Key=key)
        versions = s3.list_object_versions(**where, Prefix=key)["Versions"]
        return {"body": answer["Body"].read().decode(), "versions": [each["VersionId"] for each in versions]}

    def lease(self, minutes: int) -> None:
        """Take the lease as another run would; no minutes give it back."""
        s3, where = self._account.client("s3"), {"Bucket": self._laid["bucket"], "Key": f"{self._laid['environment']}/state.json"}
        try:
            state = json.loads(s3.get_object(**where)["Body"].read())
        except s3.exceptions.NoSuchKey:
            state = {}
        now = self._now()
        until = _instant(now + timedelta(minutes=minutes))
        lease = {"run": "run-of-somebody", "trigger": "a manual start by bob", "since": _instant(now), "until": until}
        s3.put_object(**where, Body=json.dumps(state | {"lease": lease if minutes else None}).encode())

    def lose_bucket(self) -> None:
        """The state bucket with all that was ever in it."""
        s3, where = self._account.client("s3"), {"Bucket": self._laid["bucket"]}
        listed = s3.list_object_versions(**where)
        for each in listed.get("Versions", []) + listed.get("DeleteMarkers", []):
            s3.delete_object(**where, Key=each["Key"], VersionId=each["VersionId"])
        s3.delete_bucket(**where)

    # Network.

    def fill_subnet(self, subnet: str) -> int:
        """Somebody's interfaces take every address that is free in a subnet."""
        ec2 = self._account.client("ec2")
        found = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
        used = {each["PrivateIpAddress"] for each in self._account.all("ec2", "describe_network_interfaces", "NetworkInterfaces")}
        free = [str(each) for each in list(ipaddress.ip_network(found["CidrBlock"]).hosts())[3:] if str(each) not in used]
        for address in free:
            ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress=address)
        return len(free)

    def add_nat_gateway(self, subnet: str) -> str:
        """Somebody else's."""
        ec2 = self._account.client("ec2")
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        return ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]

    def leave_twice(self, name: str, subnet: str) -> None:
        """A second address and a second NAT gateway of a name, as a run leaves them that was cut off."""
        ec2, tags = self._account.client("ec2"), {"curfew:environment": self._laid["environment"], "curfew:name": name}
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        gateway = self.add_nat_gateway(subnet)
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        ec2.create_tags(Resources=[gateway, address], Tags=pairs)

    def lead_route(self, table: str, gateway: str) -> str:
        """Lead the default route to an internet gateway (`internet`) or a NAT gateway's id; the answer is where it led."""
        ec2 = self._account.client("ec2")
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        before = next(each for each in routes if each.get("DestinationCidrBlock") == "0.0.0.0/0")
        to = {"NatGatewayId": gateway}
        if gateway == "internet":
            to = {"GatewayId": ec2.describe_internet_gateways()["InternetGateways"][0]["InternetGatewayId"]}
        ec2.replace_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **to)
        return before.get("NatGatewayId") or before["GatewayId"]

    def remove_route(self, table: str) -> None:
        """Take the default route away."""
        self._account.client("ec2").delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")

    # Load balancers.

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

    # Services.

    def scale(self, service: str, count: int) -> None:
        self._account.client("ecs").update_service(cluster=self._laid["cluster"], service=service, desiredCount=count)

    def deploy(self, service: str, image: str) -> str:
        """What a pipeline does: a new revision of the task definition, and the service set on it."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        current = ecs.describe_services(cluster=cluster, services=[service])["services"][0]["taskDefinition"]
        before = ecs.describe_task_definition(taskDefinition=current)["taskDefinition"]
        kept = ("family", "requiresCompatibilities", "networkMode", "cpu", "memory", "executionRoleArn", "taskRoleArn")
        kept = (*kept, "containerDefinitions", "runtimePlatform")
        settings = {key: copy.deepcopy(before[key]) for key in kept if key in before}
        settings["containerDefinitions"][0]["image"] = image
        revision = ecs.register_task_definition(**settings)["taskDefinition"]["taskDefinitionArn"]
        ecs.update_service(cluster=cluster, service=service, taskDefinition=revision)
        return revision

    def running(self, service: str) -> list[str]:
        """The task definitions of a service's running tasks."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        arns = self._account.all("ecs", "list_tasks", "taskArns", cluster=cluster, serviceName=service)
        tasks = ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
        return sorted(each["taskDefinitionArn"] for each in tasks if each["lastStatus"] == "RUNNING")

    def run_task(self, service: str) -> str:
        """A task of a service's definition, in its subnets, that belongs to no service and runs until it is ended."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        one = ecs.describe_services(cluster=cluster, services=[service])["services"][0]
        settings = {"taskDefinition": one["taskDefinition"], "networkConfiguration": one["networkConfiguration"]}
        return ecs.run_task(cluster=cluster, launchType="FARGATE", **settings)["tasks"][0]["taskArn"]

    def end_task(self, task: str) -> None:
        """It has done its work."""
        self._account.client("ecs").stop_task(cluster=self._laid["cluster"], task=task, reason="Essential container in task exited")

    def deploy_by(self, service: str, strategy: str) -> None:
        """Switch a service to another strategy, such as BLUE_GREEN."""
        configuration = {"strategy": strategy}
        self._account.client("ecs").update_service(cluster=self._laid["cluster"], service=service, deploymentConfiguration=configuration)

    # Auto scaling (strict/scaling.py).

    def scalable(self, service: str, minimum: int, maximum: int) -> None:
        """A scalable target for a service that has none; or other bounds."""
        self._scaling("register_scalable_target", service, MinCapacity=minimum, MaxCapacity=maximum)

    def suspend(self, service: str, suspended: list[str]) -> None:
        """What of a service's auto scaling is suspended from now on, in the blueprint's words."""
        words = ("dynamic-scaling-in", "dynamic-scaling-out", "scheduled-scaling")
        state = {"".join(part.capitalize() for part in word.split("-")) + "Suspended": word in suspended for word in words}
        self._scaling("register_scalable_target", service, SuspendedState=state)

    def track(self, service: str, policy: str, configuration: dict[str, Any]) -> None:
        """A target tracking policy."""
        more = {"PolicyName": policy, "PolicyType": "TargetTrackingScaling"}
        self._scaling("put_scaling_policy", service, TargetTrackingScalingPolicyConfiguration=configuration, **more)

    def push(self, service: str, push: str) -> int | None:
        """An alarm (`out`, `in`) or a scheduled action (`scheduled`) fires; the answer is the service's count."""
        body = {"region": self._laid["region"], "resource": self._resource(service), "push": push}
        request = urllib.request.Request(f"{self._account.endpoint}/_emulator/push", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def _resource(self, service: str) -> str:
        return f"service/{self._laid['cluster'].rsplit('/', 1)[-1]}/{service}"

    def _scaling(self, call: str, service: str, **more: Any) -> None:
        where = {"ServiceNamespace": "ecs", "ResourceId": self._resource(service), "ScalableDimension": "ecs:service:DesiredCount"}
        getattr(self._account.client("application-autoscaling"), call)(**where, **more)

    # What other services attach (strict/attachments.py).

    def attach(self, kind: str, load_balancer: str, name: str = "dev", managed: bool = False) -> None:
        """A web ACL, an accelerator or a VPC origin to a load balancer."""
        resource = self._load_balancer(load_balancer)
        body = {"kind": kind, "resource": resource, "name": name, "region": self._laid["region"], "managed": managed}
        request = urllib.request.Request(f"{self._account.endpoint}/_emulator/attachments", json.dumps(body).encode(), method="POST")
        urllib.request.urlopen(request).close()

    def web_acl(self, name: str) -> str:
        """One that guards nothing yet: its ARN."""
        body = {"kind": "web-acl", "name": name, "region": self._laid["region"]}
        request = urllib.request.Request(f"{self._account.endpoint}/_emulator/attachments", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            laid = json.load(answer)[-1]
        return f"arn:aws:wafv2:{laid['region']}:123456789012:regional/webacl/{name}/{laid['id']}"

    def detach_all(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self._account.endpoint}/_emulator/attachments", method="DELETE")).close()

    # Whose it is.

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
            request = urllib.request.Request(f"{self._account.endpoint}/_emulator/tags", json.dumps(body).encode(), method="POST")
            urllib.request.urlopen(request).close()
        return arns

    # Databases.

    def add_database(self, name: str, tags: dict[str, str] | None = None) -> None:
        """A DB instance, under `databases` of the blueprint by its own name."""
        self._account.client("rds").create_db_instance(
            DBInstanceIdentifier=name,
            Engine="postgres",
            DBInstanceClass="db.t4g.micro",
            AllocatedStorage=20,
            MasterUsername="root",
            ManageMasterUserPassword=True,
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
        self._name_database(name, f"{{ type: instance, identifier: {name} }}")

    def add_cluster(self, name: str, tags: dict[str, str] | None = None) -> None:
        """An Aurora cluster, under `databases` of the blueprint as `NAME-cluster`."""
        self._account.client("rds").create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            MasterUsername="root",
            ManageMasterUserPassword=True,
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
        self._name_database(f"{name}-cluster", f"{{ type: cluster, identifier: {name} }}")

    def switch_database(self, name: str, to: str) -> None:
        """Stop a DB instance, or start it."""
        rds = self._account.client("rds")
        {"stopped": rds.stop_db_instance, "running": rds.start_db_instance}[to](DBInstanceIdentifier=name)

    def _name_database(self, name: str, written: str) -> None:
        text = self._account.client("ssm").get_parameter(Name=self._laid["parameter"])["Parameter"]["Value"]
        if "\ndatabases:\n" not in text:
            text = text.rstrip("\n") + "\n\ndatabases:\n"
        self._put_blueprint(text.replace("\ndatabases:\n", f"\ndatabases:\n  {name}: {written}\n"))

    # VPC endpoints.

    def name_endpoint(self, name: str, service: str, more: str = "", adopted: bool = False) -> str | None:
        """An interface endpoint in the first VPC's private subnets, under `vpcEndpoints` of the blueprint; an adopted one
        is made first, with a tag of its own. The answer is its id.
        """
        vpc, subnets, groups = self.private_network()
        written = [f"service: com.amazonaws.{self._laid['region']}.{service}", f"vpc: {vpc}"]
        written += [f"subnets: [{', '.join(subnets)}]", f"securityGroups: [{', '.join(groups)}]", *([more] if more else [])]
        identifier = None
        if adopted:
            identifier = self._account.client("ec2").create_vpc_endpoint(
                VpcEndpointType="Interface",
                VpcId=vpc,
                ServiceName=f"com.amazonaws.{self._laid['region']}.{service}",
                SubnetIds=subnets,
                SecurityGroupIds=groups,
                TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "Team", "Value": "network"}]}],
            )["VpcEndpoint"]["VpcEndpointId"]
            written.append(f"adopted: {identifier}")
        self._name_endpoint(name, written)
        return identifier

    def leave_endpoint_twice(self, name: str, service: str) -> None:
        """A second endpoint of a name, that takes no names: what a run that was cut off could have left."""
        vpc, subnets, groups = self.private_network()
        tags = {"curfew:environment": "dev", "curfew:name": name}
        self._account.client("ec2").create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=vpc,
            ServiceName=f"com.amazonaws.{self._laid['region']}.{service}",
            SubnetIds=subnets,
            SecurityGroupIds=groups,
            PrivateDnsEnabled=False,
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}],
        )

    def name_gateway(self, name: str, service: str) -> None:
        """A gateway endpoint, which the blueprint names by mistake."""
        vpc, subnets, groups = self.private_network()
        asked = {"VpcEndpointType": "Gateway", "VpcId": vpc, "ServiceName": f"com.amazonaws.{self._laid['region']}.{service}"}
        made = self._account.client("ec2").create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"]
        written = [f"service: {asked['ServiceName']}", f"vpc: {vpc}", f"subnets: [{subnets[0]}]", f"securityGroups: [{groups[0]}]"]
        self._name_endpoint(name, [*written, f"adopted: {made}"])

    def _name_endpoint(self, name: str, written: list[str]) -> None:
        text = self._account.client("ssm").get_parameter(Name=self._laid["parameter"])["Parameter"]["Value"]
        if "\nvpcEndpoints:\n" not in text:
            text = text.rstrip("\n") + "\n\nvpcEndpoints:\n"
        self._put_blueprint(text.replace("\nvpcEndpoints:\n", f"\nvpcEndpoints:\n  {name}: {{ {', '.join(written)} }}\n"))

    def delete_endpoints(self) -> None:
        """All interface endpoints."""
        ec2 = self._account.client("ec2")
        only = [{"Name": "vpc-endpoint-type", "Values": ["Interface"]}]
        ec2.delete_vpc_endpoints(VpcEndpointIds=[each["VpcEndpointId"] for each in ec2.describe_vpc_endpoints(Filters=only)["VpcEndpoints"]])

    def private_network(self) -> tuple[str, list[str], list[str]]:
        """The VPC of the services' tasks, with their subnets and security groups."""
        ecs, cluster = self._account.client("ecs"), self._laid["cluster"]
        names = ecs.list_services(cluster=cluster)["serviceArns"]
        described = ecs.describe_services(cluster=cluster, services=names[:1])["services"][0]
        network = described["networkConfiguration"]["awsvpcConfiguration"]
        subnets = self._account.client("ec2").describe_subnets(SubnetIds=network["subnets"])["Subnets"]
        return subnets[0]["VpcId"], sorted(network["subnets"]), sorted(network["securityGroups"])

    # EC2 instances and Auto Scaling groups.

    def add_instance(self, name: str, type: str = "t3.micro", tags: dict[str, str] | None = None, **details: Any) -> str:
        """An instance, under `instances` of the blueprint; its id."""
        labels = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
        specification = [{"ResourceType": "instance", "Tags": labels}] if labels else []
        made = self._account.client("ec2").run_instances(
            ImageId=self._image(),
            InstanceType=type,
            MinCount=1,
            MaxCount=1,
            SubnetId=self._subnet(),
            TagSpecifications=specification,
            **details,
        )
        identifier: str = made["Instances"][0]["InstanceId"]
        self._name("instances", name, f"{{ id: {identifier} }}")
        return identifier

    def switch_instance(self, identifier: str, to: str) -> None:
        """Stop an instance, or start it."""
        ec2 = self._account.client("ec2")
        {"stopped": ec2.stop_instances, "running": ec2.start_instances}[to](InstanceIds=[identifier])

    def add_group(self, name: str, min: int, desired: int, max: int, tags: dict[str, str] | None = None) -> None:
        """An Auto Scaling group, under `autoScalingGroups` of the blueprint by its own name."""
        template = self._account.client("ec2").create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData={"ImageId": self._image(), "InstanceType": "t3.micro"}
        )["LaunchTemplate"]
        self._account.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "$Latest"},
            MinSize=min,
            DesiredCapacity=desired,
            MaxSize=max,
            VPCZoneIdentifier=self._subnet(),
            Tags=[{"Key": key, "Value": value, "PropagateAtLaunch": False} for key, value in (tags or {}).items()],
        )
        self._name("autoScalingGroups", name, f"{{ name: {name}, capacity: {{ min: {min}, desired: {desired}, max: {max} }} }}")

    def resize_group(self, name: str, min: int, desired: int, max: int) -> None:
        """Another capacity."""
        self._account.client("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName=name, MinSize=min, DesiredCapacity=desired, MaxSize=max
        )

    def schedule_group(self, name: str, action: str) -> None:
        """A scheduled action."""
        self._account.client("autoscaling").put_scheduled_update_group_action(
            AutoScalingGroupName=name, ScheduledActionName=action, Recurrence="0 6 * * *", DesiredCapacity=2
        )

    def _subnet(self) -> str:
        subnets = self._account.all("ec2", "describe_subnets", "Subnets", Filters=[{"Name": "default-for-az", "Values": ["false"]}])
        return str(sorted(each["SubnetId"] for each in subnets)[0])

    def _image(self) -> str:
        ec2 = self._account.client("ec2")
        return str(ec2.register_image(Name="linux", Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"])

    def _name(self, section: str, name: str, written: str) -> None:
        """Under a section of the blueprint."""
        text = self._account.client("ssm").get_parameter(Name=self._laid["parameter"])["Parameter"]["Value"]
        if f"\n{section}:\n" not in text:
            text = text.rstrip("\n") + f"\n\n{section}:\n"
        self._put_blueprint(text.replace(f"\n{section}:\n", f"\n{section}:\n  {name}: {written}\n"))

    def _now(self) -> datetime:
        """The emulator's."""
        with urllib.request.urlopen(f"{self._account.endpoint}/_emulator/clock") as answer:
            return datetime.fromtimestamp(json.load(answer)["now"], UTC)


def _instant(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def main() -> None:
    changes = sorted(name for name in vars(Hand) if not name.startswith("_"))
    parser = argparse.ArgumentParser(prog="hand", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoint", required=True, help="the emulator's URL")
    parser.add_argument("--laid", required=True, type=json.loads, help="the line that `lay` printed")
    parser.add_argument("change", choices=changes)
    parser.add_argument("details", nargs="?", default={}, type=json.loads)
    chosen = parser.parse_args()
    change: Callable[..., Any] = getattr(Hand(chosen.endpoint.rstrip("/"), chosen.laid), chosen.change)
    print(json.dumps(change(**chosen.details)))


if __name__ == "__main__":
    main()
