"""Agents that Stable-Baselines3 has trained, at home among ours."""
