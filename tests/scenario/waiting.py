"""Waiting for something to become true, with a deadline instead of a guess."""
import time


def until(condition, what, seconds=15.0):
    """The first true value of condition(); an AssertionError that names what was awaited otherwise."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)
