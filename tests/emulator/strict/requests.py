"""A request as it came over the wire: whose it is, which call, with which parameters."""

import json
from typing import Any
from urllib.parse import parse_qs

from .account import Region, regions

ACCOUNT = "123456789012"

#: IAM's name of a service where it is not the one in the signature.
_IAM = {"tagging": "tag", "monitoring": "cloudwatch"}
#: Whose names are only in their method and path: what is in the path, and how they are called in IAM.
_REST = {
    ("s3", "GET"): "GetObject",
    ("s3", "PUT"): "PutObject",
    ("route53", "GET"): "ListResourceRecordSets",
    ("route53", "POST"): "ChangeResourceRecordSets",
    ("cloudfront", "GET"): "ListVpcOrigins",
}
#: What IAM calls otherwise than the API does.
_RENAMED = {"budgets:DescribeBudget": "budgets:ViewBudget"}


class Request:
    """One request. Its parameters are those of its body."""

    def __init__(
        self, by: str, region: str, service: str, operation: str, path: list[str], body: bytes, parameters: dict[str, Any]
    ) -> None:
        self.by = by
        self.region = region
        self.operation = operation
        name = f"{_IAM.get(service, service)}:{operation}"
        self.call = _RENAMED.get(name, name)
        self.path = path
        self.body = body
        self._parameters = parameters

    def __getitem__(self, name: str) -> Any:
        return self._parameters.get(name)

    def where(self) -> Region:
        return regions[(ACCOUNT, self.region)]

    def numbered(self, name: str) -> list[str]:
        """The values of `name.1`, `name.2` and so on: EC2's lists."""
        return [value for key, value in self._parameters.items() if key.startswith(f"{name}.")]

    def specified_tags(self) -> dict[str, str]:
        """Those of EC2's first tag specification."""
        return self._numbered_tags("TagSpecification.1.Tag.")

    def member_tags(self) -> dict[str, str]:
        """Those of Elastic Load Balancing."""
        return self._numbered_tags("Tags.member.")

    def _numbered_tags(self, prefix: str) -> dict[str, str]:
        keys = {name: value for name, value in self._parameters.items() if name.startswith(prefix) and name.endswith(".Key")}
        return {key: self._parameters.get(f"{name.removesuffix('.Key')}.Value", "") for name, key in keys.items()}


def parsed(environ: dict[str, Any], body: bytes) -> Request | None:
    """A signed request; none if it is no call of an API."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].split("/")
    if len(scope) < 4:
        return None
    by, _, region, service = scope[:4]
    path = environ["PATH_INFO"].split("/")
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if target:
        return Request(by, region, service, target, path, body, json.loads(body or b"{}"))
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace"), keep_blank_values=True).items()}
        return Request(by, region, service, form.get("Action", ""), path, body, form)
    operation = "GetChange" if "change" in path[2:3] else _REST.get((service, environ["REQUEST_METHOD"]), environ["REQUEST_METHOD"])
    return Request(by, region, service, operation, path, body, {})
