"""HTTP, WebSocket and the citizen page."""
