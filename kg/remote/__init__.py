"""Graphs on a server: any SPARQL 1.1 endpoint asked, and filled by a build, as if it were the store on disk.

What Virtuoso (7.2.5) does otherwise than the standards or other servers say, found by the tests:
* It wants a digest of the credentials, and says so only to who has sent none.
* It gives no more rows than its `ResultSetMaxRows`, and tells in a header; CONSTRUCT, DESCRIBE and a graph that is fetched are
  cut at the same number without a word. So whole graphs are read as rows, in parts, and counted.
* A true ASK is a row, a false one none. Booleans come as numbers, integers beyond 64 bits as decimals.
* Whatever their Content-Type, it guesses the format of graphs by their first 64 KB, and refuses a text as long as that.
* It keeps books of its own as graphs. Its default graph is the union of all.
* It sorts and compares IRIs and long texts by rules of its own; DESCRIBE tells other triples than Oxigraph's."""

from kg.remote.connection import GRAPH_STORE, PASSWORD, TOKEN, USER
from kg.remote.graphs import RemoteStore

__all__ = ["GRAPH_STORE", "PASSWORD", "TOKEN", "USER", "RemoteStore"]
