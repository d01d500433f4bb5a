"""The public protocol suite, every sample of it defined, on the installed kernel.

Run by run.py, which installs the kernelspec into a folder of its own first.
"""

import os
import unittest

import jupyter_kernel_test


class ProtocolTest(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ.get("JANE_KERNEL", "jane")
    language_name = "java"
    file_extension = ".jshell"
    code_hello_world = 'System.out.println("hello, world");'
    code_stderr = 'System.err.println("to stderr");'
    completion_samples = [
        {"text": '"abc".toUpp', "matches": {"toUpperCase("}},
        {"text": "int n = 1;\nMath.nextU", "matches": {"nextUp("}},
        {"text": "%ti", "matches": {"%time", "%%time"}},
        {"text": "%time --he", "matches": {"--help"}},
    ]
    complete_code_samples = [
        "1 + 1",
        "int a = 1;",
        'String s = "x"; s.length()',
        "int f(int n) {\n    return n;\n}",
        "%time 1 + 1",
        "%%time\n1 + 1\n",
        "import java.util.List;",
        "",
    ]
    incomplete_code_samples = [
        "for (int i = 0; i < 3; i++) {",
        "int f(int n) {",
        'String s = """\n  text',
        "class A {\n    int x;",
        "/* a comment",
        "%%time",
    ]
    invalid_code_samples = ["foo)", "1 +* ;", "int x = ;", "else {}"]
    code_page_something = 'jane.notebook.kernel.Kernel.page("a long text");'
    code_generate_error = 'throw new IllegalStateException("on purpose");'
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "int[] squares = {1, 4, 9}; squares", "result": "[1, 4, 9]"},
        {"code": "List.of(1, 2)", "result": "[1, 2]"},
    ]
    code_display_data = [
        {"code": 'display("text/html", "<b>bold</b>")', "mime": "text/html"},
        {
            "code": "display(new java.awt.image.BufferedImage(4, 4, java.awt.image.BufferedImage.TYPE_INT_RGB))",
            "mime": "image/png",
        },
        {"code": "display(List.of(1))", "mime": "text/plain"},
    ]
    code_history_pattern = "1 +*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = '"abc".toUpperCase'
    code_clear_output = "jane.notebook.kernel.Kernel.clearOutput(false);"


if __name__ == "__main__":
    unittest.main()
