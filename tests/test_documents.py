"""Reading documents: formats, sections, encodings, streams, and every kind of fault."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.documents import read_documents
from kg.documents.dateline import any_date, find_dateline
from kg.documents.formats import language, slug
from kg.errors import DocumentError
from kg.model import Document, SectionKind

ROOT = Path(__file__).parent.parent
BODY = "Example AG signed an agreement with Muster Group.\n\nBoth were glad of it.\n"


def read(*sources: Path | str, stdin: bytes = b"") -> tuple[list[Document], list[str]]:
    errors: list[DocumentError] = []
    found = list(read_documents([str(source) for source in sources], stdin=io.BytesIO(stdin), on_error=errors.append))
    return found, [str(error) for error in errors]


def one(path: Path, content: str | bytes) -> Document:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found, errors = read(path)
    assert errors == []
    return found[0]


def line(**keys: object) -> bytes:
    return json.dumps({"id": "a-1", "text": BODY} | keys).encode() + b"\n"


def said(document: Document, kind: SectionKind) -> list[str]:
    return [document.text[s.start : s.end] for s in document.sections if s.kind == kind]


def test_the_seed_is_told_apart() -> None:
    found, errors = read(ROOT / "seeds")
    seed = next(document for document in found if document.id == "nanshan-germany-2024-06-24")
    assert errors == []
    assert seed.text == (ROOT / "seeds" / seed.source).read_bytes().decode()
    assert seed.title.startswith("Shenzhen’s Nanshan Gathers Efforts") and said(seed, SectionKind.TITLE) == [seed.title]
    assert (seed.published, seed.publisher) == ("2024-06-24", "Nanshan District Government of Shenzhen")
    assert seed.contact == "Contact person: Mr. Wong, Tel: 86-10-63074558"
    assert said(seed, SectionKind.DATELINE) == ["SHENZHEN, China, June 24, 2024 (GLOBE NEWSWIRE) —"]
    (body,) = said(seed, SectionKind.BODY)
    assert body.startswith("An economic and trade delegation") and body.endswith("for foreign investment in China.")


@pytest.mark.parametrize(
    ("opening", "date"),
    [
        ("SHENZHEN, China, June 24, 2024 (GLOBE NEWSWIRE) — The", "2024-06-24"),
        ("BERLIN, Aug 2 — It", ""),
        ("Munich, 3 March 2021 – The", "2021-03-03"),
        ("BEIJING, Aug. 2 (Xinhua) -- Two", ""),
        ("MAINZ, Germany, and SHANGHAI, March 16, 2020 — A", "2020-03-16"),
        ("Augsburg/Shunde, March 22, 2018 – The", "2018-03-22"),
        ("Aachen, 24 July 2012. Example", "2012-07-24"),
        ("BERLIN — Two", ""),
        ("HAMBURG. Foam", ""),
        ("(Aug. 1) -- Example", ""),
        ("Berlin (dpa) – Zwei", ""),
        ("Berlin, 24. Juni 2024 – Zwei", "2024-06-24"),
        ("FRANKFURT & HONG KONG--(BUSINESS WIRE)--Example", ""),
        ("SHENZHEN, China, June 24, 2024 /PRNewswire/ -- Example", "2024-06-24"),
        ("(STUTTGART, 3 May 2021) Example", "2021-05-03"),
        ("[Berlin, 24 June 2024] The", "2024-06-24"),
        ("Bad Homburg v.d. Höhe, 1.2.2023 — Example", ""),
        ("新华社柏林8月2日电 中国", ""),
    ],
)
def test_datelines(opening: str, date: str) -> None:
    found = find_dateline(opening, 0)
    if opening.startswith("Bad Homburg v.d."):
        assert found is None, "a name with lower-case parts is not taken for a place"
        return
    assert found is not None
    assert opening[found[0] :] in ("The", "It", "Two", "A", "Example", "Foam", "Zwei", "中国")
    assert found[1] == date


@pytest.mark.parametrize(
    "opening",
    [
        "Volkswagen – the carmaker – will invest.",
        "On April 14, the delegation – led by X – came.",
        "Example AG and Muster Group have signed. They",
        "July 2010. While the chancellor was there, they signed.",
        "BASF — the chemicals group — is at home in Ludwigshafen.",
        "Wow. The company has grown - fast.",
        "Q: What was agreed? A: Nothing.",
        "In 2021 - a good year - Example AG came.",
        "(BASF) The group is at home in Ludwigshafen.",
        "Example AG (Stuttgart, 3 May 2021) The",
        "",
    ],
)
def test_no_dateline(opening: str) -> None:
    assert find_dateline(opening, 0) is None


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("2024-06-24T09:00:00+02:00", "2024-06-24"),
        ("24 June 2024", "2024-06-24"),
        ("Mon, Jun. 24, 2024", "2024-06-24"),
        ("24.06.2024", "2024-06-24"),
        ("24/06/2024", "2024-06-24"),
        ("2024年6月24日", "2024-06-24"),
        ("June 2024", "2024-06"),
        ("2024-06", "2024-06"),
        ("2024", "2024"),
        ("31 February 2024", ""),
        ("soon", ""),
    ],
)
def test_dates_of_the_head(words: str, iso: str) -> None:
    assert any_date(words) == iso


def test_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    content = (
        "A Title of Some Words\r\n\r\nBERLIN, 2 August 2018 — Body one.\r\n\r\nBody two.\r\n\r\nSource: Example AG\r\n"
    )
    document = one(tmp_path / "Überblick 2018_No 1.txt", content)
    assert document.text == content
    assert document.id == "uberblick-2018-no-1"
    assert (document.title, document.published, document.publisher) == (
        "A Title of Some Words",
        "2018-08-02",
        "Example AG",
    )
    assert said(document, SectionKind.BODY) == ["Body one.\r\n\r\nBody two."]


def test_labelled_lines_at_the_head(tmp_path: Path) -> None:
    document = one(tmp_path / "a.txt", "Date: 24 June 2024\nPublisher: Example AG\nA Title of Words\n\n" + BODY)
    assert (document.published, document.publisher, document.title) == ("2024-06-24", "Example AG", "A Title of Words")
    assert said(document, SectionKind.BODY) == [BODY.strip()]


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    keys = 'title: "Two sign"\ndate: 2024-06-24\npublisher: Example AG\nlang: de\nurl: https://example.com/1'
    head = f"---\n{keys}\n---\n\n# Two sign\n\n"
    document = one(tmp_path / "a.md", head + BODY)
    assert (document.title, document.published, document.publisher) == ("Two sign", "2024-06-24", "Example AG")
    assert (document.lang, document.url) == ("de", "https://example.com/1")
    assert said(document, SectionKind.TITLE) == ["Two sign"]
    assert said(document, SectionKind.BODY) == [BODY.strip()]


def test_contact_ends_where_the_company_is_told_of(tmp_path: Path) -> None:
    tail = "Media contact:\nJo Doe\njo@example.com\n\nAbout Example AG\nExample AG makes pumps.\n\nSource: Example AG\n"
    document = one(tmp_path / "a.txt", f"A Title of Words\n\n{BODY}\n{tail}")
    assert document.contact == "Jo Doe\njo@example.com"
    assert said(document, SectionKind.BODY) == [BODY.strip(), "About Example AG\nExample AG makes pumps."]
    assert document.publisher == "Example AG"


@pytest.mark.parametrize(
    "first", ["This is a sentence.", "Dear colleagues,", "- an item", "BERLIN, Aug 2 — Two firms have signed"]
)
def test_what_is_no_title(tmp_path: Path, first: str) -> None:
    assert one(tmp_path / "a.txt", f"{first}\n\n{BODY}").title == ""


TITLE = "Two sign in Jena"


@pytest.mark.parametrize(
    ("head", "published", "publisher", "read"),
    [
        ("PRESS RELEASE\nFOR IMMEDIATE RELEASE\n\n{}\nMore to come\n\nMunich, 3 May 2021. ", "2021-05-03", "", ["More to come"]),
        ("{}\n\nMore to come\n\nMUNICH, May 3, 2021 /Wire/ -- ", "2021-05-03", "", ["More to come"]),
        ("MEDIA RELEASE\n\n{}\n\nWeifang, 3 May 2021 – ", "2021-05-03", "", []),
        ("For immediate release: May 3, 2021\n\n{}\n\n", "2021-05-03", "", []),
        ("Pressemitteilung / Press release No. 12/2021\n\n{}\n\nJena, 03.05.2021 - ", "2021-05-03", "", []),
        ("Press release\n\n3 May 2021\n\n{}\n\n", "2021-05-03", "", []),
        ("{}\nMore to come\n\n", "", "", ["More to come"]),
        ("{}\n\nBy Anna Weber, Stuttgart\nMay 3, 2021\n\n", "2021-05-03", "", []),
        ("{}\nPublished Monday, 3 May 2021, 10:33 CEST\n\n", "2021-05-03", "", []),
        ("Updated: 2021-05-04 10:33 (Example Daily)\n\n{}\n\n", "2021-05-04", "", []),
        ("Updated: 2021-05-04\nPosted on 3 May 2021\n{}\n\n", "2021-05-03", "", []),
        ("{}\n\nSource: Wire | 2021-05-03 22:10:11 | Editor: Li\n\n", "2021-05-03", "Wire", []),
    ],
)  # fmt: skip
def test_heads_of_releases(tmp_path: Path, head: str, published: str, publisher: str, read: list[str]) -> None:
    document = one(tmp_path / "a.txt", head.format(TITLE) + BODY)
    assert (document.title, document.published, document.publisher) == (TITLE, published, publisher)
    assert "\n\n".join(said(document, SectionKind.BODY)) == "\n\n".join([*read, BODY.strip()])


@pytest.mark.parametrize(
    "first",
    [
        "Press release on a plant",
        "By the river",
        "Updated rules for investors",
        "Firms | Deals",
        "3 May 2021 in Jena: two sign",
    ],
)
def test_titles_that_begin_like_what_tells_of_the_document(tmp_path: Path, first: str) -> None:
    assert one(tmp_path / "a.txt", f"{first}\n\n{BODY}").title == first


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ("Muster Group also invested in Jena, the mayor said.", False),
        ("双方还将设立联合实验室。", False),
        ("Please call the press office on +49 30 12345.", True),
        ("You will find pictures of the plant at example.com.", True),
        ("Muster Engineering Co., Ltd.", True),
        ("Follow us on social media", True),
    ],
)
def test_contact_ends_where_sentences_begin(tmp_path: Path, after: str, kept: bool) -> None:
    document = one(tmp_path / "a.txt", f"{TITLE}\n\n{BODY}\nFor more information:\nJo Doe\n\n{after}\n")
    assert document.contact == ("Jo Doe\n\n" + after if kept else "Jo Doe")
    assert said(document, SectionKind.BODY) == [BODY.strip(), *([] if kept else [after])]


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        line(title="T", published="2024-06-24", publisher="P", lang="en", claims=[1])
        + b"\n"
        + line(id=2, text="BERLIN, May 3, 2020 — Hello there.")
    )
    (first, second), errors = read(path)
    assert errors == []
    assert (first.id, first.title, first.published, first.publisher, first.text) == (
        "a-1",
        "T",
        "2024-06-24",
        "P",
        BODY,
    )
    assert said(first, SectionKind.TITLE) == []
    assert (second.id, second.published, said(second, SectionKind.BODY)) == ("2", "2020-05-03", ["Hello there."])


def test_json_that_is_no_json_lines(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(json.dumps([{"id": "x", "text": "Hello."}, {"id": "y"}], indent=1))
    (tmp_path / "object.json").write_text(json.dumps({"id": "z", "text": "Hello."}, indent=1))
    found, errors = read(tmp_path)
    assert [document.id for document in found] == ["x", "z"]
    assert len(errors) == 1 and "list.json, item 2: no 'text'" in errors[0]


PAGE = """<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html lang="de-DE"><head>
<title>Site | Two sign</title>
<meta property="og:site_name" content="Example Wire">
<meta property="article:published_time" content="2024-06-24T08:00:00Z">
<link rel="canonical" href="https://example.com/two"><script>var a = 1;</script><style>p {}</style></head>
<body><nav><a>Home</a></nav><h1>Two sign</h1><article><p>Example&nbsp;AG &amp; <b>Muster</b> signed.&x;</p>
<ul><li>One</li><li>Two<br>three</li></ul>
<form><p>Subscribe</p></form><p hidden>Secret</p></article><footer>Imprint</footer></body></html>"""


def test_a_page(tmp_path: Path) -> None:
    document = one(tmp_path / "a.html", PAGE)
    assert document.text.startswith("Example AG & Muster signed.") and document.text.endswith("One\n\nTwo\nthree")
    assert all(word not in document.text for word in ("Home", "Imprint", "Subscribe", "Secret", "var a"))
    hostname = Path("/etc/hostname")
    if hostname.exists() and hostname.read_text().strip():
        assert hostname.read_text().strip() not in document.text
    assert (document.title, document.published, document.publisher) == ("Two sign", "2024-06-24", "Example Wire")
    assert (document.lang, document.url) == ("de", "https://example.com/two")


def test_a_page_with_linked_data_and_its_own_charset(tmp_path: Path) -> None:
    data = json.dumps(
        {"@type": "NewsArticle", "headline": "H", "datePublished": "2020-01-02", "publisher": {"name": "Example Wire"}}
    )
    head = f'<meta charset="gb2312"><script type="application/ld+json">{data}</script>'
    page = f"<html><head>{head}</head><body><p>深圳市南部与德国企业签署合作协议。</p></body></html>"
    document = one(tmp_path / "a.htm", page.encode("gb18030"))
    assert document.text == "深圳市南部与德国企业签署合作协议。"
    assert (document.title, document.published, document.publisher, document.lang) == (
        "H",
        "2020-01-02",
        "Example Wire",
        "zh",
    )


def test_the_rows_of_a_page_are_those_of_markdown(tmp_path: Path) -> None:
    rows = [
        "<th>Party</th><th>Party</th><th hidden>No</th><th>Document</th>",
        "<td><p>Example<br>AG</p></td><td>Muster Group</td><td></td><td>framework agreement</td>",
        "<td><ul><li>A AG</li><li>B AG</li></ul></td><td>C Group</td><td>contract</td>",
        "<td>Both</td><td><table><tr><td>were</td><td>glad</td></tr></table></td>",
        f"<td>Aside</td><td>{BODY * 3}</td>",
    ]
    document = one(tmp_path / "a.html", "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    assert document.text.split("\n\n") == [
        "| Party | Party | Document |",
        "| Example AG | Muster Group | framework agreement |",
        "| A AG, B AG | C Group | contract |",
        "Both",
        "| were | glad |",
        "Aside",
        " ".join((BODY * 3).split()),
    ]


def test_a_deeply_nested_page(tmp_path: Path) -> None:
    document = one(tmp_path / "a.html", "<div>" * 1500 + "deep" + "</div>" * 1500)
    assert document.text == "deep"


CHINESE = "深圳市代表团访问德国，签署合作备忘录。双方将在人工智能、医疗器械等领域开展合作，并设立联合实验室。" * 3
GERMAN = (
    "Die Firma Müller & Söhne aus Köln hat für die größte Fabrik in China einen Vertrag über Türen geschlossen. " * 3
)


@pytest.mark.parametrize(
    ("text", "encoding", "lang"),
    [
        (CHINESE, "utf-8", "zh"),
        (CHINESE, "utf-8-sig", "zh"),
        (CHINESE, "gb18030", "zh"),
        (CHINESE, "utf-16", "zh"),
        (GERMAN, "latin-1", "de"),
        (GERMAN, "cp1252", "de"),
        (GERMAN, "utf-16", "de"),
        (GERMAN, "utf-16-le", "de"),
    ],
)
def test_encodings(tmp_path: Path, text: str, encoding: str, lang: str) -> None:
    document = one(tmp_path / "a.txt", text.encode(encoding))
    assert (document.text, document.lang) == (text, lang)


def test_strange_ends_of_lines_are_line_feeds_at_the_same_places(tmp_path: Path) -> None:
    source = "Two sign\r\rIt is\x0bgood.\r\nBoth\u2028are.\x0cSo\r"
    document = one(tmp_path / "a.txt", source)
    assert document.text == "Two sign\n\nIt is\ngood.\r\nBoth\nare.\nSo\n" and len(document.text) == len(source)
    assert document.title == "Two sign"
    assert one(tmp_path / "a.jsonl", line(text=source)).text == document.text


def test_a_short_text_with_a_control_character_is_text(tmp_path: Path) -> None:
    assert one(tmp_path / "a.txt", "Example AG \x07and Muster Group have signed.\x0bBoth were glad.").text.endswith(
        "glad."
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\n", "is empty"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "binary"),
        ("a.txt", bytes(range(256)) * 20, "binary"),
        ("a.txt", bytes(range(1, 256)) * 20, "binary"),
        ("a.txt", b"\x01\x02\x03\x04 text", "binary"),
        ("a.jsonl", b'{"id": "a", "text": "x\n', "a.jsonl, line 1: broken JSON"),
        ("a.jsonl", b"[" * 100_000, "a.jsonl, line 1"),
        ("a.jsonl", b"[1]", "a.jsonl, line 1: not a JSON object"),
        ("a.jsonl", b'{"id": "a"}', "a.jsonl, line 1: no 'text'"),
        ("a.jsonl", b'{"text": "a"}', "a.jsonl, line 1: no 'id'"),
        ("a.jsonl", b'{"id": "a", "text": "\\ud800"}', "a.jsonl, line 1: 'text' holds characters"),
        ("a.html", b"<html><script>x</script></html>", "page without text"),
    ],
)
def test_a_fault_names_its_file_and_the_others_go_on(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(BODY)
    found, errors = read(tmp_path / name, tmp_path / "good.txt")
    assert [document.id for document in found] == ["good"]
    assert len(errors) == 1 and message in errors[0] and str(tmp_path / name) in errors[0]
    assert len(errors[0].splitlines()) <= 2


def test_a_broken_line_among_good_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(id="one") + b"\n{broken\n" + line(id="two") + b"\xff\xfe\x00\x01\x02\n" + line(id="three"))
    found, errors = read(path)
    assert [document.id for document in found] == ["one", "two", "three"]
    assert [", line 3:" in errors[0], ", line 5:" in errors[1], len(errors)] == [True, True, 2]


def test_missing_files_and_empty_folders(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.pdf").write_bytes(b"%PDF")
    found, errors = read(tmp_path / "none.txt", tmp_path / "folder")
    assert found == []
    assert "none.txt: no such file" in errors[0] and "folder: no document in this folder" in errors[1]


def test_folders_are_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.TXT", ".hidden.txt", ".git/d.txt", "e.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BODY)
    found, errors = read(tmp_path, tmp_path / "b.txt")
    assert ([document.id for document in found], errors) == (["a", "b", "sub.c"], [])
    assert [document.source for document in found] == ["a.md", "b.txt", "sub/c.TXT"]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["x.txt", "a/x.txt", "b/x.txt", "b/c/x.txt"], ["x", "a.x", "b.c.x", "b.x"]),
        (["x.md", "x.txt", "y.txt"], ["x.md", "x.txt", "y"]),
        (["x.jsonl", "x.txt"], ["a-1", "x"]),
        (["a b.txt", "a-b.txt"], ["news.a-b.txt"]),
        (["2024/Über uns/index.html", "2023/index.html"], ["2023.index", "2024.uber-uns.index"]),
    ],
)
def test_a_file_is_called_by_its_path_below_the_folder(tmp_path: Path, names: list[str], ids: list[str]) -> None:
    news = tmp_path / "news"
    for name in names:
        (news / name).parent.mkdir(parents=True, exist_ok=True)
        (news / name).write_bytes(line() if name.endswith("jsonl") else BODY.encode())
    found, errors = read(news)
    assert sorted(document.id for document in found) == sorted(ids)
    assert len(errors) == len(names) - len(ids), "what nothing tells apart is a fault as before"


def test_files_of_two_folders_with_one_name_are_called_by_the_folders_too(tmp_path: Path) -> None:
    for name in ("a/x.txt", "b/x.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(BODY)
    for sources in ((tmp_path / "a", tmp_path / "b"), (tmp_path / "a" / "x.txt", tmp_path / "b" / "x.txt")):
        assert [document.id for document in read(*sources)[0]] == ["a.x.txt", "b.x.txt"]


@pytest.mark.parametrize(
    ("published", "date"),
    [
        (20200101, "2020-01-01"), ("20200101", "2020-01-01"), (2020, "2020"), (202006, "2020-06"), ("1 May 2020", "2020-05-01"),
        (None, ""), ("", ""), ("not a date", None), ("2021-13-45", None), (20201301, None), (True, None), (["x"], None),
    ],
)  # fmt: skip
def test_what_is_no_date_is_told_and_the_document_is_read(tmp_path: Path, published: object, date: str | None) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n" + line(published=published))
    told: list[str] = []
    [document] = read_documents([str(tmp_path)], on_error=lambda error: pytest.fail(str(error)), on_warning=told.append)
    assert document.published == (date or "")
    assert [words.partition("'published'")[0] for words in told] == (
        [f"{tmp_path / 'a.jsonl'}, line 2: "] if date is None else []
    )


def test_an_unknown_suffix_is_plain_text_when_named(tmp_path: Path) -> None:
    assert one(tmp_path / "release.news", "{no json}").text == "{no json}"


def test_the_second_of_two_documents_with_one_id_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a-1.txt").write_text(BODY)
    (tmp_path / "b.jsonl").write_bytes(line())
    found, errors = read(tmp_path)
    assert len(found) == 1
    assert "b.jsonl, line 1" in errors[0] and "a-1.txt" in errors[0] and "'a-1'" in errors[0]


@pytest.mark.parametrize(
    ("stdin", "ids"),
    [
        (line(id="x") + line(id="y"), ["x", "y"]),
        (b"\xef\xbb\xbf" + line(id="x"), ["x"]),
        (b"\n\n" + line(id="x"), ["x"]),
        (line(id="x").decode().encode("utf-16"), ["x"]),
        (b"<p>A page</p>", ["stdin"]),
        (b"Some text.", ["stdin"]),
    ],
)
def test_standard_input(stdin: bytes, ids: list[str]) -> None:
    found, errors = read("-", stdin=stdin)
    assert ([document.id for document in found], errors) == (ids, [])


def test_empty_standard_input() -> None:
    assert read("-") == ([], ["standard input: is empty; there is nothing to read"])


class Stream(io.RawIOBase):
    """A stream of many documents that are made as they are read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.lines = lines

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> bytes:
        return next(self.lines, b"")


