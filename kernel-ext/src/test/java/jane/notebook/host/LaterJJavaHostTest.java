package jane.notebook.host;

import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.ParsedCellMagic;
import org.dflib.jjava.jupyter.kernel.magic.ParsedLineMagic;
import org.dflib.jjava.kernel.JavaKernel;

/** Jane in JJava as it is since 1.0-a7, where a magic that ends a cell is the cell's result. */
final class LaterJJavaHostTest extends HostContract {
    private static final class ShowsResults extends MagicTranspiler {
        @Override
        public String transpileCell(ParsedCellMagic magic) {
            return super.transpileCell(magic).replace("{};", "");
        }

        @Override
        public String transpileLine(ParsedLineMagic magic) {
            return super.transpileLine(magic).replace("{};", "");
        }
    }

    @Override
    HostDriver start() throws Exception {
        var kernel = new JavaKernel(true, new ShowsResults());
        kernel.onStartup();
        return new JJavaDriver(kernel);
    }

    @Override
    String name() {
        return "JJava 1.0-a6";
    }
}
