/**
 * What holds on this machine's Neural Engine: each line of a {@link jane.cli.selftest.Report} has
 * what published findings let expect, what was found, and a verdict.
 *
 * <p>Public: {@link jane.cli.selftest.SelfTest}, {@link jane.cli.selftest.Report}, {@link
 * jane.cli.selftest.Line}, {@link jane.cli.selftest.Verdict}. Depends on gson and ane-lib.
 *
 * <pre>{@code
 * var report = new SelfTest("", List.of("sim:m5"), 60).run();
 * System.out.print(report.markdown());
 * }</pre>
 */
package jane.cli.selftest;
