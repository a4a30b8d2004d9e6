"""What is said of a file or a module that is not there. Stays out of what files hold."""

from pathlib import Path

from tui.errors import LoadError
from tui.nearest import nearest

START_AGAIN = "Start Baton again with another name, or add this one, then send your message."
FOLDER_IS_GONE = "the folder you are in is gone, change to another"


def working_folder() -> Path | None:
    """Return the folder Baton was started in, None if it was deleted since."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


def shown_path(path: str) -> str:
    """Return a path as short as it can be given in the folder Baton was started in."""
    folder = working_folder()
    if folder is None or not Path(path).is_relative_to(folder):
        return path
    return str(Path(path).relative_to(folder))


def no_file(path: Path) -> LoadError:
    """Return the error for a file that is nowhere."""
    if near := nearest(path.stem, _modules_in(path.parent)):
        told = f"did you mean {path.with_name(near)}.py?"
        return LoadError(f"there is no file {path}: {told}", advice=START_AGAIN)
    if path.is_absolute():
        return LoadError(f"there is no file {path}: check its path", advice=START_AGAIN)
    folder = working_folder()
    told = f"give its path from {folder}" if folder else FOLDER_IS_GONE
    return LoadError(f"there is no file {path}: {told}", advice=START_AGAIN)


def no_module(name: str) -> LoadError:
    """Return the error for a module that is nowhere."""
    if near := nearest(name, _modules_in(Path())):
        return LoadError(f"there is no module {name}: did you mean {near}.py?", advice=START_AGAIN)
    told = "run Baton in the folder it can be imported from, or give its file, as FILE.py:NAME"
    return LoadError(f"there is no module {name}: {told}", advice=START_AGAIN)


def _modules_in(folder: Path) -> list[str]:
    """Return the Python files of a folder without their suffix; none if it cannot be read."""
    try:
        return [path.stem for path in folder.iterdir() if path.suffix == ".py"]
    except OSError:
        return []
