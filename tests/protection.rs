//! Deletion protection, as platform has it in prod: nothing is touched until the blueprint says `deletionProtection:
//! off-while-down` in so many words; then the night comes, and the morning equals the evening, protection included.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test may fail")]

use curfew_stage::Stage;
use expect_test::expect;
use serde_json::{Value, json};

const FACTOR: f64 = 80.0;
const LOAD_BALANCER: &str = "platform-dev-alb";
const PROTECTION: &str = "deletion_protection.enabled";
const MODIFY: &str = "elasticloadbalancing:ModifyLoadBalancerAttributes";

async fn edit(stage: &Stage, replace: Value) {
    stage.hand("edit_blueprint", json!({ "replace": replace })).await.unwrap();
}

/// The changes of a run, but for those of the hold.
fn changes(stage: &Stage) -> Vec<String> {
    let changes = stage.proxy.changes();
    changes.iter().map(ToString::to_string).filter(|call| !call.starts_with("ecs:Tag")).collect()
}

#[tokio::test]
async fn platform_in_prod_stays_until_the_blueprint_says_otherwise_in_so_many_words() {
    let mut stage = Stage::set("platform", FACTOR).await.unwrap();
    edit(&stage, json!({ "deletion_protection.enabled: \"false\"": "deletion_protection.enabled: \"true\"" })).await;
    stage.bring("start").await.unwrap();
    let day = stage.read().await.unwrap();
    assert_eq!(day.runtime["loadBalancers"][LOAD_BALANCER]["attributes"][PROTECTION], "true");

    stage.proxy.calls();
    let report = stage.report("stop", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Blocked", "{report:#}");
    assert_eq!(changes(&stage), Vec::<String>::new(), "a blocked run changed something");
    assert_eq!(day.differences(&stage.read().await.unwrap()), [], "a blocked run touched something");
    expect!["dev was left as it is: load balancer platform-dev-alb is protected against deletion; if it may go at night, say `deletionProtection: off-while-down` of it in the blueprint, or switch its protection off by hand"]
        .assert_eq(report["message"].as_str().unwrap());

    let scheme = "    scheme: internet-facing\n";
    edit(&stage, json!({ scheme: format!("{scheme}    deletionProtection: off-while-down\n") })).await;
    for _ in 0..2 {
        stage.proxy.calls();
        stage.bring("stop").await.unwrap();
        let calls = changes(&stage);
        let place = |call: &str| calls.iter().position(|one| one == call).expect(call);
        assert!(place("ecs:UpdateService") < place(MODIFY), "{calls:?}");
        assert!(place(MODIFY) < place("elasticloadbalancing:DeleteLoadBalancer"), "{calls:?}");
        assert_eq!(calls.iter().filter(|call| *call == MODIFY).count(), 1, "{calls:?}");
        let night = stage.read().await.unwrap();
        assert_eq!(night.runtime["loadBalancers"], json!({}));

        stage.bring("start").await.unwrap();
        assert_eq!(day.differences(&stage.read().await.unwrap()), []);
    }
    let report = stage.report("start", json!({ "hold": "forever" })).await.unwrap();
    assert_eq!(report["outcome"], "Unchanged", "{report:#}");
    assert_eq!(stage.mishaps().await.unwrap(), json!([]));
}
