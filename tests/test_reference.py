"""The shipped reference data: names, spans in running text, supplements."""

from pathlib import Path

import pytest

from kg import reference
from kg.model import EntityType
from kg.names import keys, normalise, slug, strip_legal_form

DATA = Path(reference.__file__).parent / "data" / "reference"
KNOWN = reference.load()


def ids(name: str) -> list[str]:
    return sorted(entry.id for entry in KNOWN.lookup(name))


def test_the_four_municipalities_have_coordinates() -> None:
    for id_, lat, lon in (
        ("CN-11", 39.9, 116.4),
        ("CN-12", 39.1, 117.2),
        ("CN-31", 31.2, 121.5),
        ("CN-50", 29.6, 106.6),
    ):
        entry = KNOWN.get(id_)
        assert entry and (round(entry.lat or 0, 1), round(entry.lon or 0, 1)) == (lat, lon)


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in KNOWN.spans(text)]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("BASF SE", "basf"),
        ("Siemens Aktiengesellschaft", "siemens"),
        ("The University of Hong Kong", "university of hong kong"),
        ("Robert Bosch GmbH", "robert bosch"),
        ("HELLA GmbH & Co. KGaA", "hella"),
        ("Aecc Aviation Power Co.,Ltd", "aecc aviation power"),
        ("Shenzhen’s", "shenzhen"),
        ("Köln", "koln"),
        ("Xi’an", "xian"),
        ("Johnson & Johnson", "johnson johnson"),
        ("Johnson and Johnson", "johnson johnson"),
        ("华为技术有限公司", "华为技术"),
        ("Company", "company"),
        ("Lürssen", "lurssen"),
        ("Mercedes-Benz", "mercedes benz"),
        ("DRÄXLMAIER", "draxlmaier"),
    ],
)
def test_normalise_leaves_the_words_that_tell_names_apart(name: str, key: str) -> None:
    assert normalise(name) == key


def test_umlauts_have_a_key_in_base_letters_and_one_as_german_writes_them() -> None:
    assert keys("München") == ("munchen", "muenchen")
    assert slug("Universität zu Köln") == "universitaet-zu-koeln"


def test_a_legal_form_is_cut_off_but_the_rest_stays_as_written() -> None:
    assert strip_legal_form("Contemporary Amperex Technology Co., Limited") == "Contemporary Amperex Technology"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Munich", ["gn-2867714"]),
        ("München", ["gn-2867714"]),
        ("Muenchen", ["gn-2867714"]),
        ("MUNCHEN", ["gn-2867714"]),
        ("慕尼黑", ["gn-2867714"]),
        ("Cologne", ["gn-2886242"]),
        ("Köln", ["gn-2886242"]),
        ("Hanover", ["gn-2910831"]),
        ("Nürnberg", ["gn-2861650"]),
        ("Frankfurt an der Oder", ["gn-2925535"]),
        ("Hong Kong", ["HK"]),
        ("NRW", ["DE-NW"]),
        ("Deutschland", ["DE"]),
        ("Siemens AG", ["ror:059mq0909"]),
        ("Siemens Healthineers", ["ror:0449c4c15"]),
        ("西门子", ["ror:059mq0909"]),
        ("Mindray", ["ror:04yfe8169"]),
        ("Shenzhen Mindray Bio-Medical Electronics Co., Ltd.", ["ror:04yfe8169"]),
        ("迈瑞", ["ror:04yfe8169"]),
        ("BMW AG", ["ror:05vs9tj88"]),
        ("Bayerische Motoren Werke AG", ["ror:05vs9tj88"]),
        ("TUM", ["ror:02kkvpp62"]),
        ("Technische Universität München", ["ror:02kkvpp62"]),
        ("CAS", ["ror:034t30j35"]),
        ("南山区", ["CN-230404", "CN-440305"]),
        ("MOFCOM", ["own:ministry-of-commerce-cn"]),
        ("Auswärtiges Amt", ["own:federal-foreign-office"]),
        ("No Such Name Whatsoever", []),
        ("", []),
    ],
)
def test_lookup_finds_entries_by_any_of_their_names(name: str, expected: list[str]) -> None:
    assert ids(name) == expected


def test_an_entry_says_what_its_sources_say() -> None:
    (munich,) = KNOWN.lookup("Munich")
    assert (munich.type, munich.kind, munich.country, munich.parent) == (EntityType.PLACE, "city", "DE", "DE-BY")
    assert munich.same_as == ("https://sws.geonames.org/2867714/",)
    (siemens,) = KNOWN.lookup("Siemens")
    assert siemens.same_as == ("http://www.wikidata.org/entity/Q81230", "https://ror.org/059mq0909")
    assert {name.text: name.lang for name in siemens.names}["西门子"] == "zh"


