"""Make the network that tells what referring words mean again: `python -m kg.training.anaphora [--output FILE]`; three minutes.

It is taught by `words.jsonl`: what referring words in a fifth of the documents mean, annotated by reading them."""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from kg import reference, sentences
from kg.anaphora import features
from kg.anaphora.resolve import SEVERAL, WEIGHTS, Network, by_sentence, resolve
from kg.anaphora.things import Context
from kg.anaphora.words import find
from kg.files import DATA, write_whole
from kg.training import corpus
from kg.training.calibration import split
from kg.training.examples import mentions

ANNOTATED = Path(__file__).parent / "words.jsonl"
LISTS = ("anaphors.toml", "aux.txt", "nationalities.txt", "prepositions.txt")
"""The word lists that the numbers of words come from."""
EVERY = 5
"""One document in so many is kept back, to say how often the network is right."""
FREQUENT = 12
"""How often a word has to be there to have a number of its own."""
NETWORKS, HIDDEN, PASSES, BATCH, SEED = 3, 48, 25, 64, 11
RATE, DECAY, DROPOUT = 3e-3, 1e-3, 0.2
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Marked:
    """A document, and for each annotated word its characters and the names of what it means."""

    document: corpus.Annotated
    words: tuple[tuple[int, int, frozenset[str]], ...]

    def meant(self, start: int, end: int) -> frozenset[str] | None:
        """What the words that end within these characters mean; None if nobody has said."""
        return next((names for _, last, names in self.words if start < last <= end), None)


@dataclass(frozen=True, slots=True)
class Question:
    """What one word may mean: a row of numbers and whether it is right for each thing; whether it means one thing at most."""

    numbers: Any
    right: Any
    single: bool


def main() -> None:
    """Train without the documents kept back and say what is reached, then train on all and write."""
    options = argparse.ArgumentParser(prog="python -m kg.training.anaphora", description=__doc__)
    options.add_argument(
        "--output", type=Path, default=WEIGHTS, help="file of the network (default: the package's own)"
    )
    given = options.parse_args()
    marked = annotated()
    taught, kept = split(marked, EVERY)
    tell(f"{len(marked)} documents, {len(kept)} of them kept back")
    tell(reached(kept, Network.of(train(taught))))
    write_whole(given.output, train(marked).encode())
    tell(f"wrote {given.output}")


def tell(line: str) -> None:
    """Words for the person who waits."""
    print(line, file=sys.stderr, flush=True)


def annotated() -> list[Marked]:
    """The documents whose referring words are annotated."""
    known = {record["id"]: record for record in corpus.documents()}
    rows = map(json.loads, ANNOTATED.read_text(encoding="utf-8").splitlines())
    return [
        Marked(
            corpus.annotated(known[row["id"]]),
            tuple((start, end, frozenset(names)) for start, end, names in row["references"]),
        )
        for row in rows
    ]


def fingerprint() -> str:
    """SHA-256 over what the network is made from: the annotated words, the lists of words, and the code (as syntax)."""
    total = hashlib.sha256(ANNOTATED.read_bytes())
    for name in LISTS:
        total.update((DATA / "lexicon" / name).read_bytes())
    for path in (Path(__file__), *sorted(Path(features.__file__).parent.glob("*.py"))):
        total.update(ast.dump(ast.parse(path.read_text(encoding="utf-8"))).encode())
    return total.hexdigest()


def questions(marked: Marked, frequent: Sequence[str]) -> list[Question]:
    """The annotated words of a document that may mean something; what words before mean is known, as annotated."""
    text = marked.document.text
    sents = sentences.split(text)
    named = by_sentence(sents, mentions(marked.document))
    context = Context(text, named, reference.load())
    found = []
    for word in find(text, sents, named):
        things, meant = context.candidates(word), marked.meant(word.start, word.end)
        if things and meant is not None:
            right = [thing.name in meant for thing in things]
            single = word.kind not in SEVERAL and sum(right) <= 1
            own, rows = features.of(context, word, things, frequent)
            numbers = np.hstack([np.tile(own, (len(rows), 1)), rows])
            found.append(Question(numbers, np.array(right, dtype=np.float32), single))
            context.settle(word, compress(things, right))
    return found


