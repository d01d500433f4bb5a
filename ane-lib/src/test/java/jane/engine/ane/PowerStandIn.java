package jane.engine.ane;

import com.sun.jna.Library;
import com.sun.jna.Structure;
import java.nio.file.Path;
import java.util.Arrays;

/** Controls of {@code native/testing/standin_power.h}, and one call that tests ask themselves. */
interface PowerStandIn extends Library {
    /** {@code struct standin_power}: a laptop on battery that is warm and took 5 mJ. */
    @Structure.FieldOrder({
        "source",
        "now",
        "full",
        "lowPower",
        "heat",
        "engines",
        "energy",
        "unit",
        "qos",
        "qosError"
    })
    class State extends Structure {
        public int source = 1;
        public int now = 3051;
        public int full = 4200;
        public int lowPower = 1;
        public int heat = 2;
        public int engines = 1;
        public long energy = 5;
        public byte[] unit = Arrays.copyOf(new byte[] {'m', 'J'}, 16);
        public int qos;
        public int qosError;
    }

    void standin_power_set(State state);

    void standin_power_reset();

    long standin_power_objects();

    String standin_power_rule();

    int qos_class_self();

    static PowerStandIn in(Path folder) {
        return StandIn.library(folder, "janepower", PowerStandIn.class);
    }
}
