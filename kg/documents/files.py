"""Which files the sources name, in order, and the ids of their documents: made of where a file stands, not of what else is there,
as far as that goes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.documents.formats import slug

SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".jsonl", ".json"})
"""What is read of a folder."""
LINES = frozenset({".jsonl", ".json"})
"""Those whose documents bring their own ids."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read. `source` is its path below the folder that was given, or its name where it was given itself; `real` is
    where it truly is, and `names` are what its document may be called, the shortest first."""

    path: Path
    real: str
    source: str
    names: tuple[str, ...]


def find_files(source: str, failed: Callable[[OSError], None]) -> Iterator[File]:
    """The file of this name, or all files of known suffix in the folder of this name and the folders in it, in order; hidden
    ones are passed over. `failed` hears of folders that cannot be listed."""
    path = Path(source)
    if path.is_dir():
        return (_file(file, path) for file in _listed(path, failed))
    return iter((_file(path, path.parent),))


def ids_of(files: Iterable[File]) -> Mapping[str, str]:
    """The document's id by where a file truly is: the shortest of its names that no other file bears. A file that is named twice
    goes by its first naming."""
    distinct: dict[str, File] = {}
    for file in files:
        distinct.setdefault(file.real, file)
    bearers = Counter(name for file in distinct.values() for name in file.names)
    return {
        real: next((name for name in file.names if bearers[name] == 1), file.names[-1])
        for real, file in distinct.items()
        if file.names
    }


def _listed(folder: Path, failed: Callable[[OSError], None]) -> Iterator[Path]:
    for at, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        seen = (Path(at, name) for name in sorted(names) if not name.startswith("."))
        yield from (path for path in seen if path.suffix.lower() in SUFFIXES)


def _file(path: Path, folder: Path) -> File:
    below = path.relative_to(folder)
    names = () if path.suffix.lower() in LINES else tuple(dict.fromkeys(_names(below, folder)))
    return File(path, os.path.realpath(path), below.as_posix(), names)


def _names(below: Path, folder: Path) -> Iterator[str]:
    """The path below the folder; with the ending; with the name of the folder too. A dot stands between the parts, for no part
    holds one."""
    short = ".".join(map(slug, (*below.parent.parts, below.stem)))
    whole = f"{short}.{slug(below.suffix)}" if below.suffix else short
    yield from (short, whole, f"{slug(folder.resolve().name)}.{whole}")
