#!/usr/bin/env bash
# moto 5.2.5 as a server, asked with boto3 1.44.5 and once more by hand.
# Surprise: its answer to S3's GetBucketVersioning has the root element `GetBucketVersioningResponse`. S3's API reference has
# `VersioningConfiguration`, as moto itself has it where the same document is put. boto3 never looks at the root and reads the answer, so
# tests in Python are green; a client that checks the root, as AWS's SDK for Rust does, cannot read it.
set -euo pipefail
dir=$(mktemp -d); server=""; trap 'if [[ -n $server ]]; then kill "$server"; fi; rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check 'moto[s3,server]==5.2.5' boto3==1.44.5
port=$("$dir/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$dir/venv/bin/moto_server" -p "$port" > "$dir/log" 2>&1 & server=$!
cat > "$dir/try.py" <<'P'
import sys, time, urllib.request
import xml.etree.ElementTree as tree
import boto3, moto
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

endpoint = f"http://127.0.0.1:{sys.argv[1]}"
for _ in range(100):
    try:
        urllib.request.urlopen(endpoint + "/moto-api/")
        break
    except OSError:
        time.sleep(0.2)
s3 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
s3.create_bucket(Bucket="state")
s3.put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})
print("moto", moto.__version__, "- boto3 reads:", s3.get_bucket_versioning(Bucket="state")["Status"])

def root(subresource):
    request = AWSRequest("GET", f"{endpoint}/state?{subresource}")
    S3SigV4Auth(Credentials("x", "y"), "s3", "us-east-1").add_auth(request)
    answer = urllib.request.urlopen(urllib.request.Request(request.url, headers=dict(request.headers))).read()
    return tree.fromstring(answer).tag.rpartition("}")[2]

s3.put_public_access_block(Bucket="state", PublicAccessBlockConfiguration={"BlockPublicAcls": True})
print("the root of versioning is", root("versioning"))
print("the root of publicAccessBlock is", root("publicAccessBlock"))
P
said=$("$dir/venv/bin/python" "$dir/try.py" "$port")
echo "$said"
diff <(echo "$said") - <<'X'
moto 5.2.5 - boto3 reads: Enabled
the root of versioning is GetBucketVersioningResponse
the root of publicAccessBlock is PublicAccessBlockConfiguration
X
echo "as described"
