//! Tiers of all shapes, for laws.

use std::collections::{BTreeMap, BTreeSet};

use curfew_core::blueprint::Blueprint;
use curfew_core::model::*;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{example, id};

/// A blueprint around a tier.
pub fn blueprint_of(tier: RuntimeTier) -> Blueprint {
    Blueprint { tier, tags: Tags::new(), ..example("durable") }
}

fn group(number: u8) -> TargetGroupArn {
    id(&format!("arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/group-{number}/0{number}"))
}

fn text() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9 .:/=+@-]{0,11}[a-z0-9]"
}

fn tags() -> impl Strategy<Value = Tags> {
    btree_map("[A-Z][a-z]{1,6}", text(), 0..3)
}

fn address() -> impl Strategy<Value = Address> {
    (prop_oneof![Just(AddressWhileDown::Keep), Just(AddressWhileDown::Release)], tags())
        .prop_map(|(while_down, tags)| Address { while_down, tags, adopted: None })
}

fn condition() -> impl Strategy<Value = Condition> {
    let header = ("[A-Z][a-z]{1,6}-[A-Z][a-z]{1,6}", vec(text(), 1..3));
    prop_oneof![
        vec("[a-z0-9*-]{1,8}\\.example\\.com", 1..3)
            .prop_map(|values| Condition::HostHeader { values, regex_values: Vec::new() }),
        vec(text(), 1..3).prop_map(|regex_values| Condition::PathPattern { values: Vec::new(), regex_values }),
        header.prop_map(|(name, values)| Condition::HttpHeader { name, values, regex_values: Vec::new() }),
        vec((option::of(text()), text()), 1..3).prop_map(|pairs| Condition::QueryString {
            values: pairs.into_iter().map(|(key, value)| QueryPair { key, value }).collect()
        }),
        vec("[A-Z]{3,7}", 1..3).prop_map(|values| Condition::HttpRequestMethod { values }),
        vec("10\\.[1-9]\\.0\\.0/16", 1..3).prop_map(|values| Condition::SourceIp { values }),
    ]
}

/// What ends the actions of a rule.
fn last_action() -> impl Strategy<Value = RuleAction> {
    let shares = vec((0..3_u8, option::of(0..999_u16)), 1..3);
    let stickiness = option::of((any::<bool>(), option::of(1..604_800_u32)));
    prop_oneof![
        (shares, stickiness).prop_map(|(shares, stickiness)| RuleAction::Forward {
            target_groups: shares
                .into_iter()
                .map(|(number, weight)| WeightedTargetGroup { arn: group(number), weight })
                .collect(),
            stickiness: stickiness
                .map(|(enabled, seconds)| Stickiness { enabled, duration_seconds: seconds.or(enabled.then_some(60)) }),
        }),
        (option::of(text()), option::of("/[a-z]{0,8}")).prop_map(|(host, path)| RuleAction::Redirect {
            protocol: Some("HTTPS".to_owned()),
            port: Some("443".to_owned()),
            host,
            path,
            query: None,
            status_code: "HTTP_301".to_owned(),
        }),
        option::of(text()).prop_map(|message_body| RuleAction::FixedResponse {
            status_code: "404".to_owned(),
            content_type: None,
            message_body,
        }),
    ]
}

/// What may come before it, on HTTPS alone.
fn first_action() -> impl Strategy<Value = RuleAction> {
    prop_oneof![
        (text(), btree_map(text(), text(), 0..2)).prop_map(|(domain, extra_parameters)| {
            RuleAction::AuthenticateCognito {
                user_pool_arn: "arn:aws:cognito-idp:us-west-2:123456789012:userpool/pool".to_owned(),
                user_pool_client_id: "client".to_owned(),
                user_pool_domain: domain,
                session_cookie_name: None,
                scope: Some("openid".to_owned()),
                session_timeout: Some(60),
                on_unauthenticated_request: None,
                extra_parameters,
            }
        }),
        text().prop_map(|issuer| RuleAction::JwtValidation {
            jwks_endpoint: "https://example.com/keys".to_owned(),
            issuer,
            additional_claims: vec![JwtClaim {
                format: "single-string".to_owned(),
                name: "scope".to_owned(),
                values: vec!["read".to_owned()],
            }],
        }),
    ]
}

