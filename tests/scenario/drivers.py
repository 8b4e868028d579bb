"""The tests' own C++ programs, which speak line by line: a word on their stdin, an answer that ends with `end`."""
import subprocess
from pathlib import Path

from runs import PGTOOL

FOLDER = Path(PGTOOL).parent / "tests"


class Driver:
    """One of them under way. `say()` gives the lines of the answer, split at `|`."""

    def __init__(self, name, *arguments):
        self.process = subprocess.Popen([FOLDER / name, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, bufsize=1, start_new_session=True)

    def say(self, word):
        self.send(word)
        return self.hear()

    def send(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def hear(self):
        lines = []
        while (line := self.process.stdout.readline().rstrip("\n")) != "end":
            assert line or self.process.poll() is None, f"the driver ended: {lines}"
            lines.append(line.split("|"))
        return lines

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)


def told(lines, kind):
    """What follows `kind` in the lines that begin with it."""
    return [line[1:] for line in lines if line[0] == kind]
