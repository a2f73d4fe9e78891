//! Which of several resources with the environment's tags is meant: remembered by id, then by place; the tag alone proves
//! nothing.
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use curfew_core::model::*;
use curfew_core::placing::{
    FoundLoadBalancer, FoundNatGateway, NatGatewayState, Placeless, place_addresses, place_nat_gateways,
    placeless_load_balancer, unseen_addresses, whose_load_balancer,
};
use curfew_core::ports::Scope;
use curfew_core::safety::{notes, reasons};

use crate::support::{example, id};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// One kept address `egress` with its NAT gateway in `subnet-1`.
fn tier() -> RuntimeTier {
    let gateway = NatGateway {
        subnet: id("subnet-1"),
        address: id("egress"),
        tags: Tags::new(),
        adopted: None,
        alarms: Alarms::default(),
    };
    RuntimeTier {
        addresses: [(id("egress"), Address::default())].into(),
        nat_gateways: [(id("egress"), gateway)].into(),
        ..RuntimeTier::default()
    }
}

fn named() -> Tags {
    tags_for(&id("dev"), "egress", &Tags::new())
}

fn address(allocation: &str, associated: bool, tags: &Tags) -> (AllocationId, ObservedAddress) {
    let observed = ObservedAddress {
        ownership: Ownership::prove(&id("dev"), id(allocation), tags, None),
        public_ip: format!("ip of {allocation}"),
        associated,
        holder: None,
        tags: tags.clone(),
        unsupported: Vec::new(),
    };
    (id(allocation), observed)
}

fn gateway(nat: &str, subnet: &str, allocation: &str, tags: &Tags) -> FoundNatGateway {
    let observed = ObservedNatGateway {
        ownership: Ownership::prove(&id("dev"), id(nat), tags, None),
        subnet: Some(id(subnet)),
        allocation: Some(id(allocation)),
        tags: tags.clone(),
        unsupported: Vec::new(),
    };
    FoundNatGateway { id: id(nat), state: NatGatewayState::Available, observed }
}

/// What a look shows.
fn look(
    identities: &Identities,
    addresses: &[(AllocationId, ObservedAddress)],
    gateways: &[FoundNatGateway],
) -> Observation {
    look_with(&tier(), identities, addresses, gateways)
}

fn look_with(
    tier: &RuntimeTier,
    identities: &Identities,
    addresses: &[(AllocationId, ObservedAddress)],
    gateways: &[FoundNatGateway],
) -> Observation {
    let (environment, cluster) = (id("dev"), id("c"));
    let scope = Scope { environment: &environment, cluster: &cluster, tier, identities };
    let mut seen = place_addresses(scope, &addresses.iter().cloned().collect::<BTreeMap<_, _>>());
    seen.update(place_nat_gateways(scope, gateways));
    seen
}

/// `address eipalloc-1 ready, NAT gateway nat-1 ready; orphans: …; foreign: …`, in few words.
fn told(seen: &Observation) -> String {
    let address = &seen.addresses[&id("egress")];
    let gateway = &seen.nat_gateways[&id("egress")];
    let of_address = address.present().map(|one| one.ownership.id().to_string());
    let of_gateway = gateway.present().map(|one| one.ownership.id().to_string());
    let mut orphans: Vec<String> = Vec::new();
    for orphan in seen.orphans.values().flatten() {
        orphans.push(match orphan {
            Orphan::Address(one) => one.allocation().to_string(),
            Orphan::NatGateway { nat_gateway, .. } => nat_gateway.to_string(),
            Orphan::LoadBalancer { arn, .. } => arn.to_string(),
            Orphan::VpcEndpoint { vpc_endpoint, .. } => vpc_endpoint.to_string(),
        });
    }
    let foreign: Vec<String> =
        seen.foreign.values().flatten().map(|one| format!("{} {:?}", one.what.id(), one.position)).collect();
    format!(
        "{} {}; orphans {orphans:?}; foreign {foreign:?}",
        of_address.unwrap_or_else(|| "-".to_owned()),
        of_gateway.unwrap_or_else(|| "-".to_owned())
    )
}

