#!/usr/bin/env bash
# Brings an image into an ECS service whose environment may be down. Needs the AWS CLI and jq.
#
#   deploy.sh platform  prints what to build the image for, as `docker build --platform` takes it
#   deploy.sh scan      waits for ECR's scan of the image and fails on a critical finding
#   deploy.sh release   registers a revision with the image, sets the service on it, waits, rolls back on failure
#
# A revision begins as the stack's settings (SETTINGS_FAMILY: roles, size, architecture, log, secrets), or, where there are none,
# as the revision that the service has; it gets the image and the application's own container.json, where there is one.
# The desired count is never touched: by night it is 0, and Curfew knows what it was.
set -euo pipefail

POLL=${POLL:-10}        # seconds between two looks
PATIENCE=${PATIENCE:-90} # looks
SETTINGS_FAMILY=${SETTINGS_FAMILY:-}
CONTAINER_FILE=${CONTAINER_FILE:-.github/container.json}

say() { printf '%s\n' "$*"; }
die() { printf '::error::%s\n' "$*" >&2; exit 1; }

platform() {
    aws ecs describe-task-definition --task-definition "${SETTINGS_FAMILY:-$TASK_FAMILY}" --output json |
        jq --raw-output '{ARM64: "linux/arm64", X86_64: "linux/amd64"}[.taskDefinition.runtimePlatform.cpuArchitecture // "X86_64"]'
}

scan() {
    local repository_image=(--repository-name "$ECR_REPOSITORY" --image-id "imageTag=$IMAGE_TAG") status critical
    for ((look = 0; look < PATIENCE; look++)); do
        status=$(aws ecr describe-image-scan-findings "${repository_image[@]}" --query imageScanStatus.status --output text 2> /dev/null || echo NONE)
        case $status in
            COMPLETE | ACTIVE) break ;;
            FAILED | UNSUPPORTED_IMAGE) die "ECR cannot scan $ECR_REPOSITORY:$IMAGE_TAG ($status)" ;;
        esac
        sleep "$POLL"
    done
    [[ $status == COMPLETE || $status == ACTIVE ]] || die "no scan of $ECR_REPOSITORY:$IMAGE_TAG (is scan on push switched on?)"
    critical=$(aws ecr describe-image-scan-findings "${repository_image[@]}" --output json | jq '.imageScanFindings.findingSeverityCounts.CRITICAL // 0')
    ((critical == 0)) || die "$ECR_REPOSITORY:$IMAGE_TAG has $critical critical findings; it is pushed and will not be released"
    say "scanned: no critical findings"
}

# The service as it is now; nothing where it does not exist: before its first morning, or at night with `whileDown: delete`.
service() {
    aws ecs describe-services --cluster "$ECS_CLUSTER" --services "$ECS_SERVICE" --output json |
        jq '.services[] | select(.status == "ACTIVE")'
}

# What the application says of its container, {"environment": {NAME: value}, "secrets": {NAME: ARN}}; nothing where it says nothing.
own_settings() {
    if [[ -e $CONTAINER_FILE ]]; then cat "$CONTAINER_FILE"; else echo '{}'; fi
}

# A revision in the service's family like another one, with the new image. Prints its ARN.
register() {
    aws ecs describe-task-definition --task-definition "$1" --include TAGS --output json |
        jq --arg settings "$SETTINGS_FAMILY" --arg family "$TASK_FAMILY" --arg container "$CONTAINER" --arg image "$IMAGE" --argjson own "$(own_settings)" '
            def with($key; $values; $value): if $values == null then . else .[$key] =
                [.[$key][]? | select(.name | in($values) | not)] + [$values | to_entries[] | {name: .key} + {($value): .value}] end;
            # Those that CloudFormation sets, nobody else may.
            [.tags[]? | select(.key | startswith("aws:") | not)] as $tags | .taskDefinition
            | if any(.containerDefinitions[]; .name == $container) then . else error("no container \($container)") end
            | (.containerDefinitions[] | select(.name == $container)) |= (.image = $image
                | with("environment"; $own.environment; "value") | with("secrets"; $own.secrets; "valueFrom"))
            | if $settings == "" then . else .family = $family end
            | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy, .deregisteredAt)
            | if $tags == [] then . else .tags = $tags end' > revision.json
    aws ecs register-task-definition --cli-input-json file://revision.json --query taskDefinition.taskDefinitionArn --output text
}

point_at() {
    aws ecs update-service --cluster "$ECS_CLUSTER" --service "$ECS_SERVICE" --task-definition "$1" > /dev/null
}

# How the deployment of a revision stands: running, done, failed, or down once the evening has come.
progress() {
    service | jq --raw-output --arg revision "$1" '
        if .desiredCount == 0 then "down"
        elif .taskDefinition != $revision then "failed"
        else [.deployments[] | select(.taskDefinition == $revision)][0].rolloutState // "IN_PROGRESS"
            | {COMPLETED: "done", FAILED: "failed", IN_PROGRESS: "running"}[.] end'
}

# What does not come up must not stay the newest revision: a service that is made anew in the morning runs the newest.
roll_back() {
    say "rolling back to $2"
    if [[ $(service | jq --raw-output .taskDefinition) == "$1" ]]; then point_at "$2"; fi
    aws ecs deregister-task-definition --task-definition "$1" > /dev/null
    die "$1 did not come up; $ECS_SERVICE runs $2"
}

release() {
    local before revision now
    : "${IMAGE:?names the image with its tag or digest}"
    now=$(service)
    if [[ -z $now ]]; then
        revision=$(register "${SETTINGS_FAMILY:-$TASK_FAMILY}")
        say "$ECS_SERVICE does not exist now: $revision is registered and runs from the morning on"
        return
    fi
    before=$(jq --raw-output .taskDefinition <<< "$now")
    revision=$(register "${SETTINGS_FAMILY:-$before}")
    say "registered $revision"
    point_at "$revision"
    for ((look = 0; look < PATIENCE; look++)); do
        case $(progress "$revision") in
            "done") say "$ECS_SERVICE runs $revision"; return ;;
            down) say "$ECS_SERVICE is down: $revision runs from the morning on"; return ;;
            failed) roll_back "$revision" "$before" ;;
            *) sleep "$POLL" ;;
        esac
    done
    roll_back "$revision" "$before"
}

case ${1:-} in
    platform) platform ;;
    scan) scan ;;
    release) release ;;
    *) die "usage: deploy.sh platform | scan | release" ;;
esac
