//! What is played, so that each function makes each call it can ever need: mornings and evenings by command and by tick,
//! adopted environments, services that are made again, addresses that are released, what a cut run left twice.

use std::time::Duration;

use curfew_stage::{Authorization, Fault, Function, Invoked, Stage, Trap};
use serde_json::{Value, json};

use crate::settings::{Settings, arn};

const FACTOR: f64 = 80.0;

/// What came of a scenario: what IAM would have been asked, by a stack with these settings.
pub struct Played {
    /// How the stack is deployed.
    pub settings: Settings,
    /// What IAM would have been asked, in order.
    pub asked: Vec<Authorization>,
}

async fn hand(stage: &Stage, change: &str, details: Value) -> Value {
    stage.hand(change, details).await.unwrap()
}

fn made<'a>(stage: &'a Stage, stand_in: &str) -> &'a str {
    &stage.laid.replacements[stand_in]
}

async fn finish(stage: Stage, settings: Settings) -> Played {
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
    Played { settings, asked: stage.authorizations().await.unwrap() }
}

/// Sets tags as whoever made the resource would.
async fn tag(stage: &Stage, arn: &str, tags: Value) {
    let details = json!({ "region": stage.laid.region, "arn": arn, "tags": tags });
    stage.emulator.tell("tags", &details).await.unwrap();
}

/// Lets the tick bring the environment up or down, by its schedule.
async fn tick(stage: &mut Stage, be: &str) {
    hand(stage, "schedule", json!({ "be": be })).await;
    converge(stage, "reconcile", json!({})).await;
}

/// Invokes a function until there is nothing left to do; a machine that is busy takes several.
async fn converge(stage: &mut Stage, function: &str, event: Value) {
    for _ in 0..20 {
        let report = stage.report(function, event.clone()).await.unwrap();
        match report["outcome"].as_str().unwrap() {
            "Converged" | "Unchanged" => return,
            "InProgress" | "Busy" => stage.pass(Duration::from_secs(30)).await.unwrap(),
            other => panic!("{other}: {report:#}"),
        }
    }
    panic!("{function} came to no end");
}

/// `durable` as a stack makes it: its route tables are tagged. Its backend is deleted at night, its address released, its
/// holidays are a parameter; somebody else's load balancer stands behind an accelerator.
async fn durable() -> (Stage, Settings) {
    let stage = Stage::set("durable", FACTOR).await.unwrap();
    stage.follow().await.unwrap();
    let vpc = hand(&stage, "vpc", json!({})).await;
    let settings = Settings::making(&stage.laid, made(&stage, "Z0D1A00000000000000A"), "dev.durable.example.com")
        .in_vpc(vpc.as_str().unwrap());
    for table in ["rtb-0d1a000000000001a", "rtb-0d1a000000000002b"] {
        let arn = arn("ec2", &stage.laid.region, &format!("route-table/{}", made(&stage, table)));
        // An override that is over is looked at all the same.
        let tags = json!({ "curfew:environment": "dev", "curfew:override": "up until 2020-01-01T00:00:00Z" });
        tag(&stage, &arn, tags).await;
    }
    hand(&stage, "calendar", json!({ "name": "holidays.ics" })).await;
    let edits = json!({
        "egress:\n    whileDown: keep": "egress:\n    whileDown: release",
        "durable-dev-backend:\n    desiredCount: 2": "durable-dev-backend:\n    desiredCount: 2\n    whileDown: delete\n    taskDefinition: durable-dev-backend",
        "    scheme: internet-facing\n": "    scheme: internet-facing\n    deletionProtection: off-while-down\n    alarms: repoint\n",
        "    attributes:\n": "    attributes:\n      deletion_protection.enabled: \"true\"\n",
    });
    hand(&stage, "edit_blueprint", json!({ "replace": edits })).await;
    let subnets = ["subnet-0d1a000000000001a", "subnet-0d1a000000000002b"].map(|subnet| made(&stage, subnet));
    hand(&stage, "add_database", json!({ "name": "tagged", "tags": { "curfew:environment": "dev" } })).await;
    hand(&stage, "add_cluster", json!({ "name": "tagged", "tags": { "curfew:environment": "dev" } })).await;
    hand(&stage, "name_endpoint", json!({ "name": "secrets", "service": "secretsmanager" })).await;
    hand(&stage, "add_instance", json!({ "name": "tagged", "tags": { "curfew:environment": "dev" } })).await;
    let group = json!({ "name": "tagged", "min": 1, "desired": 2, "max": 4, "tags": { "curfew:environment": "dev" } });
    hand(&stage, "add_group", group).await;
    hand(&stage, "add_load_balancer", json!({ "name": "others", "subnets": subnets })).await;
    hand(&stage, "attach", json!({ "kind": "accelerator", "load_balancer": "others" })).await;
    (stage, settings)
}