/// What a run by day remembers that sees the address `eipalloc-1` held by `nat-1`.
fn known() -> Identities {
    let mut identities = Identities::default();
    let seen = look(
        &identities,
        &[address("eipalloc-1", true, &named())],
        &[gateway("nat-1", "subnet-1", "eipalloc-1", &named())],
    );
    identities.learn(&seen, &tier(), "run-1", NOW);
    identities
}

/// Does what an action would do to the state, and gives the tags of what it makes.
fn begun(identities: &mut Identities, token: &str) -> Tags {
    let action = Action::AllocateAddress { name: id("egress"), tags: named() };
    let Action::AllocateAddress { tags, .. } = identities.intend(&action, token, "run-2", NOW) else {
        panic!("it is the same action")
    };
    tags
}

#[test]
fn a_first_run_by_day_remembers_the_only_one_in_its_place() {
    let identities = known();
    assert_eq!(identities.addresses.id_of(&id("egress")), Some(&id("eipalloc-1")));
    assert_eq!(identities.nat_gateways.id_of(&id("egress")), Some(&id("nat-1")));
    let provenance = &identities.addresses.known[&id("egress")].provenance;
    assert_eq!(*provenance, Provenance::Found("run-1".to_owned()));
    assert_eq!(identities.public_addresses[&id("egress")].public_ip, "ip of eipalloc-1");
    // At night, nothing shows that an address with the tag is the one.
    let mut at_night = Identities::default();
    let seen = look(&at_night, &[address("eipalloc-1", false, &named())], &[]);
    at_night.learn(&seen, &tier(), "run-1", NOW);
    assert_eq!(at_night, Identities::default());
}

