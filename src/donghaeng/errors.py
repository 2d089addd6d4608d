"""Every error that Donghaeng raises on purpose, in one tree.

::

    DonghaengError
    ├── InputError              what was given is wrong; the remedy says what would be right
    │   ├── CatalogueError      a service, lexicon or place file, with file and line
    │   ├── SettingsError       a setting or environment variable
    │   ├── DocumentRefused     a document of the city's, or what is said of it
    │   ├── RecordRefused       a record of the register does not fit its schema
    │   │   └── RecordChanged   somebody else has changed it since it was read
    │   ├── DraftIncomplete         facts that a template needs are not there, or are of another kind
    │   ├── UnknownRecord       the register has no such record, or no such version of it
    │   ├── AudioError          sound that cannot be read or is too long
    │   └── VirusFound          a file that somebody handed in holds a virus
    ├── ScannerUnavailable      the virus scanner could not look at a file, so it is not taken
    ├── SignOnFailed            a login by the organisation's own server did not come to its end
    ├── ConversationError
    │   ├── UnknownConversation no such conversation, or not this token's
    │   ├── ConversationEnded   it has been closed
    │   ├── GuardianEnded       who was let see requests may no longer
    │   ├── ConversationBusy    another turn of it is under way
    │   └── MachineOff          the machine is switched off, and a program asked it for something
    ├── ProviderError           a city system did not answer as it should
    │   ├── ProviderTimeout     no answer within the time allowed
    │   ├── ProviderUnavailable refused connection, HTTP 5xx, or the provider's own error code
    │   ├── ProviderDenied      the key is missing, unknown, expired or not allowed
    │   │   └── ProviderUnconnected  no address or key of it is set here
    │   ├── QuotaUsedUp         today's calls for the key are spent
    │   ├── MalformedAnswer     the answer does not parse or lacks promised fields
    │   ├── MessageRefused      a text message will never be sent: its number does not exist
    │   └── GatewayRefused      the city's gateway understood a write and said no
    ├── TemplateFault           a service file's template needs what is not there
    ├── EngineError             a speech or language engine
    │   ├── EngineBusy          all that do this work have too much to do
    │   ├── EngineMissing       not installed, or its weights are absent
    │   ├── WeightsCorrupt      a checksum does not hold
    │   └── LanguageModelFailed no answer of a language model; nothing depends on one
    └── StoreError              the database is absent, locked, full or of another version
        └── VaultKeyMissing     a key that sealed a value of the vault is not here

The command line prints ``str(error)`` and leaves with :attr:`DonghaengError.exit_status`; HTTP answers
with a problem document of :attr:`DonghaengError.http_status`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal


class DonghaengError(Exception):
    """Base of the tree. ``remedy`` says what the reader can do about it."""

    exit_status = 1
    http_status = 500

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


class InputError(DonghaengError):
    """What was given is wrong."""

    exit_status = 2
    http_status = 422


class CatalogueError(InputError):
    """A catalogue file is wrong at a known place. ``str()`` is ``file:line: message; remedy``."""

    def __init__(self, file: Path | str, line: int, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.file = str(file)
        self.line = line

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {super().__str__()}"


class SettingsError(InputError):
    """A setting is unknown or has an impossible value."""


DocumentFault = Literal[
    "empty", "unknown_kind", "archive", "old_office", "encrypted", "damaged", "letters", "pictures",
    "nothing_told", "too_large", "too_long", "too_many_parts", "unpacks_too_large", "entities", "memory",
    "too_slow", "reader_ended", "not_started",
    "name", "department", "owner", "source", "valid",
    "document", "version", "passage", "passage_too_long", "of_review", "macros", "own_version",
]  # fmt: skip
"""Why a document, or something about one, is refused."""


class DocumentRefused(InputError):
    """A document cannot be read, or what is asked of it cannot be done. ``fault`` says why to those who tell
    it in another language."""

    def __init__(self, fault: DocumentFault, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.fault: DocumentFault = fault


class DraftIncomplete(InputError):
    """A draft cannot be filled. ``faults`` are Korean, one a field, each with what would be right."""

    def __init__(self, message: str, *, faults: tuple[str, ...] = (), remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.faults = faults


class RecordRefused(InputError):
    """A record of the register does not fit its schema. ``faults`` are Korean, one a field, each with what
    would be right."""

    def __init__(self, message: str, *, faults: tuple[str, ...] = (), remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.faults = faults


class RecordChanged(RecordRefused):
    """Somebody else has changed the record since it was read."""

    http_status = 409


class UnknownRecord(InputError):
    """The register has no such record, or no such version of it."""

    http_status = 404


class AudioError(InputError):
    """Sound that cannot be read, is empty or is longer than allowed."""


class VirusFound(InputError):
    """A file holds what a signature describes; ``name`` is the signature's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the file holds {name}", remedy="give it to nobody, and tell who keeps the network")
        self.name = name


