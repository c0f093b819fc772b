"""The reader: windows over a document, tags to spans, and the shipped networks at work."""

import hashlib
import json
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest

from kg import relations, sentences
from kg.files import DATA
from kg.model import Document, EntityType, Mention, Sentence
from kg.reader import decode, labels, pairs, reader, windows
from kg.reader.labels import APART, LAYERS, NAMES, OVERLAP, WINDOW, tags
from kg.reader.pairs import Pair
from kg.training.__main__ import fingerprint

LIMIT = WINDOW - 2


def test_the_shipped_reader_is_made_from_documents_and_code_as_they_are() -> None:
    manifest = json.loads((DATA / "reader" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"] == fingerprint(), "run: python -m kg.training"


@pytest.mark.parametrize(
    ("word", "initial", "expected"),
    [
        ("2021", False, 1),
        ("—", False, 2),
        ("CATL", False, 3),
        ("Voith", False, 4),
        ("plant", False, 5),
        ("iPhone", False, 6),
        ("The", True, 7),
    ],
)
def test_shape(word: str, initial: bool, expected: int) -> None:
    assert windows.shape(word, initial) == expected


@pytest.mark.parametrize(
    ("firsts", "total"),
    [
        ([0], 5),
        ([0, 10, 30], 60),
        ([0, 100, 180, 260], 400),
        ([0], 1000),
        ([0, 5, 500], 700),
        (list(range(0, 5000, 7)), 5003),
        ([], 0),
    ],
)
def test_windows_cover_every_piece_and_are_short_enough(firsts: list[int], total: int) -> None:
    found = windows.windows(firsts, total)
    assert {at for w in found for at in range(w.first, w.last)} == set(range(total))
    assert all(0 < w.last - w.first <= LIMIT for w in found)
    assert all(a.first < b.first and a.last - b.first <= OVERLAP for a, b in pairwise(found))


def scores(*names: str) -> np.ndarray:
    known = tags(NAMES)
    found = np.full((len(names), len(known)), -5.0, dtype=np.float32)
    for row, name in enumerate(names):
        found[row, known.index(name)] = -0.1
    return found


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("O", "B-Person", "I-Person", "O"), [(1, 2, "Person")]),
        (("B-Person", "B-Person"), [(0, 0, "Person"), (1, 1, "Person")]),
        (("B-Place", "O", "B-Company", "I-Company"), [(0, 0, "Place"), (2, 3, "Company")]),
        (("O", "O"), []),
    ],
)
def test_runs(names: tuple[str, ...], expected: list[tuple[int, int, str]]) -> None:
    assert [run[:3] for run in decode.runs(scores(*names), NAMES)] == expected


def test_a_run_never_begins_inside() -> None:
    path = decode.best_tags(scores("I-Person", "I-Person", "O"), NAMES)
    assert [tags(NAMES)[t] for t in path] == ["B-Person", "I-Person", "O"]


def test_pairs_are_asked_near_each_other_and_where_a_relation_admits_them() -> None:
    spans = [
        (Mention(0, 5, "Voith", EntityType.COMPANY, "Voith"), 0, 0),
        (Mention(9, 13, "Jena", EntityType.PLACE, "Jena"), 2, 2),
        (Mention(20, 25, "Voith", EntityType.COMPANY, "Voith"), 4, 4),
        (Mention(30, 35, "Emden", EntityType.PLACE, "Emden"), 6, 6),
    ]
    near, far = [Sentence(0, 14), Sentence(15, 36)], [Sentence(0, 14), *[Sentence(15, 15)] * APART, Sentence(15, 36)]
    admitted = frozenset({(EntityType.COMPANY, EntityType.PLACE)})
    assert pairs.asked(spans, near, admitted) == [(0, 1, 0), (0, 3, 1), (2, 1, -1), (2, 3, 0)]
    assert pairs.asked(spans, far, admitted) == [(0, 1, 0), (2, 3, 0)]
    given = pairs.features(spans, [Pair(0, 1, 0), Pair(1, 0, 0), Pair(0, 1, 1)], 8)
    assert given["pool"].sum(1).tolist() == [1, 1, 1, 1]
    assert len(set(given["distance"].tolist())) == 3


@pytest.fixture(scope="module")
def shipped() -> reader.Reader:
    return reader.load()


