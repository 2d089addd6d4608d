"""The way of an AI system from draft to retirement, with gates that block."""
