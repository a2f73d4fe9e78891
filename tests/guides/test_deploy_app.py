"""The example for an application's own repository does what it says: by day, by night, and when the new image does not come up."""

from typing import Any

import pytest
from conftest import ROOT, Shell

SERVICE = "durable-dev-frontend"
REGISTRY = "123456789012.dkr.ecr.us-west-2.amazonaws.com"
SETTINGS = {
    "ECS_CLUSTER": "durable-dev-cluster",
    "ECS_SERVICE": SERVICE,
    "TASK_FAMILY": "durable-dev-frontend",
    "CONTAINER": "durable-dev-frontend",
    "ECR_REPOSITORY": "durable-frontend",
    "IMAGE_TAG": "new",
    "IMAGE": f"{REGISTRY}/durable-frontend:new",
    "POLL": "0.3",
    "PATIENCE": "60",
}
SCRIPT = ROOT / "examples" / "deploy-app" / "deploy.sh"


def service(shell: Shell) -> dict[str, Any]:
    return shell.aws(f"ecs describe-services --cluster durable-dev-cluster --services {SERVICE}")["services"][0]


def revision(shell: Shell, arn: str) -> dict[str, Any]:
    return shell.aws(f"ecs describe-task-definition --task-definition {arn}")["taskDefinition"]


def container(shell: Shell) -> str:
    return revision(shell, service(shell)["taskDefinition"])["containerDefinitions"][0]["name"]


def release(shell: Shell, **variables: str) -> Any:
    return shell.try_to(f"{SCRIPT} release", **SETTINGS | {"CONTAINER": container(shell)} | variables)


def test_by_day_the_new_revision_runs_and_only_the_image_is_another(shell: Shell) -> None:
    shell.bring_up()
    before = service(shell)
    done = release(shell)
    assert done.returncode == 0, done.stdout + done.stderr
    after = service(shell)
    old, new = (revision(shell, each["taskDefinition"]) for each in (before, after))
    assert f"{SERVICE} runs {new['taskDefinitionArn']}" in done.stdout
    assert new["revision"] == old["revision"] + 1
    assert new["containerDefinitions"][0].pop("image") == SETTINGS["IMAGE"]
    old["containerDefinitions"][0].pop("image")
    for each in (old, new):
        for own in ("taskDefinitionArn", "revision", "registeredAt"):
            each.pop(own, None)
    assert new == old
    assert (after["desiredCount"], after["runningCount"]) == (2, 2)


def test_by_night_the_service_is_set_on_it_and_stays_at_zero(shell: Shell) -> None:
    before = service(shell)
    assert before["desiredCount"] == 0
    done = release(shell)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is down" in done.stdout and "from the morning on" in done.stdout
    after = service(shell)
    assert after["desiredCount"] == 0
    assert after["taskDefinition"] != before["taskDefinition"]


def test_a_service_that_is_deleted_at_night_gets_a_revision_only(shell: Shell) -> None:
    name = container(shell)
    shell.run(f"aws ecs delete-service --force --cluster durable-dev-cluster --service {SERVICE}")
    done = shell.try_to(f"{SCRIPT} release", **SETTINGS | {"CONTAINER": name})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "does not exist now" in done.stdout
    newest = revision(shell, SETTINGS["TASK_FAMILY"])
    assert newest["containerDefinitions"][0]["image"] == SETTINGS["IMAGE"]
    assert newest["revision"] == 2


@pytest.mark.parametrize("breaker", ["enable=true,rollback=true", "enable=false,rollback=false"])
def test_what_does_not_come_up_is_rolled_back_and_no_longer_the_newest(shell: Shell, breaker: str) -> None:
    shell.bring_up()
    configuration = f"--deployment-configuration 'deploymentCircuitBreaker={{{breaker}}}'"
    shell.run(f"aws ecs update-service --cluster durable-dev-cluster --service {SERVICE} {configuration}")
    before = service(shell)
    # Without a way to the registry no new task starts; those that run stay.
    for table in ("rtb-0d1a000000000001a", "rtb-0d1a000000000002b"):
        shell.run(f"aws ec2 delete-route --destination-cidr-block 0.0.0.0/0 --route-table-id {shell.laid['replacements'][table]}")
    done = release(shell, PATIENCE="25")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "did not come up" in done.stderr
    after = service(shell)
    assert after["taskDefinition"] == before["taskDefinition"]
    assert (after["desiredCount"], after["runningCount"]) == (2, 2)
    active = shell.aws(f"ecs list-task-definitions --status ACTIVE --family-prefix {SETTINGS['TASK_FAMILY']}")["taskDefinitionArns"]
    assert active == [before["taskDefinition"]]


def test_an_image_with_a_critical_finding_is_not_released(shell: Shell) -> None:
    manifest = '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": {}, "layers": []}'
    shell.run(f"aws ecr put-image --repository-name durable-frontend --image-tag new --image-manifest '{manifest}'")
    unscanned = shell.try_to(f"{SCRIPT} scan", **SETTINGS | {"POLL": "0", "PATIENCE": "2"})
    assert unscanned.returncode == 1 and "no scan of" in unscanned.stderr, unscanned.stderr
    shell.run("aws ecr start-image-scan --repository-name durable-frontend --image-id imageTag=new")
    done = shell.try_to(f"{SCRIPT} scan", **SETTINGS)
    assert done.returncode == 0, done.stdout + done.stderr

    finding = {
        "imageScanFindings": {"findingSeverityCounts": {"CRITICAL": 2}},
        "registryId": "123456789012",
        "repositoryName": "durable-frontend",
        "imageId": {"imageTag": "new"},
        "imageScanStatus": {"status": "COMPLETE"},
    }
    shell.control("/moto-api/static/ecr/scan-finding-results", {"results": [finding], "region": "us-west-2"})
    done = shell.try_to(f"{SCRIPT} scan", **SETTINGS)
    assert done.returncode == 1 and "2 critical findings" in done.stderr, done.stdout + done.stderr
