"""A yes or a no of a waiting caller, for whom no conversation understands words yet. Pure.

A yes books something, so any sign of a no anywhere in the words outweighs it.
"""

from __future__ import annotations

import re
from typing import Final, Literal

REFUSED: Final = re.compile(
    r"지\s?(?:않|못|안)|안\s?(?:돼|되|된|됩|맞|좋|괜)|못|어렵|어려[워울운]|힘들|곤란|싫[어으습은]"
)
"""That something does not suit: "그때는 안 돼요", "내일은 어려워요"."""
_DENIED: Final = re.compile(r"아니|아뇨|아닙|틀[리렸려림]|다른|다릅|달라|말고|바꿔|바꾸|이\s?번(?!호)|^\s*2")
_AGREED: Final = re.compile(
    r"\s*(?:(?:네|예|응|어|음|그)+(?=$|[\s,.!?~…])"
    r"|맞[아습네는]|그래|그렇[게습죠지]|그때|좋[아습죠지]|괜찮|됐[어습]|일\s?번|1)"
)


def yes_or_no(words: str) -> Literal["yes", "no"] | None:
    """What the words answer; None where they answer neither."""
    if REFUSED.search(words) or _DENIED.search(words):
        return "no"
    return "yes" if _AGREED.match(words) else None
