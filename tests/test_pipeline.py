"""The whole way, from the press release in seeds/ to the graph, the page and the answers."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser

from kg import pipeline, relations
from kg.documents import read_documents
from kg.errors import DocumentError, StoreError
from kg.evaluation import AnnotatedDocument, annotated_claims
from kg.explain import explain_entity
from kg.facts import read_facts
from kg.files import DATA
from kg.model import Document, Facts, Status
from kg.query.lookup import the_entity
from kg.store import GraphStore

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


def documents(*sources: Path) -> Iterator[Document]:
    def fail(error: DocumentError) -> None:
        raise error

    return read_documents([str(s) for s in sources], on_error=fail)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("output")
    pipeline.build(documents(SEEDS), output)
    return output


@pytest.fixture(scope="module")
def facts(built: Path) -> Facts:
    with GraphStore.read(built) as store:
        return read_facts(store)


@pytest.mark.parametrize("name", [pipeline.TURTLE, pipeline.PAGE])
def test_the_committed_output_is_what_the_seeds_give(built: Path, name: str) -> None:
    assert (built / name).read_bytes() == (ROOT / "output" / name).read_bytes()


def test_another_hash_seed_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg.cli", "build", str(SEEDS), "--output", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "7"}, cwd=ROOT)
    for name in (pipeline.TURTLE, pipeline.PAGE):
        assert (built / name).read_bytes() == (tmp_path / name).read_bytes()


def test_jobs_change_nothing_but_the_time() -> None:
    corpus = ROOT / "tests" / "corpus" / "en-g.jsonl"
    alone = list(pipeline.extract_each(documents(corpus)))
    assert list(pipeline.extract_each(documents(corpus), jobs=2)) == alone
    assert len(alone) > 5 and any(extraction.claims for _, extraction in alone)


def test_jobs_read_only_a_little_ahead() -> None:
    taken = 0

    def many() -> Iterator[Document]:
        nonlocal taken
        for taken in range(1, 1001):
            yield Document(f"d{taken}", "Nobody came.")

    extractions = pipeline.extract_each(many(), jobs=2)
    assert next(extractions)[0].id == "d1"
    assert taken <= 2 * pipeline.AHEAD + 1
    extractions.close()


def test_every_claim_shows_its_sentence(facts: Facts) -> None:
    texts = {d.id: d.text for d in documents(SEEDS)}
    assert len(facts.claims) > 30
    for claim in facts.claims:
        evidence = claim.evidence
        assert texts[evidence.document][evidence.start : evidence.end] == evidence.quote
        assert claim.subject.mention in evidence.quote
        assert claim.object.mention in evidence.quote


def test_only_what_is_actual_is_a_plain_triple(built: Path, facts: Facts) -> None:
    actual = {(c.subject.id, c.predicate, c.object.id) for c in facts.claims if c.status is Status.ACTUAL}
    query = "SELECT ?s ?p ?o { ?s ?p ?o . ?claim a kg:Claim ; rdf:predicate ?p }"
    with GraphStore.read(built) as store:
        plain = {tuple(term.value.rsplit("/", 1)[-1] for term in row) for row in store.select(query)}
    assert plain == {(s.split(":", 1)[1], f"ontology#{p}", o.split(":", 1)[1]) for s, p, o in actual}


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        *((name, "place:nanshan-shenzhen") for name in ("Nanshan", "南山区", "南山", "nanshan district")),
        *((name, "agent:mindray") for name in ("Mindray", "迈瑞", "Mindray Bio-Medical Electronics Co., Ltd.")),
        *((name, "place:germany") for name in ("Deutschland", "德国")),
        *((name, "place:munich") for name in ("München", "Muenchen", "慕尼黑")),
    ],
)
def test_an_entity_is_found_by_any_of_its_names_in_any_language(name: str, id_: str, built: Path) -> None:
    with GraphStore.read(built) as store:
        assert the_entity(store, name).id == id_
        assert explain_entity(store, name).id == id_


def test_the_seed_is_read_as_well_as_promised() -> None:
    record = json.loads((ROOT / "tests" / "corpus" / "seed.jsonl").read_text(encoding="utf-8"))
    (seed,) = documents(SEEDS)
    result = pipeline.evaluate([AnnotatedDocument(seed, annotated_claims(record))])
    assert result.claims.f1 >= 0.75
    assert result.status >= 0.95


def test_a_build_without_a_document_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no document could be read"):
        pipeline.build([], tmp_path / "output")
    assert not (tmp_path / "output").exists()


def test_a_build_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="file"):
        pipeline.build(documents(SEEDS), tmp_path / "file" / "output")


SUED = """
name = "sued"
symmetric = false
label = { en = "sued", de = "verklagte", zh = "起诉" }
meaning = "The subject took the object to court."
subject = ["AnyOrganization"]
object = ["AnyOrganization"]
patterns = [{ text = "{A} [{aux}]* sued {B}", confidence = 0.95 }]
examples = []
"""


def test_a_new_file_is_a_new_relation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader was not taught it, so its patterns alone tell it; beside it all is as before."""
    text = "Siemens sued Huawei in Munich in 2019. In Beijing BASF signed an agreement with Sinopec."
    before = pipeline.extract(Document("d", text)).claims
    folder = shutil.copytree(DATA / "relations", tmp_path / "relations")
    (folder / "sued.toml").write_text(SUED, encoding="utf-8")
    more = relations.load(folder)
    monkeypatch.setattr(relations, "load", lambda: more)
    pipeline._rules.cache_clear()
    try:
        claims = pipeline.extract(Document("d", text)).claims
    finally:
        pipeline._rules.cache_clear()
    (new,) = set(claims) - set(before)
    assert (new.predicate, new.subject.name, new.object.name, new.method) == ("sued", "Siemens", "Huawei", "pattern")
    assert "signedAgreement" in {claim.predicate for claim in before} and set(before) < set(claims)


