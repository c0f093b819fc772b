"""The page, as text and in a real browser."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from browser import PHONE, Browser
from factories import claim, entity, gold
from test_network import facts

from kg import relations
from kg.errors import StoreError
from kg.model import Claim, Document, Entity, EntityType, Extraction, Facts, Name, Qualifiers, Status
from kg.view import in_words, marks, render_page, write_page

GOLD = facts(*gold("en-a", 10))
MARKUP = [
    '<script>window.hacked = "label"</script>',
    '"><img src=x onerror="window.hacked = 1">',
    "</script><script>window.hacked = 2</script>",
    "{{ 7 * 7 }}{% raw %}${window.hacked = 3}",
    "<!-- <script> ]]> \u2028 & &amp; &lt;b&gt;",
    "javascript:window.hacked = 4",
    "long " * 2000,
]


def hostile() -> Facts:
    """Names, quote, title, publisher and address that try to be more than text."""
    text = "So: " + " and ".join(MARKUP)
    note = Document("d<1>", text, title=MARKUP[0], publisher=MARKUP[1], url=MARKUP[5], source=MARKUP[2])
    things = [entity(f"{name}", kind) for name, kind in zip(MARKUP, EntityType, strict=False)]
    more = Qualifiers(kind=MARKUP[2])
    claims = [claim(note, "investedIn", a, b, qualifiers=more) for a, b in combinations(things, 2)]
    return facts(Extraction(note, tuple(claims), tuple(things)))


STATUSES = Document("s", "Alpha AG, Beta Ltd and Gamma in Köln.", title="Four states", url="https://example.org/a")
ALPHA = entity("Alpha AG", country="DE", names=(Name("阿尔法", "zh"), Name("Alpha Aktiengesellschaft", "de")))
BETA, GAMMA = entity("Beta Ltd", country="CN"), entity("Gamma", country="FR")
CITY = entity("Köln", "Place", country="DE", names=(Name("Cologne", "en"), Name("科隆", "zh")))
FOUR = {
    Status.ACTUAL: claim(STATUSES, "investedIn", ALPHA, BETA),
    Status.PLANNED: claim(STATUSES, "acquired", ALPHA, BETA, status=Status.PLANNED),
    Status.FORMER: claim(STATUSES, "suppliesTo", BETA, GAMMA, status=Status.FORMER),
    Status.NEGATED: claim(STATUSES, "signedMoU", ALPHA, CITY, status=Status.NEGATED),
}
SMALL = facts(Extraction(STATUSES, tuple(FOUR.values()), (ALPHA, BETA, GAMMA, CITY)))


def calling(text: str, subject: str, object_: str) -> Claim:
    """A claim between the two, as this text calls them."""
    found = claim(Document(text, text), "investedIn", ALPHA, BETA)
    ends = ((found.subject, subject), (found.object, object_))
    a, b = (replace(end, mention=mention, start=text.index(mention)) for end, mention in ends)
    return replace(found, subject=a, object=b)


CALLED = replace(
    SMALL,
    claims=(
        calling("AAG invested in the group.", "AAG", "the group"),
        calling("Alpha AG invested in it.", "Alpha AG", "it"),
        calling("alpha ag invested in BETA LTD.", "alpha ag", "BETA LTD"),
    ),
)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return unpacked(json.loads(found[1]))


def unpacked(data: dict[str, Any]) -> dict[str, Any]:
    """Rows as the page's script reads them: with names, and with values for places in tables."""
    for kind in ("nodes", "claims"):
        columns, tables = data[kind]["columns"], data[kind]["tables"]
        data[kind] = [
            {**dict(zip(columns, row, strict=False)), **(row[len(columns)] if len(row) > len(columns) else {})}
            | {column: table[row[columns.index(column)]] for column, table in tables.items()}
            for row in data[kind]["rows"]
        ]
    return data


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    known = {
        "gold": GOLD,
        "one": facts(*gold("en-a", 1)),
        "small": SMALL,
        "hostile": hostile(),
        "empty": Facts(),
        "called": CALLED,
    }
    for name, each in known.items():
        write_page(each, folder / f"{name}.html", title=MARKUP[0] if name == "hostile" else "A network")
    return {name: folder / f"{name}.html" for name in known}


