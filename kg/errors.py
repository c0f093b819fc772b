"""What can go wrong, in words for people: what happened, where, and what to do next."""


class KgError(Exception):
    """The root of every error that `kg` raises on purpose; its text is one or two lines for a person."""


class DocumentError(KgError):
    """A document cannot be read: the message names the file (and the line, where there are lines). `source` is that of the
    documents that may be missing for it; '' where that is not known."""

    source: str = ""


class RelationError(KgError):
    """Relation files do not hold together: the message lists each fault as *file: where: what*."""


class QueryError(KgError):
    """A query is unknown, malformed, or asks for more than reading."""


class StoreError(KgError):
    """The store or output folder cannot be opened, read or written."""


class DecisionError(KgError):
    """Decisions on who is who are broken, unknown or contradict each other: the message names file and line."""


class UnknownNameError(KgError):
    """Nothing bears the name that was asked for; the message offers the closest ones."""