fn actions() -> impl Strategy<Value = Vec<RuleAction>> {
    (option::of(first_action()), last_action()).prop_map(|(first, last)| first.into_iter().chain([last]).collect())
}

/// Only the last action, as on HTTP.
fn without_first(actions: &mut Vec<RuleAction>) {
    actions.drain(..actions.len() - 1);
}

fn rule() -> impl Strategy<Value = Rule> {
    let rewrite = (text(), text()).prop_map(|(regex, replace)| Rewrite { regex, replace });
    let transform = vec(rewrite, 1..2).prop_map(|rewrites| Transform::UrlRewrite { rewrites });
    (vec(condition(), 1..3), actions(), vec(transform, 0..2), tags())
        .prop_map(|(conditions, actions, transforms, tags)| Rule { conditions, actions, transforms, tags })
}

fn certificate() -> impl Strategy<Value = CertificateArn> {
    (0..9_u8).prop_map(|n| id(&format!("arn:aws:acm:us-west-2:123456789012:certificate/{n}")))
}

/// Some attributes of these names.
fn attributes(names: &'static [&'static str]) -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(select(names).prop_map(str::to_owned), text(), 0..3)
}

/// A listener of any kind.
pub fn listener() -> impl Strategy<Value = Listener> {
    let tls = option::of((certificate(), btree_set(certificate(), 0..3)));
    let attributes = attributes(&[
        "routing.http.response.access_control_allow_origin.header_value",
        "routing.http.response.content_security_policy.header_value",
        "routing.http.response.x_frame_options.header_value",
    ]);
    let rules = btree_map(1..=50_000_u16, rule(), 0..3);
    (tls, attributes, actions(), tags(), rules).prop_map(|(tls, attributes, mut default_actions, tags, mut rules)| {
        if tls.is_none() {
            without_first(&mut default_actions);
            rules.values_mut().for_each(|rule| without_first(&mut rule.actions));
        }
        let (certificate, additional_certificates) = tls.unzip();
        Listener {
            protocol: if certificate.is_some() { Protocol::Https } else { Protocol::Http },
            ssl_policy: certificate.is_some().then(|| "ELBSecurityPolicy-TLS13-1-2-2021-06".to_owned()),
            certificate,
            additional_certificates: additional_certificates.unwrap_or_default(),
            mutual_authentication: None,
            attributes,
            default_actions,
            tags,
            rules,
        }
    })
}

/// A web ACL of WAF.
pub fn web_acl() -> WebAclArn {
    id("arn:aws:wafv2:us-west-2:123456789012:regional/webacl/guard/0e1f0000-0000-4000-8000-000000000001")
}

/// The same with a web ACL on each load balancer.
pub fn guarded(mut blueprint: Blueprint) -> Blueprint {
    blueprint.tier.load_balancers.values_mut().for_each(|one| one.web_acl = Some(web_acl()));
    blueprint
}

/// A load balancer of any kind.
pub fn load_balancer() -> impl Strategy<Value = LoadBalancer> {
    let scheme = prop_oneof![Just(Scheme::Internal), Just(Scheme::InternetFacing)];
    let attributes = attributes(&["access_logs.s3.bucket", "access_logs.s3.prefix", "connection_logs.s3.bucket"]);
    (scheme, any::<bool>(), attributes, tags(), btree_map(1..=65_535_u16, listener(), 0..3)).prop_map(
        |(scheme, dual, attributes, tags, listeners)| LoadBalancer {
            scheme,
            ip_address_type: if dual { IpAddressType::Dualstack } else { IpAddressType::Ipv4 },
            subnets: [id("subnet-1"), id("subnet-2")].into(),
            security_groups: [id("sg-1")].into(),
            attributes,
            tags,
            web_acl: dual.then(web_acl),
            deletion_protection: DeletionProtection::Blocks,
            listeners,
            adopted: None,
            alarms: if dual { Alarms::Repoint } else { Alarms::Leave },
        },
    )
}

