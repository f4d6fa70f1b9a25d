"""``python -m liantu.web COMMAND``; one module a command."""
