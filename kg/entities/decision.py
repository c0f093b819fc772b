"""What linking decides of one name: which entry of the reference data it stands for, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.entries import Entry
from kg.model import side

BAR = 0.6
"""Below this score a name becomes an entity of its own rather than a wrong link."""
MARGIN = 0.08
"""How much better than the next one the best has to be; less is a tie, and a tie is ambiguous."""
_NAMED = 4
"""How many of the things that a name could mean are named in a reason."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document speaks of: keys of the places that it names, countries that it speaks of, and ids of sure
    places' parents."""

    places: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()


def fits(entry: Entry, country: str) -> bool:
    """Whether an entry's country agrees with what the text says of it ('' if it says nothing)."""
    return not country or side(entry.country) == side(country)


EVERYWHERE = Setting()
"""The setting of a name that stands in no document."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The entries of what is meant (several where two sources have it, the first counts), a score from 0 to 1, and
    the reasons in words. Without entries nothing was linked; `rivals` are what the name might have meant then."""

    entries: tuple[Entry, ...] = ()
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    rivals: tuple[Entry, ...] = ()


NOTHING = Decision()
"""No decision was asked for."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A possible meaning of a name with its score and what speaks for it."""

    entries: tuple[Entry, ...]
    score: float
    reasons: tuple[str, ...]


def best(found: Iterable[Scored], kind: str) -> Decision:
    """The one of several meanings that reaches the bar and stands out; else none, and why.

    `kind` names one in words ('place')."""
    ordered = sorted(found, key=lambda scored: (-scored.score, scored.entries[0].id))
    if not ordered:
        return Decision(reasons=(f"no {kind} of this name in the reference data",))
    first, rest = ordered[0], [other for other in ordered[1:] if other.score > ordered[0].score - MARGIN]
    if first.score < BAR:
        reason = f"too little speaks for {first.entries[0].name}: {'; '.join(first.reasons)}"
        return Decision(score=first.score, reasons=(reason,), rivals=(first.entries[0],))
    if rest:
        return tie([first.entries[0], *(other.entries[0] for other in rest)], kind)
    return Decision(first.entries, first.score, first.reasons)


def tie(entries: Sequence[Entry], kind: str, labels: Sequence[str] = ()) -> Decision:
    """No link, because several entries bear the name and nothing tells which is meant; `labels` tell them apart in the
    same order, else their names do."""
    names = list(labels or [entry.name for entry in entries])
    told = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return Decision(reasons=(f"{len(entries)} {kind}s of this name: {told}",), rivals=tuple(entries))
