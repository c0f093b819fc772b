"""Files that are whole or not there at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from kg.errors import StoreError

DATA = Path(__file__).parent / "data"
"""What the package ships: words, relations, shapes, weights, reference data."""


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file in one step, so that nobody ever sees half of it, and makes its folder where there is none.

    Raises StoreError where it cannot be written."""
    draft: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except OSError as error:
        if draft is not None:
            Path(draft).unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written ({error.strerror}). Choose another file or folder.") from error
