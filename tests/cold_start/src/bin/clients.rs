//! A function that builds the clients that a run of Curfew builds, and reads the same parameter: what the AWS SDK takes.

use aws_config::{BehaviorVersion, SdkConfig};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let config = &aws_config::load_defaults(BehaviorVersion::latest()).await;
    run(service_fn(|event: LambdaEvent<Value>| async move { answer(config, &event.payload).await })).await
}

async fn answer(config: &SdkConfig, event: &Value) -> Result<Value, Error> {
    let _clients = (
        aws_sdk_applicationautoscaling::Client::new(config),
        aws_sdk_autoscaling::Client::new(config),
        aws_sdk_cloudfront::Client::new(config),
        aws_sdk_cloudwatch::Client::new(config),
        aws_sdk_ec2::Client::new(config),
        aws_sdk_ecs::Client::new(config),
        aws_sdk_elasticloadbalancingv2::Client::new(config),
        aws_sdk_globalaccelerator::Client::new(config),
        aws_sdk_rds::Client::new(config),
        aws_sdk_resourcegroupstagging::Client::new(config),
        aws_sdk_route53::Client::new(config),
        aws_sdk_s3::Client::new(config),
        aws_sdk_sns::Client::new(config),
        aws_sdk_wafv2::Client::new(config),
    );
    let ssm = aws_sdk_ssm::Client::new(config);
    if event["dryRun"] != json!(true) {
        return Ok(Value::Null);
    }
    let answer = ssm.get_parameter().name("/curfew/dev/blueprint").with_decryption(true).send().await?;
    Ok(json!(answer.parameter.and_then(|parameter| parameter.value)))
}
