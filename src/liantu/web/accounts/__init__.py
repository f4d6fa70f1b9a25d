"""People and organisations: who they are, which roles they hold, how they sign in. Owns: rights by route."""
