"""The folder `store` of a build: who may write into it, and what was noted of the graphs as the last build left them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.errors import QueryError, StoreError
from kg.files import write_whole
from kg.store import marker
from kg.store.lock import WriterLock


def take(output: Path, wait: float, waiting: Callable[[str], None]) -> tuple[Path, WriterLock]:
    """The folder in the build folder `output`, made where there is none, and the right to write into it. While another
    writes, it waits up to `wait` seconds, after telling `waiting` who that is. Raises StoreError where the folder cannot be
    written or another writer is still at work."""
    folder = output / marker.FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return folder, WriterLock.take(folder / "lock", wait, waiting)
    except OSError as error:
        raise marker.unwritable(output, error) from error


@contextmanager
def undone(output: Path, files: Iterable[str]) -> Iterator[None]:
    """Takes away again what a first build made in the folder `output`, the store and these files, where it fails because it
    cannot write; not what it noted of a server, which holds a part of the build by then."""
    folder = output / marker.FOLDER
    first = not folder.exists()
    made = [path for path in (output / name for name in files) if not path.exists()]
    before = output.exists()
    try:
        yield
    except (StoreError, QueryError, OSError):
        if first and folder.exists() and not any(folder.glob("*.json")):
            shutil.rmtree(folder, ignore_errors=True)
            for path in made:
                path.unlink(missing_ok=True)
            if not before and not any(output.iterdir()):
                output.rmdir()
        raise


def noted(path: Path, about: str) -> Mapping[str, Any]:
    """What this file notes of the graphs in `about`; empty where that is nothing, or nothing of them."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) and about and record.get("database") == about else {}


def note(path: Path, about: str, record: Mapping[str, Any]) -> None:
    """Notes a record, of JSON values, of the graphs in `about`. Raises StoreError where the disk refuses."""
    write_whole(path, json.dumps({**record, "database": about}, separators=(",", ":")).encode())
