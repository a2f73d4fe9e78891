//! Every message that can be built fits the schemas of those who read it: a chat application drops what does not.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

use std::sync::LazyLock;
use std::time::Duration;

use crate::support::world::{EVENING, MORNING, NEXT_EVENING, Refusal, World, error};
use crate::support::{at, example};
use curfew_core::decide::Command;
use curfew_core::model::*;
use curfew_core::notify::{Chat, Event, message, subject, thread};
use curfew_core::ports::Message;
use curfew_core::report::{Outcome, Report};
use curfew_core::zones::Zone;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

fn schema(path: &str) -> Validator {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

static CHAT: LazyLock<Validator> = LazyLock::new(|| schema("tests/notify/custom-notification.schema.json"));
static MACHINE: LazyLock<Validator> = LazyLock::new(|| schema("../docs/notification.schema.json"));

fn assert_fits(message: &Message) {
    let chat = message.chat.as_ref().expect("a chat channel is told");
    let wrong = |schema: &Validator, value: &Value| -> Vec<String> {
        schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    };
    assert_eq!(wrong(&CHAT, chat), Vec::<String>::new(), "{chat:#}");
    assert_eq!(wrong(&MACHINE, &message.json), Vec::<String>::new(), "{:#}", message.json);
    assert!(message.subject.len() <= 100 && message.subject.bytes().all(|b| (32..127).contains(&b)));
    assert!(!message.text.is_empty() && message.text.ends_with('\n'));
}

/// One message of each event, as the runs of a few days send them.
fn each_event() -> Vec<Message> {
    let world = World::known(example("durable"));
    let mut messages = Vec::new();
    world.add_rule_by_hand(50);
    world.scale_by_hand("durable-dev-backend", 3);
    world.at(EVENING).stop();
    world.at(MORNING);
    world.deploy_by_hand("durable-dev-frontend", "durable-dev-frontend:2");
    world.start();
    world.by_hand(|seen| seen.load_balancers.values_mut().for_each(|found| *found = Seen::Absent));
    world.pass(Duration::from_secs(300));
    world.tick_until_unchanged();
    world.at(NEXT_EVENING).stop();
    messages.extend(world.messages());
    messages.extend(override_events());
    messages.extend(trouble());
    messages
}

fn override_events() -> Vec<Message> {
    let world = World::known(example("durable"));
    world.set_override(Some("upp"));
    world.tick();
    world.set_override(Some("up until 2026-11-18T02:00:00Z"));
    world.at("2026-11-18T03:00:00Z").tick();
    world.set_override(Some("up"));
    world.tick_until_unchanged();
    world.tick();
    world.at("2026-11-24T03:00:00Z").tick();
    world.messages()
}

fn trouble() -> Vec<Message> {
    let world = World::known(example("durable"));
    let protect = |value: &str| {
        let value = value.to_owned();
        world.load_balancer_by_hand(|one| drop(one.attributes.insert(DELETION_PROTECTION.to_owned(), value)));
    };
    protect("true");
    world.at(EVENING).tick();
    protect("false");
    let denied = error("AccessDeniedException", Retry::Never);
    world.refuse(Refusal { call: "UpdateService", error: denied, times: 2, works: false });
    world.tick();
    world.tick_until_unchanged();
    world.at(MORNING).hasty(Some(Command::Scheduled(Target::Up)));
    world.freeze(Part::TargetHealth);
    for _ in 0..4 {
        world.pass(Duration::from_secs(300));
        assert_eq!(world.hasty(None).outcome, Outcome::InProgress);
    }
    world.messages()
}

fn of_event<'a>(messages: &'a [Message], event: &str) -> &'a Message {
    messages.iter().find(|message| message.json["event"] == event).unwrap_or_else(|| panic!("no message {event}"))
}

const EVENTS: [&str; 9] =
    ["ready", "up", "down", "not-ready", "blocked", "failed", "override-malformed", "override-over", "kept-up"];

#[test]
fn each_event_fits_the_schemas_of_its_readers() {
    let messages = each_event();
    for event in EVENTS {
        assert_fits(of_event(&messages, event));
    }
    messages.iter().for_each(assert_fits);
    let known = EVENTS.map(Value::from);
    assert!(messages.iter().all(|message| known.contains(&message.json["event"])));
}

#[test]
fn a_morning_that_takes_too_long_is_told_once() {
    let late = trouble().into_iter().filter(|message| message.json["event"] == "not-ready").count();
    assert_eq!(late, 1);
}

