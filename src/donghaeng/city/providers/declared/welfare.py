"""Operations of welfare services."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import DAY_S, may, need

OPERATIONS = (
    Operation(
        "welfare.services",
        Effect.READ,
        parameters={
            "need": need("text", "what help is needed for, in the citizen's words"),
            "age": may("count", "full years"),
            "household": may("text", "alone | couple | family"),
        },
        row={
            "id": need("text", "servId of the service"),
            "name": need("text", "its official name"),
            "what": need("text", "what it does, in the source's words"),
            "department": need("text", "the ministry that answers for it"),
            "kind": may("text", "현금지급, 현물지급, 이용권 …"),
            "targets": may("text", "whom it is for, in the source's words"),
            "online": need("flag", "can be applied for at 복지로 as well as at a community centre"),
            "phone": may("phone", "where to ask; absent where the source hides it"),
            "url": may("text", "its page at 복지로"),
            "source": need("text", "복지로"),
        },
        refresh_seconds=DAY_S,
        source="data.go.kr NationalWelfareInformationsV001 NationalWelfarelistV001",
    ),
)
"""Every operation of this family."""
