//! A pure model of AWS: what an action leads to at once, and what follows by itself, and when.

mod alarms;
mod compute;
mod databases;
mod vpc_endpoints;

use std::collections::BTreeSet;
use std::time::Duration;

use super::durations;
use crate::model::*;

/// Something that AWS does by itself, later.
#[derive(Debug, Clone)]
enum Event {
    NatGatewayAvailable(LogicalName),
    NatGatewayDeleted(LogicalName),
    LoadBalancerActive(LoadBalancerName),
    RecordInSync(RecordKey),
    TasksRunning(ServiceName),
    TargetsHealthy(TargetGroupArn),
    TargetsDrained(TargetGroupArn),
    TasksGone(ServiceName),
    ServiceGone(ServiceName),
    DatabaseIs(LogicalName, DatabaseStatus),
    /// Nobody waits for tasks of no service any more.
    WaitIsOver,
    VpcEndpointAvailable(LogicalName),
    VpcEndpointDeleted(LogicalName),
    InstanceIs(LogicalName, InstanceState),
    GroupSettled(LogicalName),
}

/// An environment that answers as AWS would, in its own time.
///
/// It does as it is told: whether an action is sensible is for [`crate::next::next`] to know.
#[derive(Debug, Clone)]
pub struct Model {
    environment: EnvironmentName,
    seen: Observation,
    now: Duration,
    due: Vec<(Duration, Event)>,
    created: u32,
}

impl Model {
    /// Begins with what is observed; what is already on its way takes its whole time from now.
    pub fn new(environment: &EnvironmentName, seen: Observation) -> Self {
        let mut model =
            Self { environment: environment.clone(), seen, now: Duration::ZERO, due: Vec::new(), created: 0 };
        model.schedule_what_is_under_way();
        model
    }

    /// What a look at everything shows now.
    pub fn seen(&self) -> &Observation {
        &self.seen
    }

    /// How long it has gone on.
    pub fn elapsed(&self) -> Duration {
        self.now
    }

    /// Who else uses what goes is of no matter where nothing goes, nor is what it would need to come back.
    pub fn forget_what_goes(&mut self) {
        self.seen.other_users = None;
        self.seen.lacks = None;
    }

    /// When tasks of no service end, nobody knows: they are taken to last longer than anybody waits for them.
    pub fn wait_for_standalone_tasks(&mut self, up_to: NightWait) {
        if self.seen.standalone_tasks.as_ref().and_then(Seen::present).is_some() {
            self.wait(up_to);
        }
    }

    /// Nothing happens when a wait of the night is over, but that it goes on.
    pub fn wait(&mut self, wait: NightWait) {
        let left = wait.duration().saturating_sub(self.seen.going_down_for);
        if !left.is_zero() {
            self.later(left, Event::WaitIsOver);
        }
    }

    /// Goes on to the next thing that AWS does by itself; false if there is none.
    pub fn advance(&mut self) -> bool {
        let Some(at) = self.next_due() else { return false };
        self.seen.going_down_for += at - self.now;
        self.now = at;
        let (now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.due).into_iter().partition(|(due, _)| *due <= at);
        self.due = later;
        now.into_iter().for_each(|(_, event)| self.happen(event));
        true
    }

    /// Goes on for so long, through all that AWS does by itself in that time.
    pub fn advance_by(&mut self, duration: Duration) {
        let until = self.now + duration;
        while self.next_due().is_some_and(|at| at <= until) {
            self.advance();
        }
        self.seen.going_down_for += until - self.now;
        self.now = until;
    }

    fn next_due(&self) -> Option<Duration> {
        self.due.iter().map(|(at, _)| *at).min()
    }

    fn later(&mut self, after: Duration, event: Event) {
        self.due.push((self.now + after, event));
    }

