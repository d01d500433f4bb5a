"""The kernel end to end, over real sockets: what a person at a notebook sees.

Run by run.py, which installs the kernelspec into a folder of its own first.
"""

import os
import queue
import re
import time
import unittest

from jupyter_client.manager import KernelManager

NAME = os.environ.get("JANE_KERNEL", "jane")
ANSI = re.compile("\x1b\\[[0-9;]*m")
SECOND = float(os.environ.get("JANE_INTERRUPT_SECONDS", "3.0"))  # 1.0 on an idle machine


class Cell:
    """What running a cell gave."""

    def __init__(self, reply, messages):
        self.reply = reply
        self.status = reply["status"]
        self.messages = messages

    def contents(self, kind):
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def text(self, name="stdout"):
        return "".join(c["text"] for c in self.contents("stream") if c["name"] == name)

    @property
    def result(self):
        results = self.contents("execute_result")
        return results[0]["data"]["text/plain"] if results else None

    @property
    def error(self):
        return ANSI.sub("", "\n".join(self.reply.get("traceback", [])))


class KernelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager = KernelManager(kernel_name=NAME)
        cls.manager.start_kernel()
        cls.client = cls.manager.client()
        cls.client.start_channels()
        cls.client.wait_for_ready(timeout=60)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()

    def run_cell(self, code, timeout=60, **options):
        messages = []
        reply = self.client.execute_interactive(
            code, timeout=timeout, output_hook=messages.append, **options
        )
        return Cell(reply["content"], messages)

    def assert_runs(self):
        """The session goes on. What is still on its way is taken first: the manager numbers its
        interrupts as the client numbers its cells, so that their idle could be taken for ours."""
        try:
            while True:
                self.client.get_iopub_msg(timeout=0.3)
        except queue.Empty:
            pass
        cell = self.run_cell("6 * 7")
        self.assertEqual((cell.result, cell.status), ("42", "ok"), cell.reply)

    def shell_reply(self, msg_id, timeout=30):
        while True:
            reply = self.client.get_shell_msg(timeout=timeout)
            if reply["parent_header"].get("msg_id") == msg_id:
                return reply["content"]

    def test_compile_error_points_into_the_cell(self):
        cell = self.run_cell('int good = 1;\n\nint bad = "text";')
        self.assertEqual(cell.reply["ename"], "CompileError")
        self.assertIn(
            "line 3, column 11: incompatible types: java.lang.String cannot be converted to int",
            cell.error,
        )
        self.assertIn('    3 | int bad = "text";\n      |           ^^^^^^', cell.error)

    def test_exception_shows_the_users_lines_only(self):
        self.run_cell("int divide(int a, int b) {\n    return a / b;\n}")
        cell = self.run_cell("// a comment\n\ndivide(1, 0)")
        self.assertEqual(cell.reply["ename"], "ArithmeticException")
        self.assertIn("line 2 in divide\n    2 |     return a / b;", cell.error)
        self.assertIn("line 3\n    3 | divide(1, 0)", cell.error)
        self.assertNotIn("jdk.", cell.error)
        self.assertNotIn("REPL", cell.error)

    def test_library_call_that_failed_is_named(self):
        cell = self.run_cell('int n = Integer.parseInt("x");')
        self.assertIn("in java.lang.Integer.parseInt", cell.error)

    def test_cause_is_shown(self):
        cell = self.run_cell('throw new RuntimeException("outer", new Exception("inner"));')
        self.assertIn("RuntimeException: outer", cell.error)
        self.assertIn("caused by Exception: inner", cell.error)

    def test_unknown_magic_names_the_nearest(self):
        cell = self.run_cell("%tiem 1")
        self.assertIn("[%tiem] unknown magic (did you mean %time?)", cell.error)

    def test_magic_result_is_assigned_with_its_type(self):
        self.assertEqual(self.run_cell("var six = %time 2 * 3").status, "ok")
        self.assertEqual(self.run_cell("int twelve = six * 2;\ntwelve").result, "12")

    def test_magic_in_a_loop_runs_each_time(self):
        cell = self.run_cell("for (int i = 0; i < 3; i++) {\n    %time 1 + 1\n}")
        self.assertEqual(len(re.findall("ms", cell.text())), 3)

    def test_input_is_asked_for_and_read(self):
        for code in ('Kernel.input("name? ")', "new Scanner(System.in).nextLine()"):
            with self.subTest(code=code):
                msg_id = self.client.execute(code, allow_stdin=True)
                question = self.client.get_stdin_msg(timeout=20)
                self.assertEqual(question["msg_type"], "input_request")
                self.client.input("Ada")
                self.assertEqual(self.shell_reply(msg_id)["status"], "ok")
                self.assertEqual(self.result_of(msg_id), "Ada")

    def result_of(self, msg_id):
        while True:
            message = self.client.get_iopub_msg(timeout=20)
            ours = message["parent_header"].get("msg_id") == msg_id
            if ours and message["msg_type"] == "execute_result":
                return message["content"]["data"]["text/plain"]

    def test_input_without_anybody_to_ask_is_an_error(self):
        cell = self.run_cell('Kernel.input("name? ")', allow_stdin=False)
        self.assertIn("allow_stdin is false", cell.error)

    def test_display_is_updated_in_place(self):
        cell = self.run_cell(
            'var kernel = Kernel.current();\n'
            'String id = kernel.displayWithId(Map.of("text/plain", "one"), Map.of());\n'
            'kernel.updateDisplay(id, Map.of("text/plain", "two"), Map.of());'
        )
        first = cell.contents("display_data")[0]
        second = cell.contents("update_display_data")[0]
        self.assertEqual(second["data"], {"text/plain": "two"})
        self.assertEqual(first["transient"]["display_id"], second["transient"]["display_id"])

    def test_user_expressions_are_evaluated(self):
        cell = self.run_cell("int seven = 7;", user_expressions={"a": "seven + 1", "b": "nope"})
        values = cell.reply["user_expressions"]
        self.assertEqual(values["a"]["data"]["text/plain"], "8")
        self.assertEqual(values["b"]["status"], "error")

    def test_silent_cell_is_neither_counted_nor_shown(self):
        before = self.run_cell("1").reply["execution_count"]
        silent = self.run_cell("2", silent=True)
        self.assertEqual(silent.contents("execute_result"), [])
        self.assertEqual(silent.contents("execute_input"), [])
        self.assertEqual(self.run_cell("3").reply["execution_count"], before + 1)

    def test_cells_queued_behind_an_error_are_aborted(self):
        ids = [
            self.client.execute(code)
            for code in ('Thread.sleep(300); throw new Error("stop");', "1", "2")
        ]
        states = [self.shell_reply(msg_id)["status"] for msg_id in ids]
        self.assertEqual(states, ["error", "aborted", "aborted"])
        self.assert_runs()

    def test_flood_of_prints_arrives_whole_in_few_messages(self):
        cell = self.run_cell('for (int i = 0; i < 100_000; i++) System.out.println("é" + i);')
        lines = cell.text().splitlines()
        self.assertEqual(len(lines), 100_000)
        self.assertEqual(lines[-1], "é99999")
        self.assertLess(len(cell.contents("stream")), 500)

    def test_streams_keep_their_order(self):
        cell = self.run_cell(
            'System.out.print("a"); System.err.print("b"); display("text/plain", "c");'
            ' System.out.print("d");'
        )
        kinds = [
            m["content"].get("text") or m["content"]["data"]["text/plain"]
            for m in cell.messages
            if m["msg_type"] in ("stream", "display_data")
        ]
        self.assertEqual(kinds, ["a", "b", "c", "d"])

    def test_completion_knows_earlier_statements_of_the_cell(self):
        code = "import java.time.*;\nString word = \"x\";\nword.toUpp"
        reply = self.shell_reply(self.client.complete(code))
        self.assertEqual(reply["matches"], ["toUpperCase("])
        self.assertEqual(code[reply["cursor_start"] : reply["cursor_end"]], "toUpp")

    def test_cursor_counts_characters(self):
        code = 'String s = "😀";\ns.toUpp'
        reply = self.shell_reply(self.client.complete(code))
        self.assertEqual(code[reply["cursor_start"] : reply["cursor_end"]], "toUpp")

    def test_inspection_shows_signatures_and_magic_help(self):
        reply = self.shell_reply(self.client.inspect("Math.max(1, 2)", cursor_pos=7))
        self.assertIn("int Math.max(int a, int b)", reply["data"]["text/plain"])
        reply = self.shell_reply(self.client.inspect("%time 1", cursor_pos=3))
        self.assertIn("Runs Java and prints how long it took", reply["data"]["text/plain"])
        self.assertFalse(self.shell_reply(self.client.inspect("nothing.here"))["found"])

    def test_reset_variable_is_reported(self):
        self.run_cell("class Point { int x; }\nPoint point = new Point();")
        cell = self.run_cell("class Point { int x; int y; }")
        self.assertIn("set back to null", cell.text("stderr"))
        self.assertIn("point", cell.text("stderr"))

    def test_message_with_a_bad_signature_is_dropped(self):
        session = self.client.session
        key, session.key = session.key, b"wrong"
        self.client.execute('System.out.println("forged");')
        session.key = key
        self.assert_runs()

    def interrupt(self, code, **options):
        """Runs a cell, interrupts it, and gives its reply and the seconds from interrupt to reply."""
        msg_id = self.client.execute(code, **options)
        time.sleep(1.0)
        start = time.time()
        self.manager.interrupt_kernel()
        reply = self.shell_reply(msg_id)
        seconds = time.time() - start
        print("  %5.2f s  %s" % (seconds, code.replace("\n", " ")[:70]))
        return reply, seconds

    def test_interrupt_stops_a_cell_and_the_next_one_runs(self):
        cells = [
            "while (true) { }",
            "%time 1 + 1\nwhile (true) { }",
            'Kernel.evalRaw("int nested = 1;");\nwhile (true) { }',
            '{ Kernel.current().define("defined", List.of(1)); while (true) { } }',
            "%time while (true) { }",
            "Thread.sleep(100_000);",
            'while (true) { System.out.println("x"); }',
            "while (true) { try { Thread.sleep(9_000); } catch (InterruptedException e) { } }",
            "IntStream.iterate(0, i -> i).forEach(i -> { });",
            "double sum = 0; for (long i = 0; ; i++) { sum += Math.sin(i); }",
            'while (true) { display("text/plain", "x"); }',
            'while (true) { Kernel.evalRaw("1 + 1"); }',
        ]
        for code in cells:
            with self.subTest(code=code):
                reply, seconds = self.interrupt(code)
                self.assertEqual(reply["ename"], "Interrupted")
                self.assertLess(seconds, SECOND)
                self.assert_runs()
                self.assertEqual(self.run_cell('System.out.print("on");').text(), "on")

    def test_interrupt_ends_a_question(self):
        reply, seconds = self.interrupt("new Scanner(System.in).nextLine()", allow_stdin=True)
        self.assertEqual(reply["ename"], "Interrupted")
        self.assertLess(seconds, SECOND)

    def test_interrupted_work_with_a_hook_ends_by_itself(self):
        reply, seconds = self.interrupt(
            "var stop = new java.util.concurrent.atomic.AtomicBoolean();\n"
            "int steps = 0;\n"
            "try (var hook = Kernel.current().onInterrupt("
            "() -> { stop.set(true); return java.time.Duration.ofSeconds(20); })) {\n"
            "    while (!stop.get()) { steps++; Thread.sleep(1500); }\n"
            "}"
        )
        self.assertEqual(reply["ename"], "Interrupted")
        self.assertLess(seconds, 5)
        self.assertIn(self.run_cell("steps").result, ("1", "2"))

    def test_interrupt_between_cells_does_nothing(self):
        self.manager.interrupt_kernel()
        self.assert_runs()

    def test_cell_that_cannot_be_stopped_is_left_behind(self):
        code = "new java.net.ServerSocket(0).accept();"
        msg_id = self.client.execute(code)
        time.sleep(0.5)
        for _ in range(8):
            self.manager.interrupt_kernel()
            time.sleep(0.7)
        reply = self.shell_reply(msg_id)
        self.assertEqual(reply["ename"], "Interrupted")
        self.assert_runs()


