"""All corrections, put over moto by being imported. The README has them as a table."""

from moto.elbv2.responses import ELBV2Response

from . import (  # noqa: F401
    alarms,
    attachments,
    auto_scaling_groups,
    budgets,
    certificates,
    cloudformation,
    databases,
    ec2_tags,
    ecs_cluster,
    ecs_service,
    ecs_tags,
    ecs_tasks,
    elastic_ip,
    elb_tags,
    instances,
    listener,
    load_balancer,
    load_balancer_attributes,
    nat_gateway,
    notifications,
    route53,
    routes,
    rule,
    s3,
    scaling,
    tagging,
    target_group,
    target_health,
    vpc_endpoints,
    web_acls,
)

# Moto turns its own models into AWS's shapes here; the corrections answer in AWS's shapes already.
ELBV2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER = {}
