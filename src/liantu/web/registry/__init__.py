"""The registers: the tables of the chain as rows that people keep. Owns: records, imports, versions. Never: computing (runs)."""
