"""Work done beside the pages: a queue in the database, workers that take from it. Owns: jobs, their leases. Never: what they compute."""
