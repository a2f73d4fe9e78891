"""AWS Budgets (strict/budgets.py), and the documents in the state bucket."""

import json
from datetime import timedelta
from typing import Any

from .laid import Laid, instant


class Documents(Laid):
    """What is spent, and what is remembered."""

    def budget(self, name: str, limit: str, unit: str = "MONTHLY", minutes: int | None = None) -> str | None:
        """A budget of costs; a custom one ends so many minutes from now. The answer is when that is."""
        budget = {"BudgetName": name, "BudgetType": "COST", "TimeUnit": unit, "BudgetLimit": {"Amount": limit, "Unit": "USD"}}
        end = None if minutes is None else self._now() + timedelta(minutes=minutes)
        if end is not None:
            budget["TimePeriod"] = {"Start": self._now() - timedelta(days=1), "End": end.replace(microsecond=0)}
        self._account.client("budgets").create_budget(AccountId=self._laid["cluster"].split(":")[4], Budget=budget)
        return None if end is None else instant(end)

    def spend(self, budget: str, actual: str, forecast: str | None = None) -> None:
        """What AWS Budgets says of it from now on."""
        body = {"budget": budget, "actual": actual, "forecast": forecast}
        self._tell("spend", body)

    def document(self, key: str) -> dict[str, Any]:
        """A document, with the versions it has."""
        s3, where = self._account.client("s3"), {"Bucket": self._laid["bucket"]}
        answer = s3.get_object(**where, Key=key)
        versions = s3.list_object_versions(**where, Prefix=key)["Versions"]
        return {"body": answer["Body"].read().decode(), "versions": [each["VersionId"] for each in versions]}

    def lease(self, minutes: int) -> None:
        """Take the lease as another run would; no minutes give it back."""
        s3, where = self._account.client("s3"), {"Bucket": self._laid["bucket"], "Key": f"{self._laid['environment']}/state.json"}
        try:
            state = json.loads(s3.get_object(**where)["Body"].read())
        except s3.exceptions.NoSuchKey:
            # As one was written before documents had versions.
            state = {"phase": None, "movingSince": None, "applied": None, "told": [], "history": []}
        now = self._now()
        until = instant(now + timedelta(minutes=minutes))
        lease = {"run": "run-of-somebody", "trigger": "a manual start by bob", "since": instant(now), "until": until}
        s3.put_object(**where, Body=json.dumps(state | {"lease": lease if minutes else None}).encode())

    def lose_bucket(self) -> None:
        """The state bucket with all that was ever in it."""
        s3, where = self._account.client("s3"), {"Bucket": self._laid["bucket"]}
        listed = s3.list_object_versions(**where)
        for each in listed.get("Versions", []) + listed.get("DeleteMarkers", []):
            s3.delete_object(**where, Key=each["Key"], VersionId=each["VersionId"])
        s3.delete_bucket(**where)

    def weaken_bucket(self) -> None:
        """The state bucket keeps no versions from now on, nothing ends them, and nothing keeps it from being public."""
        s3, bucket = self._account.client("s3"), self._laid["bucket"]
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
        s3.delete_bucket_lifecycle(Bucket=bucket)
        s3.delete_public_access_block(Bucket=bucket)
