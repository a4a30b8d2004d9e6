"""The words of shell commands, as far as a rule must know them. Runs nothing, expands nothing.

Two readings: `plain_words` is sure and gives up early, for rules that allow; `simple_commands`
finds whatever a shell may run, for rules that ask or deny. Neither is a sandbox: what a program
does with its words, or a shell with its variables, no text tells.
"""

import re
import shlex
import unicodedata
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_ARGUMENTS: Final = frozenset(
    ("command", "commands", "cmd", "cmdline", "script", "shell", "bash", "code")
)
_TOOLS: Final = frozenset(
    ("bash", "sh", "zsh", "shell", "terminal", "console", "exec", "execute", "command", "cmd")
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

_COMPOUND: Final = re.compile(r"[;&|`$()<>{}]")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*(\[.*\])?\+?=")
_HIDING: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))

# What runs the words behind it. Their options take words too, so any later word may be the command.
RUNNERS: Final = frozenset(
    (
        "sudo", "doas", "pkexec", "gosu", "runuser", "su", "sg", "env", "command", "builtin",
        "exec", "noglob", "nocorrect", "nohup", "time", "eval", "nice", "ionice", "chrt",
        "taskset", "numactl", "setsid", "setarch", "stdbuf", "timeout", "flock", "script",
        "strace", "ltrace", "xargs", "parallel", "watch", "entr", "find", "sh", "bash", "rbash",
        "zsh", "dash", "ash", "ksh", "mksh", "csh", "tcsh", "fish", "pwsh", "powershell", "cmd",
        "busybox", "toybox", "ssh", "chroot", "unshare", "nsenter", "fakeroot", "systemd-run",
        "trap", "if", "then", "else", "elif", "while", "until", "do", "coproc", "function", "!",
        "{",
    )
)  # fmt: skip
# Where quotes end is then not what it seems: comments, here-documents, `$'..'`, `${..}`, case.
_UNSURE: Final = re.compile(r"(?:^|[\s;&|()`])#|<<|\$'|\$\{|\\`|\bcase\b")
_EXPANDED: Final = re.compile(r"[$\0]|\{.*,.*\}|\{.*\.\..*\}", re.DOTALL)
_NESTED: Final = re.compile(r"[\s;&|`$()'\"\\]")
_MAX_DEPTH: Final = 5
LONGEST: Final = 32

_PLAIN: Final = re.compile(
    r"(?P<joined>\\\n)|\\(?P<escaped>.)|'(?P<single>[^']*)'|(?P<quote>\")|(?P<opens>[$<>]?\()"
    r"|(?P<closes>\))|(?P<tick>`)|(?P<redirects>&?[<>]+[&|]?)|(?P<ends>[;&|\n\r])|(?P<space>[ \t]+)"
    r"|(?P<text>[^\\'\"$()`;&|\n\r<> \t]+|\$)|(?P<unread>.)",
    re.DOTALL,
)
_QUOTED: Final = re.compile(
    r"(?P<joined>\\\n)|\\(?P<escaped>[$`\"\\])|(?P<quote>\")|(?P<opens>\$\()|(?P<tick>`)"
    r"|(?P<text>[^\\\"$`]+|[\\$])",
    re.DOTALL,
)


class Commands(NamedTuple):
    """What a shell may run.

    Attributes:
        words: The first words of each simple command, `LONGEST` at most.
        is_split: False if it cannot be told where commands begin: there may be others.
        is_named: False if a command's name is not in the text as it is: `$x`, `{rm,y}`.
    """

    words: tuple[tuple[str, ...], ...]
    is_split: bool
    is_named: bool


def is_command(tool: str, argument: str) -> bool:
    """Tell whether a tool's argument is likely a shell command, by their names."""
    words = {word.lower() for word in _WORD.findall(tool)}
    return names_command(argument) or not words.isdisjoint(_TOOLS)


def names_command(argument: str) -> bool:
    """Tell whether an argument is for a shell command, by its name alone."""
    return argument.rpartition(".")[2].lower() in _ARGUMENTS


def hides(text: str) -> bool:
    """Tell whether `text` has line ends, control characters, or ones that are drawn as nothing."""
    return any(unicodedata.category(character) in _HIDING for character in text)


def is_compound(text: str) -> bool:
    """Tell whether `text` may be more than one plain command; operators count also in quotes."""
    return _COMPOUND.search(text) is not None or hides(text.replace("\t", " "))


def plain_words(text: str) -> tuple[str, ...] | None:
    """Return the words of `text` if it is one plain command and surely no more, else None."""
    if is_compound(text):
        return None
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        return None
    return None if not words or _ASSIGNMENT.match(words[0]) else words


