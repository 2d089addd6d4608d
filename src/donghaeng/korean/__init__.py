"""Korean as it is written and spoken: numbers, dates, particles, pronunciation, sound. Pure."""
