"""Text of results, which may be anybody's, made harmless in a line that is pasted into a shell.

Nothing printed here breaks out of its line or is expanded: not by a shell that reads ``#`` as a command, as
zsh does where commands are typed, and not by a terminal that acts on control characters.
"""

from __future__ import annotations

import re
import unicodedata
from shlex import quote

from deftrade.files.manifests import PACKAGES

_PLAIN = re.compile(r"[\w@%+:,./ -]*")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+_-]{0,63}")
_LONGEST = 300


def word(text: str) -> str:
    r"""Return a word of a command as a shell takes it, on one line whatever is in it.

    Examples
    --------
    >>> print(word("a b.yaml"), word("x;id"), word("two" + chr(10) + "lines"))
    'a b.yaml' 'x;id' $'two\nlines'
    """
    if text.isprintable():
        return quote(text)
    escaped = "".join(_escape(letter) if letter in "\\'" else _shown(letter) for letter in text)
    return f"$'{escaped}'"


def path_word(text: str) -> str:
    """Return a path as a word that no command takes for an option."""
    return word(f"./{text}" if text.startswith("-") else text)


def remark(text: object) -> str:
    """Return text for a comment: as it is where it is plain, else quoted, without control characters.

    Examples
    --------
    >>> print(remark("Offsets of 30 %"), remark("$(id)"))
    Offsets of 30 % '$(id)'
    """
    line = "".join(map(_shown, str(text)))
    line = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
    return line if _PLAIN.fullmatch(line) else quote(line)


def commit_of(text: object) -> str:
    """Return a commit if it is one, else nothing."""
    return text if isinstance(text, str) and _COMMIT.fullmatch(text) else ""


def is_version(text: object) -> bool:
    """Return whether a text is the version of a package."""
    return isinstance(text, str) and _VERSION.fullmatch(text) is not None


def pins(versions: dict[str, str]) -> list[str]:
    """Return the requirements that pin the packages deciding bits; what is no such package is left out."""
    known = [name.lower() for name in PACKAGES]
    return [f'"{name}=={found}"' for name, found in versions.items() if name in known and is_version(found)]


def _shown(letter: str) -> str:
    """Return a letter, escaped where a terminal would act on it or not show it."""
    return letter if letter.isprintable() else _escape(letter)


def _escape(letter: str) -> str:
    """Return a letter as shells and people read it in `$'...'`."""
    if letter in "\\'":
        return f"\\{letter}"
    if letter in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[letter]
    if unicodedata.category(letter) == "Cs":
        how = "surrogateescape" if "\udc80" <= letter <= "\udcff" else "surrogatepass"
        return "".join(f"\\x{byte:02x}" for byte in letter.encode(errors=how))
    return f"\\x{ord(letter):02x}" if ord(letter) < 128 else f"\\U{ord(letter):08x}"