@pytest.mark.parametrize(
    ("name", "scheme", "values"),
    [
        ("Siemens", "isin", ["DE0007236101"]),
        ("BMW", "isin", ["DE0005190003", "DE0005190037"]),
        ("Shenzhen", "administrativeCode", ["440300"]),
        ("Guangdong", "administrativeCode", ["440000"]),
        ("Kunshan", "administrativeCode", ["320583"]),
        ("Munich", "", []),
        ("Hong Kong", "", []),
    ],
)
def test_codes_are_those_of_all_rows_that_stand_for_an_entry(name: str, scheme: str, values: list[str]) -> None:
    (entry,) = KNOWN.lookup(name)
    assert [(each.scheme, each.value) for each in entry.identifiers] == [(scheme, value) for value in values]
    assert not any("isin" in iri for iri in entry.same_as)


def test_an_everyday_form_finds_the_full_name_and_nothing_that_is_merely_alike() -> None:
    assert [entry.id for entry in KNOWN.near("Alibaba Health")] == ["isin:BMG0171K1018"]
    assert [entry.id for entry in KNOWN.near("Changan Automobile")] == ["ticker:000625.SZ"]
    assert [entry.id for entry in KNOWN.near("TU München")] == ["ror:02kkvpp62"]
    assert KNOWN.near("Siemens") == KNOWN.near("Siemens Mobility") == ()


def test_a_town_is_known_without_its_river_but_not_looked_for_so_in_texts() -> None:
    assert [entry.name for entry in KNOWN.towns("Hanau")] == ["Hanau am Main"]
    assert [entry.name for entry in KNOWN.towns("konigstein")][:1] == ["Königstein im Taunus"]
    assert KNOWN.places("Hanau") == KNOWN.towns("Hanau am Main") == []
    assert KNOWN.spans("They met in Hanau.") == []


def test_a_place_that_counts_as_another_is_that_other() -> None:
    assert KNOWN.get("CN-HK") is KNOWN.get("HK")
    hamburg = KNOWN.get("DE-HH")
    assert hamburg is not None
    assert (hamburg.id, hamburg.parent) == ("gn-2911298", "DE")


def test_spans_are_the_longest_names_at_word_borders() -> None:
    text = "Siemens Healthineers and Siemens met in Frankfurt am Main; Siemensstadt did not."
    assert texts(text)[:3] == ["Siemens Healthineers", "Siemens", "Frankfurt am Main"]
    kinds = {text[start:end]: found for start, end, found in KNOWN.spans(text)}
    assert kinds["Siemens"] == {"company"}
    assert kinds["Frankfurt am Main"] == {"city"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reading the contract took a day.", []),
        ("They flew to Reading.", ["Reading"]),
        ("Essen is served at noon.", []),
        ("The plant in Essen opened.", ["Essen"]),
        ("Shenzhen’s Nanshan District", ["Shenzhen", "Nanshan District"]),
        ("the town of munich in small letters", []),
        ("来自深圳市的公司", ["深圳市"]),
        ("", []),
    ],
)
def test_spans_leave_ordinary_words_alone(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_supplements_name_only_rows_that_exist_and_invent_no_identifier() -> None:
    known = {
        line.split("\t")[0]
        for file in ("places", "organizations")
        for line in (DATA / f"{file}.tsv").read_text(encoding="utf-8").splitlines()
    }
    lines = (DATA / "supplements.tsv").read_text(encoding="utf-8").splitlines()
    header, rows = lines[0].split("\t"), [line.split("\t") for line in lines[1:]]
    assert all(len(row) == len(header) for row in rows)
    for row in rows:
        assert row[0].startswith("own:") == bool(row[1])
        assert row[0] in known or row[0].startswith("own:")
        assert all(same in known for same in row[9].split("|") if same)
        if row[1]:
            entry = KNOWN.get(row[0])
            assert entry is not None
            assert entry.same_as == ()


def test_the_notice_names_every_source() -> None:
    notice = (DATA / "NOTICE").read_text(encoding="utf-8")
    for source in ("GeoNames", "ror.org", "FinanceDatabase", "Administrative-divisions-of-China", "pycountry"):
        assert source in notice


def test_the_index_of_first_words_is_that_of_the_files() -> None:
    """`heads.tsv` is made from the sources' files and must not grow old."""
    places, organizations, heads = (
        (DATA / f"{name}.tsv").read_text(encoding="utf-8").split("\n")[1:-1]
        for name in ("places", "organizations", "heads")
    )
    assert heads == reference.index(places, organizations), "run: python -m kg.reference"
