"""What people decide on who is who: a file of lines that say 'same' or 'different' of two entities, and why.

A line is `same<TAB>agent:a<TAB>agent:b<TAB>why`; lines are sorted as text, those that begin with '#' are comments and stand
first. Removing a line undoes the decision."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DecisionError
from kg.files import write_whole
from kg.namespaces import ENTITY_PREFIXES

FILE = "decisions.tsv"
"""The name of the file, in the folder of the documents that it is about."""

SAME, DIFFERENT = "same", "different"
_EXPECTED = "expected 'same' or 'different', two ids and a reason, with tabs between"


@dataclass(frozen=True, slots=True)
class Decision:
    """One line: the two ids, in alphabetical order, are the same or different; `where` is its file and line."""

    verdict: str
    one: str
    other: str
    why: str = ""
    where: str = ""

    @classmethod
    def of(cls, verdict: str, one: str, other: str, why: str = "", where: str = "") -> Decision:
        """A decision on two ids in any order. Raises DecisionError where they cannot be the same, whatever one says."""
        at = f"{where}: " if where else ""
        for id_ in (one, other):
            prefix, _, local = id_.partition(":")
            if prefix not in ENTITY_PREFIXES or not local:
                raise DecisionError(f"{at}'{id_}' is no id of an entity; ids look like agent:voith")
        if one == other:
            raise DecisionError(f"{at}'{one}' stands on both sides; a decision is about two entities")
        if one.partition(":")[0] != other.partition(":")[0]:
            raise DecisionError(f"{at}'{one}' and '{other}' are things of two kinds, so there is nothing to decide")
        return cls(verdict, min(one, other), max(one, other), " ".join(why.split()), where)

    def check(self, is_person: Callable[[str], bool]) -> None:
        """Raises DecisionError where a person is said to be the same as what is none."""
        persons = [id_ for id_ in self.pair if is_person(id_)]
        if self.verdict == SAME and len(persons) == 1:
            at = f"{self.where}: " if self.where else ""
            other = next(id_ for id_ in self.pair if id_ not in persons)
            raise DecisionError(f"{at}'{persons[0]}' is a person and '{other}' is none, so they cannot be the same")

    @property
    def line(self) -> str:
        """The decision as it stands in the file, without the line's end."""
        return "\t".join((self.verdict, self.one, self.other, self.why)).rstrip("\t")

    @property
    def pair(self) -> tuple[str, str]:
        """The two ids, in alphabetical order."""
        return self.one, self.other


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file, in its order.

    Raises DecisionError where it cannot be read, a line is broken, or lines contradict each other."""
    decisions = tuple(
        _parse(line, f"{path}:{number}") for number, line in enumerate(_lines(path), 1) if line and line[0] != "#"
    )
    find_contradiction(decisions)
    return decisions


def add_decision(path: Path, decision: Decision) -> bool:
    """Adds a decision to a file, which is made where there is none, and sorts it; whether that changed it.

    Raises DecisionError, and changes nothing, where the decision contradicts those in the file."""
    known = read_decisions(path) if path.exists() else ()
    comments = [line for line in _lines(path) if line.startswith("#")] if path.exists() else []
    others = [d for d in known if (d.verdict, d.pair) != (decision.verdict, decision.pair)]
    if len(others) < len(known) and not decision.why:
        return False
    find_contradiction([*others, decision])
    lines = [*comments, *sorted({d.line for d in (*others, decision)})]
    content = "".join(f"{line}\n" for line in lines).encode()
    if path.exists() and path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True


def find_contradiction(decisions: Iterable[Decision], resolve: Callable[[str], str] = str) -> None:
    """Raises DecisionError, which names all lines concerned, where 'same' makes one what is said to be different.

    `resolve` tells for which entity an id stands in a build."""
    ordered = sorted(decisions, key=lambda d: (d.verdict, d.pair, d.where))
    links = _links((d for d in ordered if d.verdict == SAME), resolve)
    for decision in ordered:
        if decision.verdict == DIFFERENT:
            chain = _chain(links, resolve(decision.one), resolve(decision.other))
            if chain is not None:
                raise DecisionError(_contradiction(decision, chain))


def united(decisions: Iterable[Decision], resolve: Callable[[str], str] = str) -> dict[str, str]:
    """Each entity that 'same' speaks of, with the first in alphabetical order of those that it is one with."""
    links = _links((d for d in decisions if d.verdict == SAME), resolve)
    firsts: dict[str, str] = {}
    for id_ in sorted(links):
        reached = [id_]
        while reached:
            here = reached.pop()
            if here not in firsts:
                firsts[here] = id_
                reached += links[here]
    return firsts


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise DecisionError(f"{path}: no such file of decisions; check the path") from error
    except OSError as error:
        raise DecisionError(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from error
    except UnicodeDecodeError as error:
        raise DecisionError(f"{path}: is not UTF-8; save it as UTF-8") from error
    return [line.rstrip("\r") for line in text.split("\n")]


def _parse(line: str, where: str) -> Decision:
    cells = line.split("\t")
    if len(cells) not in (3, 4) or cells[0] not in (SAME, DIFFERENT):
        raise DecisionError(f"{where}: {_EXPECTED}, not '{line[:60]}'")
    return Decision.of(cells[0], cells[1].strip(), cells[2].strip(), "".join(cells[3:]), where)


Links = Mapping[str, Mapping[str, Decision]]


def _links(same: Iterable[Decision], resolve: Callable[[str], str]) -> Links:
    """Entity → the entities that a decision says it is the same as, and which decision."""
    links: dict[str, dict[str, Decision]] = defaultdict(dict)
    for decision in same:
        one, other = resolve(decision.one), resolve(decision.other)
        links[one].setdefault(other, decision)
        links[other].setdefault(one, decision)
    return links


def _chain(links: Links, start: str, end: str) -> list[Decision] | None:
    """The fewest 'same' decisions that lead from one entity to another, None where none do."""
    steps: dict[str, list[Decision]] = {start: []}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == end:
            return steps[here]
        for there, decision in sorted(links.get(here, {}).items()):
            if there not in steps:
                steps[there] = [*steps[here], decision]
                waiting.append(there)
    return None


def _contradiction(decision: Decision, chain: Sequence[Decision]) -> str:
    where = decision.where or "what is to be added"
    told = f"{where}: '{decision.one}' and '{decision.other}' are said to be different"
    if not chain:
        return f"{told}, but they are one in the documents: remove the line, or name the ids of the parts"
    said = ", ".join(d.where or "what is to be added" for d in chain)
    return f"{told}, but the same by {said}\nremove one of these lines"
