"""Budgets that something is spent of.

facts §10: "DescribeBudget → CalculatedSpend{ActualSpend,ForecastedSpend}"; "TimeUnit now includes CUSTOM"; "forecast needs
~5 weeks history", so there may be none. Moto always says that nothing is spent; here `POST /_emulator/spend` says how much.
"""

from datetime import UTC, datetime
from typing import Any

from moto.budgets.models import budgets_backends

from .account import spends
from .clock import clock
from .operations import Call, Refusal, before, operation

#: bc:budgets, TimePeriod: "If you didn't specify an end date, AWS set your end date to 06/15/87 00:00 UTC".
_END = datetime(2087, 6, 15, tzinfo=UTC)
_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}


def _own(call: Call) -> Any:
    """Moto's budgets of the caller's own account; nobody sees another's."""
    if call["AccountId"] != call.account_id:
        raise Refusal("AccessDeniedException", f"Account {call.account_id} is not authorized to perform this on {call['AccountId']}")
    return budgets_backends[call.account_id]["aws"]


@operation("budgets", "CreateBudget")
def create_budget(call: Call) -> dict[str, Any]:
    """bc:budgets, TimePeriod: "defaults to the start of your chosen time period"; moto takes the month and the real clock."""
    budget = call["Budget"]
    period = budget.get("TimePeriod", {})
    if budget["TimeUnit"] == "CUSTOM" and not {"Start", "End"} <= period.keys():
        raise Refusal("InvalidParameterException", "A custom budget needs a start and an end")
    budget["TimePeriod"] = {"Start": _start(budget["TimeUnit"]), "End": _END} | period
    _own(call).create_budget(call["AccountId"], budget, call["NotificationsWithSubscribers"] or [])
    return {}


def _start(unit: str) -> datetime:
    day = clock.date().replace(hour=0, minute=0, second=0)
    months = _MONTHS.get(unit)
    return day.replace(month=(day.month - 1) // months * months + 1, day=1) if months else day


@operation("budgets", "DescribeBudgets")
def describe_budgets(call: Call) -> dict[str, Any]:
    """All of them, each as DescribeBudget shows it; an account without any has an empty list."""
    return {"Budgets": [_described(call, name) for name in _own(call).budgets[call["AccountId"]]]}


@before("budgets", "DescribeNotificationsForBudget")
def of_a_budget(call: Call) -> None:
    """Refused of a budget that does not exist, which moto answers with 500."""
    _own(call).describe_budget(call["AccountId"], call["BudgetName"])


@operation("budgets", "DescribeBudget")
def describe_budget(call: Call) -> dict[str, Any]:
    """The budget, with what `POST /_emulator/spend` said of it; without a forecast where it said none."""
    return {"Budget": _described(call, call["BudgetName"])}


def _described(call: Call, name: str) -> dict[str, Any]:
    budget = _own(call).describe_budget(call["AccountId"], name)
    said = spends.get(name, {"actual": "0.0"})
    unit = said.get("unit", budget["BudgetLimit"]["Unit"])
    named = {"actual": "ActualSpend", "forecast": "ForecastedSpend"}
    budget["CalculatedSpend"] = {name: {"Amount": said[key], "Unit": unit} for key, name in named.items() if said.get(key) is not None}
    return budget | {"HealthStatus": {"Status": "HEALTHY"}}
