/**
 * The Neural Engine's published behaviour, computed on any machine. Depends on {@code jane.engine},
 * {@code jane.target} and below.
 */
package jane.engine.sim;
