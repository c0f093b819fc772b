"""Documents with other names in them: the sentences stay, persons, companies and towns become others of the same type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from kg.training.corpus import Annotated, Gold

SWAPPED = frozenset({"Company", "Person", "Place", "ResearchOrganization", "SportsClub", "Organization"})


def swapped(document: Annotated, others: Sequence[Annotated], chance: Random) -> Annotated:
    """The document with about two thirds of its names replaced by names of the same type from other documents; forms that
    are part of another entity's form stay, so that the text remains sound."""
    donor: dict[str, list[str]] = {}
    for other in chance.sample(list(others), min(12, len(others))):
        for _, name, kind in other.forms:
            donor.setdefault(kind, []).append(name)
    mapping = _mapping(document, donor, chance)
    if not mapping:
        return document
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(f)}(?!\w)" for f in sorted(mapping, key=lambda f: (-len(f), f))))
    return _rewritten(document, pattern, mapping)


def _mapping(document: Annotated, donor: dict[str, list[str]], chance: Random) -> dict[str, str]:
    """Old form → new form. An entity's shorter forms become the new name's last word (persons) or first word."""
    owned: dict[str, list[tuple[str, str]]] = {}
    for form, name, kind in document.forms:
        owned.setdefault(name, []).append((form, kind))
    every = [form for form, _, _ in document.forms]
    mapping: dict[str, str] = {}
    used = set(every)
    for name in sorted(owned):
        forms = owned[name]
        kind = forms[0][1]
        pool = [n for n in donor.get(kind, []) if n not in used]
        entangled = any(
            f != g and re.search(rf"\b{re.escape(f)}\b", g) for f, _ in forms for g in every if g not in dict(forms)
        )
        if kind not in SWAPPED or not pool or entangled or chance.random() > 0.67:
            continue
        new = chance.choice(pool)
        used.add(new)
        short = new.split()[-1 if kind == "Person" else 0]
        for form, _ in forms:
            mapping[form] = new if form == name or len(form.split()) > 1 or len(forms) == 1 else short
    return mapping


def _rewritten(document: Annotated, pattern: re.Pattern[str], mapping: dict[str, str]) -> Annotated:
    def to(match: re.Match[str]) -> str:
        return mapping[match.group()]

    grown = [(m.end(), len(to(m)) - len(m.group())) for m in pattern.finditer(document.text)]

    def moved(at: int) -> int:
        return at + sum(letters for end, letters in grown if end <= at)

    renamed = {name: mapping.get(name, name) for _, name, _ in document.forms}
    forms = {(mapping.get(f, f), renamed[n], k) for f, n, k in document.forms}
    claims = tuple(
        replace(
            c,
            subject=renamed.get(c.subject, c.subject),
            object=renamed.get(c.object, c.object),
            start=moved(c.start),
            end=moved(c.end),
            qualifiers=_told(c, pattern, to),
        )
        for c in document.claims
    )
    return replace(
        document,
        text=pattern.sub(to, document.text),
        forms=tuple(sorted(forms, key=lambda f: (-len(f[0]), f))),
        claims=claims,
    )


def _told(claim: Gold, pattern: re.Pattern[str], to: Any) -> dict[str, Any]:
    return {
        key: [pattern.sub(to, v) for v in value] if isinstance(value, list) else pattern.sub(to, str(value))
        for key, value in claim.qualifiers.items()
    }
