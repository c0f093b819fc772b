"""The network: entities as nodes, claims as edges, where they stand, and the files that Gephi and spreadsheets read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias
from unicodedata import east_asian_width

from kg.layout import arrange
from kg.model import Argument, Claim, Document, Entity, Facts
from kg.packing import Box, Point

if TYPE_CHECKING:
    import networkx as nx

    Graph: TypeAlias = nx.MultiDiGraph[str]

Attributes: TypeAlias = dict[str, Any]

WHOLE, BACKBONE = 400, 300
"""Above so many nodes a page opens with so many: more cannot be told apart on a screen."""
PIVOTS = 16
"""Nodes from which shortest paths are counted."""
SMALLEST, LARGEST = 7.0, 19.0
"""Radii of nodes, in pixels at scale 1."""
LETTER, LINE, LABEL_WIDTH = 6.9, 15.0, 20
"""What a label takes: pixels a letter, pixels a line, and letters a line."""
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, escaped or not."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula."""


def project(facts: Facts) -> Graph:
    """The network of `facts`: a node for each entity in a claim, an edge for each claim (its key is the claim's id).

    Attributes are text, whole numbers or decimals, absent where nothing is known: every writer can take them."""
    import networkx as nx

    graph: Graph = nx.MultiDiGraph()
    entities = {entity.id: entity for entity in facts.entities}
    documents = {document.id: document for document in facts.documents}
    claims = dict(sorted({claim.id: claim for claim in facts.claims}.items()))
    ends = {node_id(end): end for claim in claims.values() for end in (claim.subject, claim.object)}
    for node in sorted(ends):
        graph.add_node(node, **_node(entities.get(node) or Entity(node, ends[node].name, ends[node].type)))
    for id_, claim in claims.items():
        attributes = _edge(claim, documents.get(claim.evidence.document))
        graph.add_edge(node_id(claim.subject), node_id(claim.object), key=id_, **attributes)
    _weigh(graph)
    return graph


def node_id(argument: Argument) -> str:
    """The id of the node that a claim's argument is: its entity's, or its name where it was never linked."""
    return argument.id or argument.name


def _node(entity: Entity) -> Attributes:
    names = dict.fromkeys(name.text for name in entity.names if name.text != entity.name)
    known: Attributes = {"country": entity.country, "names": "; ".join(names), "same_as": " ".join(entity.same_as)}
    known |= {"latitude": entity.lat, "longitude": entity.lon}
    return {"label": entity.name, "type": str(entity.type), **_given(known)}


def _edge(claim: Claim, document: Document | None) -> Attributes:
    found = {
        "subject_mention": claim.subject.mention,
        "object_mention": claim.object.mention,
        "title": document.title if document else "",
        "published": document.published if document else "",
        "publisher": document.publisher if document else "",
        **qualifiers(claim),
    }
    return {
        "label": claim.predicate,
        "predicate": claim.predicate,
        "status": str(claim.status),
        "confidence": float(claim.confidence),
        "method": claim.method,
        "quote": claim.evidence.quote,
        "document": claim.evidence.document,
        "quote_start": claim.evidence.start,
        "quote_end": claim.evidence.end,
        **_given(found),
    }


def qualifiers(claim: Claim) -> Attributes:
    """What the text adds to the claim, flat, under the names of exports and page; only what is there."""
    q = claim.qualifiers
    flat: Attributes = {"kind": q.kind, "role": q.role, "place": q.place, "venture_name": q.name}
    flat |= {"attributed_to": q.attributed_to, "topics": "; ".join(q.topics)}
    if q.date:
        flat |= {"date": q.date.iso, "date_verbatim": q.date.verbatim}
    if q.amount:
        flat |= {"amount": q.amount.verbatim, "amount_value": q.amount.value, "amount_currency": q.amount.currency}
    if q.share:
        flat |= {"share": q.share.verbatim, "share_percent": q.share.percent}
    if q.count:
        flat |= {"count": q.count.verbatim, "count_comparator": q.count.comparator, "count_value": q.count.value}
    return _given(flat)


def _given(attributes: Mapping[str, Any]) -> Attributes:
    return {key: value for key, value in attributes.items() if value not in (None, "")}


def _weigh(graph: Graph) -> None:
    """Adds to each node its number of claims, and its importance: 0 to 1, by the number of its different partners."""
    around = neighbours(graph)
    most = max((len(others) for others in around.values()), default=1) or 1
    for node, others in around.items():
        graph.nodes[node]["claims"] = graph.degree(node)
        graph.nodes[node]["importance"] = round(sqrt(len(others) / most), 3)


