"""The edge: when does Pelican call, and what is written back?"""


def connect() -> None:
    """Connect the handlers below to Pelican's signals."""
