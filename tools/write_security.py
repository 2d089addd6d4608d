"""Writes docs/security.md: ``python -m tools.write_security``."""

from __future__ import annotations

from tools.security_review import PAGE, STATES, counts, load, page


def main() -> None:
    """Write it, and say how the lines stand."""
    review = load()
    PAGE.write_text(page(review), "utf-8")
    told = counts(review)
    print(", ".join(f"{told[state]} {state}" for state in STATES))


if __name__ == "__main__":
    main()
