"""The pages of administration. Owns: one module a group of pages. Never: writes."""
