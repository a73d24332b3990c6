"""The vector environment: many kitchens that step as one."""

from .env import CookieJarVectorEnv

__all__ = ["CookieJarVectorEnv"]