class TestText:
    def test_the_page_asks_for_nothing_from_anywhere(self) -> None:
        page = render_page(SMALL)
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
        assert policy and policy[1].startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
        assert "unsafe" not in policy[1]
        loads = r'<(?:script|img|iframe)[^>]* src=|<link[^>]* href="(?!data:)|@import|sourceMappingURL'
        assert not re.search(loads, page)

    def test_markup_in_the_facts_never_stands_in_the_page_as_markup(self) -> None:
        page = render_page(hostile(), title=MARKUP[3] + MARKUP[0])
        assert page.count("<script") == render_page(SMALL).count("<script") and "<img" not in page
        assert "<h1>{{ 7 * 7 }}{% raw %}${window.hacked = 3}&lt;script&gt;window.hacked" in page

    def test_every_node_and_claim_is_in_the_data_with_its_sentence(self) -> None:
        data = data_of(render_page(GOLD))
        edges, quotes = data["claims"], data["quotes"]
        assert {edge["id"]: quotes[edge["quote"]] for edge in edges} == {c.id: c.evidence.quote for c in GOLD.claims}
        assert len(quotes) == len(set(quotes)) < len(edges)

    def test_relations_have_the_words_of_their_files_or_their_names_in_words(self) -> None:
        one = relations.load()["investedIn"]
        data = data_of(render_page(SMALL, known={"investedIn": one}))
        expected = {"acquired": "acquired", "signedMoU": "signed MoU", "suppliesTo": "supplies to"}
        labels = {name: label for name, (label, _) in data["relations"].items()}
        assert labels == {**expected, "investedIn": one.label["en"]}

    @pytest.mark.parametrize(
        ("name", "words"),
        [("holdsStakeIn", "holds stake in"), ("signedMoU", "signed MoU"), ("founded", "founded")],
    )
    def test_names_in_words(self, name: str, words: str) -> None:
        assert in_words(name) == words

    def test_marks_count_as_javascript_does_and_do_not_overlap(self) -> None:
        note = Document("m", "🏭🏭 Alpha AG bought Alpha.")
        short = entity("Alpha")
        found = claim(note, "acquired", ALPHA, short)
        assert marks(found) == [(5, 13, "subject"), (21, 26, "object")]

    def test_of_a_name_inside_the_other_both_are_marked(self) -> None:
        group = entity("companies from Köln", "Group")
        found = claim(Document("n", "The companies from Köln came."), "locatedIn", group, CITY)
        assert marks(found) == [(4, 23, "subject"), (19, 23, "object")]

    def test_a_text_in_backticks_keeps_its_lines(self) -> None:
        page = render_page(SMALL)
        assert "\n\nSELECT ?claim ?subject" in page and "\n  OPTIONAL { ?claim kg:date ?date }" in page
        assert "\nconst byId = " in page and "\n// " not in page

    def test_the_style_has_neither_comments_nor_blanks_that_mean_nothing(self) -> None:
        found = re.search(r"<style>(.*?)</style>", render_page(SMALL), re.DOTALL)
        assert found and not re.search(r"/\*|\n|\{ |; |: ", found[1]) and 'content:" ↑"' in found[1]

    def test_what_documents_call_an_entity_can_be_found_but_no_pronoun_or_description(self) -> None:
        called = {each["id"]: each.get("called") for each in data_of(render_page(CALLED))["nodes"]}
        assert called == {ALPHA.id: ["AAG"], BETA.id: None}

    def test_a_folder_that_cannot_be_written_is_one_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(StoreError, match=r"file/network\.html: cannot be written .*Choose another file or folder"):
            write_page(SMALL, tmp_path / "file" / "network.html")

    def test_a_page_is_replaced_in_one_step_and_nothing_is_left_beside_it(self, tmp_path: Path) -> None:
        path = tmp_path / "deep" / "network.html"
        for title in ("first", "second"):
            write_page(SMALL, path, title=title)
        assert [each.name for each in path.parent.iterdir()] == ["network.html"]
        assert "<title>second</title>" in path.read_text(encoding="utf-8")


