/**
 * Chips, operating systems and routes as data: what each accepts, refuses and gets wrong, and how
 * long a program takes there. {@link jane.target.Target} names one and checks programs; {@link
 * jane.target.Violation}, {@link jane.target.Rule}, {@link jane.target.Severity}, {@link
 * jane.target.Effect}, {@link jane.target.Group} and {@link jane.target.OpStatus} say what it found
 * and why; {@link jane.target.Chip}, {@link jane.target.Family}, {@link jane.target.Route}, {@link
 * jane.target.Limit} and {@link jane.target.Usage} are what rules read; {@link
 * jane.target.CostModel}, {@link jane.target.ProgramCost}, {@link jane.target.OpCost}, {@link
 * jane.target.Constant} and {@link jane.target.Quantity} predict times.
 *
 * <p>Nothing here was measured on hardware by this project: every rule and constant is others'
 * published finding and names its source. Depends on {@code jane.mil}, {@code jane.op} and {@code
 * jane.ir}.
 *
 * <pre>{@code
 * Target m4 = Target.named("m4");
 * List<Violation> found = m4.check(program); // all of them
 * double micros = m4.cost().of(program).micros();
 * }</pre>
 */
package jane.target;
