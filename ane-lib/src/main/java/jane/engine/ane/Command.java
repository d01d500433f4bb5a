package jane.engine.ane;

/** What an isolated engine asks of its worker. */
enum Command {
    /** Answer: text. */
    DESCRIBE,
    /** Program number, title, folder, cache folder. */
    COMPILE,
    /**
     * Program number, count, then each port: name, whether output, type, its regions; count, then
     * output and input of each alias.
     */
    LOAD,
    /**
     * Program number, state set to read, count, then the numbers of the ports to copy from it.
     * Answer: nanoseconds on the hardware.
     */
    RUN,
    /** Program number. */
    RELOAD,
    /** Program number. */
    RELEASE,
    /** Code of a quality of service. */
    QOS
}
