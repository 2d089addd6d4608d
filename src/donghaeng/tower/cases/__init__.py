"""Data cases: questions answered from data by a method that anybody can run again."""
