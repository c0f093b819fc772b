"""The page as a person works with it: filter, read, find, explore, take away, by mouse, keyboard and on a phone."""

from __future__ import annotations

import csv
import io
import os
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from browser import PHONE, WIDE, Browser
from factories import claim, entity, gold
from test_network import facts

from kg.facts import read_facts
from kg.graph import document_graph, reference_graph, to_ntriples
from kg.model import Date, Document, Extraction, Facts, Identifier, Name, Qualifiers, Status
from kg.namespaces import REFERENCE_GRAPH, document_iri, to_name
from kg.network import BACKBONE, project, ranking
from kg.selection import of_document
from kg.store import GraphStore
from kg.view import write_page

ENTER, ESCAPE, LEFT, RIGHT = "\ue007", "\ue00c", "\ue012", "\ue014"


def note(name: str, published: str, *names: str) -> Document:
    return Document(name, " ".join(names) + " met.", title=f"Note {name}", published=published, publisher="The Paper")


ALPHA = entity(
    "Alpha AG", country="DE", lat=48.1, lon=11.6, names=(Name("阿尔法", "zh"), Name("Alpha Aktiengesellschaft", "de"))
)
BETA = entity("Beta Ltd", country="CN", lat=22.5, lon=113.9, same_as=("http://www.wikidata.org/entity/Q17",))
GAMMA = entity("Gamma SA", country="FR", lat=48.9, lon=2.3)
DELTA = entity("Delta GmbH", country="DE", identifiers=(Identifier("isin", "DE000"),))
ZHOU = entity("Zhou Wei", "Person", country="CN")
RAILS = entity("rail technology", "Sector")
CITY = entity("Köln", "Place", country="DE", lat=50.9, lon=7.0, names=(Name("Cologne", "en"), Name("科隆", "zh")))
OLD = note("old", "2019-03-01", "Alpha AG", "Beta Ltd", "Gamma SA", "Köln")
NEW = note("new", "2024-05-01", "Beta Ltd", "Delta GmbH", "Zhou Wei", "rail technology", "Köln")
LATE = Qualifiers(date=Date("in 2022", "2022"), attributed_to="Zhou Wei")
CLAIMS = {
    "invested": claim(OLD, "investedIn", ALPHA, BETA),
    "acquired": claim(OLD, "acquired", ALPHA, BETA, status=Status.PLANNED, confidence=0.5),
    "supplies": claim(OLD, "suppliesTo", BETA, GAMMA, status=Status.FORMER),
    "based": claim(OLD, "basedIn", ALPHA, CITY),
    "signed": claim(NEW, "signedMoU", BETA, DELTA, qualifiers=LATE, method="pattern"),
    "role": claim(NEW, "holdsRole", ZHOU, BETA, qualifiers=Qualifiers(role="chairman")),
    "active": claim(NEW, "activeIn", DELTA, RAILS),
    "seat": claim(NEW, "basedIn", DELTA, CITY),
}
IDS = {name: each.id for name, each in CLAIMS.items()}
EXTRACTIONS = (
    Extraction(OLD, tuple(c for c in CLAIMS.values() if c.evidence.document == "old"), (ALPHA, BETA, GAMMA, CITY)),
    Extraction(
        NEW, tuple(c for c in CLAIMS.values() if c.evidence.document == "new"), (BETA, DELTA, ZHOU, RAILS, CITY)
    ),
)


@pytest.fixture(scope="module")
def store() -> GraphStore:
    """The small network in a store, so that the page's queries can be asked."""
    store = GraphStore.in_memory()
    store.put(REFERENCE_GRAPH, to_ntriples(reference_graph((ALPHA, BETA, GAMMA, DELTA, ZHOU, RAILS, CITY))))
    for extraction in EXTRACTIONS:
        store.put(document_iri(extraction.document.id), to_ntriples(document_graph(extraction)))
    return store


def large() -> Facts:
    """450 companies round 30 hubs in a chain: more than a page opens with. The country of the last 20 is known."""
    text = Document("big", "One works with another.", published="2020-01-01")
    hubs = [entity(f"Hub {i:02}") for i in range(30)]
    leaves = [entity(f"Leaf {i:03}", country="DE" if i >= 430 else "") for i in range(450)]
    claims = [claim(text, "cooperatesWith", a, b) for a, b in pairwise(hubs)]
    claims += [claim(text, "suppliesTo", leaf, hubs[i % 30]) for i, leaf in enumerate(leaves)]
    return facts(Extraction(text, tuple(claims), (*hubs, *leaves)))


def crowd() -> Facts:
    """200 companies somewhere in Germany and 200 somewhere in China, a tenth of them in a document of their own."""
    texts = [Document(name, "One works with another.") for name in ("few", "many")]
    pairs = [(entity(f"West {i}", country="DE"), entity(f"East {i}", country="CN")) for i in range(200)]
    made = [(texts[i >= 20], pair) for i, pair in enumerate(pairs)]
    claims = [claim(text, "cooperatesWith", a, b) for text, (a, b) in made]
    return facts(
        *(
            Extraction(
                text,
                tuple(c for c in claims if c.evidence.document == text.id),
                tuple(end for other, pair in made if other is text for end in pair),
            )
            for text in texts
        )
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, store: GraphStore) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    known = {"small": read_facts(store), "gold": facts(*gold("en-a", 10)), "large": large(), "crowd": crowd()}
    for name, each in known.items():
        write_page(each, folder / f"{name}.html", title="A network")
    write_page(known["small"], folder / "answer.html", title="A network", about="Investors in Nanshan")
    write_page(of_document(known["small"], "old"), folder / "part.html", title="A network", part=True)
    return {name: folder / f"{name}.html" for name in (*known, "answer", "part")}


@pytest.fixture
def page(browser: Browser, pages: dict[str, Path]) -> Iterator[Browser]:
    """The small network, freshly opened; nothing may be said on the console."""
    browser.open(pages["small"])
    yield browser
    assert browser.messages() == []


def claims(page: Browser) -> set[str]:
    """The names of the claims that are shown."""
    names = {id_: name for name, id_ in IDS.items()}
    return {names[id_] for id_ in page.run("return kg.shown().edges")}


