"""Short messages that disappear after a few seconds."""

SECONDS = 3.0


class Notice:
    """A message to the user.

    Args:
        text: the first message, or "".

    Attributes:
        text: the message, or "" once its time is over.
    """

    def __init__(self, text: str = "") -> None:
        self.show(text)

    def show(self, text: str) -> None:
        """Replace the message."""
        self.text, self._remaining = text, SECONDS

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._remaining -= seconds
        if self._remaining <= 0:
            self.text = ""