    fn schedule_what_is_under_way(&mut self) {
        let seen = self.seen.clone();
        for (name, found) in &seen.nat_gateways {
            match found {
                Seen::Pending(_) => self.later(durations::NAT_GATEWAY_CREATE, Event::NatGatewayAvailable(name.clone())),
                Seen::Leaving(_) => self.later(durations::NAT_GATEWAY_DELETE, Event::NatGatewayDeleted(name.clone())),
                Seen::Absent | Seen::Ready(_) | Seen::Unknown(_) => {}
            }
        }
        for (name, found) in &seen.load_balancers {
            if let Seen::Pending(_) = found {
                self.later(durations::LOAD_BALANCER_CREATE, Event::LoadBalancerActive(name.clone()));
            }
        }
        for (key, found) in &seen.records {
            if let Seen::Pending(_) = found {
                self.later(durations::RECORD_IN_SYNC, Event::RecordInSync(key.clone()));
            }
        }
        for (name, found) in &seen.services {
            if let Seen::Leaving(_) = found {
                self.later(durations::SERVICE_DELETE, Event::ServiceGone(name.clone()));
            }
            let Some(service) = found.standing() else { continue };
            if service.configuration.desired_count > service.tasks.running {
                self.later(durations::TASK_START, Event::TasksRunning(name.clone()));
            } else if service.configuration.desired_count == 0 && service.tasks.any() {
                self.later(durations::TASK_STOP, Event::TasksGone(name.clone()));
            } else {
                self.check_targets(service);
            }
        }
        self.databases_under_way();
        self.vpc_endpoints_under_way();
        self.compute_under_way();
        for (arn, found) in &seen.targets {
            if found.ready().is_some_and(|targets| targets.draining > 0) {
                self.later(durations::DRAIN, Event::TargetsDrained(arn.clone()));
            }
        }
    }

    fn check_targets(&mut self, service: &ObservedService) {
        for group in &service.target_groups {
            self.later(durations::FIRST_CHECK, Event::TargetsHealthy(group.clone()));
        }
    }

