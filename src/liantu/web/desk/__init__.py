"""My desk: what waits for me, what changed, what is late. Owns: this page. Never: other apps' records."""
