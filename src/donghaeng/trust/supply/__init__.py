"""What this program is made of: packages, their licences, known weaknesses, and the weights of its models."""
