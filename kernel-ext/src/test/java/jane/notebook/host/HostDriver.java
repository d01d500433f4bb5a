package jane.notebook.host;

/** A host's kernel under test. */
interface HostDriver extends AutoCloseable {
    /** Runs a cell on this thread; what it sends goes to {@code ran}. */
    void run(String cell, Ran ran);

    default Ran run(String cell) {
        var ran = new Ran();
        run(cell, ran);
        return ran;
    }

    void interrupt();

    @Override
    void close();
}
