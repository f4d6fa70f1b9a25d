"""Work in the background: a queue in the database, a worker, a child process for each job. Owns: jobs. Never: what a job does."""
