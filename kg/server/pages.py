"""Pages for people: an entity, a claim, a document, a list; made from the templates in `data/serve/`, all escaped."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from kg import ontology, relations
from kg.explain import explain_claim, explain_document, explain_entity
from kg.files import DATA
from kg.namespaces import BASE, ENTITY_PREFIXES, to_iri, to_name
from kg.query.lookup import find_entities

if TYPE_CHECKING:
    from jinja2 import Environment

    from kg.store import GraphStore

HTML = "text/html; charset=utf-8"
"""The media type of a page."""

_ENTITIES = """SELECT DISTINCT ?id ?name { VALUES ?end { rdf:subject rdf:object } ?claim a kg:Claim ; ?end ?id .
  ?id rdfs:label ?name }"""

_TERMS = """SELECT ?heading ?term ?en ?de ?zh ?comment {
  VALUES (?type ?heading) {
    (owl:Class "Classes") (kg:Relation "Relations") (owl:ObjectProperty "Properties") (owl:DatatypeProperty "Properties")
    (owl:AnnotationProperty "Properties") (owl:NamedIndividual "Values") (kg:Sector "Sectors")
  }
  ?term a ?type ; rdfs:label|skos:prefLabel ?en , ?de , ?zh .
  FILTER(LANG(?en) = "en" && LANG(?de) = "de" && LANG(?zh) = "zh")
  FILTER(?heading != "Properties" || NOT EXISTS { ?term a kg:Relation })
  OPTIONAL { ?term rdfs:comment ?comment }
}"""


def page_of(store: GraphStore, name: str) -> str:
    """The page of the entity, claim or document with this prefixed name. Raises UnknownNameError where there is none."""
    prefix, _, local = name.partition(":")
    if prefix == "claim":
        claim = explain_claim(store, local)
        title = f"{claim.subject} {_words(claim.predicate)} {claim.object}"
        return _render("claim.html", id=name, title=title, groups=[("", [claim])])
    if prefix == "doc":
        document = explain_document(store, local)
        title = document.headline or local
        return _render("document.html", id=name, title=title, document=document, groups=_groups(document.statements))
    entity = explain_entity(store, to_iri(name))
    return _render("entity.html", id=entity.id, title=entity.name, entity=entity, groups=_groups(entity.statements))


def search(store: GraphStore, name: str) -> str:
    """The page that lists the entities to which a name answers; all that claims name, where it is empty."""
    if name:
        found = sorted({(entity.name, entity.id) for entity in find_entities(store, name)})
    else:
        rows = store.select(_ENTITIES)
        names: dict[str, str] = {}
        for row in rows:
            id_, told = to_name(row["id"].value), row["name"].value
            names[id_] = min(names.get(id_, told), told)
        found = sorted((told, id_) for id_, told in names.items() if id_.partition(":")[0] in ENTITY_PREFIXES)
    return _render("list.html", id="", title="Entities", name=name, entities=found)


def vocabulary() -> str:
    """The page of all classes, relations, other properties, values and sectors, each with its labels and its meaning."""
    rows = ontology.vocabulary().select(_TERMS)
    told = sorted([getattr(value, "value", "") for value in row] for row in rows)
    terms = [(heading, to_name(iri), labels, comment) for heading, iri, *labels, comment in told]
    groups = [(heading, list(group)) for heading, group in groupby(terms, key=itemgetter(0))]
    return _render("ontology.html", id=f"{BASE}ontology", title="Vocabulary", groups=groups)


def form(query: str = "") -> str:
    """The page on which a query can be typed."""
    return _render("form.html", id="", title="SPARQL", query=query)


def refusal(status: int, words: str) -> str:
    """The page that tells why there is none."""
    return _render("refusal.html", id="", title="Not found" if status == 404 else "Not possible", words=words)


def style() -> str:
    """The style sheet of all pages."""
    return (DATA / "serve" / "style.css").read_text(encoding="utf-8")


def _groups(statements: Any) -> list[tuple[str, list[Any]]]:
    """The statements by relation, in the words of its file."""
    return [(_words(name), list(group)) for name, group in groupby(statements, key=lambda s: s.predicate)]


def _words(predicate: str) -> str:
    known = _relations().get(predicate)
    return known.label["en"] if known else predicate


def _path(name: str) -> str:
    """Where the page of a node is: the path of its IRI; an IRI of others stays what it is."""
    iri = to_iri(name) if ":" in name and not name.startswith(("http://", "https://")) else name
    return "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else iri


def _is_link(text: str) -> bool:
    return text.startswith(("http://", "https://"))


@cache
def _relations() -> Any:
    return relations.load()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(DATA / "serve")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, loader=loader, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(path=_path, words=_words)
    environment.tests["link"] = _is_link
    return environment


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)
