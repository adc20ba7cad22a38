"""The graph over HTTP: a SPARQL endpoint, a query API, and what watches over both."""
