//! The real world of a run: account, state bucket, topic, time.

use aws_config::SdkConfig;

use super::{Aws, StateBucket, SystemClock, Topics};
use crate::ports::{Progress, World};

/// Everything a run needs, over the AWS SDK.
#[derive(Debug)]
pub struct AwsWorld<P> {
    cloud: Aws,
    store: StateBucket,
    notifier: Topics,
    clock: SystemClock,
    progress: P,
}

impl<P> AwsWorld<P> {
    /// The world of an environment.
    ///
    /// `home` is where the state bucket and the topics are, `region` where the environment is.
    pub fn new(home: &SdkConfig, region: &SdkConfig, bucket: &str, topics: Topics, progress: P) -> Self {
        Self {
            cloud: Aws::new(region),
            store: StateBucket::new(home, bucket),
            notifier: topics,
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

impl<P: Progress> World for AwsWorld<P> {
    type Cloud = Aws;
    type Store = StateBucket;
    type Notifier = Topics;
    type Clock = SystemClock;
    type Progress = P;

    fn cloud(&self) -> &Aws {
        &self.cloud
    }

    fn store(&self) -> &StateBucket {
        &self.store
    }

    fn notifier(&self) -> &Topics {
        &self.notifier
    }

    fn clock(&self) -> &SystemClock {
        &self.clock
    }

    fn progress(&self) -> &P {
        &self.progress
    }
}
