"""The pages that show the chain: map, balance, recruit, plan, coupling. Owns: these pages. Never: computing."""
