"""Teaching the network: joint loss over tags, relations and status; names swapped; the network's own wrong mentions added as
negatives; the weights averaged over the last steps."""

from __future__ import annotations

import copy
import hashlib
import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from kg.files import write_whole
from kg.reader.decode import runs
from kg.reader.labels import GAZETTEER, LAYERS, tags
from kg.training.augment import swapped
from kg.training.corpus import Annotated
from kg.training.examples import Example, Teacher
from kg.training.network import CLS, SEP, Network, Pairs

PRETRAINED = ("encoder.words", "encoder.positions", "encoder.kind", "encoder.norm", "encoder.blocks", "pairs.blocks")
SIZES = [len(tags(layer)) for layer in LAYERS]


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how fast: learning rates of encoder and heads, share of documents with swapped names."""

    epochs: int = 6
    batch: int = 12
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3
    swap: float = 0.6
    own_mentions_from: int = 4
    average: float = 0.985
    seed: int = 1


def batch(examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Ids, shapes, gazetteer and attention bias of windows padded to one length, with a special piece on both sides."""
    longest = max(len(e.ids) for e in examples) + 2
    ids, shapes = (
        torch.zeros(len(examples), longest, dtype=torch.long),
        torch.zeros(len(examples), longest, dtype=torch.long),
    )
    known, bias = torch.zeros(len(examples), longest, len(GAZETTEER)), torch.full((len(examples), 1, 1, longest), -1e4)
    for row, example in enumerate(examples):
        size = len(example.ids)
        ids[row, : size + 2] = torch.tensor([CLS, *example.ids.tolist(), SEP])
        shapes[row, 1 : size + 1] = torch.from_numpy(example.shapes)
        known[row, 1 : size + 1] = torch.from_numpy(example.gazetteer)
        bias[row, :, :, : size + 2] = 0
    return ids, shapes, known, bias


def loss_of(network: Network, examples: Sequence[Example]) -> Tensor:
    """The joint loss of a batch."""
    given = batch(examples)
    states, logits = network.encoder(*given)
    return _tag_loss(logits, examples) + _pair_loss(network.pairs, states, given[-1], examples)


def _tag_loss(logits: Tensor, examples: Sequence[Example]) -> Tensor:
    """Cross entropy of the tags, layer by layer."""
    total = torch.zeros(())
    wanted = torch.full((len(SIZES), *logits.shape[:2]), -1)
    for row, example in enumerate(examples):
        wanted[:, row, 1 : len(example.ids) + 1] = torch.from_numpy(example.tags)
    for part, target, share in zip(torch.split(logits, SIZES, dim=-1), wanted, (1.0, 1.0, 0.5), strict=True):
        total = total + share * nn.functional.cross_entropy(part.flatten(0, 1), target.flatten(), ignore_index=-1)
    return total


def _pair_loss(pairs: Pairs, states: Tensor, bias: Tensor, examples: Sequence[Example]) -> Tensor:
    """What the pairs of a batch of windows cost: relations by cross entropy a relation, and the status of those that hold."""
    features = [{k: torch.from_numpy(v) for k, v in e.features.items()} for e in examples]
    marked = [_marked(pairs, each, own) for each, own in zip(states.unbind(), features, strict=True)]
    contextual, attention = pairs.contextual(torch.stack(marked), bias)
    related, states_loss, positive, stated = torch.zeros(()), torch.zeros(()), 0.0, 0
    for example, own, each, attends in zip(examples, features, contextual.unbind(), attention.unbind(), strict=True):
        if not len(example.targets):
            continue
        size = len(example.ids) + 2
        out = pairs.judged(each[:size], attends[:, :size, :size], **own)
        count = example.targets.shape[1]
        target, mask = torch.from_numpy(example.targets), torch.from_numpy(example.mask)
        related = (
            related
            + (nn.functional.binary_cross_entropy_with_logits(out[:, :count], target, reduction="none") * mask).sum()
        )
        positive += float(example.targets.sum())
        held = torch.from_numpy(example.status)
        if bool((held >= 0).any()):
            states_loss = states_loss + nn.functional.cross_entropy(
                out[:, count:], held, ignore_index=-1, reduction="sum"
            )
            stated += int((held >= 0).sum())
    return related / (positive + 8) * 0.7 + states_loss / (stated + 1) * 0.3


def _marked(pairs: Pairs, states: Tensor, own: dict[str, Tensor]) -> Tensor:
    """A padded window's states, told of its mentions."""
    if not len(own["kinds"]):
        return states
    size = own["pool"].shape[1]
    return torch.cat([pairs.marked(states[:size], own["pool"], own["kinds"]), states[size:]])


def own_mentions(network: Network, document: Annotated, teacher: Teacher) -> list[tuple[int, int, str]]:
    """What the network takes for mentions in a document: character spans and types."""
    found = []
    network.eval()
    with torch.no_grad():
        for example, pieces in teacher.windows(document):
            logits = network.encoder(*batch([example]))[1][0, 1:-1]
            for layer, part in list(enumerate(torch.split(logits, SIZES, dim=-1)))[:2]:
                logp = torch.log_softmax(part, -1).numpy()
                found += [(pieces[a].start, pieces[b].end, label) for a, b, label, _ in runs(logp, LAYERS[layer])]
    network.train()
    return found


