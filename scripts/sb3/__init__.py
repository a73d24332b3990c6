"""Stable-Baselines3 as a trainer of policies for Cookie Jar."""
