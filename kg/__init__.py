"""A knowledge graph of China–Germany partnerships in which every edge shows the sentence that says so.

`kg.open("output")` opens a build from Python. What it needs is imported when it is asked for: `import kg` imports no
other module, not even `typing`, which would be most of its cost."""

TYPE_CHECKING = False  # checkers of types take a variable of this name for true
if TYPE_CHECKING:
    from kg.python import KnowledgeGraph, Rows, open  # noqa: A004 (kg.open is its name)

__version__ = "0.1.0"
__all__ = ["KnowledgeGraph", "Rows", "__version__", "open"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'kg' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module("kg.python"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
