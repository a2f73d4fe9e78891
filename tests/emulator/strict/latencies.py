"""How long things take, in AWS seconds: the medians that facts §9 lists, so that every run is the same."""

#: facts §9: "NAT create→available | 28 | 84 | 106 | 124 | 126"
NAT_GATEWAY_CREATE = 106
#: facts §9: "NAT delete→deleted | 21 | 37 | 61 | 72 | 79"
NAT_GATEWAY_DELETE = 61
#: facts §1: "Failed NATs vanish after ~1 h", "Deleted NAT stays visible ~1 h in DescribeNatGateways"
NAT_GATEWAY_REMAINS = 3600
#: How soon a NAT gateway that cannot be made says so. The one observation (220 s) polled; a user waits less.
NAT_GATEWAY_FAILURE = 20
#: facts §1: "Even after `deleted`, ReleaseAddress may fail … – retry": for how long nobody tells; here it always does.
ADDRESS_STALE = 5

#: facts §9: "ALB create→active | 20 | 122 | 153 | 187 | 190"
LOAD_BALANCER_CREATE = 153

#: facts §9: "ECS Fargate start→ready … | 14 | 20 | 60 | 84 | 90"
TASK_START = 60
#: Within `TASK_START`: when the network interface is there and the image begins to be pulled.
TASK_PROVISIONING = 20
#: facts §0: "CannotPullContainerError ("retried 7 times", seen 84 s after start …)"
TASK_PULL_GIVES_UP = 84
#: facts §3: "SIGTERM → stopTimeout 30 s default → SIGKILL"; an upper bound, most programs leave sooner.
TASK_STOP = 30
#: How long stopped tasks and inactive services are still described.
TASK_REMAINS = 3600
SERVICE_REMAINS = 3600
#: facts §9: "ECS service delete→INACTIVE | 10 | 28 | 160 | 380 | >1200 (drain)": without tasks, the fastest that was seen.
SERVICE_DELETE = 28
#: How soon the ECS scheduler looks again at a deployment that is under way.
SERVICE_SCHEDULER = 5

#: "Starting a DB instance requires instance recovery and can take from minutes to hours"; "can take several minutes" to stop.
#: No logs were collected: these are the forecast's assumptions (shared/src/forecast/durations.rs).
DATABASE_START = 360
DATABASE_STOP = 240
#: "You can stop a DB instance for up to seven days."
DATABASE_STOPPED_AT_MOST = 7 * 24 * 3600

#: No logs were collected: these are the forecast's assumptions too.
VPC_ENDPOINT_CREATE = 120
VPC_ENDPOINT_DELETE = 120

#: No logs were collected of these either: the forecast's assumptions.
INSTANCE_START = 30
INSTANCE_STOP = 60
GROUP_SETTLE = 90

#: facts §9: "Route 53 INSYNC | 2 | 33 | 34 | – | 35"
ROUTE_53_INSYNC = 34

#: facts §7: "deleted ones linger minutes to hours". How late new tags are seen is not documented: a few seconds.
TAGGING_LAG = 5
TAGGING_LINGERS = 3600
