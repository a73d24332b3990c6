"""The vector environment: many environments that step together."""

from .env import CookieJarVectorEnv

__all__ = ["CookieJarVectorEnv"]
