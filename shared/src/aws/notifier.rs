//! The topics: what people, machines and chat channels are told, through SNS.

use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use serde_json::{Value, json};

use super::errors::failed;
use crate::ports::{ActionError, Message, NotSent, Notifier};

/// Who is told: people and machines by one topic, a chat channel by another (facts §10: it drops what is not in its own
/// schema without a word, and that schema is nothing for people).
#[derive(Debug, Clone)]
pub struct Topics {
    client: Client,
    people: Option<String>,
    chat: Option<String>,
}

impl Topics {
    /// The topics of these ARNs. Where there is none, nobody is told.
    pub fn new(config: &SdkConfig, people: Option<&str>, chat: Option<&str>) -> Self {
        let owned = |arn: Option<&str>| arn.map(str::to_owned);
        Self { client: Client::new(config), people: owned(people), chat: owned(chat) }
    }

    /// People get the text, machines the JSON (`MessageStructure=json`).
    async fn tell_people(&self, topic: &str, message: &Message) -> Result<(), ActionError> {
        let publish = self.client.publish().topic_arn(topic).subject(&message.subject);
        let publish = publish.message_structure("json").message(by_protocol(message).to_string());
        publish.send().await.map(|_| ()).map_err(failed(PUBLISH))
    }

    async fn tell_channel(&self, topic: &str, notification: &Value) -> Result<(), ActionError> {
        let publish = self.client.publish().topic_arn(topic).message(notification.to_string());
        publish.send().await.map(|_| ()).map_err(failed(PUBLISH))
    }
}

const PUBLISH: &str = "sns:Publish";

impl Notifier for Topics {
    async fn send(&self, message: &Message) -> Result<(), NotSent> {
        let mut answers = Vec::new();
        if let Some(topic) = &self.people {
            answers.push((topic, self.tell_people(topic, message).await));
        }
        if let (Some(topic), Some(notification)) = (&self.chat, &message.chat) {
            answers.push((topic, self.tell_channel(topic, notification).await));
        }
        together(&answers)
    }
}

/// What several topics' answers mean for the message.
fn together(answers: &[(&String, Result<(), ActionError>)]) -> Result<(), NotSent> {
    let failures: Vec<String> =
        answers.iter().filter_map(|(topic, answer)| Some(format!("{topic}: {}", answer.as_ref().err()?))).collect();
    match failures.len() {
        0 => Ok(()),
        all if all == answers.len() => Err(NotSent::ToAnybody(failures.join("; "))),
        _ => Err(NotSent::ToSome(failures.join("; "))),
    }
}

/// What each kind of subscriber gets. SNS wants strings, so the JSON is one.
fn by_protocol(message: &Message) -> Value {
    let machine = message.json.to_string();
    json!({
        "default": message.text,
        "email": message.text,
        "email-json": machine,
        "http": machine,
        "https": machine,
        "lambda": machine,
        "sqs": machine,
        "firehose": machine,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_get_text_and_machines_get_json() {
        let message = Message::new("s", "it is up", json!({ "outcome": "Converged" }));
        let all = by_protocol(&message);
        assert_eq!(all["default"], "it is up");
        assert_eq!(all["email"], "it is up");
        assert_eq!(all["sqs"], "{\"outcome\":\"Converged\"}");
    }

    #[test]
    fn a_topic_that_fails_hides_no_other() {
        let (people, chat) = ("people".to_owned(), "chat".to_owned());
        let no = || {
            Err(ActionError {
                call: PUBLISH.to_owned(),
                code: "NotFound".to_owned(),
                message: "no".to_owned(),
                retry: crate::model::Retry::Never,
            })
        };
        assert_eq!(together(&[]), Ok(()));
        assert_eq!(together(&[(&people, Ok(())), (&chat, Ok(()))]), Ok(()));
        let chat_failed = NotSent::ToSome("chat: sns:Publish: NotFound: no".to_owned());
        assert_eq!(together(&[(&people, Ok(())), (&chat, no())]), Err(chat_failed));
        let both = NotSent::ToAnybody("people: sns:Publish: NotFound: no; chat: sns:Publish: NotFound: no".to_owned());
        assert_eq!(together(&[(&people, no()), (&chat, no())]), Err(both));
    }
}
