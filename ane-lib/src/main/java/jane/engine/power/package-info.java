/**
 * What the machine says of its power, and how training keeps to it: a share of the time, pauses on
 * battery or heat. For any engine; depends on nothing but the errors of {@code jane.ir}.
 *
 * <pre>{@code
 * Jane.pace(Pacing.NONE.dutyCycle(0.5).pauseOnBattery());
 * }</pre>
 */
package jane.engine.power;
