"""The shared values as JSON and back, without loss: a dataclass is the list of its fields, in their order.

Meant for what a program keeps for itself. What people and other programs read has names: see `kg.records`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import PurePath
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: object) -> str:
    """A value in one line of JSON that is ASCII alone."""
    return _ENCODER.encode(value)


def from_plain(kind: Callable[..., T], data: Any) -> T:
    """The value of this type that `to_json` wrote, from what `json.loads` made of it. Raises ValueError or TypeError where it
    is another."""
    make: Callable[[Any], T] = _maker(kind)
    return make(data)


def _listed(value: Any) -> Any:
    if isinstance(value, PurePath):
        return str(value)
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is none of the shared values")
    kind: Any = type(value)
    return [getattr(value, name) for name in _names(kind)]


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_listed)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """The function that makes values of a type from plain data."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (some,) = (_maker(each) for each in inner if each is not NoneType)
        return lambda data: None if data is None else some(data)
    if origin is tuple and inner[-1] is Ellipsis:
        each = _maker(inner[0])
        return lambda data: tuple(map(each, data))
    if origin is tuple:
        makers = tuple(map(_maker, inner))
        return lambda data: tuple(make(part) for make, part in zip(makers, data, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        of_value = _maker(inner[1])
        return lambda data: {key: of_value(value) for key, value in data.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        return _maker_of_fields(kind)
    return kind if isinstance(kind, type) and issubclass(kind, (Enum, PurePath)) else _as_it_is


def _maker_of_fields(kind: type) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    makers = tuple(_maker(hints[name]) for name in _names(kind))
    return lambda data: kind(*[make(part) for make, part in zip(makers, data, strict=True)])


def _as_it_is(data: Any) -> Any:
    return data
