"""The outputs that stand beside a plan: named in its file with their digests, and found again, changed or missing.

While outputs are written the plan's file names them without a digest; once all of them stand there it is written anew,
as the last of all files. So a folder whose saving was cut off tells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from patrolroute.base.text import Catalogue
from patrolroute.base.vocabulary import Lang
from patrolroute.plan.codec import plain
from patrolroute.plan.declaration import Form, Key, described

CompanionName: TypeAlias = Annotated[str, Form(pattern=r"^([^/\\:.][^/\\:]*/)?[^/\\:]+$")]
Digest: TypeAlias = Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")]

NONE_YET = b'"companions": []\n}\n'
"""How the file of a plan ends that names none."""


@described
@dataclass(frozen=True, slots=True)
class Companion:
    """An output of the plan, in a file beside it."""

    file: Annotated[CompanionName, Key("its name; one in a folder of outputs has that before it")]
    sha256: Annotated[Digest | None, Key("of that file, as it was written; null: it was not written, or not yet")]

    @classmethod
    def of(cls, file: str, content: bytes) -> Companion:
        """Return what names a file by its content."""
        return cls(file, hashlib.sha256(content).hexdigest())


def with_companions(document: bytes, companions: Iterable[Companion]) -> bytes:
    """Return the file of a plan that names none so far, with companions one a line; they are its last key."""
    lines = ",\n".join(json.dumps(plain(one), ensure_ascii=False) for one in companions)
    return document if not lines else document.removesuffix(NONE_YET) + f'"companions": [\n{lines}\n]\n}}\n'.encode()


Beside: TypeAlias = Literal["missing", "changed", "unfinished"]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a file beside a plan; none of it is a fault of the plan.

    Parameters
    ----------
    file
        Its name.
    kind
        ``missing``; ``changed`` since it was written with the plan, or of another one; ``unfinished`` where saving was
        cut off, so that it may be of another plan.
    """

    file: str
    kind: Beside


SAID = Catalogue(
    {
        "missing": ("提示：方案旁缺少 {files}", "note: {files}: named by the plan, but not there"),
        "changed": (
            "提示：{files} 与本方案写出时不同，改动过或属于另一方案",
            "note: {files}: not as written with the plan; changed since, or of another plan",
        ),
        "unfinished": (
            "提示：上次保存未完成，{files} 可能属于另一方案，请重新保存",
            "note: {files}: may be of another plan, for saving was cut off; save it again",
        ),
    }
)

FEW = 5
"""So many files are named; of others it is said how many there are."""


def remarks(folder: Path, companions: Iterable[Companion] | None) -> tuple[Remark, ...]:
    """Look at the companions of a plan; a file that cannot be read counts as changed.

    Parameters
    ----------
    folder
        Where the plan's file is.
    companions
        What it names; None, in a plan of an older form: nothing can be said.
    """
    return tuple(_remarks(folder, companions or ()))


def _remarks(folder: Path, companions: Iterable[Companion]) -> Iterator[Remark]:
    for one in companions:
        path = folder / one.file
        if not path.is_file():
            if one.sha256 is not None:
                yield Remark(one.file, "missing")
        elif one.sha256 is None:
            yield Remark(one.file, "unfinished")
        elif _digest(path) != one.sha256:
            yield Remark(one.file, "changed")


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def remarks_of(path: Path) -> tuple[Remark, ...]:
    """Look at the companions that the file of a plan names, whatever else is wrong with it, if it is there at all."""
    try:
        named: Any = json.loads(path.read_bytes())["companions"]
        found = tuple(Companion(str(one["file"]), one["sha256"]) for one in named)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()
    return remarks(path.parent, (one for one in found if ".." not in Path(one.file).parts))


def said(found: Iterable[Remark], lang: Lang) -> list[str]:
    """Return remarks in words, those of a kind in one line."""
    by_kind: dict[str, list[str]] = {}
    for one in found:
        by_kind.setdefault(one.kind, []).append(one.file)
    return [SAID.say(kind, lang, files=_listed(files, lang)) for kind, files in by_kind.items()]


def _listed(files: list[str], lang: Lang) -> str:
    names = ("、" if lang == "zh" else ", ").join(files[:FEW])
    if len(files) <= FEW:
        return names
    return f"{names} 等 {len(files)} 个文件" if lang == "zh" else f"{names} and {len(files) - FEW} more files"