#[test]
fn of_two_addresses_with_the_name_the_remembered_one_is_meant_and_the_other_is_never_touched() {
    for (known, expected) in [
        (known(), r#"eipalloc-1 -; orphans []; foreign ["eipalloc-0 Beside"]"#),
        // Where nothing is remembered, nothing says which.
        (Identities::default(), r#"- -; orphans []; foreign ["eipalloc-0 Contested", "eipalloc-1 Contested"]"#),
    ] {
        let both = [address("eipalloc-0", false, &named()), address("eipalloc-1", false, &named())];
        assert_eq!(told(&look(&known, &both, &[])), expected);
    }
    // By day, the one in use is, before anything is remembered.
    let both = [address("eipalloc-0", false, &named()), address("eipalloc-1", true, &named())];
    let expected = r#"eipalloc-1 nat-1; orphans []; foreign ["eipalloc-0 Beside"]"#;
    let gateways = [gateway("nat-1", "subnet-1", "eipalloc-1", &named())];
    assert_eq!(told(&look(&Identities::default(), &both, &gateways)), expected);
}

#[test]
fn an_address_that_lost_its_tags_is_not_replaced_and_the_morning_says_what_to_do() {
    let seen = look(&known(), &[address("eipalloc-1", false, &Tags::new())], &[]);
    let told: Vec<String> = reasons(&tier(), &seen, Target::Up).iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["address egress (eipalloc-1) is remembered as this environment's, and carries its tag no more; tag it with \
          curfew:environment and curfew:name again; nothing else is put in its place, and it is not touched before"]
    );
    // A night needs nothing of it, nor does a day on which its NAT gateway is there; both say it.
    assert_eq!(reasons(&tier(), &seen, Target::Down), []);
    let gateways = [gateway("nat-1", "subnet-1", "eipalloc-1", &named())];
    let by_day = look(&known(), &[address("eipalloc-1", true, &Tags::new())], &gateways);
    assert_eq!(reasons(&tier(), &by_day, Target::Up), []);
    assert_eq!(notes(&by_day).len(), 1, "{:?}", notes(&by_day));
    // A look by tag does not show it: it is asked for by its id, unless it is known to be gone.
    let mut identities = known();
    let unseen = |identities: &Identities| {
        let (environment, cluster, tier) = (id("dev"), id("c"), tier());
        let scope = Scope { environment: &environment, cluster: &cluster, tier: &tier, identities };
        unseen_addresses(scope, &BTreeMap::new())
    };
    assert_eq!(unseen(&identities), [id("eipalloc-1")].into());
    identities.addresses.known.values_mut().for_each(|known| known.gone = true);
    assert_eq!(unseen(&identities), [].into());
    // A spare one with copied tags does not take its place.
    let both = [address("eipalloc-0", false, &named()), address("eipalloc-1", false, &Tags::new())];
    assert_eq!(reasons(&tier(), &look(&known(), &both, &[]), Target::Up).len(), 1);
}

#[test]
fn where_the_remembered_address_is_gone_a_tag_puts_no_other_in_its_place() {
    let mut identities = known();
    let nothing = look(&identities, &[], &[]);
    identities.learn(&nothing, &tier(), "run-2", NOW);
    assert!(identities.addresses.known[&id("egress")].gone);
    let spare = [address("eipalloc-0", false, &named())];
    let seen = look(&identities, &spare, &[]);
    assert_eq!(told(&seen), r#"- -; orphans []; foreign ["eipalloc-0 InItsPlace"]"#);
    assert_eq!(reasons(&tier(), &seen, Target::Up).len(), 1);
    assert_eq!(reasons(&tier(), &seen, Target::Down), []);
    // One that is released each night is made anew each morning, whatever carries its name; nor is a free one taken for it.
    let mut releasing = tier();
    let release = Address { while_down: AddressWhileDown::Release, ..Address::default() };
    releasing.addresses.insert(id("egress"), release);
    for identities in [&identities, &NOTHING_KNOWN] {
        let seen = look_with(&releasing, identities, &spare, &[]);
        assert_eq!(told(&seen), r#"- -; orphans []; foreign ["eipalloc-0 Beside"]"#);
        assert_eq!(reasons(&releasing, &seen, Target::Up), []);
    }
}

#[test]
fn what_a_run_wrote_down_and_lost_is_known_by_its_mark() {
    let mut identities = Identities::default();
    let (first, second) = (begun(&mut identities, "a"), begun(&mut identities, "b"));
    assert_ne!(first, second, "each call has its own mark");
    let both = [address("eipalloc-1", false, &first), address("eipalloc-2", false, &second)];
    let seen = look(&identities, &both, &[]);
    assert_eq!(told(&seen), r#"eipalloc-1 -; orphans ["eipalloc-2"]; foreign []"#);
    identities.learn(&seen, &tier(), "run-3", NOW);
    // Once it is known which one was made, a copy of its tags is foreign.
    let copied = address("eipalloc-0", false, &first);
    let three = [both[0].clone(), both[1].clone(), copied];
    let expected = r#"eipalloc-1 -; orphans ["eipalloc-2"]; foreign ["eipalloc-0 Beside"]"#;
    assert_eq!(told(&look(&identities, &three, &[])), expected);
    // Before that, none of two with one mark is: it is left to people.
    let mut unseen = Identities::default();
    let tags = begun(&mut unseen, "a");
    let copies = [address("eipalloc-1", false, &tags), address("eipalloc-2", false, &tags)];
    let expected = r#"- -; orphans []; foreign ["eipalloc-1 Contested", "eipalloc-2 Contested"]"#;
    assert_eq!(told(&look(&unseen, &copies, &[])), expected);
}

#[test]
fn an_address_that_was_in_use_is_no_orphan_however_it_was_made() {
    let mut identities = Identities::default();
    let first = begun(&mut identities, "a");
    let gateways = [gateway("nat-1", "subnet-1", "eipalloc-1", &named())];
    let seen = look(&identities, &[address("eipalloc-1", true, &first)], &gateways);
    identities.learn(&seen, &tier(), "run-3", NOW);
    assert_eq!(identities.addresses.creations[0].id, Some(id("eipalloc-1")));
    // Somebody names another one as adopted: the first may be on somebody's list, and stays.
    let mut adopting = tier();
    adopting.addresses.insert(id("egress"), Address { adopted: Some(id("eipalloc-9")), ..Address::default() });
    let both = [address("eipalloc-1", false, &first), address("eipalloc-9", false, &Tags::new())];
    let seen = look_with(&adopting, &identities, &both, &[]);
    assert_eq!(told(&seen), r#"eipalloc-9 -; orphans []; foreign ["eipalloc-1 Beside"]"#);
}

#[test]
fn what_nobody_found_in_a_week_is_left_to_people() {
    let mut identities = Identities::default();
    let tags = begun(&mut identities, "a");
    let seen = look(&identities, &[], &[]);
    identities.learn(&seen, &tier(), "run-3", NOW + TimeDelta::days(8));
    let mut remembered = known();
    remembered.addresses.creations = identities.addresses.creations;
    let both = [address("eipalloc-1", false, &named()), address("eipalloc-2", false, &tags)];
    assert_eq!(told(&look(&remembered, &both, &[])), r#"eipalloc-1 -; orphans []; foreign ["eipalloc-2 Beside"]"#);
}

#[test]
fn a_nat_gateway_is_told_by_its_id_then_by_subnet_and_address() {
    let ours = gateway("nat-1", "subnet-1", "eipalloc-1", &named());
    let elsewhere = gateway("nat-0", "subnet-9", "eipalloc-9", &named());
    let beside = gateway("nat-0", "subnet-1", "eipalloc-9", &named());
    let again = gateway("nat-7", "subnet-1", "eipalloc-1", &named());
    let kept = [address("eipalloc-1", true, &named())];
    let nothing = Identities::default();
    let with_address = {
        let mut identities = known();
        identities.nat_gateways = Registry::default();
        identities
    };
    for (identities, gateways, expected) in [
        (&nothing, vec![&elsewhere, &ours], r#"nat-1; orphans []; foreign ["nat-0 Beside"]"#),
        (&nothing, vec![&elsewhere], r#"-; orphans []; foreign ["nat-0 Beside"]"#),
        (&nothing, vec![&beside, &ours], r#"-; orphans []; foreign ["nat-0 Contested", "nat-1 Contested"]"#),
        (&with_address, vec![&beside, &ours], r#"nat-1; orphans []; foreign ["nat-0 Beside"]"#),
        (&with_address, vec![&beside], r#"-; orphans []; foreign ["nat-0 InItsPlace"]"#),
        (&known(), vec![&beside, &ours], r#"nat-1; orphans []; foreign ["nat-0 Beside"]"#),
        (&known(), vec![&elsewhere], r#"-; orphans []; foreign ["nat-0 Beside"]"#),
        // Made by hand, by our address.
        (&known(), vec![&again], r#"nat-7; orphans []; foreign []"#),
    ] {
        let gateways: Vec<FoundNatGateway> = gateways.into_iter().cloned().collect();
        let seen = look(identities, &kept, &gateways);
        assert_eq!(told(&seen).split_once(' ').expect("two words").1, expected);
    }
}

#[test]
fn a_foreign_resource_blocks_only_what_it_stands_in_the_way_of() {
    let elsewhere = [gateway("nat-0", "subnet-9", "eipalloc-9", &named())];
    let beside = [gateway("nat-0", "subnet-1", "eipalloc-9", &named())];
    let kept = [address("eipalloc-1", false, &named())];
    let seen = look(&known(), &kept, &elsewhere);
    assert_eq!((reasons(&tier(), &seen, Target::Up), reasons(&tier(), &seen, Target::Down)), (vec![], vec![]));
    let seen = look(&known(), &kept, &beside);
    assert_eq!(reasons(&tier(), &seen, Target::Down), []);
    let told = reasons(&tier(), &seen, Target::Up);
    assert!(matches!(&told[..], [one] if one.to_string().contains("is not the one that is remembered")), "{told:?}");
    let contested =
        look(&Identities::default(), &kept, &[beside[0].clone(), gateway("nat-1", "subnet-1", "eipalloc-1", &named())]);
    for target in [Target::Up, Target::Down] {
        assert_eq!(reasons(&tier(), &contested, target).len(), 2, "{target}");
    }
}

#[test]
fn only_a_load_balancer_that_curfew_made_is_an_orphan() {
    let blueprint = example("platform");
    let (name, meant) = blueprint.tier.load_balancers.iter().next().expect("one");
    let arn: LoadBalancerArn = id("arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/x/1");
    let mut identities = Identities::default();
    let tags = tags_for(&blueprint.environment, name.as_str(), &Tags::new());
    let create =
        Action::CreateLoadBalancer { name: name.clone(), load_balancer: Box::new(meant.clone()), tags: tags.clone() };
    let Action::CreateLoadBalancer { tags: marked, .. } = identities.intend(&create, "t", "run-1", NOW) else {
        panic!("it is the same action")
    };
    assert_eq!(identities.intend(&create, "t", "run-1", NOW), identities.intend(&create, "t", "run-1", NOW));
    let renamed = RuntimeTier::default();
    let judge = |identities: &Identities, tags: &Tags| {
        let scope =
            Scope { environment: &blueprint.environment, cluster: &blueprint.cluster, tier: &renamed, identities };
        placeless_load_balancer(scope, FoundLoadBalancer { arn: &arn, name, tags, subnets: &meant.subnets })
    };
    assert!(matches!(judge(&identities, &marked), Some(Placeless::Orphan(_))));
    assert!(matches!(judge(&identities, &tags), Some(Placeless::Foreign(_))));
    assert!(matches!(judge(&NOTHING_KNOWN, &marked), Some(Placeless::Foreign(_))));
    assert_eq!(judge(&identities, &Tags::new()), None);
    // One of that name in another VPC is another one.
    let elsewhere = [id("subnet-0ff")].into();
    let whose = |subnets| {
        let scope = Scope {
            environment: &blueprint.environment,
            cluster: &blueprint.cluster,
            tier: &blueprint.tier,
            identities: &NOTHING_KNOWN,
        };
        whose_load_balancer(scope, FoundLoadBalancer { arn: &arn, name, tags: &tags, subnets }, meant)
    };
    assert!(whose(&meant.subnets).owned().is_some());
    assert!(whose(&elsewhere).owned().is_none());
}

#[test]
fn an_address_that_is_to_be_kept_and_is_another_one_is_told_and_one_that_is_released_is_not() {
    let mut identities = known();
    let later = NOW + TimeDelta::days(1);
    let marked = begun(&mut identities, "a");
    let create = Action::CreateNatGateway {
        name: id("egress"),
        subnet: id("subnet-1"),
        allocation: id("eipalloc-2"),
        tags: named(),
        attempt: 0,
    };
    let Action::CreateNatGateway { tags, .. } = identities.intend(&create, "b", "run-2", NOW) else {
        panic!("it is the same action")
    };
    let gateways = [gateway("nat-2", "subnet-1", "eipalloc-2", &tags)];
    let gone = look(&identities, &[], &[]);
    identities.learn(&gone, &tier(), "run-2", later);
    let seen = look(&identities, &[address("eipalloc-2", true, &marked)], &gateways);
    let mut releasing = tier();
    let release = Address { while_down: AddressWhileDown::Release, ..Address::default() };
    releasing.addresses.insert(id("egress"), release);
    let mut of_release = identities.clone();
    of_release.learn(&seen, &releasing, "run-2", later);
    assert_eq!(of_release.replaced_addresses(later), []);
    identities.learn(&seen, &tier(), "run-2", later);
    let told: Vec<String> = identities.replaced_addresses(later).iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "address egress is ip of eipalloc-2 since 1970-01-02 00:00 UTC, and was ip of eipalloc-1: whoever allows traffic \
          from the old address has to be told"
        ]
    );
    assert_eq!(identities.replaced_addresses(later + TimeDelta::days(7)), []);
}

#[test]
fn only_what_is_declared_so_can_be_released() {
    let owned = address("eipalloc-1", false, &named()).1.ownership.owned().expect("it is tagged").clone();
    for (while_down, releasable) in [(AddressWhileDown::Keep, false), (AddressWhileDown::Release, true)] {
        let declared = Address { while_down, ..Address::default() };
        assert_eq!(Releasable::declared(&declared, &owned).is_some(), releasable);
    }
    // Nor does a mark prove anything of an address that is remembered as the one of a name.
    let mut identities = known();
    let tags = begun(&mut identities, "a");
    assert_eq!(OrphanAddress::prove(&identities, &owned, &id("egress"), &tags, 1), None);
}
