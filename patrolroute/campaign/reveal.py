"""The secret told once all is over, and every draw checked by it: afterwards anybody can see that none was bent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from patrolroute.base.errors import CampaignError
from patrolroute.base.text import Catalogue
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.drawn import draws_of, is_drawn_right
from patrolroute.campaign.folder import SECRET, CampaignFolder, seed_of
from patrolroute.campaign.sealed import commitment

_SAID = Catalogue(
    {
        "secret": ("密钥：{secret}", "secret: {secret}"),
        "commitment": (
            "事先公布的摘要：{commitment}（{verdict}）",
            "its commitment, told in advance: {commitment} ({verdict})",
        ),
        "night": ("{date}  随机数 {seed}（{verdict}）", "{date}  seed {seed} ({verdict})"),
        "draw": (
            "{date}  抽到第 {plan} 套方案（{verdict}）",
            "{date}  plan {plan} was drawn ({verdict})",
        ),
        "right": ("相符", "right"),
        "wrong": ("不符", "wrong"),
    }
)


def reveal_lines(place: CampaignFolder, lang: Lang) -> Iterator[str]:
    """Yield the secret, whether it is what was committed to, and whether each night's draw follows from it.

    Raises
    ------
    CampaignError
        If there is no secret.
    """
    secret, state = place.secret(), place.state()
    if secret is None:
        raise CampaignError(f"{place.folder / SECRET}: there is no secret to tell")

    def verdict(is_right: bool) -> str:  # noqa: FBT001 - a sentence of two words
        return _SAID.say("right" if is_right else "wrong", lang)

    yield _SAID.say("secret", lang, secret=secret.hex())
    found = commitment(secret)
    yield _SAID.say("commitment", lang, commitment=state.commitment, verdict=verdict(found == state.commitment))
    for night in state.nights:
        is_right = seed_of(secret, night.date) == night.seed
        yield _SAID.say("night", lang, date=night.date, seed=night.seed, verdict=verdict(is_right))
    for how in draws_of(place):
        date = dt.date.fromisoformat(how["date"])
        is_right = is_drawn_right(place, secret, how, date)
        yield _SAID.say("draw", lang, date=date, plan=how["plan"] + 1, verdict=verdict(is_right))
