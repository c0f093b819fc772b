"""The network: what it holds, where it stands, and the files that Gephi and spreadsheets read."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from factories import claim, entity, gold

from kg.layout import arrange, components
from kg.model import Amount, Count, Date, Document, Extraction, Facts, Name, Qualifiers, Share, Status
from kg.network import BACKBONE, NETWORK_FORMATS, bends, layout, neighbours, project, qualifiers, ranking
from kg.packing import Box, pack

ROOT = Path(__file__).parent.parent


def facts(*extractions: Extraction) -> Facts:
    entities = {entity.id: entity for extraction in extractions for entity in extraction.entities}
    claims = {claim.id: claim for extraction in extractions for claim in extraction.claims}
    return Facts(
        tuple(extraction.document for extraction in extractions),
        tuple(entities[key] for key in sorted(entities)),
        tuple(claims[key] for key in sorted(claims)),
    )


ALPHA = entity("Alpha AG", country="DE", names=(Name("Alpha", "en"), Name("阿尔法", "zh")), lat=48.1, lon=11.6)
BETA = entity("Beta Ltd", country="CN")
IDLE = entity("Nobody", "Person")
NOTE = Document("d1", "Alpha AG will invest in Beta Ltd.", "A note", "2024-05-01", "The Paper")
FULL = Qualifiers(
    kind="plant",
    topics=("rails", "wheels"),
    date=Date("last year", "2023"),
    amount=Amount("EUR 5 million", "EUR", 5e6),
    share=Share("a quarter", 25.0),
    count=Count("More than 50", "atLeast", 50),
)


def pair(**more: Any) -> Facts:
    return facts(Extraction(NOTE, (claim(NOTE, "investedIn", ALPHA, BETA, **more),), (ALPHA, BETA, IDLE)))


def written(name: str, of: Facts) -> bytes:
    out = io.BytesIO()
    NETWORK_FORMATS[name].write(project(of), out)
    return out.getvalue()


def table(name: str, of: Facts) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(name, of).decode())))


class TestProjection:
    def test_a_node_for_each_entity_in_a_claim_and_an_edge_for_each_claim(self) -> None:
        known = facts(*gold("en-a", 6))
        graph = project(known)
        assert {key for *_, key in graph.edges(keys=True)} == {each.id for each in known.claims}
        assert set(graph) == {end.id for each in known.claims for end in (each.subject, each.object)}

    def test_an_edge_carries_its_sentence_and_document(self) -> None:
        known = pair(status=Status.PLANNED, qualifiers=FULL)
        (edge,) = (attributes for *_, attributes in project(known).edges(data=True))
        assert edge["quote"] == NOTE.text and edge["quote_end"] == len(NOTE.text)
        assert (edge["predicate"], edge["status"], edge["confidence"]) == ("investedIn", "planned", 0.9)
        assert (edge["title"], edge["published"], edge["publisher"]) == ("A note", "2024-05-01", "The Paper")
        assert (edge["date"], edge["date_verbatim"], edge["topics"]) == ("2023", "last year", "rails; wheels")

    def test_a_node_carries_what_is_known_and_nothing_else(self) -> None:
        nodes = project(pair()).nodes
        assert nodes[ALPHA.id] == {
            "label": "Alpha AG", "type": "Company", "country": "DE", "names": "Alpha; 阿尔法",
            "latitude": 48.1, "longitude": 11.6, "claims": 1, "importance": 1.0,
        }  # fmt: skip
        assert "names" not in nodes[BETA.id] and IDLE.id not in nodes

    def test_quantities_stay_verbatim_beside_their_value(self) -> None:
        flat = qualifiers(claim(NOTE, "investedIn", ALPHA, BETA, qualifiers=FULL))
        assert (flat["amount"], flat["amount_value"], flat["amount_currency"]) == ("EUR 5 million", 5e6, "EUR")
        assert (flat["count"], flat["count_comparator"], flat["count_value"]) == ("More than 50", "atLeast", 50)
        assert (flat["share"], flat["share_percent"]) == ("a quarter", 25.0)
        assert "role" not in flat

    def test_claims_of_an_entity_that_is_not_in_the_facts_are_drawn_all_the_same(self) -> None:
        known = pair()
        assert set(project(Facts(known.documents, (), known.claims))) == {ALPHA.id, BETA.id}

    def test_nothing_gives_an_empty_network(self) -> None:
        graph = project(Facts())
        assert len(graph) == 0 and layout(graph) == {}


def tree(size: int, width: int) -> dict[str, list[str]]:
    graph = nx.full_rary_tree(width, size)
    return {str(node): sorted(str(other) for other in graph[node]) for node in graph}


def test_of_a_large_network_what_is_drawn_first_has_lines() -> None:
    """250 chains of three: the middles alone would have none."""
    text = Document("t", "One works with another.")
    chains = [[entity(f"C{i} {part}") for part in "abc"] for i in range(250)]
    told = [claim(text, "suppliesTo", *pair) for chain in chains for pair in pairwise(chain)]
    graph = project(facts(Extraction(text, tuple(told), tuple(each for chain in chains for each in chain))))
    drawn = ranking(graph)[:BACKBONE]
    assert all(set(neighbours(graph)[node]) & set(drawn) for node in drawn)


SHAPES: dict[str, dict[str, list[str]]] = {
    "one": {"a": []},
    "pair": {"a": ["b"], "b": ["a"]},
    "star": tree(41, 40),
    "line": tree(30, 1),
    "tree": tree(300, 5),
    "scattered": {str(i): [] for i in range(40)},
    "complete": {str(i): [str(j) for j in range(25) if j != i] for i in range(25)},
    "beyond the core": tree(560, 6),
}


class TestLayout:
    @pytest.mark.parametrize("name", SHAPES)
    def test_boxes_never_overlap(self, name: str) -> None:
        boxes = {node: Box(60 + 12 * (len(node) + int(node, 36) % 7), 58) for node in SHAPES[name]}
        placed = arrange(SHAPES[name], boxes)
        assert set(placed) == set(SHAPES[name])
        for a, b in combinations(placed, 2):
            apart_x, apart_y = abs(placed[a][0] - placed[b][0]), abs(placed[a][1] - placed[b][1])
            wide, high = (boxes[a].width + boxes[b].width) / 2, (boxes[a].height + boxes[b].height) / 2
            assert apart_x >= wide - 1 or apart_y >= high - 1, (a, b)

    def test_neighbours_stand_nearer_than_strangers(self) -> None:
        chain = SHAPES["line"]
        placed = arrange(chain, {node: Box(40, 40) for node in chain})
        order = sorted(chain, key=int)
        steps = [abs(complex(*placed[a]) - complex(*placed[b])) for a, b in pairwise(order)]
        ends = abs(complex(*placed[order[0]]) - complex(*placed[order[-1]]))
        assert max(steps) < ends / 5

    def test_the_frame_suits_a_window(self) -> None:
        placed = layout(project(facts(*gold("en-a", 10))))
        wide, high = (max(spot[axis] for spot in placed.values()) for axis in (0, 1))
        assert 1.0 < wide / high < 2.6

    def test_a_dense_network_does_not_become_a_tower(self) -> None:
        dense = {str(i): [str(j) for j in range(90) if j != i and (i * j) % 7 < 3] for i in range(90)}
        placed = arrange(dense, {node: Box(148, 62) for node in dense})
        wide, high = (
            max(spot[axis] for spot in placed.values()) - min(spot[axis] for spot in placed.values()) for axis in (0, 1)
        )
        assert 1.1 < wide / high < 2 and wide * high < 3 * 90 * 148 * 62

    def test_small_components_stand_in_the_bays_of_large_ones(self) -> None:
        corner = {f"a{i:02}": [f"a{j:02}" for j in (i - 1, i + 1) if 0 <= j < 20] for i in range(20)}
        line = {node: (100.0 * min(i, 10), 100.0 * max(0, i - 10)) for i, node in enumerate(corner)}
        pairs = {f"b{i}": (0.0, 0.0) for i in range(12)}
        boxes = {node: Box(60, 40) for node in (*line, *pairs)}
        known: dict[str, list[str]] = corner | {node: [] for node in pairs}
        placed = pack([line, *({node: spot} for node, spot in pairs.items())], known, boxes)
        inside = [node for node in pairs if placed[node][0] < placed["a10"][0] and placed[node][1] < placed["a19"][1]]
        assert inside == list(pairs)
        for a, b in combinations(placed, 2):
            assert abs(placed[a][0] - placed[b][0]) >= 60 or abs(placed[a][1] - placed[b][1]) >= 40, (a, b)

    def test_components_come_largest_first(self) -> None:
        assert components({"c": [], "a": ["b"], "b": ["a"]}) == [["a", "b"], ["c"]]

    def test_positions_do_not_depend_on_the_order_of_what_comes_in(self) -> None:
        known = facts(*gold("en-a", 4))
        turned = Facts(known.documents[::-1], known.entities[::-1], known.claims[::-1])
        assert layout(project(known)) == layout(project(turned))


class TestBends:
    def test_parallel_edges_fan_out_on_both_sides_whatever_their_direction(self) -> None:
        claims = [claim(NOTE, name, ALPHA, BETA) for name in ("investedIn", "acquired")]
        claims += [claim(NOTE, "suppliesTo", BETA, ALPHA)]
        graph = project(facts(Extraction(NOTE, tuple(claims), (ALPHA, BETA))))
        bent = bends(graph, layout(graph))
        sides = sorted(bent[each.id] * (1 if each.subject.id == ALPHA.id else -1) for each in claims)
        assert sides == [-17.0, 0.0, 17.0]

    def test_a_line_goes_around_a_node_that_stands_in_its_way(self) -> None:
        between = entity("Gamma")
        ends = (claim(NOTE, "investedIn", ALPHA, BETA), claim(NOTE, "acquired", ALPHA, between))
        graph = project(facts(Extraction(NOTE, ends, (ALPHA, BETA, between))))
        bent = bends(graph, {ALPHA.id: (0.0, 0.0), between.id: (200.0, 0.0), BETA.id: (400.0, 0.0)})
        assert abs(bent[ends[0].id]) > 25 and bent[ends[1].id] == 0

    def test_neighbours_leave_out_the_node_itself(self) -> None:
        loop = claim(NOTE, "investedIn", ALPHA, ALPHA)
        assert neighbours(project(facts(Extraction(NOTE, (loop,), (ALPHA,))))) == {ALPHA.id: []}


class TestFormats:
    def test_graphml_keeps_types_ids_and_words(self) -> None:
        known = pair(qualifiers=FULL)
        graph = nx.parse_graphml(written("graphml", known).decode(), force_multigraph=True)
        ((a, b, key, edge),) = graph.edges(keys=True, data=True)  # type: ignore[call-overload]
        assert (a, b, key) == (ALPHA.id, BETA.id, known.claims[0].id)
        assert edge["quote"] == NOTE.text and edge["count_value"] == 50 and edge["confidence"] == 0.9
        assert graph.nodes[ALPHA.id]["names"] == "Alpha; 阿尔法" and isinstance(graph.nodes[ALPHA.id]["x"], float)

    def test_gexf_has_positions_and_no_date(self) -> None:
        known = pair()
        root = ElementTree.fromstring(written("gexf", known))
        space = {"g": "http://www.gexf.net/1.2draft", "viz": "http://www.gexf.net/1.2draft/viz"}
        (edge,) = root.findall(".//g:edge", space)
        assert (edge.get("id"), edge.get("label")) == (known.claims[0].id, "investedIn")
        assert len(root.findall(".//g:node/viz:position", space)) == 2
        assert "lastmodifieddate" not in root.find("g:meta", space).attrib  # type: ignore[union-attr]

    @pytest.mark.parametrize("name", ["graphml", "gexf"])
    def test_characters_that_xml_cannot_hold_are_replaced(self, name: str) -> None:
        odd = entity("Beta\x00 & <Söhne>\x1f")
        known = facts(Extraction(NOTE, (claim(NOTE, "investedIn", ALPHA, odd),), (ALPHA, odd)))
        assert "Beta\ufffd &amp; &lt;Söhne&gt;\ufffd" in written(name, known).decode()

    def test_tables_have_the_heads_that_gephi_expects(self) -> None:
        known = pair()
        (edge,) = table("edges-csv", known)
        assert list(edge)[:5] == ["Source", "Target", "Type", "Id", "Label"]
        assert (edge["Source"], edge["Target"], edge["Id"]) == (ALPHA.id, BETA.id, known.claims[0].id)
        assert [row["Id"] for row in table("nodes-csv", known)] == [ALPHA.id, BETA.id]

    @pytest.mark.parametrize("name", ["=1+1", "+49 30", "-5", "@SUM(A1)", "\tx"])
    def test_no_cell_runs_as_a_formula(self, name: str) -> None:
        odd = entity(name)
        known = facts(Extraction(NOTE, (claim(NOTE, "investedIn", ALPHA, odd),), (ALPHA, odd)))
        assert "'" + name in [row["Label"] for row in table("nodes-csv", known)]

    def test_quotes_with_commas_and_line_breaks_come_back_whole(self) -> None:
        text = 'Alpha AG said, "we invest\nin Beta Ltd".'
        note = Document("d2", text)
        known = facts(Extraction(note, (claim(note, "investedIn", ALPHA, BETA),), (ALPHA, BETA)))
        assert table("edges-csv", known)[0]["quote"] == text

    @pytest.mark.parametrize("name", NETWORK_FORMATS)
    def test_an_empty_network_can_be_written(self, name: str) -> None:
        assert written(name, Facts())


DIGEST = """
import hashlib, io
from factories import gold
from test_network import facts
from kg.network import NETWORK_FORMATS, project
from kg.view import render_page
known = facts(*gold("en-b", 6))
digest = hashlib.sha256(render_page(known).encode())
for format in NETWORK_FORMATS.values():
    out = io.BytesIO()
    format.write(project(known), out)
    digest.update(out.getvalue())
print(digest.hexdigest())
"""


def test_all_bytes_are_the_same_whatever_the_hash_seed() -> None:
    def digest(seed: str) -> str:
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        command = [sys.executable, "-c", DIGEST]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert digest("1") == digest("4242") != ""
