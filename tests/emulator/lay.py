"""Lays the base tier of an example environment into the emulator and prints, as one JSON line, what it made."""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from base_tier.tier import ACCOUNT, Tier

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ENVIRONMENT = "dev"
TOPIC = "curfew-notifications"


def lay(endpoint: str, example: str) -> dict[str, Any]:
    """Lay one example; what is returned is what `curfew` and its functions need to know."""
    module = importlib.import_module(f"base_tier.{example}")
    tier = Tier(endpoint, example, module.REGION, module.TAGS)
    bucket = _state_bucket(tier)
    module.lay(tier)
    topic = tier.client("sns").create_topic(Name=TOPIC, Tags=tier.upper())["TopicArn"]
    deployment = {"stateBucket": bucket, "topic": topic}
    tier.client("ssm").put_parameter(Name=f"/curfew/{ENVIRONMENT}/deployment", Value=json.dumps(deployment), Type="String")
    parameter = f"/curfew/{ENVIRONMENT}/blueprint"
    text = blueprint(example, tier.stand_ins)
    # Standard parameters hold 4 KB, advanced ones 8 KB.
    size = "Advanced" if len(text.encode()) > 4096 else "Standard"
    tier.client("ssm").put_parameter(Name=parameter, Value=text, Type="String", Tier=size)
    return {
        "example": example,
        "environment": ENVIRONMENT,
        "region": tier.region,
        "account": ACCOUNT,
        "bucket": bucket,
        "topic": topic,
        "parameter": parameter,
        "cluster": f"arn:aws:ecs:{tier.region}:{ACCOUNT}:cluster/{module.CLUSTER}",
        "replacements": tier.stand_ins,
    }


def blueprint(example: str, stand_ins: dict[str, str]) -> str:
    """The example's blueprint with the ids really made in place of those it shows."""
    text = (EXAMPLES / f"{example}.yaml").read_text()
    for stand_in, real in stand_ins.items():
        if stand_in not in text:
            raise ValueError(f"examples/{example}.yaml does not have {stand_in}")
        text = text.replace(stand_in, real)
    return text


def _state_bucket(tier: Tier) -> str:
    """All three examples are environments named `dev`, so an emulator holds one of them."""
    s3, name = tier.client("s3"), f"curfew-state-{ENVIRONMENT}"
    where = {} if tier.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": tier.region}}
    if name in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        sys.exit("An example was laid in this emulator before. Start another emulator: each holds one example.")
    s3.create_bucket(Bucket=name, **where)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    old = {"NoncurrentDays": 90, "NewerNoncurrentVersions": 100}
    rule = {"ID": "old-versions", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": old}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True))
    return name


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="lay", description=__doc__)
    parser.add_argument("--endpoint", required=True, help="the emulator's URL")
    parser.add_argument("--example", required=True, choices=("durable", "platform", "portyfoul"))
    chosen = parser.parse_args(arguments)
    print(json.dumps(lay(chosen.endpoint.rstrip("/"), chosen.example)))


if __name__ == "__main__":
    main(sys.argv[1:])