fn record() -> impl Strategy<Value = (bool, AliasForm, RecordWhileDown, Option<SleepingPage>)> {
    let form = prop_oneof![Just(AliasForm::Plain), Just(AliasForm::Dualstack)];
    let page = option::of(Just(SleepingPage { dns_name: "sleep.example.com".to_owned(), hosted_zone: id("ZSLEEP") }));
    prop_oneof![
        (any::<bool>(), form.clone(), page).prop_map(|(health, form, page)| (
            health,
            form,
            RecordWhileDown::Park,
            page
        )),
        (any::<bool>(), form).prop_map(|(health, form)| (health, form, RecordWhileDown::Leave, None)),
    ]
}

fn scaling() -> impl Strategy<Value = Scaling> {
    vec(any::<bool>(), 3).prop_map(|suspended| {
        let all = Suspension::all().into_iter().zip(suspended);
        Scaling { suspended: all.filter_map(|(one, is)| is.then_some(one)).collect(), ..Scaling::default() }
    })
}

fn service() -> impl Strategy<Value = Service> {
    (0..5_u32, any::<bool>(), any::<bool>(), btree_set(0..3_u8, 0..2), tags(), option::of(scaling())).prop_map(
        |(count, deleted, singleton, groups, tags, scaling)| Service {
            desired_count: if singleton { count.min(1) } else { count },
            while_down: if deleted { ServiceWhileDown::Delete } else { ServiceWhileDown::ScaleToZero },
            singleton,
            task_definition: deleted.then(|| id("family")),
            definition: deleted.then(|| definition(groups.into_iter().map(group).collect(), tags)),
            after: BTreeSet::new(),
            // The scalable target of a service that is deleted would go with it.
            scaling: scaling.filter(|_| !deleted),
            tasks: None,
            databases: NeededDatabases::All,
            adopted: None,
        },
    )
}

/// Services, some of which come after others.
fn services() -> impl Strategy<Value = BTreeMap<ServiceName, Service>> {
    (btree_map("[a-z]{3,8}", service(), 0..4), vec(any::<bool>(), 3)).prop_map(|(services, follows)| {
        let mut services: BTreeMap<ServiceName, Service> =
            services.into_iter().map(|(name, value)| (id(&name), value)).collect();
        let names: Vec<ServiceName> = services.keys().cloned().collect();
        for ((service, first), follows) in services.values_mut().skip(1).zip(names).zip(follows) {
            service.after.extend(follows.then_some(first));
        }
        services
    })
}

pub fn definition(groups: Vec<TargetGroupArn>, tags: Tags) -> ServiceDefinition {
    let attachment = |target_group| ServiceAttachment { target_group, container: "web".to_owned(), port: 8080 };
    ServiceDefinition {
        subnets: [id("subnet-3")].into(),
        security_groups: [id("sg-2")].into(),
        assign_public_ip: false,
        attachments: groups.into_iter().map(attachment).collect(),
        capacity: Vec::new(),
        platform_version: None,
        maximum_percent: 200,
        minimum_healthy_percent: 100,
        circuit_breaker: CircuitBreaker::Rollback,
        deployment_alarms: None,
        health_check_grace_period: Some(30),
        execute_command: true,
        managed_tags: false,
        propagate_tags: None,
        availability_zone_rebalancing: None,
        registries: Vec::new(),
        role: None,
        tags,
    }
}

fn database() -> impl Strategy<Value = Database> {
    let kind = prop_oneof![Just(DatabaseKind::Instance), Just(DatabaseKind::Cluster)];
    let while_up = prop_oneof![3 => Just(DatabaseWhileUp::Running), 1 => Just(DatabaseWhileUp::Stopped)];
    let size = option::of(any::<bool>().prop_map(|multi_az| DatabaseSize {
        class: id("db.t4g.micro"),
        engine: "postgres".to_owned(),
        multi_az,
    }));
    (kind, "[a-z][a-z0-9]{0,8}", while_up, size).prop_map(|(kind, identifier, while_up, size)| Database {
        kind,
        identifier: id(&identifier),
        while_up,
        size,
    })
}