@dataclass(slots=True)
class Course:
    """A network on its way: all that changes while it is taught, so that a course broken off can be taken up after its last
    whole epoch and ends with the same bytes."""

    network: Network
    average: Network
    optimiser: Any
    schedule: Any
    chance: random.Random
    extra: dict[str, list[tuple[int, int, str]]]
    epoch: int = 0

    @classmethod
    def begun(cls, network: Network, settings: Settings, steps: int) -> Course:
        """A course before its first epoch, of so many steps at most."""
        return cls(
            network, copy.deepcopy(network), *_optimiser(network, settings, steps), random.Random(settings.seed), {}
        )

    @property
    def _moving(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in ("network", "average", "optimiser", "schedule")}

    def save(self, path: Path, of: str) -> None:
        """Write the course down; `of` names what it is a course of."""
        state = {"of": of, "epoch": self.epoch, "extra": self.extra, "chance": self.chance.getstate()}
        state |= {"torch": torch.get_rng_state()} | {n: part.state_dict() for n, part in self._moving.items()}
        content = io.BytesIO()
        torch.save(state, content)
        write_whole(path, content.getvalue())

    def resume(self, path: Path, of: str) -> None:
        """Go on where a course of the same was broken off; where the file is of another or there is none, begin."""
        state: dict[str, Any] = torch.load(path, weights_only=True) if path.exists() else {"of": None}
        if state["of"] != of:
            return
        for name, part in self._moving.items():
            part.load_state_dict(state[name])
        self.epoch, self.extra = state["epoch"], state["extra"]
        self.chance.setstate(state["chance"])
        torch.set_rng_state(state["torch"])


def train(
    network: Network,
    documents: Sequence[Annotated],
    teacher: Teacher,
    settings: Settings,
    tell: Callable[[str], None],
    saved: Path,
    of: str,
) -> Network:
    """Train a network on documents; gives the averaged network. Deterministic for a seed on one machine. After each epoch the
    course is saved, and one that was broken off goes on from there if it was `of` the same."""
    torch.manual_seed(settings.seed)
    course = Course.begun(network, settings, _steps(documents, teacher, settings))
    course.resume(saved, of)
    while course.epoch < settings.epochs:
        epoch = course.epoch
        if epoch >= settings.own_mentions_from and epoch % 3 == settings.own_mentions_from % 3:
            course.extra = {d.id: own_mentions(course.average, d, teacher) for d in documents}
        loss = _epoch(course, _lesson(documents, teacher, settings, course.extra, course.chance), settings)
        course.epoch += 1
        course.save(saved, of)
        tell(f"epoch {course.epoch} of {settings.epochs}: loss {loss:.3f}, weights {digest(course.average)}")
    return course.average.eval()


def _epoch(course: Course, examples: list[Example], settings: Settings) -> float:
    """One pass over the examples; gives the mean loss of its batches."""
    network, total = course.network.train(), 0.0
    batches = batched(examples, settings.batch, course.chance)
    for chosen in batches:
        # half the time on two cores, and a tenth less with attention spelt out
        with torch.autocast("cpu", dtype=torch.bfloat16), sdpa_kernel(SDPBackend.MATH):
            loss = loss_of(network, chosen)
        course.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        course.optimiser.step()
        course.schedule.step()
        _move(course.average, network, settings.average if course.epoch else 0.9)
        total += loss.item()
    return total / len(batches)


def _lesson(
    documents: Sequence[Annotated],
    teacher: Teacher,
    settings: Settings,
    extra: Mapping[str, list[tuple[int, int, str]]],
    chance: random.Random,
) -> list[Example]:
    """One epoch's examples: each document once, with its own names or others."""
    examples: list[Example] = []
    for document in documents:
        if chance.random() < settings.swap:
            examples += teacher.examples(swapped(document, documents, chance))
        else:
            examples += teacher.examples(document, extra.get(document.id, ()))
    return examples


def _steps(documents: Sequence[Annotated], teacher: Teacher, settings: Settings) -> int:
    """How many batches the whole training takes at most: other names can make a document a window longer."""
    windows = sum(len(teacher.examples(d)) for d in documents)
    return settings.epochs * (windows // settings.batch + 8)


def _optimiser(network: Network, settings: Settings, steps: int) -> tuple[Any, Any]:
    """AdamW with one cycle of rates (Smith & Topin 2019): slow for the encoder, fast for what is new."""
    encoder: list[Any] = []
    heads: list[Any] = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        (encoder if name.startswith(PRETRAINED) else heads).append(parameter)
    rates = [settings.encoder_rate, settings.head_rate]
    groups = [{"params": p, "lr": rate} for p, rate in zip((encoder, heads), rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rates, total_steps=steps, pct_start=0.1)
    return optimiser, schedule


def batched(examples: Sequence[Example], size: int, chance: random.Random) -> list[list[Example]]:
    """Batches of windows of like length, in random order: little is computed for padding."""
    ordered = sorted(examples, key=lambda e: (len(e.ids) + chance.random() * 40, e.document))
    batches = [ordered[at : at + size] for at in range(0, len(ordered), size)]
    chance.shuffle(batches)
    return batches


def _move(average: Network, network: Network, share: float) -> None:
    """Move the averaged weights towards the present ones (Polyak averaging)."""
    with torch.no_grad():
        for mine, theirs in zip(average.parameters(), network.parameters(), strict=True):
            mine.mul_(share).add_(theirs, alpha=1 - share)


def digest(network: Network) -> str:
    """The first twelve hexadecimal digits of the weights' SHA-256: two trainings are the same while these are."""
    told = hashlib.sha256()
    for parameter in network.parameters():
        told.update(parameter.detach().numpy().tobytes())
    return told.hexdigest()[:12]


def seed_everything(seed: int) -> None:
    """One seed for every source of chance; two threads, since the order of sums depends on their number."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(True)


__all__: list[Any] = ["Settings", "own_mentions", "seed_everything", "train"]
