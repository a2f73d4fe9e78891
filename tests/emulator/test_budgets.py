"""AWS Budgets, over the wire: facts §10."""

from datetime import UTC, datetime, timedelta

from conftest import Emulator, refused

ACCOUNT = "123456789012"
LIMIT = {"Amount": "60", "Unit": "USD"}


def create(aws: Emulator, name: str, unit: str, **more) -> None:
    budget = {"BudgetName": name, "BudgetType": "COST", "TimeUnit": unit, "BudgetLimit": LIMIT}
    aws.client("budgets").create_budget(AccountId=ACCOUNT, Budget=budget | more)


def describe(aws: Emulator, name: str) -> dict:
    return aws.client("budgets").describe_budget(AccountId=ACCOUNT, BudgetName=name)["Budget"]


def test_what_is_spent_is_described(aws):
    """facts §10: "DescribeBudget → CalculatedSpend{ActualSpend,ForecastedSpend}"; a forecast only where there is one."""
    create(aws, "spent", "MONTHLY")
    assert describe(aws, "spent")["CalculatedSpend"] == {"ActualSpend": {"Amount": "0.0", "Unit": "USD"}}
    aws.control("POST", "spend", {"budget": "spent", "actual": "65.1", "forecast": "92.4"})
    assert describe(aws, "spent")["CalculatedSpend"] == {
        "ActualSpend": {"Amount": "65.1", "Unit": "USD"},
        "ForecastedSpend": {"Amount": "92.4", "Unit": "USD"},
    }
    aws.control("POST", "spend", {"budget": "spent", "actual": "48370000000", "unit": "EUR"})
    assert describe(aws, "spent")["CalculatedSpend"] == {"ActualSpend": {"Amount": "48370000000", "Unit": "EUR"}}


def test_a_period_begins_with_its_unit(aws):
    """bc:budgets, TimePeriod: the start defaults to that of the time period, the end to June 2087, both in UTC."""
    today = datetime.fromtimestamp(aws.control("GET", "clock")["now"], UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {
        "DAILY": today,
        "MONTHLY": today.replace(day=1),
        "QUARTERLY": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        "ANNUALLY": today.replace(month=1, day=1),
    }
    for unit, start in starts.items():
        create(aws, unit, unit)
        period = describe(aws, unit)["TimePeriod"]
        assert (period["Start"], period["End"]) == (start, datetime(2087, 6, 15, tzinfo=UTC)), unit


def test_a_custom_budget_says_when_it_begins_and_ends(aws):
    """facts §10: "TimeUnit now includes CUSTOM"."""
    with refused("InvalidParameterException"):
        create(aws, "custom", "CUSTOM")
    start = datetime(2026, 11, 1, tzinfo=UTC)
    create(aws, "custom", "CUSTOM", TimePeriod={"Start": start, "End": start + timedelta(days=12)})
    assert describe(aws, "custom")["TimePeriod"] == {"Start": start, "End": start + timedelta(days=12)}


def test_a_budget_that_is_not_there(aws):
    """bc:budgets: NotFoundException; another account's budgets are nobody's business: AccessDeniedException."""
    with refused("NotFoundException"):
        describe(aws, "nobody")
    with refused("AccessDeniedException"):
        aws.client("budgets").describe_budget(AccountId="999999999999", BudgetName="spent")


def test_an_account_without_budgets(own_aws):
    """bc:budgets: DescribeBudgets answers with what there is; notifications are those of a budget that exists."""
    budgets = own_aws.client("budgets")
    assert budgets.describe_budgets(AccountId=ACCOUNT)["Budgets"] == []
    with refused("NotFoundException"):
        budgets.describe_notifications_for_budget(AccountId=ACCOUNT, BudgetName="nobody")
    create(own_aws, "one", "MONTHLY")
    (found,) = budgets.describe_budgets(AccountId=ACCOUNT)["Budgets"]
    assert found == describe(own_aws, "one")
