package jane.engine.ane;

import jane.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;

/** Tests of the engine in this process, over the bridge library and the stand-in for Espresso. */
abstract class OverStandIn {
    final AtomicLong clock = new AtomicLong();
    final List<String> warnings = new ArrayList<>();
    StandIn standIn;

    AneEngine engine(int slots) {
        var folder = StandIn.folder();
        standIn = StandIn.in(folder);
        var bridge = StandIn.bridge(folder);
        return new AneEngine("ane", Target.named("m5"), bridge, slots, clock::get, warnings::add);
    }

    @AfterEach
    void forgetFailures() {
        if (standIn != null) {
            standIn.controls().standin_reset();
            standIn.controls().standin_set_cap(0);
        }
    }
}