def test_confidence_below_the_one_asked_for_is_left_alone() -> None:
    (seed,) = documents(SEEDS)
    everything, sure = pipeline.extract(seed), pipeline.extract(seed, 0.7)
    assert set(sure.claims) == {c for c in everything.claims if c.confidence >= 0.7}
    assert 0 < len(sure.claims) < len(everything.claims)
    assert sure.left_alone["below the confidence asked for"] == len(everything.claims) - len(sure.claims)


@pytest.mark.parametrize(
    "text", ["", "🚀", "12 34 56", "签署合作协议。" * 30, "A, " * 300, "WORD " * 500, "\u202eabc\u202c"]
)
def test_strange_texts_give_no_error(text: str) -> None:
    found = pipeline.extract(Document("strange", text))
    assert all(text[c.evidence.start : c.evidence.end] == c.evidence.quote for c in found.claims)


class TestThePageOfTheSeed:
    """In a real browser, as a person would see it."""

    @pytest.fixture
    def page(self, browser: Browser, built: Path) -> Browser:
        browser.open(built / pipeline.PAGE)
        return browser

    def test_it_opens_quietly_and_draws_everything(self, page: Browser, facts: Facts) -> None:
        assert page.messages() == []
        assert [url for url in page.requests() if not url.startswith("file:")] == []
        drawn = page.run("return [kg.network.body.data.nodes.getIds(), kg.lines().map((line) => line.id)]")
        ends = {i for c in facts.claims for i in (c.subject.id, c.object.id)}
        assert (set(drawn[0]), set(drawn[1])) == (ends, {c.id for c in facts.claims})

    def test_search_finds_a_company(self, page: Browser) -> None:
        page.press("/", "Mindray", "\ue007")  # Enter
        assert page.texts("#card h2") == ["Mindray Bio-Medical Electronics"]

    def test_a_click_on_an_edge_shows_the_sentence(self, page: Browser, facts: Facts) -> None:
        (claim,) = (c for c in facts.claims if (c.subject.name, c.predicate) == ("Siemens", "investedIn"))
        point = page.run("return kg.edgePoint(arguments[0], 0.3)", claim.id)  # its middle may lie under a node
        page.click(point["x"], point["y"])
        assert page.texts("#card > blockquote") == [claim.evidence.quote]
