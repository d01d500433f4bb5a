package jane.notebook.kernel;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Javadoc of Jane's own classes, from the sources that are in the jar: JShell looks for Javadoc in
 * the JDK's sources only.
 */
final class ShippedJavadoc {
    private static final String SOURCES = "/META-INF/sources/";

    /** Where a class that a signature names without its package may be. */
    private static final List<String> PACKAGES =
            List.of(
                    "jane",
                    "jane.tensor",
                    "jane.nn",
                    "jane.optim",
                    "jane.train",
                    "jane.data",
                    "jane.zoo",
                    "jane.ir",
                    "jane.op",
                    "jane.io",
                    "jane.mil",
                    "jane.engine",
                    "jane.compile",
                    "jane.grad");

    private static final Pattern METHOD = Pattern.compile("(?:.*[ .])?(\\w+)\\.(\\w+)\\((.*)\\).*");
    private static final Pattern CONSTRUCTOR = Pattern.compile("(\\w+)\\((.*)\\).*");
    private static final Pattern TYPE = Pattern.compile("(jane(?:\\.\\w+)*)\\.(\\w+)");

    private ShippedJavadoc() {}

    /** What is said of the method, constructor or type with this signature, as JShell words it. */
    static Optional<String> of(String signature) {
        Matcher type = TYPE.matcher(signature);
        if (type.matches()) {
            return source(type.group(1), type.group(2)).flatMap(s -> find(s, type.group(2), "", 0));
        }
        Matcher method = METHOD.matcher(signature);
        if (method.matches()) {
            return member(method.group(1), method.group(2), method.group(3));
        }
        Matcher constructor = CONSTRUCTOR.matcher(signature);
        return constructor.matches()
                ? member(constructor.group(1), "<init>", constructor.group(2))
                : Optional.empty();
    }

    private static Optional<String> member(String owner, String name, String parameters) {
        int count = parameters.isBlank() ? 0 : parameters.split(",").length;
        return PACKAGES.stream()
                .flatMap(p -> source(p, owner).stream())
                .findFirst()
                .flatMap(source -> find(source, owner, name, count));
    }

    private static Optional<String> source(String inPackage, String type) {
        String path = SOURCES + inPackage.replace('.', '/') + "/" + type + ".java";
        try (InputStream in = ShippedJavadoc.class.getResourceAsStream(path)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new IllegalStateException("resource " + path + " is unreadable", unreadable);
        }
    }

    /** The comment before a member, or before the type itself when {@code member} is empty. */
    private static Optional<String> find(
            String source, String type, String member, int parameters) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            return Optional.empty(); // a JRE; the session could not have started
        }
        var file =
                new SimpleJavaFileObject(
                        URI.create("string:///" + type + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return source;
                    }
                };
        var task = (JavacTask) compiler.getTask(null, null, d -> {}, null, null, List.of(file));
        var search = new Search(DocTrees.instance(task), type, member, parameters);
        try {
            task.parse().forEach(unit -> search.scan(unit, null));
        } catch (IOException unreadable) {
            throw new IllegalStateException("source of " + type + " is unreadable", unreadable);
        }
        return Optional.ofNullable(search.found);
    }

    private static final class Search extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final String type;
        private final String member;
        private final int parameters;
        private String found;

        Search(DocTrees docs, String type, String member, int parameters) {
            this.docs = docs;
            this.type = type;
            this.member = member;
            this.parameters = parameters;
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            if (member.isEmpty() && tree.getSimpleName().contentEquals(type)) {
                note();
            }
            return super.visitClass(tree, nothing);
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            boolean here =
                    getCurrentPath().getParentPath().getLeaf() instanceof ClassTree owner
                            && owner.getSimpleName().contentEquals(type);
            if (here
                    && tree.getName().contentEquals(member)
                    && tree.getParameters().size() == parameters) {
                note();
            }
            return super.visitMethod(tree, nothing);
        }

        private void note() {
            String comment = docs.getDocComment(getCurrentPath());
            if (found == null && comment != null) {
                found = comment.strip();
            }
        }
    }
}
