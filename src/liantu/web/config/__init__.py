"""How the workbench is put together. Owns: settings, urls, the order of the middleware. Never: what a page does."""
