"""Knows what to install for a module that is not there."""

import importlib.util
import sys
from typing import Final

# What is imported under one name and installed under another.
_DISTRIBUTIONS: Final = {
    "agents": "openai-agents",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "git": "GitPython",
    "jwt": "PyJWT",
    "PIL": "pillow",
    "psycopg2": "psycopg2-binary",
    "serpapi": "google-search-results",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}


def missing_module(error: BaseException) -> str:
    """Return the top-level name of a module that is nowhere to be found, "" if all are there."""
    if not isinstance(error, ModuleNotFoundError):
        return ""
    name = (error.name or "").partition(".")[0]
    if not name or name in sys.modules:
        return ""
    return "" if importlib.util.find_spec(name) is not None else name


def how_to_get(name: str, *, by_program: bool = False) -> str:
    """Return what makes a missing module be there.

    Args:
        name: The module's.
        by_program: Whether a program of the person's own opened Baton.
    """
    place = "put it beside the program" if by_program else "start Baton in its folder"
    return (
        f"If it is a package: {sys.executable} -m pip install {_DISTRIBUTIONS.get(name, name)}. "
        f"If it is a file of yours: {place}."
    )
