"""Questions to a build: saved and typed SPARQL, parameters bound as terms, names that find entities. It only reads."""
