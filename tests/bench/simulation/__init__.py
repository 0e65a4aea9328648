"""Weeks of summaries with real workers: `python -m tests.bench.summaries` runs it, tests/test_simulation.py a small one."""
