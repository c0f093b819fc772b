"""What two builds, two stores or two files of RDF differ in: as facts in words, and as RDF."""

from kg.diff.compare import Change, Difference, compare
from kg.diff.render import FORMATS, render
from kg.diff.sides import Side, called, read_side, read_sides

__all__ = ["FORMATS", "Change", "Difference", "Side", "called", "compare", "read_side", "read_sides", "render"]
