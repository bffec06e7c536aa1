"""Reading users' text files: size, encoding and control characters are checked first."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.yaml.characters import composed
from deftrade.scenario.yaml.nearest import nearest
from deftrade.scenario.yaml.places import Position

_MEGABYTE = 1_000_000
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BOM = b"\xef\xbb\xbf"
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Source:
    """A text file that was read.

    Parameters
    ----------
    path : Path
        Where it was read from.
    file : str
        Its name in messages.
    text : str
        Content without byte order mark.
    lines : tuple of str
        The lines, as YAML counts them.
    sha256 : str
        Hash of the file's bytes.
    is_strange : bool
        Whether it is none of ours, so that faults tell nothing of what it holds.
    """

    path: Path
    file: str
    text: str
    lines: tuple[str, ...]
    sha256: str
    is_strange: bool = False

    def at(self, line: int, column: int) -> Position:
        """Return the position of a line and column, counted from 1."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Position(self.file, line, column, text, self.is_strange)


def display(path: Path) -> str:
    """Return the name of a file in messages, without ``a/../``."""
    return Path(os.path.normpath(path)).as_posix()


def is_there(path: Path) -> bool:
    """Return whether something has this name; nothing has one that no disk bears."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def on_disk(path: Path) -> Path:
    """Return a file that texts name: accents in its name may be composed on the disk, or not."""
    if str(path).isascii() or "\0" in str(path) or is_there(path):
        return path
    folder = on_disk(path.parent)
    names = folder.iterdir() if is_there(folder) and folder.is_dir() else ()
    return next((other for other in names if composed(other.name) == composed(path.name)), path)


def load(
    path: Path,
    limit: int,
    advice: str,
    reference: Position | None = None,
    is_ours: Callable[[str], bool] = bool,
) -> Source:
    """Read a text file of at most ``limit`` bytes.

    Parameters
    ----------
    path : Path
        File to read.
    limit : int
        Largest size in bytes.
    advice : str
        What to do about a larger file.
    reference : Position, optional
        Where another file names this one; a file that cannot be read is reported there.
    is_ours : callable, optional
        Whether a text is of the sort that is expected; faults tell nothing of what any other holds.

    Raises
    ------
    ScenarioError
        The file is missing, too large, not UTF-8 or holds control characters.
    """
    path = on_disk(path)
    data = read_bytes(path, limit, advice, reference)
    strange = not is_ours(data.decode("utf-8", "replace"))
    text = _decode(data.removeprefix(_BOM), Position(display(path), 1, 1, "", strange))
    lines = tuple(_BREAK.split(text))
    source = Source(path, display(path), text, lines, sha256(data).hexdigest(), strange)
    control = _CONTROL.search(text)
    if control:
        raise ScenarioError([_control_fault(source, control.start())])
    return source


def read_bytes(path: Path, limit: int, advice: str, reference: Position | None = None) -> bytes:
    """Return the bytes of a file, never reading more than the limit."""
    file = display(path)
    reference = reference or Position(file, 0, 0)
    if "\0" in str(path):
        raise ScenarioError([reference.fault("a file name cannot hold the character U+0000")])
    try:
        if not path.is_file():
            raise ScenarioError([_not_a_file(path, reference)])
        size = path.stat().st_size
        with path.open("rb") as stream:
            data = stream.read(limit + 1) if size <= limit else b""
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ScenarioError([reference.fault(f"cannot read {file}: {reason}")]) from error
    size = max(size, len(data))
    if size > limit:
        raise ScenarioError([_too_large(file, size, limit, advice)])
    return data


def _not_a_file(path: Path, reference: Position) -> Fault:
    """Return the fault of a path that is missing or is no file."""
    file = display(path)
    if path.exists():
        return reference.fault(f"{file} is not a file", found="a folder" if path.is_dir() else "")
    parent = path.parent
    if not parent.is_dir():
        return reference.fault(f"no such file: {file}; nor does its folder exist")
    siblings = sorted(other.name for other in parent.iterdir() if other.is_file())
    return reference.fault(f"no such file: {file}", nearest=nearest(path.name, siblings))


def _too_large(file: str, size: int, limit: int, advice: str) -> Fault:
    """Return the fault of a file above the limit."""
    return Position(file, 0, 0).fault(
        f"the file is too large; {advice}",
        found=f"{size / _MEGABYTE:.1f} MB",
        allowed=f"at most {limit / _MEGABYTE:.0f} MB",
    )


def _decode(data: bytes, start: Position) -> str:
    """Return bytes as text, explaining what is not UTF-8."""
    if data.startswith(_WORKBOOK):
        problem = "this is an Excel workbook, not text; save its sheet as CSV UTF-8, or name it by xlsx:"
        raise ScenarioError([start.fault(problem)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if data.startswith(_UTF16):
            problem = "the file is UTF-16, not UTF-8; save it as UTF-8"
            raise ScenarioError([start.fault(problem)]) from error
        before = _BREAK.split(data[: error.start].decode("utf-8"))
        rest = data[error.start :].split(b"\n", 1)[0].decode("utf-8", "replace")
        place = replace(start, line=len(before), column=len(before[-1]) + 1, source=before[-1] + rest)
        problem = f"byte 0x{data[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise ScenarioError([place.fault(problem)]) from error


def _control_fault(source: Source, index: int) -> Fault:
    """Return the fault of the first control character."""
    before = _BREAK.split(source.text[:index])
    place = source.at(len(before), len(before[-1]) + 1)
    code = f"U+{ord(source.text[index]):04X}"
    return place.fault(f"the control character {code} cannot stand in a text file; remove it")
