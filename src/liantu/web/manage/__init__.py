"""Administration: people, roles, audit, versions, health. Owns: these pages. Never: the writes (each app's actions)."""
