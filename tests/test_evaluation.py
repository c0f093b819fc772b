"""The score agrees with what a person would count, and extraction does not fall behind what it has reached."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from measuring import MARGIN, figures, written_down

from kg import evaluation
from kg.cli import kg
from kg.evaluation import AnnotatedClaim, AnnotatedDocument, AnnotatedEntity, Lost, Report, Tally, report_record
from kg.model import (
    Amount,
    Argument,
    Claim,
    Count,
    Date,
    Document,
    EntityType,
    Evidence,
    Mention,
    Qualifiers,
    Share,
    Status,
)  # fmt: skip
from kg.records import claim_from_record, claim_record

SYMMETRIC = frozenset({"metWith"})
RECORD = {
    "id": "d",
    "text": "Voith will invest in Kunshan. Anna Weber met a delegation of German mayors.",
    "entities": [
        {"name": "Voith GmbH", "type": "Company", "aliases": ["Voith"]},
        {"name": "Kunshan", "type": "Place"},
        {"name": "Anna Weber", "type": "Person"},
        {"name": "delegation of German mayors", "type": "Group"},
    ],
    "claims": [
        {"predicate": "investedIn", "subject": "Voith GmbH", "object": "Kunshan", "status": "planned"},
        {"predicate": "metWith", "subject": "Anna Weber", "object": "delegation of German mayors", "status": "actual"},
    ],
}
VOITH = AnnotatedEntity("Voith GmbH", EntityType.COMPANY, ("Voith",))
KUNSHAN = AnnotatedEntity("Kunshan", EntityType.PLACE)


def claim(predicate: str, subject: str, object_: str, status: str = "actual", **more: Any) -> Claim:
    def argument(name: str) -> Argument:
        return Argument(name, EntityType.COMPANY, name)

    fields: dict[str, Any] = {"confidence": 0.9, "method": "reader", "qualifiers": Qualifiers(), **more}
    return Claim(
        predicate, argument(subject), argument(object_), Status(status), Evidence("d", "Voith", 0, 5), **fields
    )


def mention(text: str, type_: EntityType = EntityType.COMPANY, entity: str = "", **more: Any) -> Mention:
    return Mention(0, len(text), text, type_, entity or text, **more)


def annotated(*claims: tuple[str, AnnotatedEntity, AnnotatedEntity], **qualifiers: Any) -> AnnotatedDocument:
    made = (AnnotatedClaim(p, s, o, Status.ACTUAL, "", qualifiers) for p, s, o in claims)
    return AnnotatedDocument(Document("d", "Voith"), tuple(made))


def judged(*claims: Claim) -> Report:
    """The report on these claims where Voith's investment in Kunshan is annotated."""
    gold = annotated(("investedIn", VOITH, KUNSHAN))
    return evaluation.report([evaluation.judge(gold, claims, SYMMETRIC)])


@pytest.mark.parametrize(
    ("claims", "right", "predicted", "status"),
    [
        ([claim("investedIn", "Voith", "Kunshan", "planned")], 1, 1, 1.0),
        ([claim("investedIn", "the voith group", "Kunshan")], 1, 1, 0.0),
        ([claim("investedIn", "Kunshan", "Voith")], 0, 1, 0.0),
        ([claim("metWith", "German mayors", "Anna Weber")], 1, 1, 1.0),
        ([claim("metWith", "mayors", "Anna Weber")], 0, 1, 0.0),
        ([claim("investedIn", "Voith", "Kunshan"), claim("investedIn", "Voith AG", "Kunshan")], 1, 1, 0.0),
        ([], 0, 0, 0.0),
    ],
)
def test_score(claims: list[Claim], right: int, predicted: int, status: float) -> None:
    annotated = evaluation.AnnotatedDocument(Document("d", ""), evaluation.annotated_claims(RECORD))
    result = evaluation.report([evaluation.judge(annotated, claims, SYMMETRIC)])
    assert (result.claims.right, result.claims.predicted, result.claims.gold, result.status) == (
        right,
        predicted,
        2,
        status,
    )


def test_rates() -> None:
    rate = evaluation.Rate(3, 4, 6)
    assert (rate.precision, rate.recall, rate.f1) == (0.75, 0.5, 0.6)


@pytest.mark.parametrize(
    ("a", "b"), [("Müller GmbH & Co. KG", "Mueller"), ("the Élysée", "Elysee"), ("Siemens’s", "Siemens")]
)
def test_names_that_compare_equal(a: str, b: str) -> None:
    assert evaluation.key(a) == evaluation.key(b)


