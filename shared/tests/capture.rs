//! What a capture chooses out of an account, and what it says of the rest.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};

use curfew_core::capture::found::*;
use curfew_core::capture::{Ask, Captured, Finder, NoCapture, Origin, capture};
use curfew_core::mentions::{Mentions, Needle};
use curfew_core::model::{
    AllocationId, ClusterName, DatabaseId, DatabaseKind, ENVIRONMENT_TAG, InvalidId, Observation, Part, Retry,
    StandaloneTask, SubnetId, Tags, TaskSize, Unobserved, VpcId,
};
use curfew_core::ports::{ActionError, Cloud, FoundOverrides, Scope, Token};
use expect_test::{Expect, expect};
use futures::FutureExt;

fn id<Id: std::str::FromStr<Err = InvalidId>>(text: &str) -> Id {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// An account of two VPCs, in which nothing can be looked at closely.
#[derive(Clone, Default)]
struct Account {
    network: Network,
    nat_gateways: Vec<NatGateway>,
    load_balancers: Vec<LoadBalancer>,
    ecs: Ecs,
    databases: Vec<Database>,
    vpc_endpoints: Vec<VpcEndpoint>,
    compute: Compute,
    records: Records,
    tenants: BTreeSet<Tenant>,
    tasks: BTreeSet<StandaloneTask>,
    blind: BTreeSet<&'static str>,
}

impl Account {
    fn answer<T>(&self, kind: &'static str, value: T) -> Result<T, Unobserved> {
        let denied =
            || Unobserved { call: kind.to_owned(), message: "AccessDenied: no".to_owned(), retry: Retry::Never };
        if self.blind.contains(kind) { Err(denied()) } else { Ok(value) }
    }
}

impl Finder for Account {
    async fn network(&self) -> Result<Network, Unobserved> {
        self.answer("ec2:DescribeVpcs", self.network.clone())
    }
    async fn nat_gateways(&self) -> Result<Vec<NatGateway>, Unobserved> {
        self.answer("ec2:DescribeNatGateways", self.nat_gateways.clone())
    }
    async fn addresses(&self) -> Result<BTreeMap<AllocationId, Address>, Unobserved> {
        self.answer("ec2:DescribeAddresses", BTreeMap::new())
    }
    async fn load_balancers(&self) -> Result<Vec<LoadBalancer>, Unobserved> {
        self.answer("elasticloadbalancing:DescribeLoadBalancers", self.load_balancers.clone())
    }
    async fn tenants(&self, vpc: &VpcId) -> Result<BTreeSet<Tenant>, Unobserved> {
        assert_eq!(vpc.as_str(), "vpc-1");
        self.answer("ec2:DescribeNetworkInterfaces", self.tenants.clone())
    }
    async fn ecs(&self) -> Result<Ecs, Unobserved> {
        self.answer("ecs:ListClusters", self.ecs.clone())
    }
    async fn standalone_tasks(&self, _: &ClusterName) -> Result<BTreeSet<StandaloneTask>, Unobserved> {
        self.answer("ecs:ListTasks", self.tasks.clone())
    }
    async fn mentions(&self, needles: &[Needle], _: &BTreeSet<String>, _: &BTreeSet<String>) -> Mentions {
        assert!(needles.is_empty(), "nothing was looked at closely");
        Mentions::default()
    }
    async fn databases(&self) -> Result<Vec<Database>, Unobserved> {
        self.answer("rds:DescribeDBInstances", self.databases.clone())
    }
    async fn vpc_endpoints(&self) -> Result<Vec<VpcEndpoint>, Unobserved> {
        self.answer("ec2:DescribeVpcEndpoints", self.vpc_endpoints.clone())
    }
    async fn compute(&self) -> Result<Compute, Unobserved> {
        self.answer("ec2:DescribeInstances", self.compute.clone())
    }
    async fn records(&self, names: &BTreeSet<String>) -> Result<Records, Unobserved> {
        assert!(!names.is_empty(), "nothing is asked for nothing");
        self.answer("route53:ListHostedZones", self.records.clone())
    }
    async fn task_sizes(&self, _: &BTreeSet<String>) -> Result<BTreeMap<String, TaskSize>, Unobserved> {
        self.answer("ecs:DescribeTaskDefinition", BTreeMap::new())
    }
}

impl Cloud for Account {
    async fn observe(&self, _: Scope<'_>, _: &BTreeSet<Part>, _: &Observation) -> Observation {
        Observation::default()
    }
    async fn perform(&self, _: Scope<'_>, action: &curfew_core::model::Action, _: &Token) -> Result<(), ActionError> {
        panic!("a capture does {action}")
    }
    async fn overrides(&self, _: Scope<'_>) -> Result<FoundOverrides, Unobserved> {
        panic!("a capture asks for overrides")
    }
}

/// Two VPCs; in the first a private and a public subnet, whose private one leaves by `nat-1`.
fn account() -> Account {
    let subnet = |vpc: &str, zone: &str| Subnet { vpc: id(vpc), zone: format!("us-west-2{zone}"), tags: Tags::new() };
    let network = Network {
        vpcs: [(id("vpc-1"), tags(&[("Stack", "one")])), (id("vpc-2"), Tags::new())].into(),
        subnets: [
            (id("subnet-1"), subnet("vpc-1", "a")),
            (id("subnet-2"), subnet("vpc-1", "b")),
            (id("subnet-9"), subnet("vpc-2", "a")),
        ]
        .into(),
        route_tables: vec![
            RouteTable {
                id: id("rtb-1"),
                vpc: id("vpc-1"),
                followers: Followers::Main(BTreeSet::new()),
                nat_routes: [("0.0.0.0/0".to_owned(), id("nat-1"))].into(),
                nat_instances: BTreeSet::new(),
                tags: Tags::new(),
            },
            RouteTable {
                id: id("rtb-2"),
                vpc: id("vpc-1"),
                followers: Followers::Subnets([id("subnet-2")].into()),
                nat_routes: BTreeMap::new(),
                nat_instances: BTreeSet::new(),
                tags: Tags::new(),
            },
        ],
    };
    Account {
        network,
        nat_gateways: vec![nat("nat-1", "vpc-1", &[])],
        ecs: Ecs {
            clusters: [(id("main"), Tags::new()), (id("other"), Tags::new())].into(),
            services: vec![service("main", "web", "subnet-1", &[]), service("main", "worker", "subnet-1", &[])],
        },
        ..Account::default()
    }
}

fn nat(name: &str, vpc: &str, own: &[(&str, &str)]) -> NatGateway {
    let allocation = Some(id(&name.replace("nat", "eipalloc")));
    NatGateway { id: id(name), vpc: id(vpc), subnet: Some(id("subnet-2")), allocation, tags: tags(own) }
}

fn service(cluster: &str, name: &str, subnet: &str, own: &[(&str, &str)]) -> Service {
    let subnets: BTreeSet<SubnetId> = if subnet.is_empty() { BTreeSet::new() } else { [id(subnet)].into() };
    Service {
        cluster: id(cluster),
        name: id(name),
        arn: id(&format!("arn:aws:ecs:us-west-2:123456789012:service/{cluster}/{name}")),
        subnets,
        target_groups: [group(name)].into(),
        desired_count: 1,
        maximum_percent: 200,
        task_definition: format!("{name}:1"),
        tags: tags(own),
    }
}

fn group<Id: std::str::FromStr<Err = InvalidId>>(name: &str) -> Id {
    id(&format!("arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/{name}/1"))
}

fn load_balancer(name: &str, vpc: &str, kind: LoadBalancerKind, groups: &[&str], own: &[(&str, &str)]) -> LoadBalancer {
    LoadBalancer {
        name: id(name),
        arn: id(&format!("arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/{name}/1")),
        kind,
        vpc: id(vpc),
        dns_name: format!("{name}-1.elb.amazonaws.com"),
        target_groups: groups.iter().map(|name| group(name)).collect(),
        tags: tags(own),
    }
}

fn ask(origin: Origin) -> Ask {
    Ask {
        origin,
        cluster: None,
        environment: Some(id("dev")),
        region: id("us-west-2"),
        schedule: "Mon-Fri 08:00-20:00 UTC".parse().unwrap(),
    }
}

fn vpc() -> Origin {
    Origin::Vpc(id("vpc-1"))
}

fn tag(key: &str, value: &str) -> Origin {
    Origin::Tag { key: key.to_owned(), value: value.to_owned() }
}

fn run(account: &Account, ask: &Ask) -> Result<Captured, NoCapture> {
    let now = "2026-11-17T17:00:00Z".parse().unwrap();
    capture(account, ask, now, &|_| ()).now_or_never().expect("nothing waits")
}

fn left_out(account: &Account, origin: Origin, expected: Expect) {
    let captured = run(account, &ask(origin)).unwrap();
    let lines: Vec<String> = captured.left_out.iter().map(|one| format!("{:?}: {one}\n", one.kind)).collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn what_others_need_too_is_left_out() {
    let mut account = account();
    account.ecs.services.push(service("other", "api", "subnet-1", &[]));
    let shared = load_balancer("shared", "vpc-1", LoadBalancerKind::Application, &["web", "api"], &[]);
    account.load_balancers.push(shared);
    left_out(
        &account,
        vpc(),
        expect![[r#"
        OtherOwner: service api of cluster other is of another cluster; a blueprint has one, and this is that of main
        Shared: NAT gateway nat-1 is shared: service api of cluster other leaves by it too
        Shared: load balancer shared is shared: service api of cluster other is behind it too
    "#]],
    );
    let notes = run(&account, &ask(vpc())).unwrap().notes;
    let note = "no NAT gateway and no load balancer is in this blueprint, because those that there are were left out";
    assert!(notes.contains(&note.to_owned()), "{notes:?}");

    account.ecs.services.push(service("other", "jobs", "subnet-1", &[]));
    let left_out = run(&account, &ask(vpc())).unwrap().left_out;
    let said = "is shared: services api of cluster other, jobs of cluster other leave by it too";
    assert!(left_out.iter().any(|one| one.problem == said), "{left_out:?}");
}

#[test]
fn what_is_elsewhere_is_told_only_where_it_was_asked_for() {
    let mut account = account();
    account.nat_gateways.push(nat("nat-9", "vpc-2", &[("Stack", "one")]));
    let elsewhere = load_balancer("elsewhere", "vpc-2", LoadBalancerKind::Application, &[], &[("Stack", "one")]);
    account.load_balancers.push(elsewhere);
    account.ecs.services.push(service("main", "far", "subnet-9", &[]));
    account.ecs.services.push(service("other", "far", "subnet-9", &[]));
    account.ecs.services.push(service("main", "bridged", "", &[]));
    let far = VpcEndpoint { vpc: id("vpc-2"), ..endpoint("vpce-9", VpcEndpointKind::Interface) };
    account.vpc_endpoints.push(far);
    left_out(
        &account,
        vpc(),
        expect![[r#"
        ForeignVpc: service far of cluster main has its tasks in vpc-2, not in vpc-1
        UnknownKind: service bridged of cluster main has no network of its own (awsvpc), as Fargate's have
    "#]],
    );
    left_out(
        &account,
        tag("Stack", "one"),
        expect![[r#"
        ForeignVpc: NAT gateway nat-9 is in vpc-2, not in vpc-1
        ForeignVpc: load balancer elsewhere is in vpc-2, not in vpc-1
        ForeignVpc: service far of cluster main has its tasks in vpc-2, not in vpc-1
        OtherOwner: NAT gateway nat-1 does not carry the tag Stack=one
        OtherOwner: service web of cluster main does not carry the tag Stack=one
        OtherOwner: service worker of cluster main does not carry the tag Stack=one
        UnknownKind: service bridged of cluster main has no network of its own (awsvpc), as Fargate's have
    "#]],
    );
}

#[test]
fn what_belongs_to_others_is_left_out() {
    let mut account = account();
    account.nat_gateways.push(nat("nat-2", "vpc-1", &[(ENVIRONMENT_TAG, "test")]));
    let of_kubernetes = [("kubernetes.io/cluster/blue", "owned")];
    let application = LoadBalancerKind::Application;
    account.load_balancers.push(load_balancer("ingress", "vpc-1", application, &[], &of_kubernetes));
    let network = LoadBalancerKind::Other("network".to_owned());
    account.load_balancers.push(load_balancer("tcp", "vpc-1", network, &[], &[]));
    account.nat_gateways.push(NatGateway { allocation: None, ..nat("nat-3", "vpc-1", &[]) });
    account.nat_gateways.push(NatGateway { subnet: None, ..nat("nat-4", "vpc-1", &[]) });
    account.nat_gateways.push(nat("nat-5", "vpc-1", &[]));
    account.network.route_tables[1].nat_routes.insert("pl-1".to_owned(), id("nat-5"));
    left_out(
        &account,
        vpc(),
        expect![[r#"
        OtherOwner: NAT gateway nat-2 belongs to the environment test
        OtherOwner: load balancer ingress belongs to a Kubernetes cluster
        UnknownKind: NAT gateway nat-3 is a private one, and Curfew makes public ones
        UnknownKind: NAT gateway nat-4 is a regional one, and Curfew makes zonal ones
        UnknownKind: NAT gateway nat-5 is led to by the route pl-1 in rtb-2, and Curfew makes routes to ranges alone
        UnknownKind: load balancer tcp is a network load balancer, and Curfew brings back application load balancers alone
    "#]],
    );
}

#[test]
fn databases_are_captured_where_the_vpc_is_theirs_alone_to_tell() {
    let database = |kind, name: &str, vpc: Option<&str>, own: &[(&str, &str)]| Database {
        id: DatabaseId { kind, identifier: id(name) },
        vpc: vpc.map(id),
        tags: tags(own),
    };
    let one = ("Stack", "one");
    let (vpc_1, vpc_2) = (Some("vpc-1"), Some("vpc-2"));
    let account = Account {
        databases: vec![
            database(DatabaseKind::Instance, "orders", vpc_1, &[one]),
            database(DatabaseKind::Cluster, "users", vpc_1, &[one]),
            database(DatabaseKind::Instance, "plain", vpc_1, &[]),
            database(DatabaseKind::Instance, "of-staging", vpc_1, &[one, (ENVIRONMENT_TAG, "staging")]),
            database(DatabaseKind::Instance, "far", vpc_2, &[one]),
            database(DatabaseKind::Instance, "far-and-plain", vpc_2, &[]),
            database(DatabaseKind::Cluster, "empty", None, &[one]),
        ],
        ..account()
    };
    left_out(
        &account,
        tag("Stack", "one"),
        expect![[r#"
        ForeignVpc: database cluster empty has no instances that would say which VPC it is in
        ForeignVpc: database instance far is in vpc-2, not in vpc-1
        OtherOwner: NAT gateway nat-1 does not carry the tag Stack=one
        OtherOwner: database instance of-staging belongs to the environment staging
        OtherOwner: database instance plain does not carry the tag Stack=one
        OtherOwner: service web of cluster main does not carry the tag Stack=one
        OtherOwner: service worker of cluster main does not carry the tag Stack=one
    "#]],
    );
    left_out(
        &account,
        vpc(),
        expect![[r#"
        OtherOwner: database instance of-staging belongs to the environment staging
    "#]],
    );
}

#[test]
fn a_record_that_is_no_alias_is_told_and_so_is_a_zone_that_cannot_be_read() {
    let mut account = account();
    account.load_balancers.push(load_balancer("web", "vpc-1", LoadBalancerKind::Application, &["web"], &[]));
    let cname = Record {
        zone: id("Z1"),
        name: "old.example.com".to_owned(),
        form: RecordForm::Other("a CNAME".to_owned()),
        load_balancer: "web-1.elb.amazonaws.com".to_owned(),
    };
    let why =
        Unobserved { call: "route53:List".to_owned(), message: "AccessDenied: no".to_owned(), retry: Retry::Never };
    account.records = Records { records: vec![cname], unread: vec![("secret.example.com".to_owned(), why)] };
    left_out(
        &account,
        vpc(),
        expect![[r#"
        UnknownKind: DNS record old.example.com is a CNAME for web-1.elb.amazonaws.com, which is another name every morning; make it an alias of type A
        NotObserved: hosted zone secret.example.com could not be looked at: route53:List: AccessDenied: no
    "#]],
    );
}

#[test]
fn who_else_leaves_by_a_nat_gateway_is_told() {
    let mut account = account();
    let tenant = |what: &str, subnet: &str| Tenant { what: what.to_owned(), subnet: id(subnet) };
    account.tenants = [tenant("instance i-1", "subnet-1"), tenant("instance i-2", "subnet-2")].into();
    let notes = run(&account, &ask(vpc())).unwrap().notes;
    expect![[r#"
        instance i-1 leaves by NAT gateway nat-1 too, and has no way out while the environment is down
        there is no NAT gateway and no load balancer: if the environment is down, capture it while it is up"#]]
    .assert_eq(&notes.join("\n"));
}

/// The rest of the account is captured all the same.
#[test]
fn what_could_not_be_looked_at_is_left_out_and_told() {
    let mut account = account();
    account.load_balancers.push(load_balancer("web", "vpc-1", LoadBalancerKind::Application, &["web"], &[]));
    account.blind = ["ec2:DescribeNatGateways", "route53:ListHostedZones", "ecs:DescribeTaskDefinition"].into();
    left_out(
        &account,
        vpc(),
        expect![[r#"
        NotObserved: DNS records could not be looked at: route53:ListHostedZones: AccessDenied: no
        NotObserved: NAT gateways could not be looked at: ec2:DescribeNatGateways: AccessDenied: no
        NotObserved: the sizes of tasks could not be looked at: ecs:DescribeTaskDefinition: AccessDenied: no
    "#]],
    );
}

#[test]
fn why_there_is_nothing_to_capture() {
    let account = account();
    let mut lines = String::new();
    let mut refused = |account: &Account, ask: Ask| {
        lines.push_str(&format!("{}\n", run(account, &ask).expect_err("there is nothing")));
    };
    refused(&account, ask(Origin::Vpc(id("vpc-7"))));
    refused(&account, ask(Origin::Cluster(id("other"))));
    let mut empty = account.clone();
    empty.ecs.clusters.insert(id("jobs"), Tags::new());
    refused(&empty, ask(Origin::Cluster(id("jobs"))));
    let task = StandaloneTask { task_definition: "report:7".to_owned(), id: "0f3a".to_owned() };
    refused(&Account { tasks: [task].into(), ..empty.clone() }, ask(Origin::Cluster(id("jobs"))));
    empty.ecs.services.push(service("jobs", "host", "", &[]));
    refused(&empty, ask(Origin::Cluster(id("jobs"))));
    refused(&account, ask(Origin::Stack("none".to_owned())));
    refused(&account, ask(Origin::Vpc(id("vpc-2"))));
    refused(&account, Ask { cluster: Some(id("third")), ..ask(vpc()) });
    refused(&account, Ask { environment: None, ..ask(vpc()) });
    let mut two = account.clone();
    two.ecs.services.push(service("main", "far", "subnet-9", &[]));
    refused(&two, ask(Origin::Cluster(id("main"))));
    let blind = Account { blind: ["ec2:DescribeVpcs"].into(), ..account };
    refused(&blind, ask(vpc()));
    expect![[r#"
        the VPC vpc-7 leads to no VPC in us-west-2; check its name, the region and the account
        the cluster other has no services and runs no tasks, so nothing tells its VPC; name that with --vpc, beside --cluster other
        the cluster jobs has no services and runs no tasks, so nothing tells its VPC; name that with --vpc, beside --cluster jobs
        the cluster jobs has no services, only tasks that something runs by itself (report:7), which Curfew leaves to whatever runs them; for the rest of their VPC name that with --vpc, beside --cluster jobs
        the services of the cluster jobs (host) run on EC2 instances and name no subnets, so nothing tells their VPC; name that with --vpc, beside --cluster jobs
        the CloudFormation stack none leads to no VPC in us-west-2; check its name, the region and the account
        no ECS service of the VPC vpc-2 has tasks in vpc-2; name the cluster, which carries the override, with --cluster
        there is no cluster third in us-west-2
        nothing there says what the environment is called (no tag Environment that fits); name it with --environment
        the cluster main leads to vpc-1 and vpc-2; name one with --vpc
        the account could not be looked at: ec2:DescribeVpcs: AccessDenied: no
    "#]]
    .assert_eq(&lines);
}

#[test]
fn the_environment_is_called_as_its_tags_say() {
    let unnamed = || Ask { environment: None, ..ask(vpc()) };
    let name = |account: &Account| run(account, &unnamed()).map(|captured| captured.environment.to_string());
    let mut account = account();
    account.ecs.services[0].tags = tags(&[("Environment", "Staging")]);
    assert_eq!(name(&account).as_deref(), Ok("staging"));
    account.nat_gateways[0].tags = tags(&[(ENVIRONMENT_TAG, "test")]);
    assert_eq!(name(&account).as_deref(), Ok("test"), "Curfew's own tag is stronger");
    account.ecs.services[1].tags = tags(&[(ENVIRONMENT_TAG, "dev")]);
    assert_eq!(name(&account).as_deref(), Ok("staging"), "two of Curfew's own name none");
}

fn endpoint(name: &str, kind: VpcEndpointKind) -> VpcEndpoint {
    let service = id("com.amazonaws.us-west-2.secretsmanager");
    VpcEndpoint { id: id(name), kind, service, vpc: id("vpc-1"), tags: Tags::new() }
}

#[test]
fn endpoints_that_stay_or_would_not_come_back_are_left_out() {
    let mut account = account();
    let offered = id("com.amazonaws.vpce.us-west-2.vpce-svc-1");
    account.vpc_endpoints = vec![
        endpoint("vpce-1", VpcEndpointKind::Gateway),
        endpoint("vpce-2", VpcEndpointKind::Managed),
        endpoint("vpce-3", VpcEndpointKind::Other("Resource".to_owned())),
        VpcEndpoint { service: offered, ..endpoint("vpce-4", VpcEndpointKind::Interface) },
        VpcEndpoint { tags: tags(&[(ENVIRONMENT_TAG, "test")]), ..endpoint("vpce-5", VpcEndpointKind::Interface) },
    ];
    left_out(
        &account,
        vpc(),
        expect![[r#"
        OtherOwner: VPC endpoint vpce-2 of com.amazonaws.us-west-2.secretsmanager is managed by the service that made it
        OtherOwner: VPC endpoint vpce-5 of com.amazonaws.us-west-2.secretsmanager belongs to the environment test
        UnknownKind: VPC endpoint vpce-1 of com.amazonaws.us-west-2.secretsmanager is a gateway endpoint, which costs nothing
        UnknownKind: VPC endpoint vpce-3 of com.amazonaws.us-west-2.secretsmanager is a Resource endpoint, and Curfew makes interface ones
        UnknownKind: VPC endpoint vpce-4 of com.amazonaws.vpce.us-west-2.vpce-svc-1 leads to a service whose owner may have to accept each new endpoint by hand
    "#]],
    );
    account.vpc_endpoints = vec![endpoint("vpce-6", VpcEndpointKind::Interface)];
    account.ecs.services.push(service("other", "api", "subnet-2", &[]));
    left_out(
        &account,
        vpc(),
        expect![[r#"
        OtherOwner: service api of cluster other is of another cluster; a blueprint has one, and this is that of main
        Shared: VPC endpoint vpce-6 of com.amazonaws.us-west-2.secretsmanager is shared: service api of cluster other may use it too
    "#]],
    );
}

#[test]
fn instances_and_groups_are_told_of_and_left_to_whoever_names_them() {
    let mut account = account();
    let instance = |name: &str, vpc: &str, pairs: &[(&str, &str)]| Instance {
        id: id(name),
        vpc: Some(id(vpc)),
        tags: tags(pairs),
    };
    let workers = |name: &str, subnet: &str, pairs: &[(&str, &str)]| AutoScalingGroup {
        name: id(name),
        subnets: [id(subnet)].into(),
        tags: tags(pairs),
    };
    account.compute = Compute {
        instances: vec![
            instance("i-0a1", "vpc-1", &[("Name", "jump")]),
            instance("i-0a2", "vpc-1", &[(ENVIRONMENT_TAG, "other")]),
            instance("i-0a3", "vpc-2", &[]),
        ],
        groups: vec![
            workers("workers", "subnet-1", &[]),
            workers("nodes", "subnet-1", &[("kubernetes.io/cluster/dev", "owned")]),
            workers("elsewhere", "subnet-9", &[]),
        ],
    };
    left_out(
        &account,
        Origin::Vpc(id("vpc-1")),
        expect![[r#"
        OtherOwner: Auto Scaling group nodes belongs to a Kubernetes cluster
        OtherOwner: instance i-0a2 belongs to the environment other
        NamedOnly: Auto Scaling group workers is only emptied at night where the blueprint names it, under `autoScalingGroups`
        NamedOnly: instance i-0a1 (jump) is only stopped at night where the blueprint names it, under `instances`
    "#]],
    );
}
