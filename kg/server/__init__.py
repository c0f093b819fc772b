"""The graph over HTTP, for reading: a SPARQL endpoint, the page, and a page for every entity, claim and document.

What a query costs falls on processes beside the server, which can be ended; the server itself only passes on."""
