//! The real world of a run: account, state bucket, topic, time.

use aws_config::SdkConfig;

use super::{Aws, StateBucket, SystemClock, Topic};
use crate::ports::{Message, NotSent, Notifier, Progress, World};

/// Everything a run needs, over the AWS SDK.
#[derive(Debug)]
pub struct AwsWorld<P> {
    cloud: Aws,
    store: StateBucket,
    notifier: MaybeTopic,
    clock: SystemClock,
    progress: P,
}

impl<P> AwsWorld<P> {
    /// The world of an environment.
    ///
    /// `home` is where the state bucket and the topic are, `region` where the environment is. Without a topic nobody
    /// is told.
    pub fn new(home: &SdkConfig, region: &SdkConfig, bucket: &str, topic: Option<&str>, progress: P) -> Self {
        Self {
            cloud: Aws::new(region),
            store: StateBucket::new(home, bucket),
            notifier: MaybeTopic(topic.map(|arn| Topic::new(home, arn))),
            clock: SystemClock::default(),
            progress,
        }
    }

    /// With another clock than the machine's own.
    #[must_use]
    pub fn with_clock(self, clock: SystemClock) -> Self {
        Self { clock, ..self }
    }
}

/// A topic, if one is configured.
#[derive(Debug)]
pub struct MaybeTopic(Option<Topic>);

impl Notifier for MaybeTopic {
    async fn send(&self, message: &Message) -> Result<(), NotSent> {
        match &self.0 {
            Some(topic) => topic.send(message).await,
            None => Ok(()),
        }
    }
}

impl<P: Progress> World for AwsWorld<P> {
    type Cloud = Aws;
    type Store = StateBucket;
    type Notifier = MaybeTopic;
    type Clock = SystemClock;
    type Progress = P;

    fn cloud(&self) -> &Aws {
        &self.cloud
    }

    fn store(&self) -> &StateBucket {
        &self.store
    }

    fn notifier(&self) -> &MaybeTopic {
        &self.notifier
    }

    fn clock(&self) -> &SystemClock {
        &self.clock
    }

    fn progress(&self) -> &P {
        &self.progress
    }
}
