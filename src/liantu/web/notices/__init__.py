"""What a person is told. Owns: notices and whether they were read. Never: why."""
