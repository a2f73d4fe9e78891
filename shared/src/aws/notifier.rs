//! The topic: what people and machines are told, through SNS.

use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use serde_json::{Value, json};

use super::errors::failed;
use crate::ports::{Message, NotSent, Notifier};

/// An SNS topic. People get the text, machines the JSON (`MessageStructure=json`, facts §10).
#[derive(Debug, Clone)]
pub struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    /// The topic of this ARN.
    pub fn new(config: &SdkConfig, arn: impl Into<String>) -> Self {
        Self { client: Client::new(config), arn: arn.into() }
    }
}

impl Notifier for Topic {
    async fn send(&self, message: &Message) -> Result<(), NotSent> {
        self.client
            .publish()
            .topic_arn(&self.arn)
            .subject(&message.subject)
            .message_structure("json")
            .message(by_protocol(message).to_string())
            .send()
            .await
            .map_err(|error| NotSent::ToAnybody(failed("sns:Publish")(error).to_string()))?;
        Ok(())
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
        let message = Message { subject: "s".into(), text: "it is up".into(), json: json!({ "outcome": "Converged" }) };
        let all = by_protocol(&message);
        assert_eq!(all["default"], "it is up");
        assert_eq!(all["email"], "it is up");
        assert_eq!(all["sqs"], "{\"outcome\":\"Converged\"}");
    }
}
