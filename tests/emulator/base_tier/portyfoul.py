"""portyfoul (us-east-2): everything runs, made by the CloudFormation stack `portyfoul-infra`, with no tag of Curfew's."""

from typing import Any

from .tier import Tier

REGION = "us-east-2"
CLUSTER = "portyfoul-dev-cluster"
TAGS = {"Project": "portyfoul", "Environment": "dev"}
STACK = "portyfoul-infra"
WEB, WORKER = "portyfoul-dev-web-service", "portyfoul-dev-worker-service"


def lay(tier: Tier) -> None:
    vpc = tier.vpc()
    public = [tier.subnet(vpc, "a", "10.0.1.0/24", "public-a"), tier.subnet(vpc, "b", "10.0.4.0/24", "public-b")]
    private = [tier.subnet(vpc, "a", "10.0.2.0/24", "private-a"), tier.subnet(vpc, "b", "10.0.3.0/24", "private-b")]
    tier.route_table(vpc, "public", public, tier.internet_gateway(vpc))
    table = tier.route_table(vpc, "private", private)
    balancer_group = tier.security_group(vpc, "alb", [80])
    web_group = tier.security_group(vpc, "web", [3000], balancer_group)
    worker_group = tier.security_group(vpc, "worker", [])
    database_group = tier.security_group(vpc, "database", [5432], web_group)

    tier.repository("portyfoul-dev")
    secrets = [tier.secret(f"portyfoul-dev-{each}") for each in ("rds-credentials", "jwt-key", "market-api-key", "mail-api-key")]
    _database(tier, private, database_group)
    cluster = tier.cluster(CLUSTER)
    for part in ("web", "worker"):
        tier.log_group(f"/ecs/portyfoul-dev-{part}")
    tier.role("portyfoul-dev-execution")
    tier.role("portyfoul-dev-task")
    web = tier.target_group(
        vpc,
        "portyfoul-dev-web-tg",
        3000,
        30,
        HealthCheckPath="/",
        HealthCheckIntervalSeconds=30,
        HealthyThresholdCount=2,
        UnhealthyThresholdCount=3,
    )
    given = [{"name": "SECRET_" + str(number), "valueFrom": arn} for number, arn in enumerate(secrets)]
    tier.task_definition("portyfoul-dev-web", "portyfoul-dev", 3000, 256, 512, "ARM64", secrets=given)
    tier.task_definition(
        "portyfoul-dev-worker",
        "portyfoul-dev",
        None,
        256,
        512,
        "ARM64",
        secrets=given,
        environment=[{"name": "PRICE_UPDATE_WORKER_ENABLED", "value": "true"}],
    )

    address, nat = _way_out(tier, public[0], table)
    balancer = _way_in(tier, public, balancer_group, web)
    _services(tier, cluster, private, (web_group, worker_group), web)
    tier.advance(120)

    marked = {
        "NatGateway": f"arn:aws:ec2:{REGION}:123456789012:natgateway/{nat}",
        "NatAddress": f"arn:aws:ec2:{REGION}:123456789012:elastic-ip/{address}",
        "LoadBalancer": balancer,
    }
    marked |= {
        logical: f"arn:aws:ecs:{REGION}:123456789012:service/{CLUSTER}/{name}"
        for logical, name in (("WebService", WEB), ("WorkerService", WORKER))
    }
    for logical, arn in marked.items():
        tags = {"aws:cloudformation:stack-name": STACK, "aws:cloudformation:logical-id": logical}
        tier.control("tags", {"region": REGION, "arn": arn, "tags": tags})
    tier.stand_ins = {
        "eipalloc-0f01000000000001a": address,
        "nat-0f01000000000001a": nat,
        "subnet-0f01000000000001a": public[0],
        "subnet-0f01000000000002b": public[1],
        "rtb-0f01000000000001a": table,
        "sg-0f01000000000001a": balancer_group,
        f"arn:aws:elasticloadbalancing:{REGION}:123456789012:loadbalancer/app/portyfoul-dev-alb/0f01000000000001": balancer,
        f"arn:aws:elasticloadbalancing:{REGION}:123456789012:targetgroup/portyfoul-dev-web-tg/0f01000000000001": web,
    }


def _way_out(tier: Tier, subnet: str, table: str) -> tuple[str, str]:
    ec2 = tier.client("ec2")
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tier.specification("elastic-ip", "nat"))["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, TagSpecifications=tier.specification("natgateway", "nat"))[
        "NatGateway"
    ]["NatGatewayId"]
    tier.advance(160)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    return address, nat


def _way_in(tier: Tier, subnets: list[str], group: str, web: str) -> str:
    elb = tier.client("elbv2")
    balancer = elb.create_load_balancer(
        Name="portyfoul-dev-alb",
        Subnets=subnets,
        SecurityGroups=[group],
        Scheme="internet-facing",
        Tags=tier.upper(Name="portyfoul-dev-alb"),
    )["LoadBalancers"][0]["LoadBalancerArn"]
    elb.create_listener(LoadBalancerArn=balancer, Port=80, Protocol="HTTP", DefaultActions=[{"Type": "forward", "TargetGroupArn": web}])
    tier.advance(160)
    return balancer


def _services(tier: Tier, cluster: str, subnets: list[str], groups: tuple[str, str], web: str) -> None:
    breaker: dict[str, Any] = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    tier.service(
        cluster,
        WEB,
        "portyfoul-dev-web",
        subnets,
        groups[0],
        (web, 3000),
        2,
        own_tags={},
        healthCheckGracePeriodSeconds=60,
        deploymentConfiguration=breaker | {"maximumPercent": 200, "minimumHealthyPercent": 100},
    )
    tier.service(
        cluster,
        WORKER,
        "portyfoul-dev-worker",
        subnets,
        groups[1],
        None,
        1,
        own_tags={},
        deploymentConfiguration=breaker | {"maximumPercent": 100, "minimumHealthyPercent": 0},
    )


def _database(tier: Tier, subnets: list[str], group: str) -> None:
    rds = tier.client("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="portyfoul-dev", DBSubnetGroupDescription="private subnets", SubnetIds=subnets, Tags=tier.upper()
    )
    rds.create_db_instance(
        DBInstanceIdentifier="portyfoul-dev",
        Engine="postgres",
        EngineVersion="17.2",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        StorageType="gp3",
        StorageEncrypted=True,
        BackupRetentionPeriod=7,
        MasterUsername="portyfoul",
        ManageMasterUserPassword=True,
        DBSubnetGroupName="portyfoul-dev",
        VpcSecurityGroupIds=[group],
        PubliclyAccessible=False,
        Tags=[*tier.upper(), {"Key": "aws:cloudformation:stack-name", "Value": STACK}],
    )
