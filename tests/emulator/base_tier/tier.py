"""What laying every example needs: clients, tags, a VPC with its subnets, and ECS services that do not run."""

import json
import urllib.request
from typing import Any

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"


class Tier:
    """One example's base tier in the making; `stand_ins` maps the ids its blueprint shows to those really made."""

    def __init__(self, endpoint: str, example: str, region: str, tags: dict[str, str]) -> None:
        self.endpoint = endpoint
        self.example = example
        self.region = region
        self.tags = tags
        self.stand_ins: dict[str, str] = {}
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                region_name=self.region,
                endpoint_url=self.endpoint,
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(retries={"mode": "standard"}, s3={"addressing_style": "path"}),
            )
        return self._clients[service]

    # Tags, in the two spellings that AWS has for them.

    def upper(self, **more: str) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in (self.tags | more).items()]

    def lower(self, more: dict[str, str] | None = None) -> list[dict[str, str]]:
        return [{"key": key, "value": value} for key, value in (self.tags | (more or {})).items()]

    def specification(self, resource_type: str, name: str) -> list[dict[str, Any]]:
        return [{"ResourceType": resource_type, "Tags": self.upper(Name=f"{self.example}-dev-{name}")}]

    # The network.

    def vpc(self, cidr: str = "10.0.0.0/16") -> str:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock=cidr, TagSpecifications=self.specification("vpc", "vpc"))["Vpc"]["VpcId"]
        ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
        return vpc

    def subnet(self, vpc: str, zone: str, cidr: str, name: str) -> str:
        answer = self.client("ec2").create_subnet(
            VpcId=vpc, AvailabilityZone=self.region + zone, CidrBlock=cidr, TagSpecifications=self.specification("subnet", name)
        )
        return answer["Subnet"]["SubnetId"]

    def internet_gateway(self, vpc: str) -> str:
        ec2 = self.client("ec2")
        gateway = ec2.create_internet_gateway(TagSpecifications=self.specification("internet-gateway", "igw"))
        identifier = gateway["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=identifier, VpcId=vpc)
        return identifier

    def route_table(self, vpc: str, name: str, subnets: list[str], gateway: str | None = None) -> str:
        ec2 = self.client("ec2")
        table = ec2.create_route_table(VpcId=vpc, TagSpecifications=self.specification("route-table", name))["RouteTable"]["RouteTableId"]
        for subnet in subnets:
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        if gateway:
            ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        return table

    def security_group(self, vpc: str, name: str, ports: list[int], source: str | None = None) -> str:
        """A group that lets `ports` in from anywhere, or from the group `source`."""
        ec2 = self.client("ec2")
        group = ec2.create_security_group(
            VpcId=vpc,
            GroupName=f"{self.example}-dev-{name}",
            Description=f"{self.example} dev {name}",
            TagSpecifications=self.specification("security-group", name),
        )["GroupId"]
        for port in ports:
            origin = {"UserIdGroupPairs": [{"GroupId": source}]} if source else {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
            ec2.authorize_security_group_ingress(
                GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **origin}]
            )
        return group

    # What stands in front of the services.

    def certificate(self, domain: str) -> str:
        acm = self.client("acm")
        return acm.request_certificate(DomainName=domain, ValidationMethod="DNS", Tags=self.upper())["CertificateArn"]

    def zone(self, domain: str) -> str:
        answer = self.client("route53").create_hosted_zone(Name=domain, CallerReference=f"{self.example}-dev")
        return answer["HostedZone"]["Id"].rsplit("/", 1)[1]

    def target_group(self, vpc: str, name: str, port: int, deregistration_delay: int, **health_check: Any) -> str:
        elb = self.client("elbv2")
        group = elb.create_target_group(
            Name=name, VpcId=vpc, Protocol="HTTP", Port=port, TargetType="ip", Tags=self.upper(), **health_check
        )
        arn = group["TargetGroups"][0]["TargetGroupArn"]
        elb.modify_target_group_attributes(
            TargetGroupArn=arn, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": str(deregistration_delay)}]
        )
        return arn

    # What the services are made of.

    def repository(self, name: str) -> None:
        ecr = self.client("ecr")
        ecr.create_repository(repositoryName=name, imageScanningConfiguration={"scanOnPush": True}, tags=self.upper())
        rules = [
            {
                "rulePriority": 1,
                "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7},
                "action": {"type": "expire"},
            },
            {
                "rulePriority": 2,
                "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10},
                "action": {"type": "expire"},
            },
        ]
        ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=json.dumps({"rules": rules}))

    def log_group(self, name: str) -> None:
        logs = self.client("logs")
        logs.create_log_group(logGroupName=name, tags=self.tags)
        logs.put_retention_policy(logGroupName=name, retentionInDays=7)

    def role(self, name: str, service: str = "ecs-tasks.amazonaws.com") -> str:
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
        return self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Tags=self.upper())["Role"]["Arn"]

    def cluster(self, name: str) -> str:
        answer = self.client("ecs").create_cluster(
            clusterName=name, settings=[{"name": "containerInsights", "value": "enabled"}], tags=self.lower()
        )
        return answer["cluster"]["clusterArn"]

    def secret(self, name: str) -> str:
        return self.client("secretsmanager").create_secret(Name=name, SecretString="not a real one", Tags=self.upper())["ARN"]

    def task_definition(
        self, family: str, image: str, port: int | None, cpu: int, memory: int, architecture: str = "X86_64", **container: Any
    ) -> str:
        registry = f"{ACCOUNT}.dkr.ecr.{self.region}.amazonaws.com"
        one: dict[str, Any] = {
            "name": family,
            "image": f"{registry}/{image}:latest",
            "essential": True,
            "portMappings": [{"containerPort": port, "protocol": "tcp"}] if port else [],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": f"/ecs/{family}", "awslogs-region": self.region, "awslogs-stream-prefix": "ecs"},
            },
        }
        role = f"arn:aws:iam::{ACCOUNT}:role/{self.example}-dev"
        answer = self.client("ecs").register_task_definition(
            family=family,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu=str(cpu),
            memory=str(memory),
            executionRoleArn=f"{role}-execution",
            taskRoleArn=f"{role}-task",
            containerDefinitions=[one | container],
            tags=self.lower(),
            runtimePlatform={"cpuArchitecture": architecture, "operatingSystemFamily": "LINUX"},
        )
        return answer["taskDefinition"]["taskDefinitionArn"]

    def service(
        self,
        cluster: str,
        name: str,
        family: str,
        subnets: list[str],
        group: str,
        target: tuple[str, int] | None,
        desired: int = 0,
        **settings: Any,
    ) -> None:
        if target:
            settings["loadBalancers"] = [{"targetGroupArn": target[0], "containerName": family, "containerPort": target[1]}]
        tags = settings.pop("own_tags", {"curfew:environment": "dev", "curfew:name": name})
        self.client("ecs").create_service(
            cluster=cluster,
            serviceName=name,
            taskDefinition=family,
            desiredCount=desired,
            launchType="FARGATE",
            platformVersion="1.4.0",
            networkConfiguration={"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [group], "assignPublicIp": "DISABLED"}},
            tags=self.lower(tags),
            **settings,
        )

    def scalable_target(self, cluster: str, service: str, minimum: int, maximum: int) -> None:
        """Auto scaling on CPU and memory, more tasks for lunch; all of it suspended, as after a night."""
        where = self._scaled(cluster, service)
        scaling = self.client("application-autoscaling")
        suspended = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
        scaling.register_scalable_target(
            MinCapacity=minimum, MaxCapacity=maximum, SuspendedState=dict.fromkeys(suspended, True), **where
        )
        for name, metric, target in (("cpu", "CPU", 60.0), ("memory", "Memory", 75.0)):
            self._track(where, name, target, {"PredefinedMetricType": f"ECSServiceAverage{metric}Utilization"}, 60, 300)
        scaling.put_scheduled_action(
            ScheduledActionName="lunch",
            Schedule="cron(0 12 ? * MON-FRI *)",
            Timezone="America/New_York",
            ScalableTargetAction={"MinCapacity": 3},
            **where,
        )

    def scale_by_requests(self, cluster: str, service: str, balancer: str, group: str) -> None:
        """A policy on the requests that a load balancer sends to each target."""
        label = f"{balancer.split(':loadbalancer/')[1]}/{group.rsplit(':', 1)[1]}"
        metric = {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": label}
        self._track(self._scaled(cluster, service), "requests", 600.0, metric, 30, 300, DisableScaleIn=True)

    def _scaled(self, cluster: str, service: str) -> dict[str, str]:
        name = cluster.rsplit("/", 1)[-1]
        return {"ServiceNamespace": "ecs", "ResourceId": f"service/{name}/{service}", "ScalableDimension": "ecs:service:DesiredCount"}

    def _track(self, where: dict[str, str], name: str, target: float, metric: dict[str, str], out: int, scale_in: int, **more: Any) -> None:
        configuration = {"TargetValue": target, "PredefinedMetricSpecification": metric, "ScaleOutCooldown": out, "ScaleInCooldown": scale_in}
        self.client("application-autoscaling").put_scaling_policy(
            PolicyName=name, PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration=configuration | more, **where
        )

    def temporary_load_balancer(self, subnets: list[str], groups: list[str], name: str | None = None) -> str:
        """ECS refuses a service whose target group no listener uses (facts §3): so one is there while services are
        made, as in the owner's stack, and is gone when Curfew comes.
        """
        elb = self.client("elbv2")
        balancer = elb.create_load_balancer(Name=name or f"{self.example}-laying", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        for port, group in enumerate(groups, 8001):
            elb.create_listener(
                LoadBalancerArn=balancer, Port=port, Protocol="HTTP", DefaultActions=[{"Type": "forward", "TargetGroupArn": group}]
            )
        return balancer

    # The emulator's own requests.

    def control(self, what: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.endpoint}/_emulator/{what}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def advance(self, seconds: float) -> None:
        self.control("advance", {"seconds": seconds})
