"""KakaoTalk: a channel's chatbot whose blocks ask this server as a skill (docs/text-channels.md)."""