    /// What an action leads to.
    pub fn perform(&mut self, action: &Action) {
        match action {
            Action::AllocateAddress { name, tags } => {
                if let Some(id) = self.new_id("eipalloc-") {
                    let address = ObservedAddress {
                        ownership: Ownership::prove(&self.environment, id, tags, None),
                        public_ip: "to be allocated".to_owned(),
                        associated: false,
                        holder: None,
                        tags: tags.clone(),
                        unsupported: Vec::new(),
                    };
                    self.seen.addresses.insert(name.clone(), Seen::Ready(address));
                }
            }
            Action::ReleaseAddress { name, allocation } => self.release(name, allocation.id()),
            Action::CreateNatGateway { name, subnet, allocation, tags, .. } => {
                if let Some(id) = self.new_id("nat-") {
                    let nat_gateway = ObservedNatGateway {
                        ownership: Ownership::prove(&self.environment, id, tags, None),
                        subnet: Some(subnet.clone()),
                        allocation: Some(allocation.clone()),
                        tags: tags.clone(),
                        unsupported: Vec::new(),
                    };
                    self.seen.nat_gateways.insert(name.clone(), Seen::Pending(nat_gateway));
                    self.associate(allocation, true);
                    self.later(durations::NAT_GATEWAY_CREATE, Event::NatGatewayAvailable(name.clone()));
                }
            }
            Action::DeleteNatGateway { name, nat_gateway } => self.delete_nat_gateway(name, nat_gateway),
            Action::CreateRoute { route, nat_gateway } | Action::ReplaceRoute { route, nat_gateway } => {
                let target = RouteTarget::NatGateway(nat_gateway.clone());
                self.seen.routes.insert(route.clone(), Seen::Ready(ObservedRoute { target }));
            }
            Action::CreateLoadBalancer { name, load_balancer, tags } => {
                self.create_load_balancer(name, load_balancer, tags);
            }
            Action::ModifyLoadBalancerAttributes { name, attributes, .. } => {
                self.configure(name, |found| found.configuration.attributes.extend(attributes.clone()));
            }
            Action::AssociateWebAcl { name, web_acl, .. } => {
                self.configure(name, |found| found.configuration.web_acl = Some(web_acl.clone()));
            }
            Action::DeleteLoadBalancer { name, load_balancer } => self.delete_load_balancer(name, load_balancer),
            Action::CreateListener { name, port, listener, .. } => self.create_listener(name, *port, listener),
            Action::ModifyListenerAttributes { name, port, attributes, .. } => {
                self.configure_listener(name, *port, |there| there.attributes.extend(attributes.clone()));
            }
            Action::AddListenerCertificates { name, port, certificates, .. } => {
                self.configure_listener(name, *port, |there| {
                    there.additional_certificates.extend(certificates.clone())
                });
            }
            Action::CreateRule { name, port, priority, rule, .. } => {
                self.configure_listener(name, *port, |there| {
                    there.rules.insert(*priority, (**rule).clone());
                });
                self.attach(rule.actions.iter().flat_map(RuleAction::target_groups));
            }
            Action::ChangeResourceRecordSets { changes, .. } => changes.iter().for_each(|change| self.change(change)),
            Action::UpdateService { name, desired_count, .. } => self.scale(name, *desired_count),
            Action::CreateService { name, definition, desired_count, tags, .. } => {
                self.create_service(name, definition, *desired_count, tags);
            }
            Action::DeleteService { name, .. } => {
                if let Some(service) = self.service(name).cloned() {
                    self.seen.services.insert(name.clone(), Seen::Leaving(service));
                    self.later(durations::SERVICE_DELETE, Event::ServiceGone(name.clone()));
                }
            }
            Action::StartDbInstance { name, .. } | Action::StartDbCluster { name, .. } => self.start_database(name),
            Action::StopDbInstance { name, .. } | Action::StopDbCluster { name, .. } => self.stop_database(name),
            Action::StartInstances { name, .. } => self.start_instance(name),
            Action::StopInstances { name, .. } => self.stop_instance(name),
            Action::UpdateAutoScalingGroup { name, capacity, .. } => self.update_group(name, *capacity),
            Action::RegisterScalableTarget { name, suspended, .. } => self.register_scalable_target(name, suspended),
            Action::PutScalingPolicy { name, policy, configuration, .. } => {
                if let Some(service) = self.service(name) {
                    let put = LoadBalancerPolicy::RequestCount(configuration.clone());
                    service.load_balancer_policies.insert(policy.clone(), put);
                }
            }
            Action::CreateVpcEndpoint { name, vpc_endpoint, tags } => {
                self.create_vpc_endpoint(name, vpc_endpoint, tags);
            }
            Action::DeleteVpcEndpoints { name, vpc_endpoint } => self.delete_vpc_endpoint(name, vpc_endpoint),
            Action::TagCluster { .. } | Action::UntagCluster { .. } => {}
            Action::PutMetricAlarm { alarm, .. } => alarms::put(&mut self.seen, alarm),
        }
    }

    /// An id nobody has: the model's own, told from AWS's by its zeros.
    fn new_id<Id: std::str::FromStr>(&mut self, prefix: &str) -> Option<Id> {
        self.created += 1;
        format!("{prefix}{:017}", self.created).parse().ok()
    }

    fn associate(&mut self, allocation: &AllocationId, associated: bool) {
        for address in self.seen.addresses.values_mut() {
            if let Seen::Ready(address) = address
                && address.ownership.id() == allocation
            {
                address.associated = associated;
                address.holder = None;
            }
        }
    }

    fn release(&mut self, name: &LogicalName, allocation: &AllocationId) {
        let in_place = self.seen.addresses.get(name).and_then(Seen::present);
        if in_place.is_some_and(|address| address.ownership.id() == allocation) {
            self.seen.addresses.insert(name.clone(), Seen::Absent);
        }
        self.forget_orphan(|orphan| matches!(orphan, Orphan::Address(one) if one.allocation().id() == allocation));
    }