def row(kind: str, value: str) -> str:
    return f'#legend [data-kind="{kind}"][data-value="{value}"]'


def count(page: Browser, kind: str, value: str) -> int:
    return int(page.text(f"{row(kind, value)} b"))


def unfold(page: Browser, summary: str) -> None:
    """Opens a part of the legend by its title."""
    page.run(
        "[...document.querySelectorAll('#legend summary')].find((e) => e.textContent === arguments[0]).click()", summary
    )
    page.settle()


def act(page: Browser, name: str) -> None:
    page.push(f'#card [data-act="{name}"]')


FILTER_WORDS = {
    "old": "Document: Note old",
    RAILS.id: "Field: rail technology",
    "CN–DE": "Between China and Germany",
    "DE–DE": "Within Germany",
}


class TestFilter:
    def test_status_and_relation_switch_claims_off_and_counts_follow(self, page: Browser) -> None:
        assert (count(page, "status", "actual"), count(page, "type", "Company")) == (6, 4)
        page.push(row("status", "actual"))
        assert claims(page) == {"acquired", "supplies"}
        assert (count(page, "status", "actual"), count(page, "type", "Company"), count(page, "type", "Person")) == (
            6,
            3,
            0,
        )
        unfold(page, "Relations")
        page.push(row("relation", "acquired"))
        assert claims(page) == {"supplies"}
        assert page.text("#counts") == "2 of 7 entities · 1 of 8 claims · 1 of 2 documents"
        assert [chip.rstrip("×") for chip in page.texts("#chips li")] == [
            *("All filters", "Without Stated as done", "Without acquired")
        ]
        page.push("#chips li:last-child button")
        assert claims(page) == {"acquired", "supplies"}
        assert page.text("#live") == "2 of 8 claims"
        page.push("#chips button")
        assert claims(page) == set(IDS)

    def test_one_status_alone_and_all_again(self, page: Browser) -> None:
        look = "return getComputedStyle(document.querySelector(arguments[0])).opacity"
        only, every = '#legend [data-only="status planned"]', '#legend [data-all="status"]'
        assert page.run(look, only) == page.run(look, every) == "0"
        spot = page.run("return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()", only)
        page.move(spot["x"] + 9, spot["y"] + 9)
        assert page.run(look, only) == "1"
        page.push(only)
        assert claims(page) == {"acquired"} and page.texts("#chips span") == ["Only Planned"]
        assert page.run("return document.querySelector(arguments[0]).ariaLabel", only) == "Only Planned"
        assert page.run(look, every) == "1"
        page.run("document.querySelector(arguments[0]).focus()", every)
        page.press(ENTER)
        assert claims(page) == set(IDS) and page.run("return document.activeElement.dataset.all") == "status"
        unfold(page, "Relations")
        page.run("document.querySelector('[data-only=\"relation acquired\"]').focus()")
        page.press(ENTER)
        assert claims(page) == {"acquired"}

    def test_what_passes_is_brought_into_an_empty_view(self, page: Browser) -> None:
        page.run("kg.network.moveTo({ scale: 3, position: { x: 9000, y: 9000 } })")
        page.push(row("status", "actual"))
        seen = """return kg.shown().nodes.map((id) => kg.spot(id))
            .filter(({ x, y }) => x > 0 && y > 0 && x < innerWidth && y < innerHeight).length"""
        assert page.run(seen) == 3

    def test_time_range_by_its_handles(self, page: Browser) -> None:
        bars = "return [...document.querySelectorAll('.bars rect')].map((e) => [+e.dataset.year, +e.dataset.count])"
        assert page.run(bars) == [[2019, 4], [2022, 1], [2024, 3]]
        page.slide(".handles .from", 2)
        assert claims(page) == {"signed", "role", "active", "seat"} and page.text(".years") == "2021–2024"
        page.slide(".handles .to", -2)
        assert claims(page) == {"signed"} and count(page, "type", "Company") == 2
        assert len(page.run("return [...document.querySelectorAll('.bars .in')]")) == 1

    def test_handles_on_one_spot_can_be_drawn_apart_again(self, page: Browser) -> None:
        left, right, y = page.run(
            "const r = document.querySelector('.handles').getBoundingClientRect(); return [r.left + 8, r.right - 8, r.y + 12]"
        )
        page.drag((left, y), (right, y))
        assert page.text(".years") == "2024"
        page.drag((right, y), (left, y))
        assert page.text(".years") == "2019–2024"
        page.drag((right, y), (left, y))
        assert page.text(".years") == "2019"

    def test_filters_that_leave_nothing_say_so_and_are_taken_off(
        self, browser: Browser, pages: dict[str, Path]
    ) -> None:
        off = "#no-status=actual&no-status=planned&no-status=former"
        for view in ("", "&as=map", "&as=table"):
            browser.open(pages["small"], fragment=off + view)
            assert browser.text("#nothing p") == "No claim passes all the filters."
        browser.push("#nothing button")
        assert claims(browser) == set(IDS) and browser.run("return document.getElementById('nothing').hidden")

    def test_many_chips_and_the_legend_do_not_overlap(self, browser: Browser, pages: dict[str, Path]) -> None:
        off = "&".join(f"no-{kind}={value}" for kind, value in (("type", "Event"), ("type", "Person"), ("country", "")))
        narrowed = f"#{off}&years=2018-2025&document=old&pair=CN–DE&sure=0.05&pin=5,5,{BETA.id}&hide={ZHOU.id}"
        browser.open(pages["small"], (1440, 700), fragment=narrowed)
        assert len(browser.texts("#chips li")) == 9
        boxes = "return ['head', 'legend'].map((id) => document.getElementById(id).getBoundingClientRect().toJSON())"
        head, legend = browser.run(boxes)
        assert head["bottom"] <= legend["top"] and legend["bottom"] <= 700 and legend["height"] > 80
        ground = "return getComputedStyle(document.getElementById(arguments[0])).backgroundColor"
        assert all(browser.run(ground, id_).endswith("/ 0.97)") for id_ in ("head", "legend"))

    @pytest.mark.parametrize(
        ("name", "value", "found"),
        [
            ("document", "old", {"invested", "acquired", "supplies", "based"}),
            ("sector", RAILS.id, {"signed", "active", "seat"}),
            ("pair", "CN–DE", {"invested", "acquired", "signed"}),
            ("pair", "DE–DE", {"based", "seat"}),
        ],
    )
    def test_lists_to_choose_from(self, page: Browser, name: str, value: str, found: set[str]) -> None:
        unfold(page, "Document, field, confidence")
        page.choose(f"#by-{name}", value)
        assert claims(page) == found
        option = page.run("return document.querySelector(arguments[0]).selectedOptions[0].textContent", f"#by-{name}")
        assert option.endswith(f"({len(found)})")
        assert page.texts("#chips span") == [FILTER_WORDS[value]]
        page.choose(f"#by-{name}", "")
        assert claims(page) == set(IDS)

    def test_confidence(self, page: Browser) -> None:
        unfold(page, "Document, field, confidence")
        page.slide("#by-sure", 11)
        assert claims(page) == set(IDS) - {"acquired"} and page.text(".choice output") == "at least 0.55"


