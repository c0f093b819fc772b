"""The reader at work: two small ONNX networks, run one window at a time so that no result depends on its neighbours."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from kg.files import DATA
from kg.model import FAR, NEAR, Candidate, Document, EntityType, Mention, Sentence, Status
from kg.names import is_chinese
from kg.reader import pairs as pairing
from kg.reader import windows as windowing
from kg.reader.decode import runs
from kg.reader.labels import GAZETTEER, LAYERS, QUALIFIERS, STATUSES, tags

CLS, SEP = 101, 102
_SIZES = [len(tags(layer)) for layer in LAYERS]
_SPLITS = [sum(_SIZES[: n + 1]) for n in range(len(_SIZES) - 1)]
_STOPS = " ,;:"
"""Signs that no name and no phrase ends in."""
_LOOSE = re.compile(r"[\s,;:]+(?:and|or|und|&)\Z")
"""A word at the end of a phrase that joins it to another."""
_INITIAL = re.compile(r"(?<!\w)[A-Z0-9]-\Z")
_DOTTED = re.compile(r"(?<![\w.])(?:[A-Z]\.){2,}")
"""An abbreviation with a full stop after each letter ('U.S.', 'J.P.'): a name holds all of it or none."""
_AROUND = 12
"""Characters beside a span among which such an abbreviation begins and ends."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a text that are a role, a kind of agreement or plant, or a topic: characters `start` to `end`."""

    start: int
    end: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at a stretch of sentences gives: its mentions and phrases, and the network's states to ask more of."""

    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    phrases: tuple[Phrase, ...]
    pieces: tuple[windowing.Piece, ...]
    windows: tuple[tuple[windowing.Window, Any], ...]


class Reader:
    """Two networks with their manifest. `load()` gives the shipped one of this process.

    `calibration` are curves fitted by `kg.training.calibration`: for pairs those that make chances of the network's log odds, for
    claims that over all that was heard of one; `threshold` says from which confidence on a claim counts."""

    def __init__(
        self, encoder: Any, pairs: Any, tokenizer: Any, manifest: Mapping[str, Any], spans: windowing.Spans
    ) -> None:
        self._encoder, self._pairs, self._tokenizer, self._spans = encoder, pairs, tokenizer, spans
        self.relations: tuple[str, ...] = tuple(manifest["relations"])
        self.version: str = manifest["version"]
        self.threshold: float = manifest["threshold"]
        self.calibration: Mapping[str, Mapping[str, Any]] = manifest["calibration"]

    def read(self, document: Document, sentences: Sequence[Sentence]) -> Reading:
        """Mentions and phrases of a stretch of a document's sentences; every mention is its own entity as yet."""
        pieces, firsts = windowing.pieces(document.text, sentences, self._tokenizer, self._spans)
        windows, scores = [], np.zeros((len(pieces), sum(_SIZES)), dtype=np.float32)
        for window in windowing.windows(firsts, len(pieces)):
            states, tagged = self._encode(pieces[window.first : window.last])
            windows.append((window, states))
            scores[window.first : window.last] += tagged
        mentions, phrases = self._spans_of(document.text, pieces, firsts, scores)
        return Reading(tuple(sentences), tuple(mentions), tuple(phrases), tuple(pieces), tuple(windows))

    def _encode(self, pieces: Sequence[windowing.Piece]) -> tuple[Any, Any]:
        """States of a window (special pieces included), and log probabilities of its tags."""
        empty = (0,) * len(GAZETTEER)
        given = {
            "ids": np.array([[CLS, *(p.id for p in pieces), SEP]], dtype=np.int64),
            "shapes": np.array([[0, *(p.shape for p in pieces), 0]], dtype=np.int64),
            "gazetteer": np.array([[empty, *(p.gazetteer for p in pieces), empty]], dtype=np.float32),
        }
        states, logits = self._encoder.run(None, given)
        layers = np.split(logits[0, 1:-1], _SPLITS, axis=-1)
        return states[0], np.concatenate([_log_softmax(part) for part in layers], axis=-1)

    def _spans_of(
        self, text: str, pieces: Sequence[windowing.Piece], firsts: Sequence[int], scores: Any
    ) -> tuple[list[Mention], list[Phrase]]:
        mentions: list[Mention] = []
        phrases: list[Phrase] = []
        for layer, part in zip(LAYERS, np.split(scores, _SPLITS, axis=-1), strict=True):
            reached = 0
            for first, last, label, sure in runs(_log_softmax(part), layer, firsts):
                start, end = _bounds(text, pieces[first].start, pieces[last].end, label)
                words = text[start:end]
                if not words or words.endswith("-") or end <= reached:
                    continue
                reached = end
                if layer is LAYERS[2]:
                    phrases.append(Phrase(start, end, words, label))
                else:
                    mentions.append(Mention(start, end, words, EntityType(label), words, round(sure, 3)))
        return mentions, phrases

    def relate(
        self,
        reading: Reading,
        mentions: Sequence[Mention],
        admits: Mapping[str, frozenset[tuple[EntityType, EntityType]]],
        threshold: float,
    ) -> tuple[Candidate, ...]:
        """Candidate claims between mentions (settled since `read`): each pair and relation at its surest window."""
        admitted = frozenset().union(*admits.values())
        best: dict[tuple[Mention, Mention, str], Candidate] = {}
        ordered = sorted(mentions)
        starts = [s.start for s in reading.sentences]
        for window, states in reading.windows:
            spans = pairing.located(window, reading.pieces, _within(window, reading.pieces, ordered))
            asked = pairing.asked(spans, reading.sentences, admitted)
            if not asked:
                continue
            given = pairing.features(spans, asked, window.last - window.first)
            (logits,) = self._pairs.run(None, {"states": states, **given})
            count = len(self.relations)
            chances = self._chances(logits[:, :count], [pair.apart for pair in asked])
            status = logits[:, count:].argmax(-1)
            for row, column in zip(*np.nonzero(chances >= threshold), strict=True):
                subject, object_ = (spans[i][0] for i in asked[row][:2])
                predicate = self.relations[column]
                if (subject.type, object_.type) not in admits.get(predicate, ()):
                    continue
                sure = round(float(chances[row, column]), 4)
                key = (subject, object_, predicate)
                if key not in best or best[key].confidence < sure:
                    first, last = sorted((subject, object_))
                    start = reading.sentences[bisect_right(starts, first.start) - 1].start
                    end = reading.sentences[bisect_right(starts, last.start) - 1].end
                    method = FAR if asked[row].apart else NEAR
                    stage = Status(STATUSES[int(status[row])])
                    best[key] = Candidate(predicate, subject, object_, start, end, sure, method, stage)
        return tuple(best[key] for key in sorted(best, key=lambda k: (k[0].start, k[1].start, k[2], k[0], k[1])))

    def _chances(self, logits: Any, apart: Sequence[int]) -> Any:
        """How likely each relation of each pair is, pairs × relations, by the curve for pairs in one sentence or further apart."""
        curves = self.calibration["pairs"]
        slope, offset = np.where(np.array(apart)[:, None] == 0, curves[NEAR], curves[FAR]).T[:, :, None]
        return 1 / (1 + np.exp(-slope * logits - offset))


