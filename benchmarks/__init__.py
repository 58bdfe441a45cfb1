"""Benchmarks of the collections add-ons: books of receivables, measures and their results."""
