"""Commands of the workbench itself."""