def neighbours(graph: Graph) -> dict[str, list[str]]:
    """The other nodes with which each node shares a claim, in either direction, sorted."""
    around: dict[str, set[str]] = {node: set() for node in graph}
    for a, b in graph.edges():
        if a != b:
            around[a].add(b)
            around[b].add(a)
    return {node: sorted(others) for node, others in sorted(around.items())}


def ranking(graph: Graph) -> list[str]:
    """The nodes, those that hold the network together first: by the number of partners and, in a network too large to be
    drawn whole, by how many shortest paths run through them (betweenness, Freeman 1977), each as a share of the most. A
    node with no partner before it is followed by its first, so that what is drawn of a network has lines.

    Paths are counted from `PIVOTS` nodes only: exact betweenness of 5,000 nodes takes minutes."""
    import networkx as nx

    around = neighbours(graph)
    most = max((len(others) for others in around.values()), default=1) or 1
    score = {node: len(others) / most for node, others in around.items()}
    if len(score) > WHOLE:
        simple = nx.Graph([(a, b) for a, others in around.items() for b in others])
        strong = sorted(simple, key=lambda node: (-score[node], node))
        pivots = strong[: PIVOTS // 2] + strong[PIVOTS // 2 :: max(1, 2 * len(strong) // PIVOTS)]
        through = nx.betweenness_centrality_subset(simple, pivots, strong)
        largest = max(through.values()) or 1.0
        score = {node: share + round(through.get(node, 0.0) / largest, 6) for node, share in score.items()}
    order = sorted(score, key=lambda node: (-score[node], node))
    return _with_partners(order, around)


def _with_partners(order: list[str], around: Mapping[str, list[str]]) -> list[str]:
    """The same nodes, each that has no partner before it directly followed by the first of its partners."""
    place = {node: index for index, node in enumerate(order)}
    found: dict[str, None] = {}
    for node in order:
        found[node] = None
        if around[node] and found.keys().isdisjoint(around[node]):
            found[min(around[node], key=place.__getitem__)] = None
    return list(found)


def radius(importance: float) -> float:
    """The radius of a node of this importance, in pixels at scale 1."""
    return round(SMALLEST + (LARGEST - SMALLEST) * importance, 1)


def layout(graph: Graph) -> dict[str, Point]:
    """Positions in whole pixels at scale 1 (y grows downwards), the same everywhere; nothing covers anything."""
    return arrange(neighbours(graph), {node: _box(graph.nodes[node]) for node in graph})


def _box(attributes: Attributes) -> Box:
    letters = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in attributes["label"])
    size = 2 * radius(attributes["importance"]) + 8
    lines = min(3, 1 + letters // LABEL_WIDTH)
    return Box(max(size + 2 * LINE, LETTER * min(letters, LABEL_WIDTH) + 10), size + 2 * (LINE * lines + 4))


def bends(graph: Graph, positions: Mapping[str, Point]) -> dict[str, float]:
    """How far the middle of each edge lies beside the straight line, in pixels to the right of its direction.

    Parallel edges fan out, and a line that would run through a third node goes around it."""
    pairs: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for a, b, claim in sorted(graph.edges(keys=True), key=lambda edge: edge[2]):
        pairs.setdefault((min(a, b), max(a, b)), []).append((claim, 1 if a <= b else -1))
    clear = _Clearance(graph, positions)
    bent: dict[str, float] = {}
    for (a, b), claims in pairs.items():
        middle = clear.way(a, b, len(claims))
        for rank, (claim, direction) in enumerate(claims):
            bent[claim] = round(direction * (middle + FAN * (rank - (len(claims) - 1) / 2)), 1)
    return bent


FAN = 17.0
"""Pixels between the middles of parallel edges."""


class _Clearance:
    """Looks for a way between two nodes that keeps off the others.

    Elementwise sums, products and quotients only, which every processor rounds alike."""

    MARGIN = 8.0
    TRIED = (0.0, 26.0, -26.0, 44.0, -44.0, 66.0, -66.0)

    def __init__(self, graph: Graph, positions: Mapping[str, Point]) -> None:
        import numpy as np

        self.place = {node: index for index, node in enumerate(positions)}
        self.x, self.y = (np.array([spot[axis] for spot in positions.values()]) for axis in (0, 1))
        self.reach = np.array([radius(graph.nodes[node]["importance"]) + self.MARGIN for node in positions])

    def way(self, a: str, b: str, lines: int) -> float:
        """The smallest bend, in pixels, at which `lines` parallel lines from `a` to `b` touch the fewest other nodes."""
        import numpy as np

        start, end, half = self.place[a], self.place[b], FAN * (lines - 1) / 2
        x, y = self.x - self.x[start], self.y - self.y[start]
        dx, dy = x[end], y[end]
        square = dx * dx + dy * dy
        if not square:
            return 0.0
        length = np.sqrt(square)
        along, aside = (x * dx + y * dy) / square, (y * dx - x * dy) / length
        near = (along > 0) & (along < 1) & (abs(aside) < self.reach + half + max(self.TRIED))
        near[[start, end]] = False
        if not near.any():
            return 0.0
        along, aside, reach = along[near], aside[near], self.reach[near]
        middles = np.array(self.TRIED)[:, None, None] + np.array(sorted({-half, 0.0, half}))[:, None]
        slope = 4 * (1 - 2 * along) * middles / length
        away = abs(aside - 4 * along * (1 - along) * middles) / np.sqrt(1 + slope * slope)
        return self.TRIED[int((away < reach).sum(axis=(1, 2)).argmin())]


@dataclass(frozen=True, slots=True)
class NetworkFormat:
    """A file format of the network: what it is for, how its files are called, and what writes it."""

    description: str
    suffix: str
    write: Callable[[Graph, BinaryIO], None]


def write_graphml(graph: Graph, out: BinaryIO) -> None:
    """GraphML with typed attributes and positions (`x`, `y`); an edge's id is its claim's."""
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(encoding="utf-8", prettyprint=True)
    writer.add_graph_element(_for_xml(graph))
    writer.dump(out)
    out.write(b"\n")


def write_gexf(graph: Graph, out: BinaryIO) -> None:
    """GEXF 1.2 for Gephi, with positions and sizes; an edge's id is its claim's. Undated: same graph, same bytes."""
    from networkx.readwrite.gexf import GEXFWriter

    shown = _for_xml(graph)
    for node, attributes in shown.nodes(data=True):
        x, y = attributes.pop("x"), attributes.pop("y")
        attributes["viz"] = {"position": {"x": x, "y": -y, "z": 0.0}, "size": radius(graph.nodes[node]["importance"])}
    for _, _, claim, attributes in shown.edges(keys=True, data=True):
        attributes["id"] = claim
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(shown)
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)
    for creator in writer.xml.iter("creator"):
        creator.text = "kg"
    writer.write(out)
    out.write(b"\n")


