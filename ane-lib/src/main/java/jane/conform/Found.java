package jane.conform;

/** A failure on a graph, before it is shrunk: the program, and what was expected of it. */
record Found(Failure.Kind kind, String variant, String message, Reproducer reproducer) {}
