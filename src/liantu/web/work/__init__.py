"""Questions and answers: runs, scenarios, what a page is about. Owns: runs and their results. Never: mathematics."""
