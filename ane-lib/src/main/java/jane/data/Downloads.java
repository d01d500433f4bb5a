package jane.data;

import jane.engine.natives.Folders;
import jane.ir.DataException;
import jane.ir.JaneException;
import java.nio.file.Path;
import java.util.List;

/**
 * Data sets by name, fetched when asked for and at no other time. Files go to the cache folder of
 * {@link Folders}; those that are there and whole are not fetched again. Every file is checked
 * against its SHA-256 before it gets its name.
 *
 * <p><b>Errors.</b> {@link DataException} naming the file and what each mirror gave; files fetched
 * before stay, so that another call goes on from there.
 */
public final class Downloads {
    /** Is told how far a download is. */
    public interface Progress {
        /**
         * Called every few hundred kilobytes and at the end of each file.
         *
         * @param file its name
         * @param done bytes so far
         * @param total bytes of the whole file
         */
        void at(String file, long done, long total);
    }

    private Downloads() {}

    /** Data sets that can be fetched. */
    public static List<String> names() {
        return Catalogue.ALL.stream().map(Catalogue::name).toList();
    }

    /** The folder with the files of a data set, fetched from its mirrors if need be. */
    public static Path fetch(String name) {
        return fetch(name, (file, done, total) -> {});
    }

    /** As above, telling {@code progress}. An interrupt of the thread ends it. */
    public static Path fetch(String name, Progress progress) {
        for (var catalogue : Catalogue.ALL) {
            if (catalogue.name().equals(name)) {
                return new Download(catalogue, cacheFolder(), progress).run();
            }
        }
        throw new JaneException("download", "no data set '%s'; need one of %s", name, names());
    }

    /** Where downloads go. */
    public static Path cacheFolder() {
        return Folders.current().cache();
    }
}