    fn forget_orphan(&mut self, is_it: impl Fn(&Orphan) -> bool) {
        self.seen.orphans.values_mut().for_each(|orphans| orphans.retain(|orphan| !is_it(orphan)));
    }

    fn delete_nat_gateway(&mut self, name: &LogicalName, id: &Owned<NatGatewayId>) {
        if let Some(found) = self.seen.nat_gateways.get(name).and_then(Seen::present).cloned()
            && found.ownership.id() == id.id()
        {
            self.seen.nat_gateways.insert(name.clone(), Seen::Leaving(found));
            self.later(durations::NAT_GATEWAY_DELETE, Event::NatGatewayDeleted(name.clone()));
            for route in self.seen.routes.values_mut() {
                if route.present().is_some_and(|r| r.target == RouteTarget::NatGateway(id.id().clone())) {
                    *route = Seen::Ready(ObservedRoute { target: RouteTarget::Blackhole(Some(id.id().clone())) });
                }
            }
        }
        self.forget_orphan(
            |orphan| matches!(orphan, Orphan::NatGateway { nat_gateway, .. } if nat_gateway.id() == id.id()),
        );
    }

    fn create_load_balancer(&mut self, name: &LoadBalancerName, wanted: &LoadBalancer, tags: &Tags) {
        self.created += 1;
        let arn = format!("arn:aws:elasticloadbalancing:region:account:loadbalancer/app/{name}/{:016}", self.created);
        let (Ok(arn), Ok(hosted_zone)) = (arn.parse(), "Z0".parse()) else { return };
        let mut configuration = wanted.clone();
        configuration.listeners.clear();
        configuration.attributes = attributes_of_new_load_balancer(wanted.scheme);
        configuration.web_acl = None;
        configuration.alarms = Alarms::default();
        let found = ObservedLoadBalancer {
            ownership: Ownership::prove(&self.environment, arn, tags, None),
            dns_name: format!("{name}-{:010}.elb.amazonaws.com", self.created).to_ascii_lowercase(),
            hosted_zone,
            configuration,
            mark: Mark::of(tags),
            listeners: Default::default(),
            unsupported: Vec::new(),
        };
        self.seen.load_balancers.insert(name.clone(), Seen::Pending(found));
        self.later(durations::LOAD_BALANCER_CREATE, Event::LoadBalancerActive(name.clone()));
    }

    fn delete_load_balancer(&mut self, name: &LoadBalancerName, arn: &Owned<LoadBalancerArn>) {
        let groups =
            self.seen.load_balancers.get(name).and_then(Seen::present).map(|found| found.configuration.target_groups());
        for group in groups.into_iter().flatten() {
            self.seen.targets.insert(group, Seen::Ready(ObservedTargets::default()));
        }
        if self.seen.load_balancers.contains_key(name) {
            self.seen.load_balancers.insert(name.clone(), Seen::Absent);
        }
        self.forget_orphan(|orphan| matches!(orphan, Orphan::LoadBalancer { arn: a, .. } if a.id() == arn.id()));
    }

    fn configure(&mut self, name: &LoadBalancerName, change: impl FnOnce(&mut ObservedLoadBalancer)) {
        if let Some(Seen::Pending(found) | Seen::Ready(found)) = self.seen.load_balancers.get_mut(name) {
            change(found);
        }
    }

    fn configure_listener(&mut self, name: &LoadBalancerName, port: u16, change: impl FnOnce(&mut Listener)) {
        self.configure(name, |found| {
            if let Some(listener) = found.configuration.listeners.get_mut(&port) {
                change(listener);
            }
        });
    }