class TestRead:
    def test_a_claim_tells_all_that_is_known_of_it(self, page: Browser) -> None:
        point = page.run("return kg.edgePoint(arguments[0])", IDS["signed"])
        page.click(point["x"], point["y"])
        assert page.texts("#card > blockquote") == [NEW.text]
        assert page.texts("#card > blockquote mark") == ["Beta Ltd", "Delta GmbH"]
        shown = page.text("#card")
        for words in ("Note new", "The Paper", "2024-05-01", "Stated as done", "0.90", "pattern", "2022 (“in 2022”)"):
            assert words in shown
        assert "According to\nZhou Wei" in shown
        page.run("[...card.querySelectorAll('dd .link')].find((e) => e.textContent === 'Zhou Wei').click()")
        assert page.texts("#card h2") == ["Zhou Wei"] and "chairman" in page.text("#card")

    def test_an_entity_tells_names_identifiers_and_claims(self, page: Browser) -> None:
        page.press("/", "科隆", ENTER)
        shown = page.text("#card")
        assert "Place · Germany" in shown and "English\nCologne" in shown and "Chinese\n科隆" in shown
        assert "Note old · 2019-03-01 · confidence 0.90" in shown
        assert "← is based in" in shown.lower() and set(page.texts("#card li .link")) == {"Alpha AG", "Delta GmbH"}
        page.press("/", "beta", ENTER)
        link = page.run("const a = card.querySelector('dd a'); return [a.textContent, a.href]")
        assert link == ["Wikidata Q17", "http://www.wikidata.org/entity/Q17"]
        page.press("/", "delta", ENTER)
        assert "ISIN DE000" in page.text("#card")

    def test_an_entity_tells_first_what_passes_the_filters(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"], fragment=f"#node={BETA.id}&no-status=actual")
        assert browser.texts("#card > ul .link") == ["Alpha AG", "Gamma SA"]
        assert browser.texts("#card > details summary") == ["3 claims that the filters leave out"]
        assert browser.texts("#card > details .link") == ["Zhou Wei", "Alpha AG", "Delta GmbH"]
        browser.push("#chips button")
        assert browser.texts("#card > details") == [] and len(browser.texts("#card > ul .link")) == 5


class TestExplore:
    def test_neighbourhoods_of_one_two_and_three_steps(self, page: Browser) -> None:
        page.press("/", "zhou", ENTER)
        for steps, found in ((1, {"role"}), (2, set(IDS) - {"based", "active", "seat"}), (3, set(IDS))):
            page.push(f'#card [data-steps="{steps}"]')
            assert claims(page) == found, steps
        page.push('#card [data-steps="1"]')
        assert page.text("#chips").startswith("1 step around Zhou Wei")
        page.push("#chips button")
        assert claims(page) == set(IDS)

    def test_hide_and_show_again(self, page: Browser) -> None:
        page.press("/", "beta", ENTER)
        act(page, "hide")
        assert claims(page) == {"based", "active", "seat"} and page.run("return panel.hidden")
        page.push("#chips button")
        assert claims(page) == set(IDS)

    def test_shortest_paths_show_each_hop_with_its_sentence(self, page: Browser) -> None:
        page.press("/", "gamma", ENTER)
        act(page, "path")
        page.press("cologne", ENTER)
        assert page.text("#card .sub") == "2 shortest ways, 3 steps"
        assert claims(page) == {"supplies", "invested", "acquired", "based", "signed", "seat"}
        hops = page.texts("#card .path > li")
        assert "Beta Ltd – supplies – Gamma SA" in hops[0]
        assert len(hops) == 6 and all(hop.count(" met.") >= 1 and "confidence 0." in hop for hop in hops)
        page.push(f'#card [data-claim="{IDS["supplies"]}"]')
        assert "supplies" in page.text("#card h2")
        page.run("history.back()")
        page.wait("return document.querySelector('#card .path') !== null")

    def test_the_other_end_of_a_path_is_another(self, page: Browser) -> None:
        page.press("/", "gamma", ENTER)
        act(page, "path")
        page.press("gamma")
        assert page.texts("#path-hits li") == ["No entity bears this name"]

    def test_no_way_leads_through_what_is_hidden(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"], fragment=f"#path={ALPHA.id}&path={DELTA.id}&hide={BETA.id}")
        assert browser.text("#card .sub") == "1 shortest way, 2 steps" and claims(browser) == {"based", "seat"}
        browser.open(pages["small"], fragment=f"#around={ALPHA.id}&steps=3&hide={BETA.id}")
        assert claims(browser) == {"based", "seat", "active"}

    def test_no_way_between_two(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"], fragment=f"#path={GAMMA.id}&path={ZHOU.id}&no-status=former")
        assert browser.text("#card .sub").startswith("No way leads from one to the other")

    def test_a_dragged_node_is_pinned_where_it_is_put(self, page: Browser) -> None:
        spot = page.run("return kg.spot(arguments[0])", ZHOU.id)
        page.drag((spot["x"], spot["y"]), (spot["x"] + 60, spot["y"] + 40))
        after = page.run("return kg.spot(arguments[0])", ZHOU.id)
        assert abs(after["x"] - spot["x"] - 60) < 3 and abs(after["y"] - spot["y"] - 40) < 3
        assert page.text("#chips").startswith("1 pinned")
        page.press("/", "gamma", ENTER)
        page.push('#card [data-steps="1"]')
        assert ZHOU.id in page.run("return kg.shown().nodes")
        page.press("/", "zhou", ENTER)
        act(page, "pin")
        assert page.run("return kg.state().pin") == {}

    def test_back_and_forward_go_through_what_was_read(self, page: Browser) -> None:
        page.press("/", "alpha", ENTER)
        page.push(f'#card [data-claim="{IDS["based"]}"]')
        page.press("/", "gamma", ENTER)
        for button, heading in (
            ("back", "Alpha AG"),
            ("back", "Alpha AG"),
            ("forward", "Alpha AG"),
            ("forward", "Gamma SA"),
        ):
            before = page.run("return location.hash")
            page.push(f"#{button}")
            page.wait("return location.hash !== arguments[0]", before)
            page.settle()
            assert heading in page.text("#card h2")

    def test_the_address_reproduces_the_view(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"])
        browser.push(row("status", "former"))
        browser.slide(".handles .from", 1)
        browser.press("/", "beta", ENTER)
        browser.push('#card [data-steps="1"]')
        fragment = browser.run("return location.hash")
        seen = "return [kg.shown(), document.getElementById('counts').textContent, card.innerText, legend.innerText]"
        before = browser.run(seen)
        assert claims(browser) == {"signed", "role"}
        browser.open(pages["small"], fragment=fragment)
        assert browser.run(seen) == before

    @pytest.mark.parametrize(
        "fragment",
        [
            "#around=nobody&steps=99",
            "#pin=x&years=z&sure=-3&as=zoo",
            "#%%%",
            "#claim=<b>",
            "#pair=<img>&no-type=Zoo&document=x&sector=y&sort=x",
        ],
    )
    def test_an_address_that_says_nonsense_shows_all(
        self, browser: Browser, pages: dict[str, Path], fragment: str
    ) -> None:
        browser.open(pages["small"], fragment=fragment)
        assert claims(browser) == set(IDS) and browser.messages() == []
        assert browser.texts("#chips li") == [] and "img" not in browser.texts("#by-pair")[0]

    def test_the_picture_comes_back_when_the_card_is_closed_unless_it_was_moved(self, page: Browser) -> None:
        view = "return [kg.network.getScale(), kg.network.getViewPosition()]"
        before = page.run(view)
        page.press("/", "gamma", ENTER)
        near = page.run(view)
        page.press(ESCAPE)
        assert near != before and page.run(view) == before
        page.press("/", "gamma", ENTER)
        page.push("#zoom-out")
        moved = page.run(view)
        page.press(ESCAPE)
        assert page.run(view) == moved


class TestTable:
    def test_it_sorts_narrows_and_opens_claims(self, page: Browser) -> None:
        page.press("t")
        cells = "return [...document.querySelectorAll('#table tbody tr')].map((r) => [...r.children].map((c) => c.textContent))"
        assert len(page.run(cells)) == len(IDS)
        page.push("#table th:nth-child(6) button")
        assert page.run(cells)[0][5] == "0.50"
        page.push("#table th:nth-child(6) button")
        assert page.run(cells)[-1][5] == "0.50"
        assert page.run("return document.querySelector('#table th:nth-child(6)').ariaSort") == "descending"
        page.push("#table-words")
        page.press("zhou office")
        assert [line[:3] for line in page.run(cells)] == [["Zhou Wei", "holds office at", "Beta Ltd"]]
        fragment = page.run("return location.hash")
        page.run("document.querySelector('#table tbody button').click()")
        assert not page.run("return panel.hidden") and page.texts("#card > blockquote")
        page.run("location.hash = arguments[0]", fragment.replace("zhou+office", "based"))
        page.wait("return document.getElementById('table-count').textContent === '2 claims'")
        assert page.run("return document.getElementById('table-words').value") == "based"
        assert page.run("return document.querySelector('#table th:nth-child(6)').ariaSort") == "descending"

    def test_it_follows_the_filters_and_lists_entities(self, page: Browser) -> None:
        page.push('#views [data-as="table"]')
        page.push(row("status", "actual"))
        assert page.text("#table-count") == "2 claims"
        page.push('#table [data-rows="entities"]')
        assert page.texts("#table tbody th") == ["Alpha AG", "Beta Ltd", "Gamma SA"]
        page.run("document.querySelector('#table tbody button').click()")
        assert page.texts("#card h2") == ["Alpha AG"]


class TestMap:
    def test_entities_stand_where_they_are_and_the_same_filters_hold(self, page: Browser) -> None:
        page.press("m")
        assert claims(page) == {"invested", "acquired", "supplies", "based", "signed", "seat", "role"}
        spots = {
            each.id: page.run("return kg.spot(arguments[0])", each.id) for each in (ALPHA, BETA, CITY, DELTA, GAMMA)
        }
        assert (
            spots[CITY.id]["x"] < spots[ALPHA.id]["x"] < spots[BETA.id]["x"]
            and spots[CITY.id]["y"] < spots[ALPHA.id]["y"]
        )
        apart = abs(complex(spots[DELTA.id]["x"] - spots[CITY.id]["x"], spots[DELTA.id]["y"] - spots[CITY.id]["y"]))
        assert 5 < apart < 60
        assert "Natural Earth" in page.text("#map-note") and "1 entity has no known place" in page.text("#map-note")
        point = page.run("return kg.edgePoint(arguments[0])", IDS["invested"])
        straight = (spots[ALPHA.id]["y"] + spots[BETA.id]["y"]) / 2
        assert point["y"] < straight - 20
        page.click(point["x"], point["y"])
        assert page.texts("#card > blockquote") == [OLD.text]
        page.push(row("country", "DE"))
        assert claims(page) - {"invested"} == {"supplies", "role"}
        page.press("/", "rail", ENTER)
        assert "no known place" in page.text("#card") and "no known place" in page.text("#live")
        page.run("[...card.querySelectorAll('.link')].find((e) => e.textContent === 'See it in the network').click()")
        assert page.run("return kg.state().as") == "network" and "no known place" not in page.text("#card")

    def test_what_is_somewhere_in_a_country_stands_in_its_circle(self, page: Browser, tmp_path: Path) -> None:
        page.press("m")
        save = "document.querySelector('[data-take=svg]').click()"
        root = ElementTree.fromstring(page.downloaded(tmp_path, lambda: page.run(save), ".svg"))
        words = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
        assert "somewhere in China" in words and "somewhere in Germany" not in words
        zhou, beta = (page.run("return kg.spot(arguments[0])", each.id) for each in (ZHOU, BETA))
        assert zhou["x"] < beta["x"] and page.run("return kg.shown().nodes.includes(arguments[0])", ZHOU.id)

    def test_circles_are_as_large_as_what_is_shown_needs_and_keep_apart(
        self, browser: Browser, pages: dict[str, Path]
    ) -> None:
        def circles(fragment: str) -> list[tuple[complex, float]]:
            browser.open(pages["crowd"], fragment=f"#as=map{fragment}")
            found = browser.run(
                "return kg.shown().nodes.map((id) => [id, kg.network.body.nodes[id]]).map(([id, n]) => [id, n.x, n.y])"
            )
            sides = [
                [complex(x, y) for id_, x, y in found if id_.startswith(f"agent:{side}")] for side in ("west", "east")
            ]
            assert all(abs(a - b) > 28 for side in sides for a, b in combinations(side, 2))
            middles = [side[0] for side in sides]
            return [
                (middle, max(abs(spot - middle) for spot in side)) for middle, side in zip(middles, sides, strict=True)
            ]

        (west, wide), (east, far) = circles("")
        assert wide + far < abs(west - east)
        assert circles("&document=few")[0][1] < wide / 2

    def test_both_countries_are_drawn(self, page: Browser) -> None:
        page.press("m")
        row = """const row = document.querySelector('#map canvas').getContext('2d').getImageData(0, 480, 1440, 1).data;
            return [...new Set([...row.keys()].filter((i) => i % 4 === 0).map((i) => row.slice(i, i + 3).join()))];"""
        assert "240,235,223" in page.run(row)


class TestTakeAway:
    def take(self, page: Browser, name: str) -> None:
        page.push("#take summary")
        page.push(f'[data-take="{name}"]')

    def test_csv_holds_the_claims_that_are_shown(self, page: Browser, tmp_path: Path) -> None:
        page.push(row("status", "actual"))
        text = page.downloaded(tmp_path, lambda: self.take(page, "claims"), ".csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {"kind", "role", "amount", "share", "count", "place", "date", "url"} <= rows[0].keys()
        assert {line["claim"] for line in rows} == {IDS["acquired"], IDS["supplies"]}
        assert {(line["from"], line["quote"], line["published"]) for line in rows} == {
            ("Alpha AG", OLD.text, "2019-03-01"),
            ("Beta Ltd", OLD.text, "2019-03-01"),
        }

    def test_csv_of_a_table_holds_its_rows_and_what_has_to_do_with_them(
        self, browser: Browser, pages: dict[str, Path], tmp_path: Path
    ) -> None:
        def rows(name: str) -> list[dict[str, str]]:
            text = browser.downloaded(tmp_path, lambda: self.take(browser, name), f"{name}.csv").decode("utf-8-sig")
            return list(csv.DictReader(io.StringIO(text)))

        browser.open(pages["small"], fragment="#as=table&rows=entities&words=zhou")
        (zhou,) = rows("entities")
        assert (zhou["id"], zhou["type"], zhou["claims"]) == (ZHOU.id, "Person", "1")
        assert [(line["claim"], line["role"]) for line in rows("claims")] == [(IDS["role"], "chairman")]
        for path in tmp_path.iterdir():
            path.unlink()
        browser.open(pages["small"], fragment="#as=table&words=office")
        assert {line["name"] for line in rows("entities")} == {"Zhou Wei", "Beta Ltd"}

    def test_a_picture_breaks_its_title_into_lines(
        self, browser: Browser, pages: dict[str, Path], tmp_path: Path
    ) -> None:
        off = "&".join(f"no-relation={each.predicate}" for each in list(CLAIMS.values())[1:])
        browser.open(pages["answer"], PHONE, fragment=f"#{off}&years=2018-2025&sure=0.05&document=old")
        save = "document.querySelector('[data-take=svg]').click()"
        root = ElementTree.fromstring(browser.downloaded(tmp_path, lambda: browser.run(save), ".svg"))
        told = [e for e in root.iter("{http://www.w3.org/2000/svg}text") if e.get("x") == "28"]
        lines = [e.text or "" for e in told if e.get("font-size") == "12" and (e.text or "").strip()]
        words = " ".join("".join(lines).split())
        assert "Confidence from 0.05" in words and "All filters" not in words and len(lines) > 1
        wide = """const pen = new OffscreenCanvas(1, 1).getContext('2d');
            pen.font = `12px ${kg.ink().sans}`;
            return pen.measureText(arguments[0]).width"""
        assert all(browser.run(wide, line.rstrip()) <= float(root.get("width") or 0) - 56 for line in lines)

    def test_svg_is_well_formed_and_holds_the_labels(self, page: Browser, tmp_path: Path) -> None:
        root = ElementTree.fromstring(page.downloaded(tmp_path, lambda: self.take(page, "svg"), ".svg"))
        words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
        assert {"Alpha AG", "Beta Ltd", "A network", "acquired"} <= set(words)
        assert {"Companies", "People", "China", "Germany", "Planned", "Former"} <= set(words)
        assert not {"Events", "Denied or cancelled"} & set(words)
        assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > len(IDS)

    def test_a_picture_of_an_answer_is_headed_by_what_was_asked(
        self, browser: Browser, pages: dict[str, Path], tmp_path: Path
    ) -> None:
        browser.open(pages["answer"])
        root = ElementTree.fromstring(browser.downloaded(tmp_path, lambda: self.take(browser, "svg"), ".svg"))
        words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
        assert "Investors in Nanshan" in words and any(str(each).startswith("A network · 7 ent") for each in words)

    def test_png_is_a_picture_at_twice_the_size(self, page: Browser, tmp_path: Path) -> None:
        data = page.downloaded(tmp_path, lambda: self.take(page, "png"), ".png")
        wide, high = struct.unpack(">II", data[16:24])
        assert data[:4] == b"\x89PNG" and wide > 840 and high > 300 and len(data) > 5000

    @pytest.mark.parametrize(
        "fragment",
        [
            "",
            "#no-status=actual&no-type=Person",
            "#no-country=CN",
            "#no-country=",
            "#years=2020-2023",
            "#document=old&sure=0.6",
            "#pair=CN–DE&no-relation=acquired",
            f"#sector={RAILS.id}",
            f"#around={ZHOU.id}&steps=2",
            f"#hide={BETA.id}",
            f"#no-status=former&claim={IDS['supplies']}",
            "#as=table&rows=entities&words=gamma",
            "#as=map",
            "#as=table",
        ],
    )
    def test_the_query_gives_the_same_rows(
        self, browser: Browser, pages: dict[str, Path], store: GraphStore, fragment: str
    ) -> None:
        browser.open(pages["small"], fragment=fragment)
        found = {
            to_name(each.value).removeprefix("claim:") for each, *_ in store.select(browser.run("return kg.query()"))
        }
        shown = {IDS["supplies"]} if "words" in fragment else set(browser.run("return kg.shown().edges"))
        assert found == shown

    def test_the_query_of_a_part_gives_the_part(
        self, browser: Browser, pages: dict[str, Path], store: GraphStore
    ) -> None:
        browser.open(pages["part"])
        found = {
            to_name(each.value).removeprefix("claim:") for each, *_ in store.select(browser.run("return kg.query()"))
        }
        assert found == set(browser.run("return kg.shown().edges")) and 0 < len(found) < len(IDS)

    def test_the_query_can_be_read_and_saved(self, page: Browser, tmp_path: Path) -> None:
        self.take(page, "query")
        assert page.run("return document.querySelector('dialog textarea').value") == page.run("return kg.query()")
        text, at = page.run("const box = document.querySelector('dialog textarea'); return [box.value, box.scrollTop]")
        assert "\n\nSELECT" in text and "\n  OPTIONAL { ?claim kg:date" in text and at == 0
        page.push('[data-take="copy"]')
        assert page.text("#live") == "Query copied"
        saved = page.downloaded(tmp_path, lambda: page.push('[data-take="rq"]'), ".rq")
        assert saved.decode() == page.run("return kg.query()")
        page.press(ESCAPE)
        assert not page.run("return document.getElementById('help').open")

    def test_print_leaves_out_the_controls(self, page: Browser) -> None:
        page.run("kg.select(arguments[0])", IDS["signed"])
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        seen = """return ['legend', 'tools', 'zoom', 'finder', 'head', 'card'].filter((id) =>
            getComputedStyle(document.getElementById(id)).display !== 'none')"""
        try:
            assert page.run(seen) == ["head", "card"]
            assert page.run("return document.documentElement.scrollWidth <= innerWidth")
        finally:
            page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_on_paper_the_network_is_drawn_in_light_colours(browser: Browser, pages: dict[str, Path]) -> None:
    """As the browser prints it; on the screen all is dark again afterwards."""
    browser.open(pages["small"], scheme="dark")
    kept = """addEventListener('beforeprint', () => {
        const drawn = document.querySelector('#map > svg');
        window.onPaper = [drawn.outerHTML, getComputedStyle(document.documentElement).getPropertyValue('--paper')];
    })"""
    browser.run(kept)
    assert browser.driver.execute_cdp_cmd("Page.printToPDF", {})["data"]
    drawing, paper = browser.run("return window.onPaper")
    assert paper == "#fff" and 'fill="#fff"' in drawing
    names = browser.run("return kg.shown().nodes.map((id) => kg.nodes.find((node) => node.id === id).label)")
    assert names and all(name.split()[0] in drawing for name in names)
    after = "return [document.querySelector('#map > svg'), kg.ink().paper]"
    assert browser.run(after) == [None, "#16191d"]
    assert browser.messages() == []


def test_on_paper_a_table_has_all_its_rows(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["large"], fragment="#as=table")
    rows = "document.querySelectorAll('#table tbody tr').length"
    browser.run(f"addEventListener('beforeprint', () => {{ window.onPaper = {rows}; }})")
    assert browser.run("dispatchEvent(new Event('beforeprint')); return onPaper") == 479
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run(f"return {rows}") == 200


def test_nodes_are_drawn_in_every_frame(browser: Browser, pages: dict[str, Path]) -> None:
    """After each step of the zoom, with nothing else happening."""
    blue = """const { width, height } = kg.network.canvas.frame.canvas;
        const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
        copy.drawImage(kg.network.canvas.frame.canvas, 0, 0);
        const all = copy.getImageData(0, 0, width, height).data;
        return [...all.keys()].filter((i) => i % 4 === 0 && all[i] === 63 && all[i + 1] === 114 && all[i + 2] === 175).length"""
    browser.open(pages["gold"])
    for _ in range(2):
        browser.push("#zoom-in")
        assert browser.run(blue) > 100


def test_nothing_moves_by_itself_where_motion_is_reduced(page: Browser) -> None:
    motion = "return [matchMedia('(prefers-reduced-motion: reduce)').matches, kg.network.getScale()]"
    reduced, before = page.run(motion)
    page.push("#zoom-in")
    assert reduced and page.run(motion)[1] == pytest.approx(before * 1.35)


@pytest.mark.parametrize("name", ["small", "gold"])
def test_lines_end_at_the_rim_of_their_nodes(browser: Browser, pages: dict[str, Path], name: str) -> None:
    """Straight and curved ones, near by and seen from afar, where nodes shrink less than the picture."""
    browser.open(pages[name])
    away = """return kg.claims.filter(({ from, to }) => from !== to).map(({ id, to }) => {
        const { x, y } = kg.network.body.nodes[to], tip = kg.tip(id);
        return Math.hypot(tip.x - x, tip.y - y) - kg.reach(to);
    })"""
    for scale in (1.5, 0.3):
        browser.run("kg.network.moveTo({ scale: arguments[0] })", scale)
        gaps = browser.run(away)
        assert len(gaps) >= len(IDS) and all(abs(gap) < 0.5 for gap in gaps)


def test_a_line_is_told_from_the_paper_beside_it(page: Browser) -> None:
    seen = page.run(
        """const { x, y } = kg.edgePoint(arguments[0], 0.3), ctx = document.querySelector('#map canvas').getContext('2d');
        const box = ctx.getImageData(x - 12, y - 12, 25, 25).data;
        const all = [...Array(625).keys()].filter((at) => box[4 * at + 3] > 60);
        const middle = all.filter((at) => Math.abs(at % 25 - 12) < 2 && Math.abs(at / 25 - 12.5) < 2);
        return { line: middle.length, part: all.length / 625 };""",
        IDS["supplies"],
    )
    assert seen["line"] > 0 and seen["part"] < 0.5


def test_what_the_mouse_is_over_is_told(page: Browser) -> None:
    chosen = "return kg.lines().filter((line) => line.width === 3).map((line) => line.id)"
    point = page.run("return kg.edgePoint(arguments[0], 0.4)", IDS["signed"])
    page.move(point["x"], point["y"])
    page.wait("return kg.lines().some((line) => line.width === 3)")
    assert page.run(chosen) == [IDS["signed"]]
    page.move(720, 890)
    page.wait("return !kg.lines().some((line) => line.width === 3)")


@pytest.mark.parametrize("size", [(720, 1000), (900, 1100), (1000, 700)])
def test_in_a_narrow_window_the_legend_waits_and_nothing_covers_the_network(
    browser: Browser, pages: dict[str, Path], size: tuple[int, int]
) -> None:
    browser.open(pages["gold"], size)
    assert browser.run("return legend.hidden && document.documentElement.scrollWidth <= innerWidth")
    covered = """const over = [...document.querySelectorAll('.over')];
        const boxes = over.map((e) => e.getBoundingClientRect()).filter((b) => b.width);
        return kg.shown().nodes.filter((id) => { const { x, y } = kg.spot(id);
            return x < 0 || y < 0 || x > innerWidth || y > innerHeight ||
                boxes.some((b) => x > b.left && x < b.right && y > b.top && y < b.bottom); })"""
    assert browser.run(covered) == []
    browser.push("#legend-button")
    assert not browser.run("return legend.hidden")
    browser.push(row("status", "planned"))
    browser.run("kg.focus(kg.shown().nodes[0])")
    browser.settle()
    assert browser.run("return legend.hidden && !panel.hidden && panel.getBoundingClientRect().left > 300")
    assert browser.messages() == []


class TestKeyboard:
    def test_arrows_walk_the_network_and_enter_reads(self, page: Browser) -> None:
        page.run("document.getElementById('map').focus()")
        page.press(RIGHT)
        first = page.run("return kg.state().node")
        assert first == BETA.id
        before = page.run("return kg.spot(arguments[0])", first)
        page.press(LEFT)
        second = page.run("return kg.state().node")
        assert second != first and page.run("return kg.spot(arguments[0])", second)["x"] < before["x"]
        page.press(ENTER)
        assert page.run("return document.activeElement.tagName") == "H2"
        page.press(ESCAPE)
        assert page.run("return panel.hidden")

    def test_the_keyboard_goes_on_where_it_was_or_where_the_act_leads(self, page: Browser) -> None:
        now = "const e = document.activeElement; return e.id || e.dataset.steps || e.tagName"

        def enter(selector: str) -> str:
            page.run("document.querySelector(arguments[0]).focus()", selector)
            page.press(ENTER)
            return str(page.run(now))

        assert enter("#skip") == "map"
        page.press(RIGHT, ENTER)
        assert enter('#card [data-steps="1"]') == "1"
        assert enter("#card li .link") == "H2"
        page.press(ESCAPE)
        assert page.run(now) == "H2" and page.texts("#card h2") == ["Beta Ltd"]
        page.press(ESCAPE)
        assert page.run(now) == "map" and enter("#chips button") == "map"
        page.press(RIGHT)
        assert enter('#card [data-act="hide"]') == "map"
        page.press("t")
        assert enter("#table tbody tr:nth-child(2) .link") == "H2"
        page.press(ESCAPE)
        assert page.run("return document.activeElement === document.querySelector('#table tr:nth-child(2) .link')")

    def test_every_control_can_be_reached_by_tab_and_shows_it(self, page: Browser) -> None:
        page.run("kg.select(arguments[0])", IDS["signed"])
        page.run("document.body.tabIndex = -1; document.body.focus()")
        reached = set()
        for _ in range(110):
            page.press("\ue004")
            reached.add(
                page.run(
                    "const e = document.activeElement; return e.id || e.dataset.as || e.dataset.value || e.tagName"
                )
            )
        assert {
            "search",
            "map",
            "network",
            "table",
            "back",
            "zoom-in",
            "close",
            "legend",
            "actual",
            "by-pair",
        } <= reached

    def test_the_keys_are_told(self, page: Browser) -> None:
        page.press("?")
        assert "find a name" in page.text("#help")
        page.press(ESCAPE, "t")
        assert page.run("return kg.state().as") == "table"


def axe() -> Path:
    """axe-core's script, from a folder `node_modules` beside or above the tests, the global one, or $NODE_PATH."""
    folders = [parent / "node_modules" for parent in Path(__file__).resolve().parents]
    folders += [Path(part) for part in os.environ.get("NODE_PATH", "").split(os.pathsep) if part]
    if npm := shutil.which("npm"):
        told = subprocess.run([npm, "root", "--global"], capture_output=True, text=True, check=False).stdout.strip()
        folders.append(Path(told))
    found = next((path for folder in folders if (path := folder / "axe-core" / "axe.min.js").is_file()), None)
    if found is None:
        pytest.skip("needs axe-core: npm install axe-core")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("size", "fragment"),
    [
        (WIDE, ""),
        (WIDE, f"#claim={IDS['signed']}"),
        (WIDE, f"#node={BETA.id}&around={BETA.id}&steps=1&no-status=former"),
        (WIDE, f"#as=table&node={ALPHA.id}"),
        (WIDE, "#as=map"),
        (WIDE, f"#path={GAMMA.id}&path={CITY.id}"),
        (PHONE, ""),
        (PHONE, f"#claim={IDS['signed']}"),
    ],
)
def test_axe_finds_no_violation(
    browser: Browser, pages: dict[str, Path], scheme: str, size: tuple[int, int], fragment: str
) -> None:
    script = axe().read_text(encoding="utf-8")
    browser.open(pages["small"], size, scheme, fragment)
    browser.run(script)
    checked = "axe.run({ rules: { 'target-size': { enabled: true } } })"
    found = browser.driver.execute_async_script(f"const done = arguments[0]; {checked}.then((r) => done(r.violations))")
    assert [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in found] == []


class TestLarge:
    def test_of_a_map_only_what_has_a_place_counts(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["large"], fragment="#as=map")
        assert browser.run("return kg.shown().nodes") == [f"agent:leaf-{i}" for i in range(430, 450)]

    def test_it_opens_with_the_backbone_and_says_so(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["large"])
        assert browser.text("#counts").startswith("Showing 300 of 480 entities · ")
        assert set(browser.run("return kg.shown().nodes")) == set(ranking(project(large()))[:BACKBONE])
        assert browser.messages() == []

    def test_after_a_filter_it_says_how_many_pass(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["large"], fragment="#no-country=DE")
        assert browser.text("#counts").startswith("Showing 300 of 460 that pass (480 entities in all) · ")

    def test_the_rest_is_reached_by_search_and_by_expanding(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["large"])
        known = set(browser.run("return kg.shown().nodes"))
        hidden = next(f"agent:leaf-{i:03}" for i in range(449, 0, -1) if f"agent:leaf-{i:03}" not in known)
        browser.press("/", hidden[6:].replace("-", " "), ENTER)
        assert hidden in browser.run("return kg.shown().nodes")
        browser.run("document.querySelector('#card li .link').click()")
        browser.run("document.querySelector('#card h2 .link:last-child').click()")
        hub = browser.run("return kg.state().node")
        browser.press(ESCAPE)
        browser.run("kg.go({ expand: [arguments[0]] })", hub)
        now = set(browser.run("return kg.shown().nodes"))
        assert len(now - known) > 3 and hidden in now
        spots = browser.run(
            "return arguments[0].map((id) => kg.network.body.nodes[id]).map(({x, y}) => [x, y])", sorted(now)
        )
        assert all(abs(complex(*a) - complex(*b)) > 25 for a, b in combinations(spots, 2))

    def test_the_table_holds_everything(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["large"], fragment="#as=table")
        assert browser.text("#table-count") == "479 claims" and browser.text("#table .rest") == "279 more"
        browser.push("#table-words")
        browser.press("leaf 449")
        assert browser.texts("#table tbody th") == ["Leaf 449"]


def test_on_a_phone_filters_are_a_sheet(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["small"], PHONE)
    browser.push("#legend-button")
    browser.push(row("status", "actual"))
    assert claims(browser) == {"acquired", "supplies"}
    assert browser.texts(".sheet-bar button") == ["← Back", "Forward →", "Show all", "Help"]
    browser.tap(200, 200)
    assert browser.run("return legend.hidden && panel.hidden")
    browser.push("#legend-button")
    browser.push(".sheet-bar button:last-child")
    assert "find a name" in browser.text("#help")
    browser.press(ESCAPE, ESCAPE)
    assert browser.run("return legend.hidden && document.activeElement.id") == "legend-button"
    browser.push('#views [data-as="table"]')
    assert browser.text("#table-count") == "2 claims"
    assert browser.run("return document.documentElement.scrollWidth") == 390
    assert browser.messages() == []


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_handles_stand_below_the_bars_of_their_years(
    browser: Browser, pages: dict[str, Path], size: tuple[int, int]
) -> None:
    browser.open(pages["small"], size)
    if size == PHONE:
        browser.push("#legend-button")
    boxes = """const thumb = parseFloat(getComputedStyle(document.querySelector('.handles')).getPropertyValue('--thumb')) / 2;
        const handles = document.querySelector('.handles').getBoundingClientRect();
        const bars = [...document.querySelectorAll('.bars rect')].map((e) => e.getBoundingClientRect());
        return [handles.left + thumb, handles.right - thumb, ...[bars[0], bars.at(-1)].map((b) => b.x + b.width / 2)]"""
    first, last, oldest, newest = browser.run(boxes)
    assert abs(first - oldest) < 1.5 and abs(last - newest) < 1.5


def test_on_a_phone_an_entity_is_one_line_of_words(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["small"], PHONE, fragment="#as=table&rows=entities&words=zhou")
    look = """const last = document.querySelector('tbody td:last-child');
        return [getComputedStyle(last).display, getComputedStyle(last, '::before').content]"""
    assert browser.run(look) == ["inline", '" · claims "']


def test_on_its_side_a_phone_shows_the_network_beside_its_head(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["gold"], (844, 390))
    spots = browser.run("return kg.shown().nodes.map((id) => kg.spot(id))")
    assert max(s["y"] for s in spots) - min(s["y"] for s in spots) > 170
    assert all(s["x"] > 282 and s["y"] > 50 for s in spots)


def test_on_a_phone_the_network_uses_the_height(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["gold"], PHONE)
    spots = browser.run("return kg.shown().nodes.map((id) => kg.spot(id).y)")
    assert max(spots) - min(spots) > 0.55 * PHONE[1]


def test_a_tap_reaches_nothing_but_what_it_was_on(browser: Browser, pages: dict[str, Path]) -> None:
    """Not what comes up under the finger: the card, with its buttons."""
    browser.open(pages["gold"], PHONE)
    spots = browser.run("return kg.shown().nodes.map((id) => [id, kg.spot(id).x, kg.spot(id).y])")
    low = [spot for spot in spots if 480 < spot[2] < 740]
    for id_, x, y in (low[0], low[len(low) // 2], low[-1]):
        browser.run("kg.clear(); kg.fit()")
        browser.settle()
        browser.tap(x, y)
        assert browser.run("return clicked") == ["CANVAS"]
        state = browser.run("return kg.state()")
        assert (state["node"], state["claim"], state["steps"], state["hide"]) == (id_, None, 0, [])
