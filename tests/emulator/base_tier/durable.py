"""durable (us-west-2): two services behind HTTPS; nothing of its runtime tier runs, and its name does not exist yet."""

from .tier import Tier

REGION = "us-west-2"
CLUSTER = "durable-dev-cluster"
TAGS = {"ProductDomain": "durableai", "Environment": "dev", "ManagedBy": "cloudformation", "Component": "base", "Purpose": "development"}


def lay(tier: Tier) -> None:
    vpc = tier.vpc()
    public = [tier.subnet(vpc, zone, f"10.0.{number}.0/24", f"public-{zone}") for number, zone in ((1, "a"), (2, "b"))]
    private = [tier.subnet(vpc, zone, f"10.0.{number}.0/24", f"private-{zone}") for number, zone in ((11, "a"), (12, "b"))]
    tier.route_table(vpc, "public", public, tier.internet_gateway(vpc))
    tables = [tier.route_table(vpc, f"private-{zone}", [subnet]) for zone, subnet in zip("ab", private, strict=True)]
    balancer_group = tier.security_group(vpc, "alb", [80, 443])
    task_group = tier.security_group(vpc, "tasks", [8000, 3000], balancer_group)

    for part in ("backend", "frontend"):
        tier.repository(f"durable-{part}")
        tier.log_group(f"/ecs/durable-dev-{part}")
    certificate = tier.certificate("dev.durable.example.com")
    zone = tier.zone("durable.example.com")
    cluster = tier.cluster(CLUSTER)
    tier.role("durable-dev-execution")
    tier.role("durable-dev-task")
    tier.client("ssm").put_parameter(Name="/durable/dev/log-level", Value="info", Type="String")

    # A check every 10 s and a short drain: what the facts recommend for a quick morning (facts §2).
    backend = tier.target_group(vpc, "durable-dev-backend", 8000, 15, HealthCheckPath="/health", HealthCheckIntervalSeconds=10)
    frontend = tier.target_group(vpc, "durable-dev-frontend", 3000, 15, HealthCheckPath="/", HealthCheckIntervalSeconds=10)
    tier.task_definition("durable-dev-backend", "durable-backend", 8000, 512, 1024)
    tier.task_definition("durable-dev-frontend", "durable-frontend", 3000, 256, 512)

    temporary = tier.temporary_load_balancer(public, [backend, frontend])
    breaker = {
        "deploymentConfiguration": {
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        }
    }
    tier.service(
        cluster,
        "durable-dev-backend",
        "durable-dev-backend",
        private,
        task_group,
        (backend, 8000),
        healthCheckGracePeriodSeconds=60,
        enableExecuteCommand=True,
        propagateTags="SERVICE",
        **breaker,
    )
    tier.service(
        cluster,
        "durable-dev-frontend",
        "durable-dev-frontend",
        private,
        task_group,
        (frontend, 3000),
        healthCheckGracePeriodSeconds=30,
        propagateTags="SERVICE",
        enableECSManagedTags=True,
        **breaker,
    )
    tier.client("elbv2").delete_load_balancer(LoadBalancerArn=temporary)

    prefix = f"arn:aws:elasticloadbalancing:{REGION}:123456789012:targetgroup"
    tier.stand_ins = {
        "subnet-0d1a000000000001a": public[0],
        "subnet-0d1a000000000002b": public[1],
        "rtb-0d1a000000000001a": tables[0],
        "rtb-0d1a000000000002b": tables[1],
        "sg-0d1a000000000001a": balancer_group,
        f"arn:aws:acm:{REGION}:123456789012:certificate/0d1a0000-0000-4000-8000-000000000001": certificate,
        f"{prefix}/durable-dev-backend/0d1a000000000001": backend,
        f"{prefix}/durable-dev-frontend/0d1a000000000002": frontend,
        "Z0D1A00000000000000A": zone,
    }
