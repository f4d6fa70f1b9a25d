"""What a chain could make and what should be built. Owns: the linear programs of planning. Never: files, labels, words."""
