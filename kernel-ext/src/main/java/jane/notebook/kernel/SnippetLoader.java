package jane.notebook.kernel;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControl.ClassInstallException;
import jdk.jshell.spi.ExecutionControl.InternalException;

/** Defines the classes of snippets over the kernel's own class path. */
final class SnippetLoader implements LoaderDelegate {
    private final Loader loader = new Loader(SnippetLoader.class.getClassLoader());

    private static final class Loader extends URLClassLoader {
        private final Map<String, byte[]> declared = new ConcurrentHashMap<>();

        Loader(ClassLoader parent) {
            super("snippets", new URL[0], parent);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] code = declared.get(name);
            return code == null ? super.findClass(name) : defineClass(name, code, 0, code.length);
        }

        @Override
        protected void addURL(URL url) {
            super.addURL(url);
        }
    }

    ClassLoader classLoader() {
        return loader;
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException {
        boolean[] loaded = new boolean[classes.length];
        for (ClassBytecodes one : classes) {
            loader.declared.put(one.name(), one.bytecodes());
        }
        try {
            for (int i = 0; i < classes.length; i++) {
                loader.loadClass(classes[i].name()).getDeclaredMethods(); // links it
                loaded[i] = true;
            }
        } catch (ClassNotFoundException | LinkageError refused) {
            throw new ClassInstallException("load: " + refused, loaded);
        }
    }

    @Override
    public void classesRedefined(ClassBytecodes[] classes) {
        for (ClassBytecodes one : classes) {
            loader.declared.put(one.name(), one.bytecodes());
        }
    }

    @Override
    public void addToClasspath(String path) throws InternalException {
        try {
            for (String entry : path.split(File.pathSeparator)) {
                loader.addURL(new File(entry).toURI().toURL());
            }
        } catch (MalformedURLException refused) {
            throw new InternalException(refused.toString());
        }
    }

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }
}
