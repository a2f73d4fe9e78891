"""Paging, as AWS does it: never more than a page, and a token that says where to go on."""

from typing import Any

from .operations import Refusal


def page(items: list[Any], token: str | None, size: int, refusal: str = "InvalidParameterValue") -> tuple[list[Any], str | None]:
    """The page of `items` that `token` names, and the token of the next one."""
    try:
        start = int(token) if token else 0
    except ValueError:
        raise Refusal(refusal, f"The token '{token}' is invalid") from None
    end = start + size
    return items[start:end], str(end) if end < len(items) else None
