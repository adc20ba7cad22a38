"""Statements about twinned places from Wikidata, page by page, as a source of claims."""
