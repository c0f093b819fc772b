"""What is known of an entity or a claim, in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gold_build import make_build
from rich.cells import cell_len

from kg.errors import UnknownNameError
from kg.explain import Explanation, explain_claim, explain_entity, render_claim, render_entity
from kg.store import GraphStore


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    with GraphStore.read(make_build(tmp_path_factory.mktemp("build"))) as store:
        yield store


def test_an_entity_comes_with_all_its_names(store: GraphStore) -> None:
    known = explain_entity(store, "siemens ag")
    assert (known.id, known.name, known.type, known.country) == ("agent:siemens", "Siemens", "Company", "DE")
    assert known.names == ("西门子", "Siemens AG")
    assert known.same_as == ("http://www.wikidata.org/entity/Q81230",)


def test_every_statement_has_its_sentence(store: GraphStore) -> None:
    (statement,) = explain_entity(store, "Siemens").statements
    assert (statement.subject, statement.predicate, statement.object) == ("Siemens", "investedIn", "Nanshan District")
    assert (statement.status, statement.confidence, statement.method) == ("actual", 0.9, "reader")
    assert statement.quote.startswith("More than 50 German companies, including Siemens")
    assert (statement.document, statement.published) == ("en-dev-001", "2024-06-24")


def test_statements_are_grouped_by_relation_on_either_side(store: GraphStore) -> None:
    statements = explain_entity(store, "Nanshan").statements
    relations = [statement.predicate for statement in statements]
    assert relations == sorted(relations)
    assert {"signedAgreement", "investedIn", "basedIn", "locatedIn"} <= set(relations)
    assert {s.status for s in statements} == {"actual", "planned"}


def test_qualifiers_are_told_in_words(store: GraphStore) -> None:
    planned = [s for s in explain_entity(store, "Innovation Lab Heidelberg").statements if s.status == "planned"]
    assert dict(planned[0].qualifiers) == {
        "kind": "research resources",
        "topics": "clean energy; life sciences; production processes",
        "said by": "relevant director of Innovation Lab Heidelberg",
    }
    (agreement,) = [s for s in explain_entity(store, "Eintracht Frankfurt").statements if s.date]
    assert agreement.date == "2021"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_text_fits_the_width(width: int, store: GraphStore) -> None:
    text = render_entity(explain_entity(store, "Nanshan"), width)
    assert max(len(line) for line in text.splitlines()) <= width


@pytest.mark.parametrize("width", [40, 80, 120])
def test_chinese_fits_the_width_and_words_stay_whole(width: int) -> None:
    names = (
        "大众汽车集团（中国）有限公司",
        "Volkswagen 大众汽车 Aktiengesellschaft",
        "上海大众汽车 Aktiengesellschaft",
    )
    text = render_entity(Explanation("agent:vw", "Volkswagen", "Company", "DE", names, (), (), ()), width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert text.count("Aktiengesellschaft") == 2


def test_a_claim_is_explained_by_its_id(store: GraphStore) -> None:
    (statement,) = explain_entity(store, "Siemens").statements
    for id_ in (statement.id, f"claim:{statement.id}"):
        assert explain_claim(store, id_) == statement
    text = render_claim(statement)
    assert "found by: reader" in text
    assert f"character {statement.start} of" in text


@pytest.mark.parametrize("id_", ["0" * 16, "claim:" + "f" * 16, "nonsense"])
def test_an_unknown_claim_is_told(id_: str, store: GraphStore) -> None:
    with pytest.raises(UnknownNameError, match=f"no claim has the id '{id_}'"):
        explain_claim(store, id_)


def test_an_unknown_entity_offers_the_closest_names(store: GraphStore) -> None:
    with pytest.raises(UnknownNameError, match=r"no entity is called 'Simens'; closest: Siemens"):
        explain_entity(store, "Simens")
