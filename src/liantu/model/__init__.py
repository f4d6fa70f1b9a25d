"""Nouns of the chain, frozen. Owns: schema, tables, rows, findings, results. Never: files, solving, the terminal."""
