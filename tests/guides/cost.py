"""What Curfew itself costs in a month, from its own schedule and list prices: the tables of docs/cost.md.

`python tests/guides/cost.py` writes them. What is measured comes from tests/ticks.rs and docs/performance.md.
"""

from dataclasses import dataclass
from pathlib import Path

DAYS = 30
WORKDAYS = 22
TICKS = 288 * DAYS
#: A morning and an evening of each working day (docs/performance.md, medians of durable).
MORNING_SECONDS, EVENING_SECONDS = 193.1, 110.9
#: Assumed, generously: an idle tick looks twice, 0.25 s each, and reads two documents; nobody measured it in AWS.
TICK_SECONDS = 2.0
MEMORY_GB = 256 / 1024
INVOCATIONS = TICKS + 2 * WORKDAYS
GB_SECONDS = MEMORY_GB * (TICKS * TICK_SECONDS + WORKDAYS * (MORNING_SECONDS + EVENING_SECONDS))
#: tests/ticks.rs: an idle tick reads state and recording and writes nothing. A run writes some ten times.
S3_READS, S3_WRITES = 2 * INVOCATIONS, 10 * 2 * WORKDAYS
#: Lambda's own three lines, the run's, and its metrics, with CloudWatch's 26 bytes for each.
LOG_GB = INVOCATIONS * 2_500 / 1e9
#: functions/src/metrics.rs: eleven metrics, reported when a run did or found something: at least one hour each morning and evening.
METRICS, METRIC_HOURS = 11, 2 * WORKDAYS
#: CloudWatch bills a metric by the hours in which it is reported.
METRIC_MONTHS = METRICS * METRIC_HOURS / (24 * DAYS)
ALARMS, DASHBOARDS = 7, 1
MESSAGES = 3 * WORKDAYS


@dataclass(frozen=True)
class Item:
    """One line of a bill."""

    name: str
    amount: float
    unit: str
    price: float  # USD for one unit
    free: float  # units a month that are never billed, for the whole account
    source: str

    @property
    def usd(self) -> float:
        return self.amount * self.price

    @property
    def usd_beyond_free(self) -> float:
        return max(0.0, self.amount - self.free) * self.price


RUNNING = [
    Item("Lambda, arm64", GB_SECONDS, "GB-s", 0.0000133334, 400_000, "recall; x86_64 0.0000166667 secondary"),
    Item("Lambda requests", INVOCATIONS, "requests", 0.20 / 1e6, 1e6, "secondary"),
    Item("EventBridge Scheduler", 2 * WORKDAYS, "invocations", 1.00 / 1e6, 14e6, "verified 2026-09-11"),
    Item("EventBridge rule, ticks", TICKS, "invocations", 0.0, 0, "recall: rules cost nothing, only events of one's own"),
    Item("S3 reads", S3_READS, "requests", 0.0004 / 1e3, 0, "secondary"),
    Item("S3 writes", S3_WRITES, "requests", 0.005 / 1e3, 0, "secondary"),
    Item("S3 storage", 0.02, "GB-month", 0.023, 0, "recall"),
    Item("CloudWatch Logs", LOG_GB, "GB", 0.50 + 0.03, 5, "secondary"),
    Item("SNS, e-mail", MESSAGES, "e-mails", 2.00 / 1e5, 1_000, "recall"),
    Item("SSM parameter, standard", 1, "parameter", 0.0, 0, "recall"),
    Item("Budget without an action of AWS's", 1, "budget", 0.0, 0, "verified 2026-08-08"),
]
WATCHING = [
    Item("CloudWatch metrics", METRIC_MONTHS, "metric-months", 0.30, 10, "secondary"),
    Item("CloudWatch alarms", ALARMS, "alarm-months", 0.10, 10, "secondary"),
    Item("CloudWatch dashboard", DASHBOARDS, "dashboard-months", 3.00, 3, "secondary"),
]


def number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3f}".rstrip("0").rstrip(".") if value else "0"


def rows(items: list[Item]) -> list[str]:
    return [f"| {each.name} | {number(each.amount)} {each.unit} | {each.usd_beyond_free:.3f} | {each.usd:.3f} | {each.source} |" for each in items]


def total(name: str, items: list[Item]) -> str:
    return f"| **{name}** | | **{sum(each.usd_beyond_free for each in items):.2f}** | **{sum(each.usd for each in items):.2f}** | |"


def table() -> str:
    head = ["| | a month | USD, free tier unused by others | USD, free tier used up | price |", "|---|--:|--:|--:|---|"]
    running = [*rows(RUNNING), total("running it", RUNNING)]
    watching = [*rows(WATCHING), total("watching it", WATCHING)]
    return "\n".join([*head, *running, *watching, total("together", RUNNING + WATCHING)])


def ways() -> str:
    """What it costs, free tier used up, by what watches it."""
    running = sum(each.usd for each in RUNNING)
    metrics, alarms, dashboard = (each.usd for each in WATCHING)
    lines = {
        "`Watching=alarms-and-dashboard`": running + metrics + alarms + dashboard,
        "`Watching=alarms`": running + metrics + alarms,
        "`Watching=nothing`": running + metrics,
        "besides, where the blueprint has more than 4 KB (an advanced parameter, and each look at it)": 0.05 + INVOCATIONS * 0.05 / 1e4,
        "were every metric reported with each tick, besides": METRICS * 0.30 - metrics,
    }
    head = ["| | USD a month |", "|---|--:|"]
    return "\n".join([*head, *(f"| {name} | {usd:.2f} |" for name, usd in lines.items())])


def written(page: str) -> str:
    """A page with these tables between its marks."""
    for mark, text in (("bill", table()), ("ways", ways())):
        before, rest = page.split(f"<!-- begin {mark} -->\n", 1)
        after = rest.split(f"<!-- end {mark} -->", 1)[1]
        page = f"{before}<!-- begin {mark} -->\n\n{text}\n\n<!-- end {mark} -->{after}"
    return page


if __name__ == "__main__":
    page = Path(__file__).resolve().parents[2] / "docs" / "cost.md"
    page.write_text(written(page.read_text()))