class TestBrowser:
    @pytest.mark.parametrize("name", ["gold", "one", "small", "hostile", "empty"])
    def test_it_opens_without_a_message_or_a_request(self, browser: Browser, pages: dict[str, Path], name: str) -> None:
        browser.open(pages[name])
        assert browser.messages() == []
        assert browser.requests() == [pages[name].as_uri()]

    def test_the_policy_stops_what_would_be_fetched(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"])
        browser.run("""
            document.addEventListener("securitypolicyviolation", (e) => { window.stopped = e.violatedDirective; });
            new Image().src = "https://example.org/pixel.png";""")
        browser.wait("return window.stopped === 'img-src'")

    def test_every_entity_and_every_claim_is_drawn(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["gold"])
        drawn = "return [Object.keys(kg.network.body.nodes), kg.lines().map((line) => line.id)]"
        nodes, edges = browser.run(drawn)
        assert set(edges) == {each.id for each in GOLD.claims}
        assert set(nodes) == {end.id for each in GOLD.claims for end in (each.subject, each.object)}
        inside = "return Object.values(kg.network.body.nodes).map((n) => kg.network.canvasToDOM(n))"
        assert all(0 < spot["x"] < 1440 and 0 < spot["y"] < 900 for spot in browser.run(inside))

    def test_no_label_lies_on_another(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["gold"])
        boxes = browser.run("return kg.labels()")
        assert len(boxes) > 60
        for a, b in combinations(boxes, 2):
            beside = a["right"] <= b["left"] or b["right"] <= a["left"]
            assert beside or a["bottom"] <= b["top"] or b["bottom"] <= a["top"], (a["id"], b["id"])

    def test_each_status_has_its_own_line(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"])
        look = "const line = kg.lines().find((each) => each.id === arguments[0]); return [line.dashes, line.barred]"
        looks = [browser.run(look, each.id) for each in FOUR.values()]
        assert looks == [[[], False], [[9, 6], False], [[2, 5], False], [[], True]]

    def test_what_is_denied_is_never_drawn_as_a_fact(self, browser: Browser, tmp_path: Path) -> None:
        denied = claim(STATUSES, "acquired", ALPHA, BETA, status=Status.NEGATED)
        write_page(facts(Extraction(STATUSES, (denied,), (ALPHA, BETA))), tmp_path / "denied.html")
        browser.open(tmp_path / "denied.html")
        colour = "return [kg.lines()[0].colour, kg.ink().denied]"
        assert len(set(browser.run(colour))) == 1
        browser.run("kg.select(arguments[0])", denied.id)
        assert len(set(browser.run(colour))) == 1
        assert browser.text("#live") == "Alpha AG – not: acquired – Beta Ltd"
        browser.run("kg.clear()")
        for _ in range(4):
            browser.push("#zoom-in")
        save = "document.querySelector('[data-take=svg]').click()"
        root = ElementTree.fromstring(browser.downloaded(tmp_path, lambda: browser.run(save), ".svg"))
        words = {element.text: element.get("fill") for element in root.iter("{http://www.w3.org/2000/svg}text")}
        assert words["not: acquired"] == browser.run("return kg.ink().denied")

    def test_a_click_on_an_edge_shows_its_sentence_and_source(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["gold"])
        planned = [c for c in GOLD.claims if c.predicate == "acquired" and c.status is Status.PLANNED]
        sought = next(c for c in planned if len(marks(c)) == 2)
        point = browser.run("return kg.edgePoint(arguments[0])", sought.id)
        browser.click(point["x"], point["y"])
        document = next(d for d in GOLD.documents if d.id == sought.evidence.document)
        assert browser.texts("#card > blockquote") == [sought.evidence.quote]
        assert browser.texts("#card > blockquote .subject") == [sought.subject.mention]
        assert browser.texts("#card > blockquote .object") == [sought.object.mention]
        shown = browser.text("#card")
        for words in (document.title, document.publisher, document.published, "acquired", "Planned", "0.90", "reader"):
            assert words in shown

    def test_each_claim_of_a_pair_can_be_clicked(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"])
        for status, other in ((Status.ACTUAL, Status.PLANNED), (Status.PLANNED, Status.ACTUAL)):
            point = browser.run("return kg.edgePoint(arguments[0])", FOUR[status].id)
            browser.click(point["x"], point["y"])
            assert in_words(FOUR[status].predicate) in browser.text("#card h2")
            assert browser.run("return [...card.querySelectorAll('li [data-claim]')].map((e) => e.dataset.claim)") == [
                FOUR[other].id
            ]

    def test_a_click_on_a_node_shows_its_card(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"])
        spot = browser.run("return kg.network.canvasToDOM(kg.network.body.nodes[arguments[0]])", ALPHA.id)
        browser.click(spot["x"], spot["y"])
        shown = browser.text("#card")
        for words in ("Alpha AG", "Company · Germany", "阿尔法", "Alpha Aktiengesellschaft", "invested in"):
            assert words in shown
        browser.push(f'#card [data-claim="{FOUR[Status.NEGATED].id}"]')
        assert "Denied or cancelled" in browser.text("#card h2")
        assert browser.run("return card.querySelector('a').href") == STATUSES.url
        browser.push("#close")
        assert browser.run("return document.getElementById('panel').hidden")

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("koln", CITY),
            ("KÖLN", CITY),
            ("koeln", CITY),
            ("cologne", CITY),
            ("科隆", CITY),
            ("ltd", BETA),
            ("alpha ag holding", ALPHA),
            ("aag", ALPHA),
        ],
    )
    def test_search_finds_any_name(self, browser: Browser, pages: dict[str, Path], typed: str, found: Entity) -> None:
        browser.open(pages["called" if typed == "aag" else "small"])
        browser.press("/", typed, "\ue007")  # Enter
        assert browser.texts("#card h2") == [found.name]
        assert browser.run("return document.activeElement.tagName") == "H2"

    def test_search_by_arrows_and_escape(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"])
        browser.press("/", "a")
        names = browser.run("return [...document.querySelectorAll('#hits li')].map((e) => e.firstChild.textContent)")
        assert names[0] == "Alpha AG" and len(names) == 3
        browser.press("\ue015")  # arrow down
        assert browser.run("return document.querySelector('[aria-selected=true]').firstChild.textContent") == names[1]
        browser.press("\ue007")
        assert browser.texts("#card h2") == [names[1]]
        browser.press("/", "a")
        browser.push("#hits li:nth-child(3)")
        assert browser.texts("#card h2") == [names[2]]
        browser.press("\ue00c")  # Escape
        assert browser.run("return document.getElementById('panel').hidden")

    def test_the_legend_counts_and_switches(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"])
        assert browser.text("#counts") == "4 entities · 4 claims · 1 document"
        row = '#legend [data-kind="status"][data-value="negated"]'
        assert browser.text(row).split("\n") == ["Denied or cancelled", "1"]
        browser.push(row)
        assert browser.text("#counts") == "3 of 4 entities · 3 of 4 claims · 1 document"
        assert CITY.id not in browser.run("return kg.shown().nodes")
        browser.push('#legend [data-kind="country"][data-value="CN"]')
        assert browser.run("return kg.shown()") == {"nodes": [], "edges": []}
        browser.push(row)
        assert browser.run("return kg.shown().edges") == [FOUR[Status.NEGATED].id]

    def test_nothing_in_the_facts_runs(self, browser: Browser, pages: dict[str, Path], tmp_path: Path) -> None:
        browser.open(pages["hostile"])
        for each in browser.run("return kg.shown().edges"):
            browser.run("kg.select(arguments[0])", each)
        for each in browser.run("return kg.shown().nodes"):
            browser.run("kg.focus(arguments[0])", each)
        edges, nodes = browser.run("return [kg.shown().edges, kg.shown().nodes]")
        for state in (
            {"as": "table"},
            {"as": "map"},
            {"path": nodes[:2]},
            {"around": nodes[0], "steps": 2, "hide": nodes[3:4]},
        ):
            browser.run("kg.clear(); kg.go({ as: 'network', ...arguments[0] })", state)
            browser.settle()
        browser.run("kg.go({ as: 'network', steps: 0, around: null, hide: [], path: null, node: null })")
        svg = browser.downloaded(
            tmp_path, lambda: browser.run("document.querySelector('[data-take=svg]').click()"), ".svg"
        )
        assert "script" not in {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
        browser.run("document.querySelector('[data-take=query]').click()")
        browser.press("\ue00c")
        browser.run("kg.select(arguments[0])", edges[0])
        browser.press("/", "<script>")
        browser.settle()
        there = browser.run("return [window.hacked ?? null, document.scripts.length, document.images.length]")
        assert there == [None, 3, 0]
        assert browser.run("return document.querySelectorAll('a').length") == 0
        shown = browser.texts("#card")[0]
        assert all(words in shown for words in MARKUP[:4]) and browser.texts("h1") == [MARKUP[0]]
        assert MARKUP[0] in browser.texts("#hits")[0]
        assert browser.messages() == []

    def test_a_long_cell_makes_no_giant_row(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["hostile"], fragment="#as=table")
        heights = "return [...document.querySelectorAll('#table tbody tr')].map((row) => row.offsetHeight)"
        assert max(browser.run(heights)) < 200
        browser.open(pages["gold"], fragment="#as=table&rows=entities")
        split = """const lines = (word) => { const range = document.createRange();
                range.setStart(...word[0]); range.setEnd(...word[1]); return range.getClientRects().length; };
            const words = [...document.querySelectorAll('#table tbody .link')].flatMap(({ firstChild: text }) =>
                [...text.data.matchAll(/[\\p{L}]{4,16}/gu)].map((m) => [[text, m.index], [text, m.index + m[0].length]]));
            return [words.length, words.filter((word) => lines(word) > 1).length];"""
        words, broken = browser.run(split)
        assert words > 100 and not broken

    def test_names_one_inside_the_other_are_marked_so(self, browser: Browser, tmp_path: Path) -> None:
        group = entity("companies from Köln", "Group")
        text = Document("n", "The companies from Köln came.")
        nested = claim(text, "locatedIn", group, CITY)
        write_page(facts(Extraction(text, (nested,), (group, CITY))), tmp_path / "nested.html")
        browser.open(tmp_path / "nested.html", fragment=f"#claim={nested.id}")
        assert browser.texts("#card > blockquote") == [text.text]
        assert browser.texts("#card .subject") == ["companies from Köln"]
        assert browser.texts("#card .subject .object") == ["Köln"]

    def test_on_a_phone_cards_are_sheets_and_the_legend_waits(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["small"], PHONE)
        assert browser.run("return document.getElementById('legend').hidden")
        browser.push("#legend-button")
        assert browser.run("return legend.getBoundingClientRect().bottom") == 844
        point = "return kg.network.canvasToDOM(kg.network.body.nodes[arguments[0]])"
        browser.push("#legend-button")
        spot = browser.run(point, GAMMA.id)
        browser.click(spot["x"], spot["y"])
        sheet = browser.run("return document.getElementById('panel').getBoundingClientRect().toJSON()")
        assert (sheet["left"], sheet["width"], sheet["bottom"]) == (0, 390, 844) and sheet["top"] > 300
        spot = browser.run(point, GAMMA.id)
        assert 0 < spot["x"] < 390 and 60 < spot["y"] < sheet["top"]
        assert browser.run("return document.documentElement.scrollWidth") == 390
        assert browser.messages() == []

    def test_it_follows_the_colour_scheme(self, browser: Browser, pages: dict[str, Path]) -> None:
        def paper(scheme: str) -> str:
            browser.open(pages["small"], scheme=scheme)
            return str(browser.run("return getComputedStyle(document.body).backgroundColor"))

        assert paper("light") == "rgb(250, 248, 243)" and paper("dark") == "rgb(22, 25, 29)"

    def test_every_control_has_a_name(self, browser: Browser, pages: dict[str, Path]) -> None:
        browser.open(pages["gold"])
        browser.run("kg.select(kg.shown().edges[0])")
        nameless = """return [...document.querySelectorAll("button, input, select, a")]
            .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML)"""
        assert browser.run(nameless) == []
