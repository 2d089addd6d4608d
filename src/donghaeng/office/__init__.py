"""The officials' assistant: plain and correct official Korean, drafts, minutes."""