def read(shipped: reader.Reader, text: str) -> reader.Reading:
    return shipped.read(Document("d", text), sentences.split(text))


def test_the_shipped_reader_finds_names_and_what_holds_between_them(shipped: reader.Reader) -> None:
    text = "Anna Weber, chief executive of Voith, visited Kunshan on Monday."
    found = read(shipped, text)
    assert {(m.text, str(m.type)) for m in found.mentions} >= {
        ("Anna Weber", "Person"),
        ("Voith", "Company"),
        ("Kunshan", "Place"),
    }
    assert [p.text for p in found.phrases if p.label == "role"] == ["chief executive"]
    related = shipped.relate(found, found.mentions, relations.admitted(relations.load()), 0.5)
    assert {(c.predicate, c.subject.text, c.object.text) for c in related} >= {("holdsRole", "Anna Weber", "Voith")}


def test_what_was_read_before_does_not_change_what_is_read(shipped: reader.Reader) -> None:
    text = "Voith opened a plant in Kunshan. " * 12
    first = read(shipped, text)
    read(shipped, "Anna Weber met Li Wei in Jena. " * 40)
    again = read(shipped, text)
    assert (first.mentions, first.phrases) == (again.mentions, again.phrases)


@pytest.mark.parametrize(
    "text", ["", "   ", "🚀🚀 🚀", "12345 67890", "签署 合作", "\u202eright to left\u202c", "A" * 3000, "X, " * 2000]
)
def test_strange_texts_are_read_with_exact_offsets(shipped: reader.Reader, text: str) -> None:
    found = read(shipped, text)
    assert all(m.text == text[m.start : m.end] for m in found.mentions)


@pytest.mark.parametrize(
    ("text", "first", "last", "label", "expected"),
    [
        ("the U.S. company GE", "U", "U", "Place", "U.S."),
        ("the U.S. company GE", "U.S", "U.S", "Place", "U.S."),
        ("a U.K.-based firm", "K", "K", "Place", "U.K."),
        ("by J.P. Morgan here", "P.", "Morgan", "Company", "J.P. Morgan"),
        ("Washington D.C.", "Washington", "D", "Place", "Washington D.C."),
        ("Voith AG. Bosch", "Voith", "AG", "Company", "Voith AG"),
        ("the R&D centre", "R&", "R&", "Group", "R&D"),
        ("Siemens和State Grid", "Siemens", "Siemens", "Company", "Siemens"),
        ("西门子Siemens", "子", "子", "Company", "子"),
        ("as chairman and CEO", "chairman", "and", "role", "chairman"),
        ("on storage, and more", "storage", "and", "topic", "storage"),
        ("in Handel und mehr", "Handel", "und", "topic", "Handel"),
        ("on sand and", "sand", "sand", "topic", "sand"),
    ],
)
def test_bounds(text: str, first: str, last: str, label: str, expected: str) -> None:
    start, end = reader._bounds(text, text.index(first), text.index(last) + len(last), label)
    assert text[start:end] == expected


def test_a_name_is_one_mention_however_it_is_cut(shipped: reader.Reader) -> None:
    found = read(shipped, "The U.S. company GE is based in the U.S.").mentions
    assert [m.text for m in found if m.text.startswith("U")] == ["U.S.", "U.S."]
    assert len({(m.start, m.end) for m in found}) == len(found)


def test_cells_parted_by_tabs_are_read_as_those_of_markdown(shipped: reader.Reader) -> None:
    tabs = "Siemens\tState Grid\tframework agreement"
    bars = tabs.replace("\t", "|")
    assert read(shipped, tabs).mentions == read(shipped, bars).mentions
    assert {"Siemens", "State Grid"} <= {m.text for m in read(shipped, tabs).mentions}


def test_the_manifest_tells_of_the_weights_that_ship() -> None:
    manifest = json.loads(files("kg").joinpath("data", "reader", "manifest.json").read_text(encoding="utf-8"))
    assert manifest["relations"] == list(relations.load())
    for name, digest in manifest["files"].items():
        assert hashlib.sha256(files("kg").joinpath("data", "reader", name).read_bytes()).hexdigest() == digest


def test_every_tag_stands_in_one_layer() -> None:
    every = [label for layer in LAYERS for label in layer]
    assert len(every) == len(set(every))
    assert set(labels.TYPES) <= set(every)
