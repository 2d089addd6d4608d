"""Speech without models: ears that hear what they are told, a voice that is a tone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.engines import Audio
from donghaeng.speech.load import Ears, Speech, SpeechPool
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.cache import Private
from donghaeng.speech.synthesise.fake import RATE, FakeSynthesiser


class ToneVoice:
    """Speaks a sentence as one tone."""

    def speak(
        self, spoken: str, speed: float = 1.0, volume_db: float = 0.0, *, private: Private | None = None
    ) -> Iterator[Audio]:
        synthesiser = FakeSynthesiser()
        for sentence in spoken.split(". "):
            yield synthesiser.synthesise(sentence, speed=speed)


def fake_speech(texts: Iterable[str | None] = ()) -> Speech:
    """A whole set of engines that will hear ``texts`` in order."""
    return Speech(
        ears=Ears(FakeRecogniser(texts), EnergyActivity()), voice=ToneVoice(), rate=RATE, pool=SpeechPool(2)
    )
