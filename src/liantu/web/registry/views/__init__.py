"""Pages of the registers: parse, access, act, show. Owns: the views. Never: queries, writes."""
