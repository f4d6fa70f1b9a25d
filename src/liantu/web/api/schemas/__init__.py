"""What goes in and out, as types. Owns: one module a group of operations. Never: reading, writing."""
