"""What people may answer when they deploy the template: the sets of parameters that the tests go through."""

REGION = "us-west-2"
ACCOUNT = "123456789012"

#: The answers without which nothing is deployed.
TWO = {"Product": "durable", "ProductDomain": "durableai"}
_GROUP = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup"

DEFAULT = TWO | {"Active": "yes", "DomainName": "dev.durable.example.com", "NotificationEmail": "someone@example.com"}
HTTP_ONLY = TWO
INACTIVE = DEFAULT | {"Active": "no"}
UNWATCHED = DEFAULT | {"Watching": "nothing", "BudgetScope": "account"}

#: Every part that can be named instead of made.
NAMED = {
    "VpcId": "vpc-0a000000000000001",
    "PublicSubnets": "subnet-0a000000000000001,subnet-0a000000000000002,subnet-0a000000000000003",
    "PrivateSubnets": "subnet-0a000000000000011,subnet-0a000000000000012",
    "PrivateRouteTables": "rtb-0a000000000000001",
    "BalancerSecurityGroup": "sg-0a000000000000001",
    "TaskSecurityGroup": "sg-0a000000000000002",
    "HostedZoneId": "Z0A00000000000000001",
    "CertificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/0a000000-0000-4000-8000-000000000001",
    "FrontendRepository": "shop/frontend",
    "BackendRepository": "shop/backend",
    "ClusterName": "shop",
    "FrontendTargetGroup": f"{_GROUP}/shop-frontend/0a00000000000001",
    "BackendTargetGroup": f"{_GROUP}/shop-backend/0a00000000000002",
    "FrontendTaskFamily": "shop-frontend",
    "BackendTaskFamily": "shop-backend",
    "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/shop-execution",
    "TaskRoleArn": f"arn:aws:iam::{ACCOUNT}:role/shop-task",
}
EXISTING = DEFAULT | NAMED
_SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret"
#: An application with a database, secrets and a pipeline, beside a pipeline for the stack.
APPLICATION = DEFAULT | {
    "ApplicationRepository": "example/shop",
    "ApplicationSecrets": f"{_SECRET}:payments-AbCdEf,arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/shared/key",
    "BackendSecret": f"{_SECRET}:shop/backend-AbCdEf",
    "DatabasePort": "5432",
    "DatabaseSecret": f"{_SECRET}:rds!db-0a000000-0000-4000-8000-000000000001-AbCdEf",
    "FrontendSecret": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/shop/frontend",
    "GitHubRepository": "example/curfew",
}
ADOPT = TWO | {"BaseTier": "existing", "ClusterName": "shop"}

ALL = {
    "default": DEFAULT,
    "HTTP only": HTTP_ONLY,
    "inactive": INACTIVE,
    "unwatched": UNWATCHED,
    "everything existing": EXISTING,
    "adopt": ADOPT,
    "application": APPLICATION,
}
