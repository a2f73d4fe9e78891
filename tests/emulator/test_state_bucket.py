"""Documents in S3, over the wire: they are as old as the emulator's clock says (RFC 9110: `Last-Modified`, `Date`)."""

from email.utils import parsedate_to_datetime

from conftest import REGION, Emulator


def age(aws: Emulator, bucket: str) -> float:
    answer = aws.client("s3").get_object(Bucket=bucket, Key="dev/state.json")
    read_at = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    return (read_at - answer["LastModified"]).total_seconds()


def test_a_document_is_as_old_as_the_clock_says(aws):
    bucket = aws.name("state")
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="dev/state.json", Body=b"{}")
    assert 0 <= age(aws, bucket) <= 5
    aws.advance(115)
    assert 115 <= age(aws, bucket) <= 125
    s3.put_object(Bucket=bucket, Key="dev/state.json", Body=b"{}")
    assert 0 <= age(aws, bucket) <= 5, "each write makes it new"