class LifeTest(unittest.TestCase):
    def test_restart_forgets_and_shutdown_ends(self):
        manager = KernelManager(kernel_name=NAME)
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        client.execute_interactive("int kept = 1;", timeout=60)
        manager.restart_kernel()
        client.wait_for_ready(timeout=60)
        reply = client.execute_interactive("kept", timeout=60, output_hook=lambda m: None)
        self.assertEqual(reply["content"]["ename"], "CompileError")
        client.execute("while (true) { }")
        time.sleep(1)
        client.stop_channels()
        manager.shutdown_kernel()
        self.assertFalse(manager.is_alive())

    def test_start_to_first_result(self):
        seconds = []
        for _ in range(3):
            start = time.time()
            manager = KernelManager(kernel_name=NAME)
            manager.start_kernel()
            client = manager.client()
            client.start_channels()
            client.wait_for_ready(timeout=60)
            client.execute_interactive("1 + 1", timeout=60, output_hook=lambda m: None)
            seconds.append(time.time() - start)
            client.stop_channels()
            manager.shutdown_kernel()
        print("  start to first result: " + ", ".join("%.2f s" % s for s in seconds))
        self.assertLess(min(seconds), float(os.environ.get("JANE_START_SECONDS", "4.0")))


if __name__ == "__main__":
    unittest.main()