#[test]
fn a_thread_is_an_environments_day_where_the_schedule_is() {
    let environment = "dev".parse().unwrap();
    let zone = Zone::named("America/New_York").expect("a zone");
    assert_eq!(thread(&environment, at("2026-11-18T04:59:59Z"), zone), "curfew-dev-2026-11-17");
    assert_eq!(thread(&environment, at("2026-11-18T05:00:00Z"), zone), "curfew-dev-2026-11-18");
    let threads: Vec<Value> =
        each_event().iter().map(|one| one.chat.as_ref().unwrap()["metadata"]["threadId"].clone()).collect();
    assert_eq!(threads[..3], ["curfew-dev-2026-11-17", "curfew-dev-2026-11-18", "curfew-dev-2026-11-18"]);
}

#[test]
fn the_schemas_refuse_what_their_readers_would() {
    let chat = of_event(&each_event(), "ready").chat.clone().unwrap();
    let edits: [fn(&mut Value); 8] = [
        |chat| chat["version"] = json!(1.0),
        |chat| chat["source"] = json!("curfew"),
        |chat| drop(chat["content"].as_object_mut().unwrap().remove("description")),
        |chat| chat["content"]["description"] = json!(""),
        |chat| chat["content"]["textType"] = json!("plain"),
        |chat| chat["content"]["title"] = json!("x".repeat(251)),
        |chat| chat["content"]["nextSteps"] = json!("do it"),
        |chat| chat["metadata"]["additionalContext"]["number"] = json!(1),
    ];
    assert!(CHAT.is_valid(&chat));
    for (number, edit) in edits.into_iter().enumerate() {
        let mut edited = chat.clone();
        edit(&mut edited);
        assert!(!CHAT.is_valid(&edited), "edit {number}");
    }
}

static TICK: LazyLock<Report> = LazyLock::new(|| World::known(example("durable")).tick());

proptest! {
    /// Whatever AWS or a person wrote, the message fits.
    #[test]
    fn any_text_makes_a_message_that_fits(text in "\\PC{0,300}", times in 1_usize..40, multiline in "[a-z<>!@\n ]{0,40}") {
        let text = text.repeat(times);
        let chat = Chat::new(&text, &multiline, "budget", "curfew-budget-2026-11").with_next_steps(std::slice::from_ref(&text));
        prop_assert!(CHAT.is_valid(&chat.to_json()));
        let mut report = Report { outcome: Outcome::Failed, because: multiline, ..TICK.clone() };
        report.message.clone_from(&text);
        report.notes.push(text.clone());
        assert_fits(&message(&Event::Failed, &report, Zone::UTC));
        prop_assert!(subject(&report.environment, &text).len() <= 100);
        let told = message(&Event::Failed, &report, Zone::UTC).chat.unwrap()["content"]["description"].to_string();
        prop_assert!(!told.contains("<!"), "a chat application takes that for a command");
    }
}

/// A page with other code blocks of a language.
fn with_blocks(page: &str, language: &str, blocks: &[String]) -> String {
    let fence = format!("```{language}\n");
    let mut parts = page.split(&fence);
    let mut written = parts.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = parts.collect();
    assert_eq!(rest.len(), blocks.len(), "blocks of {language}");
    for (block, part) in blocks.iter().zip(rest) {
        let after = part.split_once("```").expect("the block ends").1;
        written.push_str(&format!("{fence}{}\n```{after}", block.trim_end()));
    }
    written
}

#[test]
fn the_page_shows_what_is_really_sent() {
    let path = format!("{}/../docs/notifications.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(&path).expect("the page");
    let messages = each_event();
    let second_evening =
        messages.iter().filter(|message| message.json["event"] == "down").nth(1).expect("two evenings");
    let texts = [of_event(&messages, "ready"), second_evening, of_event(&messages, "kept-up")]
        .map(|message| format!("Subject: {}\n\n{}", message.subject, message.text));
    let mut machine = of_event(&messages, "ready").json.clone();
    machine["report"] = json!({ "outcome": machine["report"]["outcome"], "ready": machine["report"]["ready"] });
    let chat = of_event(&messages, "ready").chat.clone().expect("a chat channel is told");
    let real = [machine, chat].map(|value| format!("{value:#}"));
    let wanted = with_blocks(&with_blocks(&page, "text", &texts), "json", &real);
    expect_test::expect_file![path].assert_eq(&wanted);
}