def test_a_claim_of_the_annotated_status_is_paired_first() -> None:
    planned = claim("investedIn", "Voith", "Kunshan", "planned", qualifiers=Qualifiers(date=Date("2019", "2019")))
    result = judged(planned, claim("investedIn", "Voith", "Kunshan"))
    assert (result.claims.right, result.claims.predicted, result.stages) == (1, 2, Tally(1, 1))
    assert result.judgements[0].wrong == (planned,)


@pytest.mark.parametrize(
    ("name", "value", "told", "right"),
    [
        ("date", "2014-10", Qualifiers(date=Date("October 2014", "2014-10")), 1),
        ("date", "2014-10", Qualifiers(date=Date("October 11", "2014-10-11")), 0),
        ("kind", "framework agreement", Qualifiers(kind="agreement"), 1),
        ("role", "chief executive", Qualifiers(role="chairman"), 0),
        ("count", 50, Qualifiers(count=Count("more than 50", "atLeast", 50)), 1),
        ("share", "25%", Qualifiers(share=Share("a 25% stake", 25)), 1),
        ("amount", "EUR 1.5 billion", Qualifiers(amount=Amount("1.5 billion", "EUR", 1.5e9)), 1),
        ("amount", "EUR 1.5 billion", Qualifiers(), 0),
        ("topics", ["batteries", "solar power"], Qualifiers(topics=("solar", "batteries")), 1),
        ("topics", ["batteries", "solar power"], Qualifiers(topics=("solar",)), 0),
    ],
)
def test_qualifiers(name: str, value: object, told: Qualifiers, right: int) -> None:
    gold = annotated(("investedIn", VOITH, KUNSHAN), **{name: value})
    judgement = evaluation.judge(gold, [claim("investedIn", "Voith", "Kunshan", qualifiers=told)], SYMMETRIC)
    assert evaluation.report([judgement]).qualifiers == {name: Tally(right, 1)}


def test_qualifiers_of_missed_claims_do_not_count() -> None:
    gold = annotated(("investedIn", VOITH, KUNSHAN), date="2014")
    assert evaluation.report([evaluation.judge(gold, [], SYMMETRIC)]).qualifiers == {}


BOTH = [mention("Voith"), mention("Kunshan", EntityType.PLACE)]


@pytest.mark.parametrize(
    ("mentions", "claims", "reason"),
    [
        ([], [], Lost.NO_MENTION),
        (BOTH[:1], [], Lost.NO_MENTION),
        ([*BOTH[:1], mention("the city", EntityType.PLACE, "Kunshan", anaphoric=True)], [], Lost.NO_MENTION),
        ([*BOTH[:1], mention("Kunshan")], [], Lost.WRONG_TYPE),
        ([mention("VOITH Group"), mention("Kunshan"), *BOTH[1:]], [], Lost.NO_CLAIM),
        (BOTH, [claim("investedIn", "Voith", "Suzhou")], Lost.NO_CLAIM),
        (BOTH, [claim("basedIn", "Voith", "Kunshan")], Lost.OTHER_CLAIM),
        (BOTH, [claim("investedIn", "Kunshan", "Voith")], Lost.OTHER_CLAIM),
    ],
)
def test_the_first_reason_for_a_missed_claim(mentions: list[Mention], claims: list[Claim], reason: Lost) -> None:
    judgement = evaluation.judge(annotated(("investedIn", VOITH, KUNSHAN)), claims, SYMMETRIC, mentions)
    assert judgement.lost == (reason,)
    lost = evaluation.report([judgement]).lost
    assert lost == {each: int(each is reason) for each in Lost}


def test_what_is_annotated_twice_and_told_once() -> None:
    gold = annotated(("investedIn", VOITH, KUNSHAN), ("investedIn", VOITH, KUNSHAN))
    judgement = evaluation.judge(gold, [claim("investedIn", "Voith", "Kunshan")], SYMMETRIC, BOTH)
    assert (len(judgement.right), judgement.lost) == (1, (Lost.NOT_AGAIN,))


def test_mentions_and_types() -> None:
    gold = annotated(("investedIn", VOITH, KUNSHAN), ("subsidiaryOf", VOITH, AnnotatedEntity("X", EntityType.COMPANY)))
    mentions = [mention("Voith", EntityType.PERSON), *BOTH[1:]]
    result = evaluation.report([evaluation.judge(gold, [], SYMMETRIC, mentions)])
    assert result.mentions == {"Company": evaluation.Mentions(2, 1, 0), "Place": evaluation.Mentions(1, 1, 1)}


