"""platform (us-east-1): three tiers over two zones; its name exists and is parked, as after a night."""

from .tier import Tier

REGION = "us-east-1"
CLUSTER = "platform-dev-cluster"
TAGS = {"ProductDomain": "platform", "Environment": "dev", "ManagedBy": "terraform", "Component": "base", "Purpose": "development"}


def lay(tier: Tier) -> None:
    vpc = tier.vpc("10.1.0.0/16")
    tiers = {}
    for place, kind in enumerate(("public", "app", "db")):
        tiers[kind] = [
            tier.subnet(vpc, zone, f"10.1.{place * 10 + number}.0/24", f"{kind}-{zone}") for number, zone in ((1, "a"), (2, "b"))
        ]
    tier.route_table(vpc, "public", tiers["public"], tier.internet_gateway(vpc))
    tables = [tier.route_table(vpc, f"app-{zone}", [subnet]) for zone, subnet in zip("ab", tiers["app"], strict=True)]
    tier.route_table(vpc, "db", tiers["db"])
    balancer_group = tier.security_group(vpc, "alb", [80, 443])
    frontend_group = tier.security_group(vpc, "frontend", [3000], balancer_group)
    backend_group = tier.security_group(vpc, "backend", [3001], balancer_group)
    database_group = tier.security_group(vpc, "database", [5432], backend_group)

    certificate = tier.certificate("dev.platform.example.com")
    api_certificate = tier.certificate("api.dev.platform.example.com")
    zone = tier.zone("platform.example.com")
    _park(tier, zone)
    cluster = tier.cluster(CLUSTER)
    for part in ("frontend", "backend"):
        tier.repository(f"platform-{part}")
        tier.log_group(f"/ecs/platform-dev-{part}")
    tier.role("platform-dev-execution")
    tier.role("platform-dev-task")
    tier.client("s3").create_bucket(Bucket="platform-dev-access-logs")
    secret = tier.secret("platform-dev-database")
    _database(tier, tiers["db"], database_group)

    frontend = tier.target_group(
        vpc,
        "platform-dev-frontend",
        3000,
        60,
        HealthCheckPath="/",
        HealthCheckIntervalSeconds=15,
        HealthCheckTimeoutSeconds=5,
        HealthyThresholdCount=2,
    )
    backend = tier.target_group(
        vpc,
        "platform-dev-backend",
        3001,
        60,
        HealthCheckPath="/api/health",
        HealthCheckIntervalSeconds=15,
        HealthCheckTimeoutSeconds=5,
        HealthyThresholdCount=2,
        UnhealthyThresholdCount=3,
    )
    tier.task_definition("platform-dev-frontend", "platform-frontend", 3000, 256, 512)
    tier.task_definition(
        "platform-dev-backend", "platform-backend", 3001, 256, 512, secrets=[{"name": "DATABASE_URL", "valueFrom": secret}]
    )

    # Called as the real one, because a policy counts its requests.
    temporary = tier.temporary_load_balancer(tiers["public"], [frontend, backend], "platform-dev-alb")
    deployment = {
        "deploymentConfiguration": {
            "maximumPercent": 200,
            "minimumHealthyPercent": 50,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        }
    }
    tier.service(
        cluster,
        "platform-dev-frontend",
        "platform-dev-frontend",
        tiers["app"],
        frontend_group,
        (frontend, 3000),
        healthCheckGracePeriodSeconds=120,
        propagateTags="SERVICE",
        **deployment,
    )
    tier.service(
        cluster,
        "platform-dev-backend",
        "platform-dev-backend",
        tiers["app"],
        backend_group,
        (backend, 3001),
        healthCheckGracePeriodSeconds=120,
        propagateTags="TASK_DEFINITION",
        enableExecuteCommand=True,
        availabilityZoneRebalancing="DISABLED",
        **deployment,
    )
    for part, group in (("frontend", frontend), ("backend", backend)):
        tier.scalable_target(cluster, f"platform-dev-{part}", 2, 6)
        tier.client("ecs").update_service(cluster=cluster, service=f"platform-dev-{part}", desiredCount=0)
    tier.scale_by_requests(cluster, "platform-dev-frontend", temporary, frontend)
    tier.client("elbv2").delete_load_balancer(LoadBalancerArn=temporary)

    certificates = f"arn:aws:acm:{REGION}:123456789012:certificate/0b1a0000-0000-4000-8000-00000000000"
    groups = f"arn:aws:elasticloadbalancing:{REGION}:123456789012:targetgroup"
    tier.stand_ins = {
        "subnet-0b1a000000000001a": tiers["public"][0],
        "subnet-0b1a000000000002b": tiers["public"][1],
        "rtb-0b1a000000000001a": tables[0],
        "rtb-0b1a000000000002b": tables[1],
        "sg-0b1a000000000001a": balancer_group,
        f"{certificates}1": certificate,
        f"{certificates}2": api_certificate,
        f"{groups}/platform-dev-frontend/0b1a000000000001": frontend,
        f"{groups}/platform-dev-backend/0b1a000000000002": backend,
        "Z0B1A00000000000000A": zone,
    }


def _park(tier: Tier, zone: str) -> None:
    """What Curfew leaves behind in the evening: an address where nobody is, for 60 s at a time."""
    record = {"Name": "dev.platform.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    tier.client("route53").change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    )


def _database(tier: Tier, subnets: list[str], group: str) -> None:
    rds = tier.client("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="platform-dev", DBSubnetGroupDescription="database subnets", SubnetIds=subnets, Tags=tier.upper()
    )
    rds.create_db_instance(
        DBInstanceIdentifier="platform-dev",
        Engine="postgres",
        EngineVersion="16.4",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="platform",
        ManageMasterUserPassword=True,
        MultiAZ=False,
        DBSubnetGroupName="platform-dev",
        VpcSecurityGroupIds=[group],
        PubliclyAccessible=False,
        Tags=tier.upper(),
    )