def simple_commands(text: str, depth: int = 0) -> Commands:
    """Return every simple command in `text`, also those in substitutions and behind runners."""
    scan = _Scan()
    scan.read(text)
    is_split = scan.is_balanced and not _UNSURE.search(text) and depth < _MAX_DEPTH
    parts = [_command(_without_assignments(words), depth) for words in scan.commands]
    return _joined(parts, is_split)


def program(word: str) -> str:
    """Return a command's name without its folder, caseless: some disks do not tell case apart."""
    return word.rpartition("/")[2].casefold()


def _without_assignments(words: list[str]) -> list[str]:
    start = next((n for n, word in enumerate(words) if not _ASSIGNMENT.match(word)), len(words))
    return words[start:]


def _command(words: list[str], depth: int) -> Commands:
    """Return one simple command and, if it runs others, whatever of its words may be one."""
    if not words:
        return Commands((), is_split=True, is_named=True)
    if program(words[0]) not in RUNNERS:
        named = not _EXPANDED.search(words[0])
        return Commands((tuple(words[:LONGEST]),), is_split=True, is_named=named)
    starts = tuple(tuple(words[at : at + LONGEST]) for at in range(len(words)))
    inner = _read_again(words[1:], depth + 1) if depth < _MAX_DEPTH else []
    named = not any(map(_EXPANDED.search, words))
    return _joined([Commands(starts, is_split=True, is_named=named), *inner])


def _read_again(words: list[str], depth: int) -> list[Commands]:
    """Return what stands in words that are read once more: in each, or, by `eval`, in all."""
    nested = [word for word in words if _NESTED.search(word)]
    return [simple_commands(each, depth) for each in (*nested, " ".join(words) if nested else "")]


def _joined(parts: list[Commands], is_split: bool = True) -> Commands:
    return Commands(
        tuple(words for part in parts for words in part.words),
        is_split=is_split and all(part.is_split for part in parts),
        is_named=all(part.is_named for part in parts),
    )


@dataclass
class _Frame:
    """A place where commands stand: the text itself, or a substitution in it."""

    closer: str
    words: list[str] = field(default_factory=list)
    word: str | None = None
    is_quoted: bool = False
    is_target: bool = False


class _Scan:
    """Reads a text once, from left to right; a frame for each substitution that is open."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.is_balanced = True
        self._frames = [_Frame("")]

    def read(self, text: str) -> None:
        """Find the commands of `text`."""
        position = 0
        while position < len(text):
            pattern = _QUOTED if self._frames[-1].is_quoted else _PLAIN
            match = pattern.match(text, position)
            assert match is not None  # the last branch of each takes any character
            self._take(str(match.lastgroup), match[match.lastgroup or 0])
            position = match.end()
        while self._frames:
            self.is_balanced &= not (self._frames[-1].closer or self._frames[-1].is_quoted)
            self._end_command()
            self._frames.pop()

    def _take(self, kind: str, text: str) -> None:
        frame = self._frames[-1]
        match kind:
            case "text" | "escaped" | "single":
                frame.word = (frame.word or "") + text
            case "quote":
                frame.word = frame.word or ""
                frame.is_quoted = not frame.is_quoted
            case "space":
                self._end_word()
            case "ends":
                self._end_command()
            case "redirects":
                # Digits in front are a descriptor: they and the file are no words of a command.
                frame.word = None if (frame.word or "").isdigit() else frame.word
                self._end_word()
                frame.is_target = True
            case "opens":
                self._open(text)
            case "closes":
                self._close(text)
            case "tick":
                (self._close if frame.closer == text else self._open)(text)
            case "unread":
                self.is_balanced = False

    def _open(self, opener: str) -> None:
        if opener == "(":
            self._end_command()
        else:
            # What a substitution puts into a word is not known: the mark stands for it.
            self._frames[-1].word = (self._frames[-1].word or "") + "\0"
        self._frames.append(_Frame("`" if opener == "`" else ")"))

    def _close(self, closer: str) -> None:
        self._end_command()
        if self._frames[-1].closer != closer or self._frames[-1].is_quoted:
            self.is_balanced = False
            return
        self._frames.pop()

    def _end_word(self) -> None:
        frame = self._frames[-1]
        if frame.word is None:
            return
        if not frame.is_target:
            frame.words.append(frame.word)
        frame.word, frame.is_target = None, False

    def _end_command(self) -> None:
        self._end_word()
        self.commands.append(self._frames[-1].words)
        self._frames[-1].words, self._frames[-1].is_target = [], False
