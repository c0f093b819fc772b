"""The file `kg-store`: its first line is the version of the store's format, its second names the valid database.

A build becomes valid by replacing this one small file, so a reader sees the old build or the new one."""

from __future__ import annotations

import os
from pathlib import Path

from kg.errors import StoreError

FORMAT = 3
"""The version of the store's format that this program writes and reads."""
FOLDER = "store"
"""The folder of the store in the folder of a build."""
DATABASE = "graphs-"
"""What the names of databases begin with; a number follows that grows with every whole build."""

_MARKER = "kg-store"


def current(folder: Path) -> Path | None:
    """The folder of the valid database, None where there is no store; raises StoreError for another version."""
    try:
        version, _, name = (folder / _MARKER).read_text(encoding="utf-8").strip().partition("\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{folder} cannot be read ({reason(error)}): remove it and build again") from error
    number = version.removeprefix("kg-store ")
    if not number.isdecimal() or not name.removeprefix(DATABASE).isdecimal() or not name.startswith(DATABASE):
        raise StoreError(f"{folder / _MARKER} is not the marker of a store: move {folder} away and build again")
    if int(number) > FORMAT:
        raise StoreError(
            f"the store in {folder.parent} is of version {number}, newer than this kg can read ({FORMAT}): "
            "update kg, or build into another folder with --output"
        )
    if int(number) < FORMAT:
        raise StoreError(
            f"the store in {folder.parent} is of version {number}, older than this kg reads ({FORMAT}): "
            f"remove {folder} and build again"
        )
    return folder / name


def mark(folder: Path, database: Path) -> None:
    """Makes `database` the valid one, even if the machine stops at the next moment. Raises OSError."""
    fresh = folder / f"{_MARKER}.new"
    with fresh.open("w", encoding="utf-8") as out:
        out.write(f"kg-store {FORMAT}\n{database.name}\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(folder / _MARKER)


def following(folder: Path, database: Path | None) -> Path:
    """The folder of the database that comes after this one."""
    number = int(database.name.removeprefix(DATABASE)) if database else 0
    return folder / f"{DATABASE}{number + 1}"


def sweep(folder: Path, keep: Path | None) -> None:
    """Removes the databases of earlier builds and of builds that were cut off; one that will not go is left for the next
    build."""
    for old in sorted(folder.glob(f"{DATABASE}*")):
        if old != keep:
            remove(old)


def remove(folder: Path) -> None:
    """Removes a database, as far as it can be removed."""
    import shutil  # only writers need it: it would cost every query some milliseconds

    shutil.rmtree(folder, ignore_errors=True)


def reason(error: Exception) -> str:
    """Why the disk refused, without the database's own preliminaries."""
    words = str(getattr(error, "strerror", None) or error).splitlines()[0]
    return words.removeprefix("IO error: ").partition(": While ")[0]


def unwritable(output: Path, error: Exception) -> StoreError:
    """The error that the build folder `output` cannot be written, with its reason and a remedy."""
    if any(words in str(error) for words in ("While lock file", "lock hold by")):  # RocksDB's: other process, this one
        return StoreError(f"another kg is writing to {output}: wait until it is done, or build elsewhere with --output")
    remedy = (
        "make room, or choose another folder" if "No space" in str(error) else "choose a folder that can be written"
    )
    return StoreError(f"cannot write to {output} ({reason(error)}): {remedy} with --output")
