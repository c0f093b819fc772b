"""How many mentions a second one core links against the reference data, to be read by people.

    python tests/benchmarks/linking.py [MENTIONS]

The mentions are made from all names of the reference data, in an order that is the same in every run: as they stand,
without their legal forms, in capitals, and with a word more, which makes most of them unknown. Every one is linked as the
first of its name would be: nothing is warm but what earlier mentions have warmed. CPU time of the quickest of RUNS runs, as
others on the machine only slow it; reading of the data apart."""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Iterator, Sequence
from time import process_time

from kg.entities.decision import Setting
from kg.entities.link import decide
from kg.entities.names import bare_place
from kg.model import EntityType
from kg.names import legal_form, normalise, strip_legal_form
from kg.reference import Reference, load

MENTIONS = 100_000
RUNS = 3
LIMIT = 20_000
SETTINGS = (
    Setting(),
    Setting(frozenset({"shenzhen", "munich"}), frozenset({"CN", "DE"}), frozenset({"CN-4403", "CN-44", "DE-BY"})),
    Setting(frozenset({"paris"}), frozenset({"FR"}), frozenset()),
)

Mentioned = tuple[str, EntityType, Setting]
"""A name, its type, and what its document speaks of."""


def names(reference: Reference) -> list[tuple[str, EntityType]]:
    """Every name of every entry with its type."""
    return [(name.text, entry.type) for entry in reference.entries() for name in entry.names]


def variants(name: str) -> tuple[str, ...]:
    """A name as texts write it, and a name that nobody bears."""
    return name, strip_legal_form(name), name.upper(), f"{name} Zwei"


def mentions(reference: Reference, count: int) -> Iterator[Mentioned]:
    """So many mentions, each with its type and setting, all different as long as there are enough names."""
    chance = random.Random(7)
    known = names(reference)
    made = sorted({(form, type_) for name, type_ in known for form in variants(name)})
    chance.shuffle(made)
    for number in range(count):
        form, type_ = made[number % len(made)]
        yield form, type_, SETTINGS[number % len(SETTINGS)]


def once(made: Sequence[Mentioned]) -> tuple[float, int]:
    """Seconds of CPU to link these mentions with data that nobody has asked yet, and how many are linked."""
    for cached in (load, normalise, legal_form, bare_place):
        cached.cache_clear()
    reference = load()
    gc.collect()
    gc.freeze()  # the mentions themselves are no part of what is measured
    start = process_time()
    linked = sum(bool(decide([name], type_, reference, around).entries) for name, type_, around in made)
    return process_time() - start, linked


def main(arguments: list[str]) -> None:
    """Measure and print."""
    made = list(mentions(load(), int(arguments[0]) if arguments else MENTIONS))
    spent, linked = min(once(made) for _ in range(RUNS))
    print(f"{len(made)} mentions in {spent:.2f} s of CPU: {len(made) / spent:.0f} a second (at least {LIMIT})")
    print(f"{linked} linked, {len(made) - linked} not; {len({name for name, _, _ in made})} different names")


if __name__ == "__main__":
    main(sys.argv[1:])