def _within(window: windowing.Window, pieces: Sequence[windowing.Piece], ordered: Sequence[Mention]) -> list[Mention]:
    start, end = pieces[window.first].start, pieces[window.last - 1].end
    return [m for m in ordered if start <= m.start and m.end <= end]


def _bounds(text: str, first: int, last: int, label: str) -> tuple[int, int]:
    """Where a name or phrase begins and ends whose word pieces do: with whole words, and without what only follows it."""
    start, end = _word_start(text, first), _word_end(text, last)
    words = text[start:end].rstrip(_STOPS)
    words = words.removesuffix(")") if "(" not in words else words
    words = _LOOSE.sub("", words) if label in QUALIFIERS else words
    return _undivided(text, start, start + len(words))


def _undivided(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with all of the dotted abbreviations of which it holds a part."""
    for match in _DOTTED.finditer(text, max(0, start - _AROUND), end + _AROUND):
        if match.start() < end and start < match.end():
            start, end = min(start, match.start()), max(end, match.end())
    return start, end


def _word_start(text: str, start: int) -> int:
    """The beginning of the word that a place stands in, if one capital and a hyphen are before it ('C-BONS', 'T-Systems')."""
    before = _INITIAL.search(text, max(0, start - 5), start)
    return before.start() if before else start


def _word_end(text: str, end: int) -> int:
    """The end of the word that a place stands in: 'R&D' is not cut into 'R&' and 'D'. Chinese puts no space between words, so one
    ends where a Chinese character does or follows."""
    inside = end > 0 and (text[end - 1].isalnum() or text[end - 1] == "&") and not is_chinese(text[end - 1])
    while inside and end < len(text) and text[end].isalnum() and not is_chinese(text[end]):
        end += 1
    return end


def _log_softmax(x: Any) -> Any:
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


@cache
def load() -> Reader:
    """The shipped reader; about 0.2 s of CPU, most of it for importing ONNX Runtime and reading the weights."""
    return read_from(DATA / "reader")


def read_from(folder: Path) -> Reader:
    """The reader whose networks, tokenizer and manifest stand in a folder."""
    import onnxruntime
    from tokenizers import Tokenizer, normalizers

    from kg import reference

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # done when it was exported
    options.log_severity_level = 3
    encoder, pairs = (
        onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
        for name in ("encoder.onnx", "pairs.onnx")
    )
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    cells = normalizers.Replace("\t", "|")  # a table's row is read alike, with tabs or as Markdown writes it
    tokenizer.normalizer = normalizers.Sequence([cells, tokenizer.normalizer])
    return Reader(encoder, pairs, tokenizer, manifest, reference.load().spans)


def stretches(sentences: Sequence[Sentence], most: int = 12_000) -> Iterable[tuple[Sentence, ...]]:
    """Sentences in stretches of about `most` characters, so that the memory a reading takes has a bound."""
    chosen: list[Sentence] = []
    for sentence in sentences:
        if chosen and sentence.end - chosen[0].start > most:
            yield tuple(chosen)
            chosen = []
        chosen.append(sentence)
    if chosen:
        yield tuple(chosen)
