package jane.data;

import jane.io.AtomicFile;
import jane.ir.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;

/** Fetches the files of one data set into its folder of the cache. */
final class Download {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int CHUNK = 1 << 16;
    private static final int TELL_BYTES = 1 << 18;

    private final Catalogue catalogue;
    private final Path folder;
    private final Downloads.Progress progress;

    Download(Catalogue catalogue, Path cache, Downloads.Progress progress) {
        this.catalogue = catalogue;
        this.folder = cache.resolve(catalogue.name());
        this.progress = progress;
    }

    /** One mirror's failure, which the next one may make good. */
    private static final class Failed extends IOException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    /** Fetches what is missing or damaged; the result is the folder. */
    Path run() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException(
                    e,
                    folder.toString(),
                    "cannot make this folder: %s; set JANE_CACHE to one that can be written",
                    e);
        }
        for (var file : catalogue.files()) {
            if (!isWhole(file)) {
                fetch(file);
            }
        }
        return folder;
    }

    private boolean isWhole(Catalogue.File file) {
        var path = folder.resolve(file.name());
        try {
            if (!Files.isRegularFile(path) || Files.size(path) != file.sizeBytes()) {
                return false;
            }
            var digest = sha256();
            try (var in = Files.newInputStream(path)) {
                var chunk = new byte[CHUNK];
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    digest.update(chunk, 0, n);
                }
            }
            return hex(digest).equals(file.sha256());
        } catch (IOException e) {
            throw new DataException(e, path.toString(), "cannot read: %s", e);
        }
    }

    private void fetch(Catalogue.File file) {
        var failures = new ArrayList<String>();
        for (var mirror : catalogue.mirrors()) {
            var from = mirror.resolve(file.name());
            var failure = new ArrayList<Failed>();
            try {
                AtomicFile.write(
                        folder.resolve(file.name()), out -> copy(from, file, out, failure));
                return;
            } catch (DataException e) {
                if (e.getCause() instanceof ClosedByInterruptException) {
                    throw interrupted();
                }
                if (failure.isEmpty()) {
                    throw e; // not the mirror's fault: a full disk
                }
                failures.add(from + ": " + failure.get(0).getMessage());
            }
        }
        throw new DataException(
                catalogue.name(),
                "%s could not be fetched: %s. Need a connection to one of them, or the file in %s",
                file.name(),
                String.join("; ", failures),
                folder);
    }

    private void copy(URI from, Catalogue.File file, FileChannel out, ArrayList<Failed> failure)
            throws IOException {
        InputStream in;
        try {
            in = open(from);
        } catch (IOException e) {
            throw failed(failure, e);
        }
        var digest = sha256();
        long done = 0;
        try (in) {
            var chunk = new byte[CHUNK];
            while (true) {
                int n = read(in, chunk, failure);
                if (n < 0) {
                    break;
                }
                done += n;
                if (done > file.sizeBytes()) {
                    throw failed(
                            failure,
                            new Failed(
                                    "more than the " + file.sizeBytes() + " bytes it should be"));
                }
                digest.update(chunk, 0, n);
                AtomicFile.writeFully(out, ByteBuffer.wrap(chunk, 0, n));
                if (done / TELL_BYTES != (done - n) / TELL_BYTES) {
                    progress.at(file.name(), done, file.sizeBytes());
                }
            }
        }
        if (done < file.sizeBytes()) {
            throw failed(
                    failure,
                    new Failed("ended after " + done + " of " + file.sizeBytes() + " bytes"));
        }
        if (!hex(digest).equals(file.sha256())) {
            throw failed(
                    failure, new Failed("has SHA-256 " + hex(digest) + "; need " + file.sha256()));
        }
        progress.at(file.name(), done, file.sizeBytes());
    }

    private int read(InputStream in, byte[] chunk, ArrayList<Failed> failure) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        try {
            return in.read(chunk);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()
                    || e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw interrupted();
            }
            throw failed(failure, e);
        }
    }

    private static Failed failed(ArrayList<Failed> failure, IOException e) {
        var failed = e instanceof Failed f ? f : new Failed(String.valueOf(e));
        failure.add(failed);
        return failed;
    }

    /** Ends the download; the thread's flag stays up. */
    private DataException interrupted() {
        return new DataException(
                catalogue.name(),
                "the download was interrupted; what was fetched whole is kept, ask again for the"
                        + " rest");
    }

    private InputStream open(URI from) throws IOException {
        if (from.getScheme().equals("file")) {
            return Files.newInputStream(Path.of(from));
        }
        var client =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build();
        var request = HttpRequest.newBuilder(from).timeout(ANSWER).GET().build();
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                answer.body().close();
                throw new Failed("answered HTTP " + answer.statusCode());
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private static String hex(MessageDigest digest) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("SHA-256 of every Java platform can be copied", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
