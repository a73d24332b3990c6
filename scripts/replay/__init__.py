"""What is shown of an agent: episodes, what it knows, and where a replay stands."""
