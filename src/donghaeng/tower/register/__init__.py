"""The register of AI systems: what each is, who answers for it, and what changed when."""
