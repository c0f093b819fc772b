"""What two builds, two stores or two files of RDF differ in: as facts in words, and as RDF."""

from kg.diff.compare import Change, Difference, compare
from kg.diff.render import FORMATS, render
from kg.diff.sides import Side, read_side

__all__ = ["FORMATS", "Change", "Difference", "Side", "compare", "read_side", "render"]
