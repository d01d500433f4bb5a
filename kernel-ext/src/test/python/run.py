#!/usr/bin/env python3
"""Installs the kernelspec into a folder of its own and runs the kernel's end-to-end tests on it.

    run.py [--java JAVA] [--jar dist/jane.jar] [--signal] [TEST...]

Needs the Python packages jupyter_client and jupyter_kernel_test (Debian: python3-jupyter-kernel-test).
With --signal the kernel is interrupted by SIGINT instead of by message. Prints a tally; ends with
status 1 if a test failed.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]


class Result(unittest.TextTestResult):
    """Counts whole tests, however many of their parts fail."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def failed(self):
        return len({getattr(test, "test_case", test).id() for test, _ in self.failures + self.errors})


def install(java, jar, prefix):
    command = [java, "-cp", str(jar), "jane.cli.Main", "kernelspec", "install", "--prefix", prefix]
    subprocess.run(command, check=True)


def interrupt_by_signal(prefix):
    # A job that a shell started in the background ignores SIGINT, and so would its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    spec = pathlib.Path(prefix, "share/jupyter/kernels/jane/kernel.json")
    content = json.loads(spec.read_text())
    content["interrupt_mode"] = "signal"
    spec.write_text(json.dumps(content))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--java", default="java")
    parser.add_argument("--jar", type=pathlib.Path, default=ROOT / "dist" / "jane.jar")
    parser.add_argument("--signal", action="store_true")
    parser.add_argument("tests", nargs="*", default=["test_protocol", "test_kernel", "test_hosts"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jane-kernel-test-") as prefix:
        install(options.java, options.jar.resolve(), prefix)
        if options.signal:
            interrupt_by_signal(prefix)
        os.environ["JUPYTER_PATH"] = str(pathlib.Path(prefix, "share/jupyter"))
        os.environ["JANE_HISTORY"] = str(pathlib.Path(prefix, "history.jsonl"))
        sys.path.insert(0, str(HERE))
        suite = unittest.defaultTestLoader.loadTestsFromNames(options.tests)
        result = unittest.TextTestRunner(verbosity=2, resultclass=Result).run(suite)
    for test, reason in result.skipped:
        print(f"  skipped: {test}: {reason}")
    print(f"kernel tests: {result.passed} passed, {result.failed()} failed, {len(result.skipped)} skipped")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
