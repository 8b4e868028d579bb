"""One plain line with the totals of some JUnit files: totals.py NAME FILE [NAME FILE …]. Status 1 when one has failures."""
import sys
import xml.etree.ElementTree as xml


def count(path):
    """(passed, failed, skipped), or None where there is no result to read."""
    try:
        cases = list(xml.parse(path).getroot().iter("testcase"))
    except (OSError, xml.ParseError):
        return None
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def main(arguments):
    parts, broken = [], False
    for name, path in zip(arguments[::2], arguments[1::2]):
        counted = count(path)
        if counted is None:
            parts.append(f"{name} did not run")
        else:
            parts.append("{} {} passed, {} failed, {} skipped".format(name, *counted))
        broken = broken or counted is None or counted[1] > 0
    print("tests/run: " + "; ".join(parts))
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
