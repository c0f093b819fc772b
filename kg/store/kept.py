"""What was read in documents, kept for the next build: a line an extraction with its document, found by a hash of all that it
depends on.

Lines are only ever added while a build reads, so a build that is cut off loses at most the line that it was writing, and
the next one goes on from there. At the end of a build, lines that it did not need are taken out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from hashlib import sha256
from io import FileIO
from pathlib import Path

from kg.errors import StoreError
from kg.model import Document, Extraction
from kg.values import from_plain, to_json

_FILE = "extractions"


def key_of(document: Document, depends_on: str) -> str:
    """The key of a document's extraction: a hash of all that the document is, and of all else that its reading
    `depends_on`."""
    return sha256(f"{depends_on}\n{to_json(document)}".encode()).hexdigest()


class KeptExtractions:
    """The extractions in the folder of a store. Whoever adds to them holds the store's lock."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._out: FileIO | None = None
        self._fresh: dict[str, Extraction] = {}
        self._lines, self._whole = self._index()

    def _index(self) -> tuple[dict[str, tuple[int, int]], int]:
        """Where the line of each key begins and ends, and where the last whole line ends."""
        lines: dict[str, tuple[int, int]] = {}
        at = 0
        try:
            with self._path.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        lines[line[:64].decode("ascii", "replace")] = (at + 65, at + len(line))
                        at += len(line)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise StoreError(f"{self._path} cannot be read ({error.strerror}): remove it and build again") from error
        return lines, at

    def __contains__(self, key: str) -> bool:
        return key in self._lines

    def add(self, key: str, extraction: Extraction) -> None:
        """Keeps an extraction, but for its mentions, which no build asks for; when this returns, a kill loses it no more.
        Raises StoreError where the disk refuses."""
        bare = replace(extraction, mentions=())
        line = f"{key} {to_json(bare)}\n".encode()
        try:
            if self._out is None:
                self._out = self._path.open("ab", buffering=0)
                self._out.truncate(self._whole)
            rest = memoryview(line)
            while rest:  # a disk that fills up takes a part first
                rest = rest[self._out.write(rest) :]
        except OSError as error:
            raise StoreError(
                f"cannot write to {self._path} ({error.strerror}): make room, or choose another folder with --output"
            ) from error
        self._lines[key] = (self._whole + 65, self._whole + len(line))
        self._whole += len(line)
        self._fresh[key] = bare

    def get(self, key: str) -> Extraction | None:
        """The extraction that was kept under this key, without its mentions; None where it cannot be read."""
        if key in self._fresh:
            return self._fresh[key]
        start, end = self._lines[key]
        try:
            with self._path.open("rb") as file:
                file.seek(start)
                return from_plain(Extraction, json.loads(file.read(end - start)))
        except (OSError, ValueError, TypeError):
            del self._lines[key]
            return None

    def documents(self) -> Iterator[Document]:
        """The documents of all that is kept, each as it was read last, as far as they can be read."""
        found = (self.get(key) for key in list(self._lines))
        yield from {each.document.id: each.document for each in found if each}.values()

    def keep_only(self, keys: Collection[str]) -> None:
        """Takes out all lines but those of these keys, in one step. Raises StoreError where the disk refuses."""
        self.close()
        if len(keys) == len(self._lines) and keys == self._lines.keys():
            return
        part = self._path.with_name(f"{_FILE}.part")
        try:
            with self._path.open("rb") as file, part.open("wb") as out:
                for line in file:
                    if line[:64].decode("ascii", "replace") in keys and line.endswith(b"\n"):
                        out.write(line)
            part.replace(self._path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise StoreError(f"cannot write to {self._path} ({error.strerror}): make room and build again") from error

    def clear(self) -> None:
        """Forgets all that was kept."""
        self.close()
        self._path.unlink(missing_ok=True)
        self._lines, self._whole = {}, 0
        self._fresh.clear()

    def close(self) -> None:
        """Closes the file."""
        if self._out is not None:
            self._out.close()
            self._out = None
