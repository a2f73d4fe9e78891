"""The fields that AWS's API model knows, down to the leaves.

A field is named by its path below the items of an answer: `Tags[].Key`, `AliasTarget.DNSName`; `[]` is each entry of a list, `{}`
each value of a map. A list of keys and values, as the attributes of a load balancer are, has the documented keys as its fields.
"""

import re
from collections.abc import Iterator
from functools import cache

import botocore.session
from botocore.model import ServiceModel, Shape

_SESSION = botocore.session.get_session()
#: How the documentation lists the keys of attributes: `<li> <p> <code>idle_timeout.timeout_seconds</code> - The …`.
_DOCUMENTED_KEY = re.compile(r"<li>\s*<p>\s*<code>([a-z0-9_.]+)</code>\s*[-–]")


@cache
def service(name: str) -> ServiceModel:
    return _SESSION.get_service_model(name)


def fields(call: str, items: str, shared: frozenset[str] = frozenset()) -> list[str]:
    """The leaves of what one call describes; those of `shared` shapes are not entered."""
    name, operation = call.split(":")
    answer = service(name).operation_model(operation).output_shape
    assert answer is not None, f"{call} answers nothing"
    return list(_leaves(_below(answer, items), "", shared))


def fields_of_shape(name: str, shape: str, shared: frozenset[str] = frozenset()) -> list[str]:
    return list(_leaves(service(name).shape_for(shape), "", shared - {shape}))


def documented_keys(call: str, items: str) -> list[str]:
    """The keys that the documentation of a list of keys and values names."""
    name, operation = call.split(":")
    answer = service(name).operation_model(operation).output_shape
    assert answer is not None, f"{call} answers nothing"
    key = _below(answer, items).members["Key"]
    return _DOCUMENTED_KEY.findall(key.documentation)


def _below(shape: Shape, path: str) -> Shape:
    for step in filter(None, path.split(".")):
        shape = shape.members[step.removesuffix("[]")]
        if step.endswith("[]"):
            shape = shape.member
    return shape


def _leaves(shape: Shape, path: str, shared: frozenset[str], above: tuple[str, ...] = ()) -> Iterator[str]:
    if shape.name in shared or shape.name in above:
        yield path
    elif shape.type_name == "structure" and shape.members:
        for name, member in shape.members.items():
            yield from _leaves(member, f"{path}.{name}".lstrip("."), shared, (*above, shape.name))
    elif shape.type_name == "list":
        yield from _leaves(shape.member, f"{path}[]", shared, above)
    elif shape.type_name == "map":
        yield from _leaves(shape.value, f"{path}{{}}", shared, above)
    else:
        yield path
