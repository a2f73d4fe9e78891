//! Services and their tasks.

use curfew_core::model::*;
use curfew_core::ports::Token;
use curfew_sim::environment::Example;
use expect_test::expect;

use super::{id, listen, tags};
use crate::moments::Moment;
use crate::pair::Pair;

/// Makes an action of what was seen.
type Make<'a> = &'a dyn Fn(&Observation) -> Action;

const SERVICE: &str = "durable-dev-frontend";

fn service(seen: &Observation) -> Owned<ServiceArn> {
    let seen = seen.services[&id::<ServiceName>(SERVICE)].present().expect(SERVICE);
    seen.ownership.owned().expect(SERVICE).clone()
}

fn scale(seen: &Observation, desired_count: u32) -> Action {
    Action::UpdateService { name: id(SERVICE), service: service(seen), desired_count }
}

fn delete_service(seen: &Observation) -> Action {
    Action::DeleteService { name: id(SERVICE), service: service(seen) }
}

#[test]
fn services_are_refused_alike() {
    let mut pair = Pair::set(Example::Durable, &[]);
    let name: ServiceName = id(SERVICE);
    pair.blueprint.tier.services.get_mut(&name).expect(SERVICE).while_down = ServiceWhileDown::Delete;
    pair.share_definition(&name);
    pair.look();

    let configuration = pair.seen().emulated.services[&name].present().expect(SERVICE).configuration.clone();
    let create: Make<'_> = &|_| Action::CreateService {
        name: id(SERVICE),
        task_definition: configuration.task_definition.clone().expect("a family"),
        definition: Box::new(configuration.definition.clone().expect("a definition")),
        desired_count: 1,
        tags: tags(SERVICE),
    };

    pair.attempt("start without a way out", |seen| scale(seen, 2));
    for seconds in [10, 20, 50] {
        pair.pass(seconds);
        pair.look();
    }
    pair.pass(30);
    pair.look();
    pair.attempt("delete one that has tasks", delete_service);
    pair.attempt("stop while they start", |seen| scale(seen, 0));

    let before = pair.seen().clone();
    pair.attempt("delete it", delete_service);
    pair.attempt("delete it again", delete_service);
    pair.attempt("make one of its name while it drains", create);
    pair.attempt("scale it while it drains", |seen| scale(seen, 1));
    pair.pass(20);
    pair.look();
    pair.pass(20);
    pair.look();
    pair.attempt_on("delete it once more", &before, delete_service);
    pair.attempt_on("scale it when it is inactive", &before, |seen| scale(seen, 1));
    pair.attempt("make one whose target group nothing forwards to", create);
    pair.pass(3700);
    pair.look();
    pair.attempt_on("scale it when AWS has forgotten it", &before, |seen| scale(seen, 1));

    let (main, wanted) =
        pair.blueprint.tier.load_balancers.iter().next().map(|(n, w)| (n.clone(), w.clone())).expect("one");
    pair.attempt("make a load balancer", |_| Action::CreateLoadBalancer {
        name: main.clone(),
        load_balancer: Box::new(wanted.clone()),
        tags: tags(main.as_str()),
    });
    pair.attempt("listen on 443", |seen| listen(seen, main.as_str(), 443, &wanted.listeners[&443]));
    let made = pair.seen().map(create);
    let token = made.map(|action| Token::of("made", action));
    pair.perform("make the service", &made, &token);
    pair.perform("make it again with its token", &made, &token);
    pair.attempt("make it again with another token", create);
    pair.attempt("scale it", |seen| scale(seen, 2));

    let told = pair.finish(&[Moment::TasksPending, Moment::ServiceDraining]);
    expect![[r#"
        start without a way out: ok
        delete one that has tasks: InvalidParameterException, refused
        stop while they start: ok
        delete it: ok
        delete it again: ok
        make one of its name while it drains: InvalidParameterException, refused
        scale it while it drains: ServiceNotActiveException, look again
        delete it once more: ok
        scale it when it is inactive: ServiceNotActiveException, look again
        make one whose target group nothing forwards to: InvalidParameterException, look again
        scale it when AWS has forgotten it: ServiceNotFoundException, look again
        make a load balancer: ok
        listen on 443: ok
        make the service: ok
        make it again with its token: ok
        make it again with another token: InvalidParameterException, refused
        scale it: ok
    "#]]
    .assert_eq(&told);
}