def test_a_long_line_and_a_long_text_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(line(text="Wort " * 200_000))
    (tmp_path / "b.txt").write_bytes((GERMAN * 15_000).encode("cp1252"))
    found, errors = read(tmp_path)
    assert errors == []
    assert [document.text for document in found] == ["Wort " * 200_000, GERMAN * 15_000]


def test_a_long_stream_is_not_held_in_memory() -> None:
    stream = Stream(line(id=f"n{number}", text="Example AG was there. " * 100, lang="en") for number in range(10_000))
    documents = read_documents(["-"], stdin=stream, on_error=lambda error: pytest.fail(str(error)))  # type: ignore[arg-type]
    for _ in range(10):
        next(documents)
    tracemalloc.start()
    for _ in range(600):
        next(documents)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400_000, "600 documents of 2 kB are 1.3 MB"
    assert sum(1 for _ in documents) == 10_000 - 610


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "word " * 1_000_000,
        "\n" * 2_000_000 + "end",
        "BERLIN, " * 300_000,
        "Contact: a\n" * 200_000,
        "A — " * 500_000,
        "- " * 1_000_000,
    ],
)
def test_large_texts_are_read(tmp_path: Path, text: str) -> None:
    document = one(tmp_path / "a.txt", text)
    assert document.text == text
    assert all(0 <= s.start < s.end <= len(text) for s in document.sections)
    assert all(a.end <= b.start for a, b in zip(document.sections, document.sections[1:], strict=False))


@pytest.mark.parametrize(
    ("name", "slugged"),
    [("Fünf Städte (2)", "funf-stadte-2"), ("南山 Report", "南山-report"), ("Straße", "strasse"), ("A__B", "a-b")],
)
def test_slugs(name: str, slugged: str) -> None:
    assert slug(name) == slugged


def test_a_name_without_letters_has_a_slug_of_its_own() -> None:
    assert slug("!!!") != slug("???") and slug("!!!").startswith("document-")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("", "en"),
        ("The firm has signed.", "en"),
        ("Die Firma hat den Vertrag mit der Stadt.", "de"),
        ("中德合作协议 MoU", "zh"),
    ],
)
def test_languages(text: str, lang: str) -> None:
    assert language(text) == lang


def test_the_annotated_documents_are_all_read() -> None:
    found, errors = read(*sorted((ROOT / "kg" / "training" / "documents").glob("en-*.jsonl")))
    assert errors == [] and len(found) > 200
    assert sum(bool(said(document, SectionKind.DATELINE)) for document in found) >= 30
    assert all(said(document, SectionKind.BODY) for document in found)
