"""Run every benchmark and put its table into docs/performance.md: python -m tests.bench [--quick] [NAME…]

A benchmark is a module tests/bench/bench_NAME.py that prints Markdown when run (and takes `--quick`). Its output is
kept between the markers `<!-- bench NAME -->` and `<!-- end NAME -->`; a section that is missing is added at the end.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parent.parent / "docs" / "performance.md"
INTRODUCTION: Final = """# Performance

What `make bench` measured last. Each table compares with a peer or a limit measured in the same run: ratios hold,
absolute figures drift with the machine.
"""


def names() -> list[str]:
    """Of all benchmarks."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def put(page: str, name: str, output: str) -> str:
    """The page with the section of this benchmark replaced, or added."""
    begin, end = f"<!-- bench {name} -->", f"<!-- end {name} -->"
    section = f"{begin}\n{output.strip()}\n{end}"
    if begin in page and end in page:
        before, rest = page.split(begin, 1)
        return before + section + rest.split(end, 1)[1]
    return page.rstrip("\n") + f"\n\n## {name}\n\n{section}\n"


def measure(name: str, *, quick: bool) -> str:
    """Run one benchmark in a process of its own and return what it prints."""
    command = [sys.executable, "-m", f"tests.bench.bench_{name}", *(["--quick"] if quick else [])]
    done = subprocess.run(command, cwd=HERE.parent.parent, stdout=subprocess.PIPE, text=True, check=True)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores{', quick' if quick else ''}."
    return f"{machine}\n\n{done.stdout}"


def main(arguments: list[str]) -> int:
    """Measure, print, write; a benchmark that breaks does not keep the others from being written."""
    quick = "--quick" in arguments
    wanted = [argument for argument in arguments if not argument.startswith("-")] or names()
    broken = 0
    for name in wanted:
        try:
            output = measure(name, quick=quick)
        except subprocess.CalledProcessError as error:
            sys.stderr.write(f"bench {name}: {error}\n")
            broken += 1
            continue
        sys.stdout.write(f"\n## {name}\n\n{output}\n")
        sys.stdout.flush()
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else INTRODUCTION
        PAGE.write_text(put(page, name, output), encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