    fn create_listener(&mut self, name: &LoadBalancerName, port: u16, wanted: &Listener) {
        let arn = format!("arn:aws:elasticloadbalancing:region:account:listener/app/{name}/{port}");
        let Ok(arn) = arn.parse() else { return };
        let mut listener = wanted.clone();
        listener.rules.clear();
        listener.additional_certificates.clear();
        listener.attributes = attributes_of_new_listener(wanted.protocol);
        self.configure(name, |found| {
            found.configuration.listeners.insert(port, listener);
            found.listeners.insert(port, arn);
        });
        self.attach(wanted.default_actions.iter().flat_map(RuleAction::target_groups));
    }

    fn attach<'b>(&mut self, groups: impl Iterator<Item = &'b TargetGroupArn>) {
        for group in groups {
            if let Some(Seen::Ready(targets)) = self.seen.targets.get_mut(group) {
                targets.attached = true;
            }
        }
    }

    fn change(&mut self, change: &RecordChange) {
        let target = match &change.to {
            RecordDestination::LoadBalancer { dns_name, hosted_zone, evaluate_target_health } => RecordTarget::Alias {
                dns_name: dns_name.clone(),
                hosted_zone: hosted_zone.clone(),
                evaluate_target_health: *evaluate_target_health,
            },
            RecordDestination::SleepingPage(page) => RecordTarget::Alias {
                dns_name: page.dns_name.clone(),
                hosted_zone: page.hosted_zone.clone(),
                evaluate_target_health: false,
            },
            RecordDestination::Parked => RecordTarget::Values(vec![change.key.kind.parked_address().to_owned()]),
        };
        let record = ObservedRecord { target, unsupported: Vec::new() };
        self.seen.records.insert(change.key.clone(), Seen::Pending(record));
        self.later(durations::RECORD_IN_SYNC, Event::RecordInSync(change.key.clone()));
    }

    fn service(&mut self, name: &ServiceName) -> Option<&mut ObservedService> {
        match self.seen.services.get_mut(name)? {
            Seen::Pending(service) | Seen::Ready(service) => Some(service),
            Seen::Absent | Seen::Leaving(_) | Seen::Unknown(_) => None,
        }
    }

    fn scale(&mut self, name: &ServiceName, desired: u32) {
        let Some(service) = self.service(name) else { return };
        service.configuration.desired_count = desired;
        let (tasks, groups) = (service.tasks, service.target_groups.clone());
        if desired > 0 {
            service.tasks.pending = desired;
            self.later(durations::TASK_START, Event::TasksRunning(name.clone()));
            return;
        }
        service.tasks =
            TaskCounts { stopping: tasks.pending + tasks.running + tasks.stopping, ..TaskCounts::default() };
        let mut drain = Duration::ZERO;
        for group in groups {
            if let Some(Seen::Ready(targets)) = self.seen.targets.get_mut(&group) {
                targets.draining += targets.healthy + targets.waiting;
                (targets.healthy, targets.waiting) = (0, 0);
                drain = durations::DRAIN;
                self.later(drain, Event::TargetsDrained(group));
            }
        }
        self.later(drain + durations::TASK_STOP, Event::TasksGone(name.clone()));
    }

    /// Every registration moves the count into the bounds (facts §3).
    fn register_scalable_target(&mut self, name: &ServiceName, suspended: &BTreeSet<Suspension>) {
        let Some(service) = self.service(name) else { return };
        let Some(scaling) = &mut service.configuration.scaling else { return };
        scaling.suspended = suspended.clone();
        let count = service.configuration.desired_count;
        let moved = scaling.bounds.map_or(count, |bounds| bounds.clamp(count));
        if moved != count {
            self.scale(name, moved);
        }
    }

    fn create_service(&mut self, name: &ServiceName, definition: &ServiceDefinition, desired: u32, tags: &Tags) {
        let Ok(arn) = format!("arn:aws:ecs:region:account:service/cluster/{name}").parse() else { return };
        let configuration = Service {
            desired_count: desired,
            while_down: ServiceWhileDown::Delete,
            singleton: false,
            after: BTreeSet::new(),
            task_definition: None,
            definition: Some(definition.clone()),
            scaling: None,
            tasks: None,
            databases: NeededDatabases::All,
            adopted: None,
        };
        let service = ObservedService {
            ownership: Ownership::prove(&self.environment, arn, tags, None),
            configuration,
            tasks: TaskCounts { pending: desired, ..TaskCounts::default() },
            task_definition: None,
            target_groups: definition.attachments.iter().map(|a| a.target_group.clone()).collect(),
            load_balancer_policies: Default::default(),
            unsupported: Vec::new(),
        };
        self.seen.services.insert(name.clone(), Seen::Ready(service));
        self.later(durations::TASK_START, Event::TasksRunning(name.clone()));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::NatGatewayAvailable(name) => settle(self.seen.nat_gateways.get_mut(&name)),
            Event::NatGatewayDeleted(name) => {
                let gone = self.seen.nat_gateways.insert(name, Seen::Absent);
                if let Some(allocation) = gone.as_ref().and_then(Seen::present).and_then(|n| n.allocation.as_ref()) {
                    self.associate(allocation, false);
                }
            }
            Event::LoadBalancerActive(name) => settle(self.seen.load_balancers.get_mut(&name)),
            Event::RecordInSync(key) => settle(self.seen.records.get_mut(&key)),
            Event::TasksRunning(name) => {
                let Some(service) = self.service(&name) else { return };
                let running = service.configuration.desired_count;
                service.tasks = TaskCounts { pending: 0, running, ..service.tasks };
                let service = service.clone();
                self.check_targets(&service);
            }
            Event::TargetsHealthy(group) => self.pass_checks(group),
            Event::TargetsDrained(group) => {
                if let Some(Seen::Ready(targets)) = self.seen.targets.get_mut(&group) {
                    targets.draining = 0;
                }
            }
            Event::TasksGone(name) => {
                if let Some(service) = self.service(&name) {
                    service.tasks.stopping = 0;
                }
            }
            Event::ServiceGone(name) => {
                self.seen.services.insert(name, Seen::Absent);
            }
            Event::DatabaseIs(name, status) => self.set_database(&name, status),
            // What has changed is how long it has gone on.
            Event::WaitIsOver => {}
            Event::VpcEndpointAvailable(name) => settle(self.seen.vpc_endpoints.get_mut(&name)),
            Event::VpcEndpointDeleted(name) => {
                self.seen.vpc_endpoints.insert(name, Seen::Absent);
            }
            Event::InstanceIs(name, state) => self.set_instance(&name, state),
            Event::GroupSettled(name) => self.group_settled(&name),
        }
    }

    /// Checks only start once the load balancer is there (facts §2).
    fn pass_checks(&mut self, group: TargetGroupArn) {
        let forwards = |name: &LoadBalancerName| {
            let found = self.seen.load_balancers.get(name).and_then(Seen::present);
            found.is_some_and(|found| found.configuration.target_groups().contains(&group))
        };
        let provisioning = self
            .due
            .iter()
            .find(|(_, event)| if let Event::LoadBalancerActive(name) = event { forwards(name) } else { false });
        let provisioning = provisioning.map(|(at, _)| *at);
        if let Some(active) = provisioning {
            self.due.push((active + durations::FIRST_CHECK, Event::TargetsHealthy(group)));
        } else if let Some(Seen::Ready(targets)) = self.seen.targets.get_mut(&group) {
            let registered = |service: &&ObservedService| service.target_groups.contains(&group);
            let services = self.seen.services.values().filter_map(Seen::standing);
            targets.healthy = services.filter(registered).map(|service| service.tasks.running).sum();
        }
    }
}

/// Pending becomes ready.
fn settle<T: Clone>(found: Option<&mut Seen<T>>) {
    if let Some(found) = found
        && let Seen::Pending(value) = found
    {
        *found = Seen::Ready(value.clone());
    }
}
