"""The shape of scikit-learn's estimators, without scikit-learn: parameters are constructor arguments."""

from collections.abc import Mapping
from inspect import Parameter, Signature
from typing import Any, ClassVar, Self

from .errors import AgentError, shown
from .hyperparameters import Hyperparameter, declared


class Estimator:
    """An object with hyperparameters that can be read, changed and cloned as those of scikit-learn.

    The constructors of subclasses store their arguments unchanged; they are checked when fitting begins.

    Attributes:
        hyperparameters: The hyperparameters by name, derived from the constructor.
    """

    hyperparameters: ClassVar[Mapping[str, Hyperparameter]] = {}
    _estimator_type: ClassVar[str] = "classifier"

    def __init_subclass__(cls) -> None:
        """Derive the hyperparameters of a subclass."""
        super().__init_subclass__()
        if "__init__" in vars(cls):
            cls.hyperparameters = declared(cls.__init__, cls.__doc__, cls.hyperparameters)
            vars(cls)["__init__"].__signature__ = _signature(cls.hyperparameters)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments of the constructor by name.

        Args:
            deep: Ignored: no argument is an estimator.
        """
        return {name: getattr(self, name) for name in self.hyperparameters}

    def set_params(self, **params: Any) -> Self:
        """Change arguments of the constructor; they are checked, and take effect when fitting begins.

        Raises:
            AgentError: If there is no such argument; nothing has changed then.
        """
        for name in params:
            if name not in self.hyperparameters:
                known = ", ".join(self.hyperparameters)
                raise AgentError(f"{type(self).__name__}: expected one of {known}, got {shown(name)}")
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def settings(self) -> dict[str, Any]:
        """Return the checked hyperparameters by name.

        Raises:
            AgentError: If a value is out of range.
        """
        params = self.get_params()
        return {name: kind.check(name, params[name]) for name, kind in self.hyperparameters.items()}

    def __repr__(self) -> str:
        """Return the constructor call, with the arguments that differ from their defaults."""
        params = self.get_params().items()
        special = [(name, value) for name, value in params if _differs(value, self.hyperparameters[name])]
        return f"{type(self).__name__}({', '.join(f'{name}={shown(value)}' for name, value in special)})"

    def __sklearn_tags__(self) -> Any:
        """Return the tags that scikit-learn asks for; called by scikit-learn alone."""
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(),
        )


def _signature(hyperparameters: Mapping[str, Hyperparameter]) -> Signature:
    """Return the signature of a constructor, with all hyperparameters in place of `**options`."""
    own = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=hyperparameter.default)
        for name, hyperparameter in hyperparameters.items()
    ]
    return Signature([own, *options])


def _differs(value: Any, hyperparameter: Hyperparameter) -> bool:
    try:
        return bool(hyperparameter.check("", value) != hyperparameter.default)
    except AgentError:
        return True