/// Somebody puts a web ACL on the load balancer by day, and an alarm.
async fn guard(stage: &Stage) {
    hand(stage, "attach", json!({ "kind": "web-acl", "load_balancer": "durable-dev-alb" })).await;
    let tags = json!({ "curfew:environment": "dev" });
    hand(stage, "add_alarm", json!({ "name": "errors", "load_balancer": "durable-dev-alb", "tags": tags })).await;
}

async fn leave_twice(stage: &Stage) {
    let subnet = made(stage, "subnet-0d1a000000000001a");
    hand(stage, "leave_twice", json!({ "name": "egress", "subnet": subnet })).await;
    hand(stage, "leave_endpoint_twice", json!({ "name": "secrets", "service": "secretsmanager" })).await;
}

/// By hand: two mornings and two evenings, a morning in which something is there twice, holds that are cleared.
pub async fn durable_by_command() -> Played {
    let (mut stage, settings) = durable().await;
    stage.bring("start").await.unwrap();
    leave_twice(&stage).await;
    stage.bring("start").await.unwrap();
    guard(&stage).await;
    stage.bring("stop").await.unwrap();
    clear_hold(&mut stage, "start").await;
    stage.bring("stop").await.unwrap();
    clear_hold(&mut stage, "stop").await;
    finish(stage, settings).await
}

async fn clear_hold(stage: &mut Stage, function: &str) {
    converge(stage, function, json!({ "hold": "none" })).await;
    assert_eq!(hand(stage, "cluster_tags", json!({})).await.get("curfew:hold"), None);
}

/// The same by the tick, which finds a hold that is over.
pub async fn durable_by_tick() -> Played {
    let (mut stage, settings) = durable().await;
    let over = "up until 2020-01-01T00:00:00Z";
    tag(&stage, &stage.laid.cluster, json!({ "curfew:override": over, "curfew:hold": over })).await;
    tick(&mut stage, "up").await;
    assert_eq!(hand(&stage, "cluster_tags", json!({})).await.get("curfew:hold"), None);
    leave_twice(&stage).await;
    tick(&mut stage, "up").await;
    guard(&stage).await;
    tick(&mut stage, "down").await;
    tick(&mut stage, "up").await;
    finish(stage, settings).await
}

