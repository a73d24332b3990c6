"""Class methods that raise an error on an instance, where their result is easily lost."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from .errors import AgentError


class ClassOnly(classmethod):  # type: ignore[type-arg]
    """A class method that raises an error on an instance."""

    def __get__(self, instance: Any, owner: type | None = None) -> Callable[..., Any]:
        """Return the method of the class, or for an instance a function that raises an error."""
        method: Callable[..., Any] = super().__get__(None, owner)

        def refuse(*_: object, **__: object) -> NoReturn:
            name, kind = method.__name__, type(instance).__name__
            raise AgentError(f"{name} returns a new object: write `new = {kind}.{name}(path)`")

        return method if instance is None else refuse


if TYPE_CHECKING:  # type checkers know only the decorator itself
    class_only = classmethod
else:
    class_only = ClassOnly
