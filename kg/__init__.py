"""A knowledge graph of China–Germany partnerships in which every edge shows the sentence that says so."""

__version__ = "0.1.0"
