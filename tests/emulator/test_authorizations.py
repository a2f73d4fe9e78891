"""What IAM would be asked for is noted for those who are followed, with the tags of that moment."""

import boto3
from botocore.config import Config

from conftest import REGION, Emulator


def follower(aws: Emulator, key: str, service: str):
    aws.control("POST", "authorizations", {"by": [key]})
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=aws.endpoint,
        aws_access_key_id=key,
        aws_secret_access_key="none",
        config=Config(s3={"addressing_style": "path"}),
    )


def asked(aws: Emulator, key: str) -> list[tuple[str, str]]:
    noted = [each for each in aws.control("GET", "authorizations") if each["by"] == key]
    return [(each["action"], each["resource"].partition(":123456789012:")[2] or each["resource"]) for each in noted]


def test_a_nat_gateway_asks_for_itself_its_address_its_subnet_and_its_tags(aws):
    network, ec2 = aws.network(), follower(aws, "AKIDNAT", "ec2")
    tags = [{"Key": "curfew:environment", "Value": "dev"}]
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": tags}])["AllocationId"]
    specification = [{"ResourceType": "natgateway", "Tags": tags}]
    ec2.create_nat_gateway(SubnetId=network.public[0], AllocationId=address, TagSpecifications=specification)
    assert asked(aws, "AKIDNAT") == [
        ("ec2:AllocateAddress", "elastic-ip/new"),
        ("ec2:CreateTags", "elastic-ip/new"),
        ("ec2:CreateNatGateway", "natgateway/new"),
        ("ec2:CreateNatGateway", f"elastic-ip/{address}"),
        ("ec2:CreateNatGateway", f"subnet/{network.public[0]}"),
        ("ec2:CreateTags", "natgateway/new"),
    ]
    noted = {each["resource"].split("/")[0].rpartition(":")[2]: each["context"] for each in aws.control("GET", "authorizations")}
    assert noted["elastic-ip"] == {"aws:ResourceTag/curfew:environment": "dev"}
    born = {"aws:RequestTag/curfew:environment": "dev", "aws:TagKeys": ["curfew:environment"], "ec2:CreateAction": "CreateNatGateway"}
    assert noted["natgateway"] == born


def test_a_missing_object_asks_for_the_bucket_and_others_are_not_followed(aws):
    aws.client("s3").create_bucket(Bucket="noted", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3 = follower(aws, "AKIDS3", "s3")
    s3.put_object(Bucket="noted", Key="dev/state.json", Body=b"{}")
    s3.get_object(Bucket="noted", Key="dev/state.json")
    try:
        s3.get_object(Bucket="noted", Key="dev/recording.json")
    except s3.exceptions.NoSuchKey:
        pass
    aws.client("s3").get_object(Bucket="noted", Key="dev/state.json")
    objects = [("s3:PutObject", "state"), ("s3:GetObject", "state"), ("s3:GetObject", "recording")]
    wanted = [(action, f"arn:aws:s3:::noted/dev/{name}.json") for action, name in objects]
    assert asked(aws, "AKIDS3") == [*wanted, ("s3:ListBucket", "arn:aws:s3:::noted")]


def test_names_of_records_are_normalized(aws):
    zone = aws.client("route53").create_hosted_zone(Name="example.com", CallerReference="noted")["HostedZone"]["Id"].rpartition("/")[2]
    record = {"Name": "*.Dev.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    change = {"Action": "UPSERT", "ResourceRecordSet": record}
    follower(aws, "AKIDDNS", "route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
    [noted] = [each for each in aws.control("GET", "authorizations") if each["by"] == "AKIDDNS"]
    assert (noted["action"], noted["resource"]) == ("route53:ChangeResourceRecordSets", f"arn:aws:route53:::hostedzone/{zone}")
    assert noted["context"] == {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["\\052.dev.example.com"],
        "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
        "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
    }