@pytest.mark.parametrize(
    ("entities", "together", "merged"),
    [
        (["Voith GmbH", "Voith GmbH", "Kunshan"], (1, 1), 0),
        (["Voith", "Voith GmbH", "Kunshan"], (0, 1), 0),
        (["Voith GmbH", "Voith GmbH", "Voith GmbH"], (1, 1), 1),
    ],
)
def test_who_is_taken_for_whom(entities: list[str], together: tuple[int, int], merged: int) -> None:
    gold = annotated(("investedIn", VOITH, KUNSHAN), ("visited", VOITH, AnnotatedEntity("Ulm", EntityType.PLACE)))
    mentions = [
        mention(text, entity=name) for text, name in zip(("Voith", "Voith GmbH", "Kunshan"), entities, strict=True)
    ]
    result = evaluation.report([evaluation.judge(gold, [], SYMMETRIC, mentions)]).identity
    assert result == evaluation.Identity(Tally(*together), merged)


def test_methods_and_bands() -> None:
    result = judged(
        claim("investedIn", "Voith", "Kunshan", confidence=0.9),
        claim("basedIn", "Voith", "Kunshan", confidence=0.89, method="pattern"),
        claim("visited", "Voith", "Kunshan", confidence=0.3),
    )
    assert result.by_method == {"reader": Tally(1, 2), "pattern": Tally(0, 1)}
    assert list(result.bands.items()) == [
        ("0.90–1.00", Tally(1, 1)),
        ("0.80–0.89", Tally(0, 1)),
        ("0.00–0.49", Tally(0, 1)),
    ]
    assert result.sure == Tally(1, 2)


def test_the_macro_average_leaves_rare_relations_out() -> None:
    often = annotated(*[("investedIn", VOITH, KUNSHAN)] * 10, ("visited", VOITH, KUNSHAN))
    result = evaluation.report([evaluation.judge(often, [claim("investedIn", "Voith", "Kunshan")], SYMMETRIC)])
    assert (result.macro.precision, result.macro.recall, result.macro.relations) == (1.0, 0.1, 1)


def test_a_claim_is_read_again_as_it_was_written() -> None:
    told = Qualifiers(
        "kind", "role", "place", "name", "speaker", ("a", "b"), Date("in May", "2014-05"), Amount("1 euro", "EUR", 1.0),
        Share("half", 50.0), Count("some", "about", 3),
    )  # fmt: skip
    for each in (claim("investedIn", "Voith", "Kunshan", qualifiers=told), claim("visited", "Voith", "Kunshan")):
        assert claim_from_record(json.loads(json.dumps(claim_record(each)))) == each


