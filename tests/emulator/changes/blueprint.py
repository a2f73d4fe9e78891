"""The blueprint, and people's overrides."""

import re
from datetime import timedelta

from .laid import Laid

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Blueprint(Laid):
    """What is edited and tagged."""

    def edit_blueprint(self, replace: dict[str, str]) -> None:
        """Put other words in the place of some, once each."""
        ssm = self._account.client("ssm")
        text = ssm.get_parameter(Name=self._laid["parameter"])["Parameter"]["Value"]
        for old, new in replace.items():
            if old not in text:
                raise ValueError(f"the blueprint does not have {old!r}")
            text = text.replace(old, new, 1)
        self._put_blueprint(text)

    def schedule(self, be: str) -> str:
        """A schedule that says `up` all the time, or `down` for days to come."""
        other_day = _DAYS[(self._now() + timedelta(days=3)).weekday()]
        schedule = {"up": "Mon-Sun 00:00-24:00 UTC", "down": f"{other_day} 00:00-00:01 UTC"}[be]
        text = self._account.client("ssm").get_parameter(Name=self._laid["parameter"])["Parameter"]["Value"]
        self._put_blueprint(re.sub(r"(?m)^schedule: .*$", f"schedule: {schedule}", text))
        return schedule

    def calendar(self, name: str) -> None:
        """A calendar of holidays beside the blueprint, with the one holiday of 1 January 2030; the blueprint names it."""
        ssm, parameter = self._account.client("ssm"), self._laid["parameter"]
        event = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART;VALUE=DATE:20300101\nEND:VEVENT"
        calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//curfew//EN\n{event}\nEND:VCALENDAR\n"
        ssm.put_parameter(Name=f"{parameter.rsplit('/', 1)[0]}/{name}", Value=calendar, Type="String", Overwrite=True)
        text = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
        self._put_blueprint(re.sub(r"(?m)^(cluster: .*)$", rf"\1\nholidays: {name}", text))

    def override(self, value: str | None = None, minutes: int | None = None) -> str | None:
        """A person's override on the cluster; none clears it. With `minutes`, `until` so many from now."""
        ecs, arn = self._account.client("ecs"), self._laid["cluster"]
        ecs.untag_resource(resourceArn=arn, tagKeys=["curfew:override", "curfew:hold"])
        if value is None:
            return None
        if minutes is not None:
            value += f" until {(self._now() + timedelta(minutes=minutes)).strftime('%Y-%m-%dT%H:%M:%SZ')}"
        ecs.tag_resource(resourceArn=arn, tags=[{"key": "curfew:override", "value": value}])
        return value

    def cluster_tags(self) -> dict[str, str]:
        tags = self._account.client("ecs").list_tags_for_resource(resourceArn=self._laid["cluster"])["tags"]
        return {each["key"]: each["value"] for each in tags}
