"""The interface for programs, version 1. Owns: its operations and tokens. Never: rules of its own."""