class TestCommand:
    """`kg evaluate` as people and pipes meet it."""

    @pytest.fixture
    def gold(self, tmp_path: Path) -> str:
        path = tmp_path / "gold.jsonl"
        path.write_text("\n" + json.dumps(RECORD) + "\n", encoding="utf-8")
        return str(path)

    @pytest.fixture
    def claims(self, tmp_path: Path) -> str:
        found = [claim("investedIn", "Voith", "Kunshan"), claim("visited", "Voith", "Kunshan")]
        path = tmp_path / "claims.jsonl"
        path.write_text("".join(json.dumps(claim_record(c)) + "\n" for c in found), encoding="utf-8")
        return str(path)

    def invoke(self, *arguments: str, **more: Any) -> Result:
        return CliRunner(env={"COLUMNS": "80"}).invoke(kg, ("evaluate", *arguments), **more)

    def test_a_fresh_extraction(self, gold: str) -> None:
        told: Mapping[str, Any] = json.loads(self.invoke(gold).stdout)
        assert told["claims"]["gold"] == 2
        assert sum(told["lost"].values()) == 2 - told["claims"]["right"]
        assert told["mentions"]["Person"] == {"annotated": 1, "found": 1, "typed": 1}

    def test_a_file_of_claims(self, gold: str, claims: str) -> None:
        told = json.loads(self.invoke(gold, "--claims", claims, "--errors").stdout)
        assert told["claims"] == {
            "precision": 0.5, "recall": 0.5, "f1": 0.5, "right": 1, "predicted": 2, "gold": 2
        }  # fmt: skip
        assert (told["status"]["right"], told["status"]["of"]) == (0, 1)
        assert told["mentions"] is told["lost"] is told["identity"] is None
        assert [wrong["predicate"] for wrong in told["wrong"]] == ["visited"]
        assert [(missed["predicate"], missed["lost"]) for missed in told["missed"]] == [("metWith", None)]

    def test_claims_come_from_a_pipe_and_strangers_are_told(self, gold: str, claims: str) -> None:
        stranger = claim_record(claim("visited", "Voith", "Kunshan")) | {"document": "e"}
        piped = Path(claims).read_text(encoding="utf-8") + json.dumps(stranger)
        result = self.invoke(gold, "--claims", "-", input=piped)
        assert json.loads(result.stdout)["claims"]["predicted"] == 2
        assert result.stderr == "kg: left out: 1 of the claims, which are of documents that GOLD does not hold\n"

    def test_tables_fit_and_say_what_is_left_out(self, gold: str, claims: str) -> None:
        lines = self.invoke(gold, "--claims", claims, "--format", "table", "--errors").stdout.splitlines()
        assert max(map(len, lines)) <= 80
        assert any(line.startswith("left out: mentions") for line in lines)
        assert "wrong   visited(Voith → Kunshan)  actual, reader, 0.90" in lines
        assert "missed  metWith(Anna Weber → delegation of German mayors)  actual" in lines
        assert "macro average: over the 0 relations with 10 annotated claims or more" in lines

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (None, "gold.jsonl: no such file; check the path"),
            (b"\n", "gold.jsonl: is empty; there is nothing to measure against"),
            (b"{}\n{", "gold.jsonl, line 1: no 'id'; a document needs the keys 'id' and 'text'"),
            (b'\n{"id"', "gold.jsonl, line 2: no annotated document: broken JSON (Expecting ':' delimiter, column 6)"),
            (b"\xff", "gold.jsonl, line 1: no annotated document: the line is not UTF-8"),
            (b"[1]", "gold.jsonl, line 1: no annotated document: the line is not a JSON object"),
            ({"claims": 3}, "gold.jsonl, line 1: no annotated document: no list 'claims' of JSON objects"),
            ({"entities": []}, "claim 1 names 'Voith GmbH', which is not among the entities"),
            ({"entities": [{"name": "X", "type": "Firm"}]}, "'Firm', the type of X, is not one of Company,"),
            ({"claims": [{"subject": "Kunshan"}]}, "line 1: no annotated document: claim 1 has no 'object'"),
        ],
    )
    def test_a_bad_gold_file_is_told_in_one_line(self, content: Any, message: str, tmp_path: Path) -> None:
        path = tmp_path / "gold.jsonl"
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else json.dumps(RECORD | content).encode())
        result = self.invoke(str(path))
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"kg: {path}")
        assert message in result.stderr
        assert len(result.stderr.splitlines()) == 1

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("{}", "no claim: it lacks 'evidence'; a claim is a line as 'kg extract' writes it"),
            ('{"evidence": 1}', "no claim: it lacks 'predicate'"),
            ('{"evidence": 1, "predicate": "x", "subject": 1}', "a value is of another kind than 'kg extract' writes"),
        ],
    )
    def test_a_bad_file_of_claims_is_told_in_one_line(self, line: str, message: str, gold: str, tmp_path: Path) -> None:
        path = tmp_path / "bad.jsonl"
        path.write_text(line, encoding="utf-8")
        result = self.invoke(gold, "--claims", str(path))
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"kg: {path}, line 1: ")
        assert message in result.stderr

    def test_a_document_that_is_annotated_twice(self, gold: str, tmp_path: Path) -> None:
        again = tmp_path / "again.jsonl"
        again.write_bytes(Path(gold).read_bytes())
        result = self.invoke(gold, str(again))
        assert result.exit_code == 2
        assert f"{again}, line 2: document 'd' is annotated in {gold}, line 2 already" in result.stderr


@pytest.mark.parametrize("figure", written_down())
def test_extraction_does_not_fall_back(figure: str, measured: Report) -> None:
    assert figures(measured)[figure] >= written_down()[figure] - MARGIN


def test_every_quote_stands_in_its_document_to_the_letter(measured: Report) -> None:
    told = [(judgement.document, c.evidence) for judgement in measured.judgements for c in judgement.claims]
    assert len(told) > 500
    assert all(document.text[e.start : e.end] == e.quote for document, e in told)


def test_the_figures_of_the_measuring_documents_hold_together(measured: Report) -> None:
    record = report_record(measured, errors=True)
    assert (record["documents"], record["claims"]["gold"]) == (85, 1564)
    assert sum(rate["right"] for rate in record["relations"].values()) == record["claims"]["right"]
    for parts in (record["methods"].values(), record["bands"]):
        assert sum(part["of"] for part in parts) == record["claims"]["predicted"]
    assert sum(record["lost"].values()) == len(record["missed"]) == record["claims"]["gold"] - record["claims"]["right"]
    assert len(record["wrong"]) == record["claims"]["predicted"] - record["claims"]["right"]
