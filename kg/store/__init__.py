"""What a build leaves on disk for the next: the graphs, what was read in each document, and who may write."""

from kg.store.graphs import GraphStore

__all__ = ["GraphStore"]
