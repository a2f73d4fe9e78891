"""The stack's own first revisions go through the example's deploy.sh, by day and by night: what it puts into them starts."""

import ast
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Shell
from stacks import PIPELINE, deployed, push, revision, service, settings

SCRIPT = ROOT / "examples" / "deploy-app" / "deploy.sh"
PARTS = ("frontend", "backend")


def release(shell: Shell, part: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return shell.try_to(f"{SCRIPT} release", **settings(part) | variables)


def set_count(shell: Shell, part: str, count: int) -> None:
    shell.run(f"aws ecs update-service --cluster durable-dev-cluster --service durable-dev-{part} --desired-count {count}")
    shell.control("/_emulator/advance", {"seconds": 600})


def assert_it_runs(shell: Shell, part: str) -> None:
    now = service(shell, part)
    assert (now["desiredCount"], now["runningCount"]) == (2, 2), now["events"][:3]
    (container,) = revision(shell, now["taskDefinition"])["containerDefinitions"]
    assert container["image"] == settings(part)["IMAGE"]


def test_by_day(tmp_path: Path) -> None:
    with deployed(tmp_path) as shell:
        shell.bring_up()
        for part in PARTS:
            push(shell, part)
            done = release(shell, part)
            assert done.returncode == 0, done.stdout + done.stderr
            assert_it_runs(shell, part)


def test_by_night(tmp_path: Path) -> None:
    """A first deployment before the first morning, and one between two days."""
    with deployed(tmp_path) as shell:
        push(shell, "frontend")
        done = release(shell, "frontend")
        assert done.returncode == 0 and "does not exist now" in done.stdout, done.stdout + done.stderr
        shell.bring_up()
        assert_it_runs(shell, "frontend")
        set_count(shell, "backend", 0)
        push(shell, "backend")
        done = release(shell, "backend")
        assert done.returncode == 0 and "from the morning on" in done.stdout, done.stdout + done.stderr
        set_count(shell, "backend", 2)
        assert_it_runs(shell, "backend")


def test_the_settings_are_the_stacks_and_the_container_the_applications(tmp_path: Path) -> None:
    secret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:rds!db-0a-AbCdEf"
    own = {"environment": {"LOG_LEVEL": "info"}, "secrets": {"PAYMENTS_KEY": "arn:aws:ssm:us-west-2:123456789012:parameter/durable/dev/payments"}}
    with deployed(tmp_path, DatabaseSecret=secret, DatabasePort="5432") as shell:
        (tmp_path / "container.json").write_text(json.dumps(own))
        done = release(shell, "backend", CONTAINER_FILE="container.json")
        assert done.returncode == 0, done.stdout + done.stderr
        stacks, new = revision(shell, "durable-dev-backend-settings"), revision(shell, "durable-dev-backend")
        (container,) = new["containerDefinitions"]
        assert container["environment"] == [{"name": "LOG_LEVEL", "value": "info"}]
        assert {each["name"]: each["valueFrom"] for each in container["secrets"]} == {
            "DATABASE_USERNAME": f"{secret}:username::",
            "DATABASE_PASSWORD": f"{secret}:password::",
            "PAYMENTS_KEY": own["secrets"]["PAYMENTS_KEY"],
        }
        for key in ("executionRoleArn", "taskRoleArn", "cpu", "memory", "runtimePlatform", "networkMode"):
            assert new[key] == stacks[key], key
        assert not {"command", "entryPoint", "readonlyRootFilesystem"} & set(container) and container.get("mountPoints", []) == []
        tags = shell.aws("ecs describe-task-definition --task-definition durable-dev-backend --include TAGS")["tags"]
        assert {"key": "Environment", "value": "dev"} in tags
        assert [each for each in tags if each["key"].startswith("aws:")] == []


def test_an_image_for_another_architecture_is_rolled_back_by_day(tmp_path: Path) -> None:
    with deployed(tmp_path) as shell:
        shell.bring_up()
        before = service(shell, "frontend")["taskDefinition"]
        push(shell, "frontend", architecture="X86_64")
        done = release(shell, "frontend")
        assert done.returncode == 1 and "did not come up" in done.stderr, done.stdout + done.stderr
        assert service(shell, "frontend")["taskDefinition"] == before


@pytest.mark.parametrize(("architecture", "platform"), [("ARM64", "linux/arm64"), ("X86_64", "linux/amd64")])
def test_images_are_built_for_what_the_tasks_run_on(tmp_path: Path, architecture: str, platform: str) -> None:
    with deployed(tmp_path, TaskArchitecture=architecture) as shell:
        assert shell.run(f"{SCRIPT} platform", **settings("frontend")).strip() == platform


# What its role allows.

#: What `docker push` asks for, which nothing here pushes: ECR's user guide, "IAM permissions for pushing an image"; and logging in.
UNSEEN = {
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:GetAuthorizationToken",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
}
_ECS, _ECR = "arn:aws:ecs:us-west-2:123456789012", "arn:aws:ecr:us-west-2:123456789012"
_BORN = {"aws:RequestTag/Environment": "dev", "aws:RequestTag/ProductDomain": "durableai"}
#: What it has no business with.
DENIED: list[tuple[str, str, dict[str, Any]]] = [
    ("ecr:PutImage", f"{_ECR}:repository/other", {}),
    ("ecr:DeleteRepository", f"{_ECR}:repository/durable-dev-frontend", {}),
    ("ecs:UpdateService", f"{_ECS}:service/durable-dev-cluster/other", {}),
    ("ecs:UpdateService", f"{_ECS}:service/other/durable-dev-frontend", {}),
    ("ecs:DeleteService", f"{_ECS}:service/durable-dev-cluster/durable-dev-frontend", {}),
    ("ecs:RegisterTaskDefinition", f"{_ECS}:task-definition/durable-dev-frontend:*", {}),
    ("ecs:RegisterTaskDefinition", f"{_ECS}:task-definition/other:*", _BORN | {"aws:RequestTag/Environment": "prod"}),
    ("ecs:RegisterTaskDefinition", f"{_ECS}:task-definition/other:*", _BORN | {"aws:RequestTag/ProductDomain": "others"}),
    ("ecs:TagResource", f"{_ECS}:task-definition/durable-dev-frontend:*", _BORN),
    ("ecs:TagResource", f"{_ECS}:cluster/durable-dev-cluster", {"aws:TagKeys": ["curfew:override"]}),
    ("iam:PassRole", "arn:aws:iam::123456789012:role/admin", {"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
    ("iam:PassRole", "OWN", {"iam:PassedToService": "lambda.amazonaws.com"}),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:123456789012:secret:durable/dev/a-AbCdEf", {}),
    ("ssm:PutParameter", "arn:aws:ssm:us-west-2:123456789012:parameter/curfew/dev/blueprint", {}),
]


def evaluated(document: dict[str, Any], requests: list[tuple[str, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """What IAM would answer, by what evaluates the functions' policies too."""
    asked = [{"role": "ApplicationRole", "action": action, "resource": on, "context": context} for action, on, context in requests]
    given = {"roles": {"ApplicationRole": {"bring-images": document}}, "requests": asked}
    ran = subprocess.run([ROOT / "tests" / "permissions" / "evaluate"], input=json.dumps(given), check=True, capture_output=True, text=True)
    return json.loads(ran.stdout)


def test_the_pipelines_role_is_exact(tmp_path: Path) -> None:
    """No permission is missing, none is unused, and each condition keeps something out."""
    with deployed(tmp_path, ApplicationRepository="example/shop") as shell:
        name = next(each["RoleName"] for each in shell.aws("iam list-roles")["Roles"] if "ApplicationRole" in each["RoleName"])
        # The emulator's stacks keep it as Python writes it.
        document = ast.literal_eval(shell.aws(f"iam get-role-policy --role-name {name} --policy-name bring-images")["PolicyDocument"])
        shell.control("/_emulator/authorizations", {"by": [PIPELINE]})
        shell.bring_up()
        for part in PARTS:
            push(shell, part)
            shell.run(f"aws ecr put-image --repository-name durable-dev-{part} --image-tag new --image-manifest '{MANIFEST}'")
            shell.run(f"aws ecr start-image-scan --repository-name durable-dev-{part} --image-id imageTag=new")
            shell.run(f"{SCRIPT} platform && {SCRIPT} scan", **settings(part))
            assert release(shell, part).returncode == 0
        # And one that does not come up, so that it is taken back.
        push(shell, "backend", architecture="X86_64")
        assert release(shell, "backend", PATIENCE="30").returncode == 1
        asked = {json.dumps([one["action"], one["resource"], one["context"]]) for one in shell.told("/_emulator/authorizations")}
    requests = [tuple(json.loads(one)) for one in sorted(asked)]
    answers = evaluated(document, requests)
    refused = [request for request, answer in zip(requests, answers, strict=True) if answer["answer"] != "Allowed"]
    assert refused == []

    used = {(sid, request[0]) for request, answer in zip(requests, answers, strict=True) for sid in answer["statements"]}
    granted = {(one["Sid"], action) for one in document["Statement"] for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])}
    assert {action for _, action in granted - used} == UNSEEN

    (passed,) = {request[1] for request in requests if request[0] == "iam:PassRole" and "ExecutionRole" in request[1]}
    denied = [(action, passed if on == "OWN" else on, context) for action, on, context in DENIED]
    assert [each for each, answer in zip(denied, evaluated(document, denied), strict=True) if answer["answer"] == "Allowed"] == []
    for statement in document["Statement"]:
        for operator, keys in statement.get("Condition", {}).items():
            for key in keys:
                weak = json.loads(json.dumps(document))
                (own,) = [one for one in weak["Statement"] if one["Sid"] == statement["Sid"]]
                del own["Condition"][operator][key]
                assert "Allowed" in [answer["answer"] for answer in evaluated(weak, denied)], f"{statement['Sid']}: {key} keeps nothing out"


MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": {}, "layers": []}'


def test_the_page_tells_what_the_role_may_do() -> None:
    template = (ROOT / "template.yaml").read_text()
    section = template.split("  ApplicationRole:\n", 1)[1].split("\nOutputs:", 1)[0]
    actions = {word.strip(" ,[]-") for line in section.splitlines() for word in line.split() if word.strip(" ,[]-").startswith(("ecr:", "ecs:", "iam:"))}
    page = (ROOT / "docs" / "application.md").read_text()
    keys = {"ecs:CreateAction", "iam:PassedToService"}
    named = {action.strip('"{}:') for action in actions} - keys
    assert len(named) > 12 and [action for action in sorted(named) if f"`{action}`" not in page] == []
