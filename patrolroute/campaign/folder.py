"""The folder of a campaign: its file, its record, its secret, and a folder for each night that was issued."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patrolroute.base.errors import CampaignError, Complaint, OutputError
from patrolroute.base.files import write_one
from patrolroute.base.vocabulary import MAX_SEED
from patrolroute.campaign.course import Course
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.reading import digest, read_campaign
from patrolroute.campaign.record import Record
from patrolroute.campaign.sealed import commitment as hash_of
from patrolroute.campaign.state import CampaignState, state_of
from patrolroute.campaign.themed import ThemedNights, entries_of
from patrolroute.campaign.workbook.reading import holds_campaign, is_aside
from patrolroute.demand.workbooks import WORKBOOKS

FILES = ("campaign.toml", "campaign.json")
"""What a campaign's file is called in its folder, if it is no workbook; that may have any name."""

BOOK = "campaign.xlsx"
"""What a campaign's workbook is called if nobody gave it a name."""

NIGHTS = "nights"
ISSUING = ".issuing"
"""Where a night is put together; nobody is handed anything from it."""

ISSUED = "issued.json"
"""In the folder of a night: what the record is to say of it."""

SECRET = "secret.txt"  # noqa: S105 - the name of a file
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class CampaignFolder:
    """A campaign's folder.

    Parameters
    ----------
    file
        The campaign's file; everything else lies beside it.
    """

    file: Path

    @classmethod
    def at(cls, place: str | Path) -> CampaignFolder:
        """Return the folder of a campaign that is named by itself or by the campaign's file.

        Raises
        ------
        CampaignError
            If there is no campaign's file in it, or more than one.
        """
        path = Path(place)
        if not path.exists():
            raise CampaignError(Complaint(f"{path}: there is no such file", "no_file", f"{path}：没有这个文件夹或文件"))
        if not path.is_dir():
            return cls(path)
        found = _files_in(path)
        if not found:
            name, other = FILES
            rule = f"there is neither {name} nor {other} in this folder, nor a workbook"
            raise CampaignError(Complaint(f"{path}: {rule}; `patrolroute campaign new` writes one", "no_file"))
        if len(found) > 1:
            names = ", ".join(file.name for file in found)
            rule = f"there are several files of a campaign here: {names}; name the one that counts"
            raise CampaignError(f"{path}: {rule}, or move all others away")
        return cls(found[0])

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        return self.file.parent

    def campaign(self) -> Campaign:
        """Read the campaign's file."""
        return read_campaign(self.file)

    def state(self) -> CampaignState:
        """Read what happened."""
        return state_of(Record.read(self.folder).events)

    def course(self, *, today: dt.date | None = None, state: CampaignState | None = None) -> Course:
        """Return the campaign under way.

        Parameters
        ----------
        today
            Nights not yet issued begin on it or later; as early as can be if None.
        state
            What happened; read from the record if None.
        """
        campaign = self.campaign()
        themed = ThemedNights.of(campaign, self.folder)
        return Course.of(campaign, themed, state or self.state(), today=today)

    def night(self, date: dt.date) -> Path:
        """Return the folder of a night."""
        return self.folder / NIGHTS / date.isoformat()

    @property
    def issuing(self) -> Path:
        """Return where a night is put together."""
        return self.folder / NIGHTS / ISSUING

    def secret(self, *, make: bool = False) -> bytes | None:
        """Return the secret by which nights are drawn; None if there is none.

        Parameters
        ----------
        make
            Whether one is made where there is none; only its owner may read the file.

        Raises
        ------
        CampaignError
            If the file holds none.
        """
        path = self.folder / SECRET
        if make and not path.exists():
            write_one(path, secrets.token_hex(SECRET_BYTES).encode() + b"\n")
            os.chmod(path, 0o600)  # noqa: PTH101 - as everywhere
        try:
            return bytes.fromhex(path.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise CampaignError(f"{path}: holds no secret: hexadecimal digits on one line") from error

    def require_secret(self, commitment: str) -> bytes | None:
        """Return the secret to draw by; None where nothing was committed to.

        Parameters
        ----------
        commitment
            As the record told it in advance.

        Raises
        ------
        CampaignError
            If the secret is missing or is another one: nights drawn without it could be foretold, or not be checked.
        """
        secret, path = self.secret(), self.folder / SECRET
        if commitment and secret is None:
            raise CampaignError(f"{path}: is missing; nights are drawn by the secret that the record commits to")
        if commitment and secret is not None and hash_of(secret) != commitment:
            raise CampaignError(f"{path}: is not the secret that the record commits to; restore it")
        return secret

    def mend(self, record: Record, at: dt.datetime) -> None:
        """Undo what was begun and not done when a program was killed, finish what was done and not yet told.

        Parameters
        ----------
        record
            Open for writing.
        at
            What the record says of when.

        Raises
        ------
        CampaignError
            If a night lies there that can neither be told nor undone.
        """
        shutil.rmtree(self.issuing, ignore_errors=True)
        for facts, place in self._untold(state_of(record.events)):
            if facts.pop("before", None) != record.last:
                sentence = f"{place}: is a night that the record does not know, of another time; move it away"
                raise CampaignError(sentence)
            record.append("issued", facts, at)

    def _untold(self, state: CampaignState) -> Iterator[tuple[dict[str, Any], Path]]:
        """Yield nights that are in place and that the record does not know."""
        for path in sorted((self.folder / NIGHTS).glob(f"*/{ISSUED}")):
            try:
                facts = json.loads(path.read_bytes())
                is_known = state.night(dt.date.fromisoformat(facts["date"])) is not None
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise CampaignError(f"{path}: is not what was written; restore it, or move its folder away") from error
            if not is_known:
                yield facts, path.parent


def _files_in(folder: Path) -> list[Path]:
    """Return the files of a campaign that lie in a folder; a workbook that is alone there will say what it lacks."""
    texts = [folder / name for name in FILES if (folder / name).is_file()]
    books = [path for form in WORKBOOKS for path in sorted(folder.glob(f"*{form}")) if not is_aside(path)]
    found = [*texts, *filter(holds_campaign, books)]
    usual = [path for path in books if path.name == BOOK]
    return found or usual or (books if len(books) == 1 else [])


def said_of(course: Course) -> dict[str, Any]:
    """Return a campaign with its base night, as the record keeps it and compares it."""
    return {
        "campaign": course.campaign.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "night": entries_of(course.themed.base),
    }


def digest_of(course: Course) -> str:
    """Return the digest of a campaign with its base night."""
    return digest(said_of(course))


def seed_of(secret: bytes | None, date: dt.date) -> int:
    """Return the seed of a night: by the secret and the date, so that nobody can choose or guess it."""
    key, text = secret or b"", f"seed {date.isoformat()}".encode()
    return int.from_bytes(hmac.new(key, text, hashlib.sha256).digest()[:8], "big") % (MAX_SEED + 1)


def require_removed(path: Path) -> None:
    """Remove a folder of ours.

    Raises
    ------
    OutputError
        If it cannot be removed.
    """
    try:
        if path.exists():
            shutil.rmtree(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
