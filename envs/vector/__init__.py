"""The vector environment: many environments that step as one."""

from .env import CookieJarVectorEnv

__all__ = ["CookieJarVectorEnv"]