class ScannerUnavailable(DonghaengError):
    """The virus scanner could not look at a file, so it is not taken."""

    http_status = 503


class TemplateFault(DonghaengError):
    """A template or expression of a service file does not parse, or needs what is not there."""


SignOnReason = Literal["expired", "refused", "clock", "token", "server", "no_role", "no_account"]


class SignOnFailed(DonghaengError):
    """A login by the organisation's own server did not come to its end.

    ``reason`` is ``expired`` (not begun in this browser, or too long ago), ``refused`` (by that server),
    ``clock`` (its clock and ours differ), ``token`` (its answer cannot be trusted), ``server`` (it does not
    answer as it should), ``no_role`` or ``no_account`` (nobody said that this person may log in here).
    """

    http_status = 403

    def __init__(self, reason: SignOnReason, message: str) -> None:
        super().__init__(message)
        self.reason: SignOnReason = reason


class ConversationError(DonghaengError):
    """A request on a conversation cannot be carried out."""

    http_status = 409


class UnknownConversation(ConversationError):
    """No such conversation, or the token is not its own: both look alike from outside."""

    http_status = 404


class UnknownCode(ConversationError):
    """No call is waiting under that code, or no more."""

    http_status = 404


class GuardianEnded(ConversationError):
    """Who was let see a citizen's requests may no longer: it was taken back, or its time is over."""

    http_status = 410


class ConversationEnded(ConversationError):
    """The conversation has been closed."""


class ConversationBusy(ConversationError):
    """Another turn of the same conversation is under way in another process."""


class MachineOff(ConversationError):
    """The machine is switched off: nothing that a program asks for is done."""

    http_status = 503


class ProviderError(DonghaengError):
    """A city system did not answer as it should. ``provider`` names it."""

    http_status = 502

    def __init__(self, provider: str, message: str, *, remedy: str | None = None) -> None:
        super().__init__(f"{provider}: {message}", remedy=remedy)
        self.provider = provider


class ProviderTimeout(ProviderError):
    """No answer within the time allowed."""


class ProviderUnavailable(ProviderError):
    """Refused connection, HTTP 5xx, or the provider's own error code for an inner fault."""


class ProviderDenied(ProviderError):
    """The key is missing, unknown, expired or not allowed."""


class ProviderUnconnected(ProviderDenied):
    """No address or key of it is set here, so nothing was or can be sent."""


class QuotaUsedUp(ProviderError):
    """Today's calls for the key are spent."""


class MalformedAnswer(ProviderError):
    """The answer does not parse, or lacks fields that the wire format promises."""


class MessageRefused(ProviderError):
    """A text message will never be sent: its number does not exist or takes none."""


class GatewayRefused(ProviderError):
    """The city's gateway understood a write and said no; ``reason`` is its machine-readable word."""

    def __init__(self, provider: str, reason: str, message: str) -> None:
        super().__init__(provider, message)
        self.reason = reason


class EngineError(DonghaengError):
    """A speech or language engine failed."""


class EngineBusy(EngineError):
    """All that do this work have so much to do that no more is taken; soon it is."""

    http_status = 503


class EngineMissing(EngineError):
    """An engine is not installed, or its weights are absent."""


class WeightsCorrupt(EngineError):
    """A weight file's checksum does not hold."""


class LanguageModelFailed(EngineError):
    """A language model gave no answer; ``reason`` is one word for figures (``timeout``, ``refused`` …)."""

    def __init__(self, reason: str, message: str, *, remedy: str | None = None) -> None:
        super().__init__(f"language model: {message}", remedy=remedy)
        self.reason = reason


class StoreError(DonghaengError):
    """The database is absent, locked, full or of another version."""

    http_status = 503


class VaultKeyMissing(StoreError):
    """A key that sealed a value of the vault is not here; the value is there and opens when the key is."""
