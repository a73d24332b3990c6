"""Short messages that disappear after a few seconds."""

SECONDS = 3.0


class Notice:
    """A message to the user.

    Args:
        text: The first message, or "".

    Attributes:
        text: The message, or "" once its time is over.
    """

    def __init__(self, text: str = "") -> None:
        self.show(text)

    def show(self, text: str) -> None:
        """Replace the message."""
        self.text, self._remaining = text, SECONDS

    def advance(self, seconds: float) -> None:
        """Advance the time by some seconds."""
        self._remaining -= seconds
        if self._remaining <= 0:
            self.text = ""
