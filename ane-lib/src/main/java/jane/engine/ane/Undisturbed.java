package jane.engine.ane;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Work on files in a thread that nobody interrupts: in one that is interrupted, Java closes the
 * file. The interrupt stays for whoever looks at it between two steps.
 */
final class Undisturbed {
    /** Work with a result. */
    interface Work<T> {
        T run() throws IOException;
    }

    private Undisturbed() {}

    static <T> T get(Work<T> work) throws IOException {
        var result = new CompletableFuture<T>();
        var thread = new Thread(() -> complete(result, work), "jane-ane-files");
        thread.setDaemon(true);
        thread.start();
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            throw e;
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Work<T> work) {
        try {
            result.complete(work.run());
        } catch (IOException | RuntimeException | Error e) { // told in the thread that waits
            result.completeExceptionally(e);
        }
    }
}
