"""What was done, by whom, why, in a chain of hashes that shows any change. Owns: events. Never: what the acts themselves do."""
