"""How right extracted claims are, measured against annotated documents.

A claim is right when its relation and both ends are (either order for a symmetric relation), each annotated claim used up by
one extracted claim. Names are compared without case, articles, punctuation, diacritics and legal forms; for groups, events
and sectors half of the words in common are enough, since two people would not cut them alike."""

from kg.evaluation.annotated import AnnotatedClaim, AnnotatedDocument, AnnotatedEntity, annotated_claims
from kg.evaluation.compare import agrees, key
from kg.evaluation.judging import MEANING, Judgement, Lost, judge
from kg.evaluation.record import report_record
from kg.evaluation.report import LEAST, Identity, Mentions, Rate, Report, Tally, report
from kg.evaluation.sources import read_annotated, read_claims

__all__ = [
    "LEAST",
    "MEANING",
    "AnnotatedClaim",
    "AnnotatedDocument",
    "AnnotatedEntity",
    "Identity",
    "Judgement",
    "Lost",
    "Mentions",
    "Rate",
    "Report",
    "Tally",
    "agrees",
    "annotated_claims",
    "judge",
    "key",
    "read_annotated",
    "read_claims",
    "report",
    "report_record",
]
