"""What a build depends on besides its documents, as hashes: where they are the same, so is what they would give.

Two of them, for a change of the page's colours is no reason to read a document again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import kg

PACKAGE = Path(kg.__file__).parent

READING = (
    "anaphora", "claims", "entities", "entries.py", "lexicon.py", "model.py", "names.py", "namespaces.py", "pipeline.py", "reader",
    "reference.py", "relations", "sectors.py", "sentences.py", "store/kept.py", "values.py",
    "data/anaphora.json", "data/lexicon", "data/ontology/sectors.ttl", "data/reader", "data/reference", "data/relations",
)  # fmt: skip
"""The files and folders of the package that say what is read in a document: rules, words, weights and their code."""
MAKING = (
    "export.py", "facts.py", "files.py", "graph.py", "layout.py", "making.py", "network.py", "store", "turtle.py", "view.py",
    "data/page",
)  # fmt: skip
"""Those that say what is made of what was read: the graphs, the Turtle and the page."""

_READERS = ("numpy", "onnxruntime", "tokenizers")
_MAKERS = ("jinja2", "networkx", "pyoxigraph", "pyvis")
_WEIGHTS = ".onnx"
"""The ending of files that are known by their size and by their hashes in the manifest beside them: they are large."""


@cache
def of_reading() -> str:
    """The hash, in hexadecimal, of all that decides what is read in a given document."""
    return _hash(READING, _READERS, kg.__version__)


@cache
def of_making() -> str:
    """The hash, in hexadecimal, of all that decides what a build writes for given documents and decisions."""
    return _hash(MAKING, _MAKERS, of_reading())


def files(names: Iterable[str]) -> Iterator[Path]:
    """The files of the package that these names stand for, in order; what Python compiled is none of them."""
    for name in sorted(names):
        path = PACKAGE / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.suffix not in ("", ".pyc"))


def _hash(names: Iterable[str], libraries: Iterable[str], before: str) -> str:
    whole = sha256(before.encode())
    for file in files(names):
        content = str(file.stat().st_size).encode() if file.suffix == _WEIGHTS else file.read_bytes()
        whole.update(f"\n{file.relative_to(PACKAGE).as_posix()} {len(content)}\n".encode() + content)
    for library in libraries:
        whole.update(f"\n{library} {metadata.version(library)}".encode())
    return whole.hexdigest()
