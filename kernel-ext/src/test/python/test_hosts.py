"""Jane in kernels that are not hers, end to end over real sockets, from dist/jane-extension.jar.

The kernels are doubles with the names of IJava 1.3.0 and JJava 1.0-a6 over those kernels' own base
libraries: kernel-ext/target/test-classes, which the unit tests compile. To test a kernel itself, say
what its class path is in JANE_IJAVA or JANE_JJAVA. Run by run.py.
"""

import json
import os
import pathlib
import re
import tempfile
import unittest

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from test_kernel import ANSI, Cell

ROOT = pathlib.Path(__file__).resolve().parents[4]
DOUBLES = ROOT / "kernel-ext/target/test-classes"
MAVEN = pathlib.Path.home() / ".m2/repository"
JAR = ROOT / "dist/jane-extension.jar"
TRAINER = (
    "var trainer = Trainer.of(new Sequential(new Linear(2, 4), new GELU(), new Linear(4, 2)),"
    " Loss.crossEntropy(), Sgd.of(0.1), Toy.moons(64, 0.1, 1)).batchSize(16);"
)


def documented(display_name):
    """The kernel.json that docs/hosts.md shows for a host, with the jar where it is here."""
    page = (ROOT / "docs/hosts.md").read_text().replace("/home/me/jane/dist/jane-extension.jar", str(JAR))
    specs = [json.loads(text) for text in re.findall(r"(?m)^    \{\n(?:     .*\n)+    \}$", page)]
    return next(spec for spec in specs if spec["display_name"] == display_name)


def library(group, artifact, version):
    return MAVEN / group.replace(".", "/") / artifact / version / f"{artifact}-{version}.jar"


def pinned(name):
    return re.search(f"<{name}.version>(.*)</", (ROOT / "pom.xml").read_text()).group(1)


def libraries(*base):
    common = [
        library("org.zeromq", "jeromq", pinned("jeromq")),
        library("com.google.code.gson", "gson", pinned("gson")),
    ]
    jnacl = sorted((MAVEN / "eu/neilalexander/jnacl").glob("*/*.jar"))
    return [DOUBLES, library(*base)] + common + jnacl[-1:]


class HostCase:
    """What holds in every host; the classes below add which."""

    name = variable = main = display_name = None

    @classmethod
    def class_path(cls):
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        own = os.environ.get(cls.variable)
        paths = cls.class_path()
        missing = [str(p) for p in paths if not p.exists()]
        if missing and not own:
            raise unittest.SkipTest(f"not built: {', '.join(missing)}; run ./mvnw verify")
        java = json.loads(pathlib.Path(cls.jane_spec(), "kernel.json").read_text())["argv"][0]
        opens = ["--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED"]
        path = own or os.pathsep.join(map(str, paths))
        spec = documented(cls.display_name)
        spec["argv"] = [java, *opens, "-cp", path, cls.main, "{connection_file}"]
        cls.folder = tempfile.TemporaryDirectory(prefix="jane-host-test-")
        folder = pathlib.Path(cls.folder.name, cls.name)
        folder.mkdir()
        (folder / "kernel.json").write_text(json.dumps(spec))
        specs = KernelSpecManager()
        specs.kernel_dirs = [cls.folder.name]
        cls.manager = KernelManager(kernel_name=cls.name, kernel_spec_manager=specs)
        cls.manager.start_kernel()
        cls.client = cls.manager.client()
        cls.client.start_channels()
        cls.client.wait_for_ready(timeout=60)

    @staticmethod
    def jane_spec():
        return KernelSpecManager().get_kernel_spec("jane").resource_dir

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)
        cls.folder.cleanup()

    def run_cell(self, code, timeout=120):
        messages = []
        reply = self.client.execute_interactive(
            code, timeout=timeout, output_hook=messages.append
        )
        return Cell(reply["content"], messages)

    def run_well(self, code):
        cell = self.run_cell(code)
        self.assertEqual(cell.status, "ok", ANSI.sub("", str(cell.contents("error"))))
        return cell

    def shown(self, code):
        """The text of what a magic shows, by itself or as the cell's result."""
        cell = self.run_well(code)
        bundles = cell.contents("display_data") + cell.contents("execute_result")
        return bundles[-1]["data"]["text/plain"]

    def test_jane_names_the_host(self):
        self.assertRegex(self.shown("%jane"), rf"notebook +{self.name}\b")

    def test_tensor_is_shown_as_a_table(self):
        self.run_well("%tensor x = full 2 2 value=3")
        result = self.run_well("x.mul(2)").contents("execute_result")[0]["data"]
        self.assertIn("<table", result["text/html"])
        self.assertIn("tensor([[6.0, 6.0],", result["text/plain"])

    def test_layer_step_summary_and_chart(self):
        self.run_well("%%layer Half(int n)\nparam w = Tensor.ones(n);\nreturn x.mul(w).mul(0.5);")
        self.run_well("var half = new Sequential(new Half(2), new Linear(2, 2));")
        self.assertIn("[8, 2]", self.shown("%summary half 8x2"))
        self.run_well(TRAINER.replace("trainer", "stepped"))
        self.assertIn("step 1: loss", self.shown("%step stepped"))
        cell = self.run_well("%chart line stepped title=\"The losses\"")
        (bundle,) = cell.contents("display_data") or cell.contents("execute_result")
        self.assertIn("image/png", bundle["data"])
        self.assertIn("The losses", bundle["metadata"]["image/png"]["alt"])

    def test_training_is_one_chart_replaced_in_place(self):
        self.run_well(TRAINER)
        cell = self.run_well("Run run = %train trainer epochs=20")
        (display,) = cell.contents("display_data")
        updates = cell.contents("update_display_data")
        self.assertIn("image/png", updates[-1]["data"])
        self.assertIn("finished at step 80", updates[-1]["data"]["text/plain"])
        ids = {u["transient"]["display_id"] for u in updates}
        self.assertEqual(ids, {display["transient"]["display_id"]})

    def test_error_is_one_line(self):
        cell = self.run_cell("%tensor z = randn 2 sed=1")
        lines = ANSI.sub("", "\n".join(cell.contents("error")[0]["traceback"])).splitlines()
        lines = [line.strip("| ") for line in lines if line.strip("-| ")]
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("[%tensor] unknown option sed=1 (did you mean seed?)", lines[0])


class IJavaTest(HostCase, unittest.TestCase):
    name, variable, main = "IJava", "JANE_IJAVA", "io.github.spencerpark.ijava.IJava"
    display_name = "Java"

    @classmethod
    def class_path(cls):
        version = pinned("basekernel")
        return libraries("io.github.spencerpark", "jupyter-jvm-basekernel", version) + [JAR]


class JJavaTest(HostCase, unittest.TestCase):
    name, variable, main = "JJava", "JANE_JJAVA", "org.dflib.jjava.distro.JJava"
    display_name = "Java (JJava)"

    @classmethod
    def class_path(cls):
        slf4j = [library("org.slf4j", a, pinned("slf4j")) for a in ("slf4j-api", "slf4j-nop")]
        return libraries("org.dflib.jjava", "jjava-jupyter", pinned("jjava")) + slf4j + [JAR]


if __name__ == "__main__":
    unittest.main()