def _for_xml(graph: Graph) -> Graph:
    """A copy with positions, and without the characters that XML cannot hold."""
    shown: Graph = type(graph)()
    positions = layout(graph)
    for node, attributes in graph.nodes(data=True):
        shown.add_node(node, **_xml_safe(attributes), x=positions[node][0], y=positions[node][1])
    for a, b, claim, attributes in graph.edges(keys=True, data=True):
        shown.add_edge(a, b, key=claim, **_xml_safe(attributes))
    return shown


def _xml_safe(attributes: Attributes) -> Attributes:
    return {key: NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value for key, value in attributes.items()}


def write_nodes_csv(graph: Graph, out: BinaryIO) -> None:
    """The nodes as CSV in UTF-8, one a row, with the heads that Gephi expects (`Id`, `Label`)."""
    rows = [{"Id": node, **_headed(attributes)} for node, attributes in graph.nodes(data=True)]
    _write_csv(["Id", "Label"], rows, out)


def write_edges_csv(graph: Graph, out: BinaryIO) -> None:
    """The claims as CSV in UTF-8, one a row, with the heads that Gephi expects (`Source`, `Target`, `Id`, `Label`)."""
    rows = [
        {"Source": a, "Target": b, "Type": "Directed", "Id": claim, **_headed(attributes)}
        for a, b, claim, attributes in graph.edges(keys=True, data=True)
    ]
    _write_csv(["Source", "Target", "Type", "Id", "Label"], rows, out)


def _headed(attributes: Attributes) -> Attributes:
    return {"Label" if key == "label" else key: value for key, value in attributes.items()}


def _write_csv(first: list[str], rows: Iterable[Attributes], out: BinaryIO) -> None:
    rows = list(rows)
    heads = dict.fromkeys(first + sorted({key for row in rows for key in row}))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(heads), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    out.write(text.getvalue().encode())


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA) else value


NETWORK_FORMATS: Mapping[str, NetworkFormat] = {
    "graphml": NetworkFormat("GraphML, for Gephi, yEd, Cytoscape and networkx", ".graphml", write_graphml),
    "gexf": NetworkFormat("GEXF, for Gephi", ".gexf", write_gexf),
    "nodes-csv": NetworkFormat("the entities as a table, for Gephi and spreadsheets", ".nodes.csv", write_nodes_csv),
    "edges-csv": NetworkFormat("the claims as a table, with their sentences", ".edges.csv", write_edges_csv),
}
"""The network formats by the name that a person types."""
