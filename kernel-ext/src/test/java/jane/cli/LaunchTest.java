package jane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import org.junit.jupiter.api.Test;

final class LaunchTest {
    private static final int JAVA_8_CLASS_FILE = 52;

    @Test
    void readsOldAndNewVersionNumbers() {
        assertEquals(8, Launch.feature("1.8"));
        assertEquals(9, Launch.feature("9"));
        assertEquals(17, Launch.feature("17"));
        assertEquals(25, Launch.feature("25"));
        assertEquals(0, Launch.feature("unknown"));
    }

    @Test
    void refusesInOneLineThatSaysWhatWasFoundAndWhatToDo() {
        assertEquals(
                "[java] this Java is too old for Jane: version 1.8 in /opt/jdk8; need a JDK of"
                        + " version 17 or newer. Run ./install.sh, which finds one or says how to"
                        + " get one.",
                Launch.refusal("1.8", "/opt/jdk8"));
    }

    @Test
    void loadsOnJava8() throws Exception {
        try (var in = new DataInputStream(Launch.class.getResourceAsStream("Launch.class"))) {
            assertEquals(0xCAFEBABE, in.readInt());
            assertEquals(0, in.readUnsignedShort());
            assertEquals(JAVA_8_CLASS_FILE, in.readUnsignedShort());
        }
    }
}
