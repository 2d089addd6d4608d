"""The smart-city alliance: member bodies, programmes, events and sign-ups."""
