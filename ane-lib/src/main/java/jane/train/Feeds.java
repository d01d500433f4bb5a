package jane.train;

import jane.engine.Buffer;
import jane.nn.Scope;
import jane.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;

/** The inputs of a program that get new values before each run, by random stream and number. */
final class Feeds {
    private static final class Feed {
        final Buffer buffer;
        final Scope.Fill fill;
        final RandomStream stream;
        final float[] values;

        Feed(Buffer buffer, Scope.Fill fill, RandomStream stream) {
            this.buffer = buffer;
            this.fill = fill;
            this.stream = stream;
            values = new float[buffer.type().shape().size()];
        }
    }

    private final List<Feed> feeds = new ArrayList<>();
    private final long seed;

    Feeds(long seed) {
        this.seed = seed;
    }

    /** Fills {@code buffer} from the stream {@code name} from now on. */
    void add(String name, Buffer buffer, Scope.Fill fill) {
        feeds.add(new Feed(buffer, fill, RandomStream.of(seed, name)));
    }

    /** Fills every buffer; the same number gives the same values. */
    void fill(long number) {
        for (var feed : feeds) {
            feed.fill.fill(feed.values, feed.stream.at(number));
            feed.buffer.put(feed.values);
        }
    }
}