def frequent_heads(marked: Sequence[Marked]) -> list[str]:
    """The words that are frequent enough to have a number of their own."""
    counts: Counter[str] = Counter()
    for each in marked:
        sents = sentences.split(each.document.text)
        counts.update(
            word.head for word in find(each.document.text, sents, by_sentence(sents, mentions(each.document)))
        )
    return sorted(head for head, count in counts.items() if count >= FREQUENT)


def train(marked: Sequence[Marked]) -> str:
    """The network taught by these documents, as the text of its file: the mean of several, side by side in one layer."""
    try:
        import torch
    except ModuleNotFoundError as error:
        raise SystemExit(f"kg.training: {error.name} is not installed: pip install '.[train]'") from error
    torch.use_deterministic_algorithms(True)
    frequent = frequent_heads(marked)
    asked = [question for each in marked for question in questions(each, frequent)]
    rows = np.concatenate([question.numbers for question in asked])
    mean, scale = rows.mean(0), rows.std(0) + 0.05
    asked = [replace(question, numbers=(question.numbers - mean) / scale) for question in asked]
    layers = [_trained(torch, asked, SEED + number) for number in range(NETWORKS)]
    hidden = np.concatenate([first.weight.detach().numpy().T / scale[:, None] for first, _ in layers], 1)
    bias = np.concatenate([first.bias.detach().numpy() for first, _ in layers]) - mean @ hidden
    out = np.concatenate([last.weight.detach().numpy()[0] for _, last in layers]) / NETWORKS
    rest = np.mean([last.bias.detach().numpy()[0] for _, last in layers])
    return _as_text(frequent, hidden, bias, np.append(out, rest))


def _trained(torch: Any, asked: Sequence[Question], seed: int) -> tuple[Any, Any]:
    """The two layers of one network."""
    torch.manual_seed(seed)
    first, last = torch.nn.Linear(asked[0].numbers.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, 1)
    network = torch.nn.Sequential(first, torch.nn.Tanh(), torch.nn.Dropout(DROPOUT), last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, PASSES)
    order = np.random.default_rng(seed)
    for _ in range(PASSES):
        for batch in np.array_split(order.permutation(len(asked)), max(1, len(asked) // BATCH)):
            chosen = [asked[number] for number in batch]
            numbers = torch.tensor(np.concatenate([question.numbers for question in chosen]))
            loss = _loss(torch, network(numbers).squeeze(1), chosen)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
    return first, last


def _loss(torch: Any, scores: Any, asked: Sequence[Question]) -> Any:
    """Words for one thing: the likelihood of the right one beside the others and nothing (0); for several: of each by itself."""
    right = [torch.tensor(question.right) for question in asked]
    losses = []
    for part, wanted, question in zip(torch.split(scores, [len(r) for r in right]), right, asked, strict=True):
        if question.single:
            losses.append(torch.logsumexp(torch.nn.functional.pad(part, (0, 1)), 0) - (part * wanted).sum())
        else:
            losses.append(torch.nn.functional.binary_cross_entropy_with_logits(part, wanted, reduction="sum"))
    return torch.stack(losses).mean()


def _as_text(frequent: Sequence[str], hidden: Any, bias: Any, out: Any) -> str:
    """The file of a network, one row a line."""
    lines = ",\n".join(json.dumps(np.round(row.astype(float), DIGITS).tolist()) for row in hidden)
    rest = {"bias": np.round(bias.astype(float), DIGITS).tolist(), "out": np.round(out.astype(float), DIGITS).tolist()}
    made = f'{{"version": "{fingerprint()}",\n"frequent": {json.dumps(frequent)}'
    return f'{made},\n"hidden": [\n{lines}],\n{json.dumps(rest)[1:]}\n'


def reached(marked: Sequence[Marked], network: Network) -> str:
    """How much of what the words of documents mean is found, and how much of what is found is right."""
    right = found = wanted = 0
    for each in marked:
        text = each.document.text
        said = resolve(text, sentences.split(text), mentions(each.document), network)
        links = [(mention.entity, each.meant(mention.start, mention.end)) for mention in said]
        right += sum(names is not None and name in names for name, names in links)
        found += sum(names is not None for _, names in links)
        wanted += sum(len(names) for *_, names in each.words)
    return f"kept back: {right} of {found} meanings right, {wanted} there are"


if __name__ == "__main__":
    main()
