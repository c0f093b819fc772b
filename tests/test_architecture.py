"""The shape of the house: imports go one way, heavy libraries stay in their rooms, functions stay small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kg"
MODULES = sorted(PACKAGE.rglob("*.py"))
FLOORS = (
    ("errors", "model", "closing", "lexicon", "records", "files", "names", "values", "fingerprint"),
    ("relations", "reference", "entries", "sectors", "sentences", "namespaces", "packing", "layout", "tables"),
    ("documents", "reader", "anaphora", "claims", "entities", "graph", "store", "remote", "evaluation", "turtle"),
    ("facts", "network", "selection", "query", "export", "ontology", "check", "jsonld"),
    ("explain", "view", "directory", "diff"),
    ("making", "pipeline", "python", "server"),
    ("training", "cli", "__main__"),
)
"""The rooms, lowest floor first: a room may name its own floor and those below."""
BORDERS = {
    "onnxruntime": {"reader", "training"}, "tokenizers": {"reader", "training"}, "pyvis": {"view"}, "torch": {"training"},
    "click": {"cli"}, "pyshacl": {"check"}, "requests": {"remote"}, "waitress": {"server"}, "werkzeug": {"server"},
    "networkx": {"network", "layout", "view"},
}  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" if node.module == "kg" else node.module for alias in node.names}
    return found


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        assert imports(path) <= {"importlib", "kg.python"}, (
            "the package itself names what it offers, on demand, and nothing else"
        )
        return
    for name in imports(path):
        if name.startswith("kg.") and name.split(".")[1] != here:
            assert floor(name.split(".")[1]) <= floor(here), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_foreign_worlds_have_one_border_room(path: Path) -> None:
    for library, rooms in BORDERS.items():
        if any(i.split(".")[0] == library for i in imports(path)):
            assert room(path) in rooms, f"{library} in {path.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ["rdflib", "networkx", "pyvis", "numpy", "onnxruntime", "rich", "pyoxigraph", "lxml", "kg.python", "typing"]
    code = f"import sys, kg; print([m for m in {heavy!r} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