/// Databases, and for each service by its number the ones that it needs.
fn databases() -> impl Strategy<Value = (Vec<Database>, Vec<Option<Vec<usize>>>)> {
    (vec(database(), 0..3), vec(option::of(vec(0..3_usize, 0..2)), 4))
}

fn add_databases(tier: &mut RuntimeTier, databases: Vec<Database>, needs: Vec<Option<Vec<usize>>>) {
    for (index, database) in databases.into_iter().enumerate() {
        if !tier.databases.values().any(|one| one.id() == database.id()) {
            tier.databases.insert(id(&format!("database-{index}")), database);
        }
    }
    let names: Vec<LogicalName> = tier.databases.keys().cloned().collect();
    for (service, needed) in tier.services.values_mut().zip(needs) {
        service.databases = match needed {
            None => NeededDatabases::All,
            Some(some) => {
                NeededDatabases::These(some.into_iter().filter_map(|number| names.get(number).cloned()).collect())
            }
        };
    }
}

fn vpc_endpoint() -> impl Strategy<Value = VpcEndpoint> {
    let private_dns =
        prop_oneof![Just(PrivateDns::Enabled), Just(PrivateDns::InboundResolversOnly), Just(PrivateDns::Disabled)];
    let types = prop_oneof![
        Just((EndpointAddressType::Ipv4, None)),
        Just((EndpointAddressType::Dualstack, Some(DnsRecordType::Dualstack))),
        Just((EndpointAddressType::Ipv6, Some(DnsRecordType::ServiceDefined))),
    ];
    let policy = option::of("[a-z]{1,8}".prop_map(|action| {
        let document = format!(r#"{{"Statement": [{{"Effect": "Allow", "Action": "s3:{action}"}}]}}"#);
        EndpointPolicy::read(&document).expect("an object").expect("not the default")
    }));
    let places = (btree_set(0..4_usize, 1..3), btree_set(0..4_usize, 1..3));
    (places, private_dns, types, policy, tags()).prop_map(
        |((subnets, groups), private_dns, (ip_address_type, dns_record_type), policy, tags)| VpcEndpoint {
            service: id("com.amazonaws.us-west-2.secretsmanager"),
            vpc: id("vpc-0da0000000000001a"),
            subnets: subnets.into_iter().map(|one| id(&format!("subnet-{one}"))).collect(),
            security_groups: groups.into_iter().map(|one| id(&format!("sg-{one}"))).collect(),
            private_dns,
            ip_address_type,
            dns_record_type,
            policy,
            tags,
            adopted: None,
        },
    )
}

/// Endpoints of a service each, so that none contends with another.
fn add_vpc_endpoints(tier: &mut RuntimeTier, endpoints: Vec<VpcEndpoint>) {
    for (index, endpoint) in endpoints.into_iter().enumerate() {
        let service = id(&format!("com.amazonaws.us-west-2.service-{index}"));
        tier.vpc_endpoints.insert(id(&format!("endpoint-{index}")), VpcEndpoint { service, ..endpoint });
    }
}

fn instances() -> impl Strategy<Value = BTreeMap<LogicalName, Instance>> {
    let while_up = prop_oneof![3 => Just(InstanceWhileUp::Running), 1 => Just(InstanceWhileUp::Stopped)];
    vec(while_up, 0..3).prop_map(|all| {
        let instance = |(index, while_up)| {
            (id(&format!("instance-{index}")), Instance { id: id(&format!("i-0{index}")), while_up })
        };
        all.into_iter().enumerate().map(instance).collect()
    })
}

fn auto_scaling_groups() -> impl Strategy<Value = BTreeMap<LogicalName, AutoScalingGroup>> {
    let capacity = (0..3_u32, 0..3_u32, 0..3_u32);
    vec(capacity, 0..3).prop_map(|all| {
        let group = |(index, (min, more, most))| {
            let capacity = GroupCapacity { min, desired: min + more, max: min + more + most };
            (id(&format!("group-{index}")), AutoScalingGroup { name: id(&format!("group {index}")), capacity })
        };
        all.into_iter().enumerate().map(group).collect()
    })
}

/// An endpoint that a blueprint names, and Curfew makes.
pub fn secrets_endpoint() -> VpcEndpoint {
    VpcEndpoint {
        service: id("com.amazonaws.us-west-2.secretsmanager"),
        vpc: id("vpc-0b1"),
        subnets: [id("subnet-0b1")].into(),
        security_groups: [id("sg-0b1")].into(),
        private_dns: PrivateDns::Enabled,
        ip_address_type: EndpointAddressType::Ipv4,
        dns_record_type: Some(DnsRecordType::Ipv4),
        policy: None,
        tags: Tags::new(),
        adopted: None,
    }
}

/// A runtime tier of any shape that a blueprint could declare.
pub fn tier() -> impl Strategy<Value = RuntimeTier> {
    let pairs = vec((address(), tags(), 0..3_usize), 0..3);
    let load_balancers = btree_map("[a-z]{3,8}", load_balancer(), 0..3);
    let compute = (instances(), auto_scaling_groups());
    let parts = (pairs, load_balancers, vec(record(), 2), services(), databases(), vec(vpc_endpoint(), 0..3), compute);
    parts.prop_map(|(pairs, load_balancers, records, services, (databases, needs), endpoints, compute)| {
        let load_balancers: BTreeMap<LoadBalancerName, LoadBalancer> =
            load_balancers.into_iter().map(|(name, value)| (id(&name), value)).collect();
        let mut tier = RuntimeTier { services, ..RuntimeTier::default() };
        for (index, (address, tags, tables)) in pairs.into_iter().enumerate() {
            let name: LogicalName = id(&format!("nat-{index}"));
            let subnet: SubnetId = id(&format!("subnet-{index}"));
            let alarms = if subnet.as_str().ends_with('0') { Alarms::Repoint } else { Alarms::Leave };
            let gateway = NatGateway { subnet, address: name.clone(), tags, adopted: None, alarms };
            tier.nat_gateways.insert(name.clone(), gateway);
            tier.addresses.insert(name.clone(), address);
            for table in 0..tables {
                let route_table = id(&format!("rtb-{index}{table}"));
                tier.routes.insert(RouteKey { route_table, destination: "0.0.0.0/0".to_owned() }, name.clone());
            }
        }
        for (name, record) in load_balancers.keys().zip(records) {
            let (evaluate_target_health, alias_form, while_down, sleeping_page) = record;
            let key = RecordKey { zone: id("ZONE"), name: format!("{name}.example.com"), kind: RecordKind::A };
            let load_balancer = name.clone();
            let record = DnsRecord { load_balancer, evaluate_target_health, alias_form, while_down, sleeping_page };
            tier.dns_records.insert(key, record);
        }
        tier.load_balancers = load_balancers;
        add_databases(&mut tier, databases, needs);
        add_vpc_endpoints(&mut tier, endpoints);
        (tier.instances, tier.auto_scaling_groups) = compute;
        tier
    })
}

/// The blueprint with all that can be deleted at night deleted at night: its addresses, and one of its services.
pub fn with_everything_deleted(mut blueprint: Blueprint) -> Blueprint {
    let tier = &mut blueprint.tier;
    tier.addresses.values_mut().for_each(|address| address.while_down = AddressWhileDown::Release);
    let groups = tier.target_groups();
    if let Some((name, service)) = tier.services.iter_mut().next() {
        let called_like_it = |group: &&TargetGroupArn| group.name() == name.as_str();
        let definition = definition(groups.iter().filter(called_like_it).cloned().collect(), Tags::new());
        service.while_down = ServiceWhileDown::Delete;
        service.task_definition = Some(id("family"));
        service.definition = Some(definition);
        // Its scalable target would go with it: that is refused.
        service.scaling = None;
    }
    blueprint
}