/// An alert beyond the limit, which asks for a stop and looks at override tags on whatever may carry one.
pub async fn beyond_a_budget() -> Played {
    let (stage, settings) = durable().await;
    let service = arn("ecs", &stage.laid.region, "service/durable-dev-cluster/durable-dev-frontend");
    let group = "durable-dev-frontend/0d1a000000000002";
    let group =
        made(&stage, &arn("elasticloadbalancing", &stage.laid.region, &format!("targetgroup/{group}"))).to_owned();
    for one in [&service, &group] {
        tag(&stage, one, json!({ "curfew:environment": "dev", "curfew:override": "up until 2020-01-01T00:00:00Z" }))
            .await;
    }
    // A stop would release the address, which a budget never does.
    let keep = json!({ "egress:\n    whileDown: release": "egress:\n    whileDown: keep" });
    hand(&stage, "edit_blueprint", json!({ "replace": keep })).await;
    hand(&stage, "budget", json!({ "name": "curfew-dev", "limit": "60" })).await;
    hand(&stage, "spend", json!({ "budget": "curfew-dev", "actual": "65.1", "forecast": "92.4" })).await;
    let event: Value = serde_json::from_str(include_str!("../../events/budget-actual.json")).unwrap();
    let own = [
        ("CURFEW_BUDGET_NAME", "curfew-dev"),
        ("CURFEW_BUDGET_TOPIC_ARN", "arn:aws:sns:us-west-2:123456789012:curfew-dev-budget"),
        ("CURFEW_BUDGET_ACTION", "stop"),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut budget = Function::new("budget", stage.variables().into_iter().chain(own).collect()).unwrap();
    let invoked = budget.invoke(event, Duration::from_secs(60), &stage.proxy).await.unwrap();
    assert!(matches!(&invoked, Invoked::Report(report) if report["answer"] == "stopped"), "{invoked:#?}");
    finish(stage, settings).await
}

/// `platform` was there before Curfew: its zone and its route tables are named. Certificates and listeners' attributes;
/// a route that somebody took away.
pub async fn platform() -> Played {
    let mut stage = Stage::set("platform", FACTOR).await.unwrap();
    stage.follow().await.unwrap();
    let table = |id: &str| arn("ec2", &stage.laid.region, &format!("route-table/{}", made(&stage, id)));
    let database = arn("rds", &stage.laid.region, "db:platform-dev");
    let adopted = [table("rtb-0b1a000000000001a"), table("rtb-0b1a000000000002b"), database];
    let settings = Settings::existing(&stage.laid)
        .with("DomainName", "dev.platform.example.com")
        .with("HostedZoneId", made(&stage, "Z0B1A00000000000000A"))
        .with_arns("AdoptedArns", &adopted);
    stage.bring("start").await.unwrap();
    stage.bring("stop").await.unwrap();
    hand(&stage, "override", json!({})).await;
    hand(&stage, "remove_route", json!({ "table": made(&stage, "rtb-0b1a000000000001a") })).await;
    tick(&mut stage, "up").await;
    tick(&mut stage, "down").await;
    finish(stage, settings).await
}

/// `portyfoul` runs and carries nobody's tag: all of it is adopted by name, with a listener that somebody added.
async fn portyfoul() -> (Stage, Settings, String) {
    let stage = Stage::set("portyfoul", FACTOR).await.unwrap();
    stage.follow().await.unwrap();
    let region = stage.laid.region.clone();
    let replaced =
        |arn: &str| stage.laid.replacements.iter().fold(arn.to_owned(), |arn, (from, to)| arn.replace(from, to));
    let elb = |resource: &str| replaced(&arn("elasticloadbalancing", &region, resource));
    let balancer = elb("loadbalancer/app/portyfoul-dev-alb/0f01000000000001");
    let listeners = format!("{}/*", balancer.replace(":loadbalancer/", ":listener/"));
    let ec2 = |kind: &str, id: &str| arn("ec2", &region, &format!("{kind}/{}", made(&stage, id)));
    let service =
        |name: &str| arn("ecs", &region, &format!("service/portyfoul-dev-cluster/portyfoul-dev-{name}-service"));
    let secrets = json!({ "name": "secrets", "service": "secretsmanager", "adopted": true });
    let endpoint = hand(&stage, "name_endpoint", secrets).await.as_str().unwrap().to_owned();
    // Its id is AWS's to give.
    let jump = hand(&stage, "add_instance", json!({ "name": "jump" })).await.as_str().unwrap().to_owned();
    let adopted = [
        arn("ec2", &region, &format!("vpc-endpoint/{endpoint}")),
        ec2("elastic-ip", "eipalloc-0f01000000000001a"),
        ec2("natgateway", "nat-0f01000000000001a"),
        ec2("route-table", "rtb-0f01000000000001a"),
        balancer,
        listeners,
        service("web"),
        service("worker"),
        arn("rds", &region, "db:portyfoul-dev"),
        arn("rds", &region, "cluster:orders"),
        arn("ec2", &region, &format!("instance/{jump}")),
        arn("autoscaling", &region, "autoScalingGroup:*:autoScalingGroupName/workers"),
        arn("cloudwatch", &region, "alarm:errors"),
    ];
    let roles = ["execution", "task"].map(|role| format!("arn:aws:iam::123456789012:role/portyfoul-dev-{role}"));
    let settings =
        Settings::existing(&stage.laid).with_arns("AdoptedArns", &adopted).with_arns("PassableRoleArns", &roles);
    hand(&stage, "add_cluster", json!({ "name": "orders" })).await;
    hand(&stage, "add_group", json!({ "name": "workers", "min": 1, "desired": 2, "max": 4 })).await;
    let repoint = json!({ "    scheme: internet-facing\n": "    scheme: internet-facing\n    alarms: repoint\n" });
    hand(&stage, "edit_blueprint", json!({ "replace": repoint })).await;
    hand(&stage, "add_alarm", json!({ "name": "errors", "load_balancer": "portyfoul-dev-alb" })).await;
    let listener = json!({ "name": "portyfoul-dev-alb", "port": 443, "domain": "dev.example.com" });
    let certificate = hand(&stage, "add_listener", listener).await.as_str().unwrap().to_owned();
    (stage, settings, certificate)
}

/// Its first evening is refused halfway, and its blueprint edited before it is brought up again: so what is adopted is
/// completed. Then an evening and a morning.
pub async fn portyfoul_by_command() -> Played {
    let (mut stage, settings, certificate) = portyfoul().await;
    interrupt(&mut stage, "stop", json!({ "hold": "forever" })).await;
    edit_adopted(&stage, &certificate).await;
    stage.bring("start").await.unwrap();
    stage.bring("stop").await.unwrap();
    stage.bring("start").await.unwrap();
    finish(stage, settings).await
}

/// The same by the tick.
pub async fn portyfoul_by_tick() -> Played {
    let (mut stage, settings, certificate) = portyfoul().await;
    hand(&stage, "schedule", json!({ "be": "down" })).await;
    interrupt(&mut stage, "reconcile", json!({})).await;
    edit_adopted(&stage, &certificate).await;
    tick(&mut stage, "up").await;
    tick(&mut stage, "down").await;
    tick(&mut stage, "up").await;
    finish(stage, settings).await
}

/// An evening that ends when the load balancer is to be deleted.
async fn interrupt(stage: &mut Stage, function: &str, event: Value) {
    let call = Some("elasticloadbalancing:DeleteLoadBalancer".to_owned());
    stage.proxy.set(Trap { fault: Fault::Denied, call, skip: 0, times: usize::MAX });
    for _ in 0..20 {
        let report = stage.report(function, event.clone()).await.unwrap();
        if stage.proxy.clear().is_some() {
            assert_eq!(report["outcome"], "Failed", "{report:#}");
            return;
        }
        let call = Some("elasticloadbalancing:DeleteLoadBalancer".to_owned());
        stage.proxy.set(Trap { fault: Fault::Denied, call, skip: 0, times: usize::MAX });
        stage.pass(Duration::from_secs(30)).await.unwrap();
    }
    panic!("the evening was not interrupted");
}

/// More is wanted of what is adopted: attributes, a web ACL, a rule, a certificate, another listener, a service that is deleted at night,
/// an address that is released.
async fn edit_adopted(stage: &Stage, certificate: &str) {
    let another = hand(stage, "certificate", json!({ "domain": "other.example.com" })).await;
    let web_acl = hand(stage, "web_acl", json!({ "name": "dev" })).await;
    let listeners = WANTED
        .replace("CERTIFICATE", certificate)
        .replace("ANOTHER", another.as_str().unwrap())
        .replace("WEB_ACL", web_acl.as_str().unwrap());
    let edits = json!({
        "whileDown: keep": "whileDown: release",
        "    listeners:\n      80:\n        protocol: HTTP\n": listeners,
        "    desiredCount: 1\n": "    desiredCount: 1\n    whileDown: delete\n    taskDefinition: portyfoul-dev-worker\n",
    });
    hand(stage, "edit_blueprint", json!({ "replace": edits })).await;
}

const WANTED: &str = r#"    webAcl: WEB_ACL
    deletionProtection: off-while-down
    attributes:
      deletion_protection.enabled: "true"
      idle_timeout.timeout_seconds: "120"
    listeners:
      443:
        protocol: HTTPS
        certificate: CERTIFICATE
        additionalCertificates: [ANOTHER]
        defaultActions:
          - type: fixed-response
            statusCode: "404"
      8080:
        protocol: HTTP
        defaultActions:
          - type: fixed-response
            statusCode: "404"
      80:
        protocol: HTTP
        attributes:
          routing.http.response.server.enabled: "false"
        rules:
          10:
            conditions:
              - field: path-pattern
                values: [/api/*]
            actions:
              - type: fixed-response
                statusCode: "404"
"#;
