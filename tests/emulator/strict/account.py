"""What an account holds in one region beyond what moto keeps, by service.

Corrections keep their own things here, in the shape AWS describes them, because moto's models drop what they
do not know and Curfew's promise is that everything comes back.
"""

from typing import Any


class Region:
    """One account in one region. Each correction owns the attributes that carry its name."""

    def __init__(self, account_id: str, name: str) -> None:
        self.account_id = account_id
        self.name = name
        #: NAT gateways that were asked for with a client token: the request and the id (nat_gateway.py).
        self.nat_gateway_tokens: dict[str, tuple[dict[str, Any], str]] = {}
        #: VPC endpoints likewise (vpc_endpoints.py).
        self.vpc_endpoint_tokens: dict[str, tuple[dict[str, Any], str]] = {}
        #: Elastic Load Balancing by ARN (load_balancer.py, listener.py, rule.py, target_group.py).
        self.load_balancers: dict[str, Any] = {}
        self.listeners: dict[str, Any] = {}
        self.rules: dict[str, Any] = {}
        self.target_groups: dict[str, Any] = {}
        #: ECS by ARN (ecs_service.py, ecs_tasks.py).
        self.services: dict[str, Any] = {}
        self.tasks: dict[str, Any] = {}
        #: Scalable targets by resource id (scaling.py).
        self.scalable_targets: dict[str, Any] = {}
        #: CloudWatch's alarms by name (alarms.py).
        self.alarms: dict[str, Any] = {}
        #: What the Tagging API has seen, by ARN (tagging.py).
        self.seen_tags: dict[str, Any] = {}

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.name}:{self.account_id}:{resource}"

    @property
    def ec2(self) -> Any:
        """Moto's EC2 of this region: VPCs, subnets, route tables, addresses."""
        from moto.ec2.models import ec2_backends

        return ec2_backends[self.account_id][self.name]

    @property
    def ecs(self) -> Any:
        """Moto's ECS of this region: clusters and task definitions."""
        from moto.ecs.models import ecs_backends

        return ecs_backends[self.account_id][self.name]


class _Regions(dict[tuple[str, str], Region]):
    def __missing__(self, key: tuple[str, str]) -> Region:
        self[key] = Region(*key)
        return self[key]


#: Every region of every account that was used.
regions = _Regions()

#: Route 53 is global: record sets and changes by account (route53.py).
record_sets: dict[str, Any] = {}
changes: dict[str, Any] = {}
#: What other services attach to load balancers and services, as it was laid (attachments.py).
attachments: list[dict[str, Any]] = []
#: What is spent of a budget, by its name, as `POST /_emulator/spend` said it (budgets.py).
spends: dict[str, dict[str, str]] = {}
#: What was published, in order (notifications.py).
published: list[dict[str, Any]] = []


def region(call: Any) -> Region:
    """The region a call is for."""
    return regions[(call.account_id, call.region)]
