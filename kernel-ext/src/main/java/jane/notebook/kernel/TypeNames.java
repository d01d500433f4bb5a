package jane.notebook.kernel;

import java.lang.reflect.Modifier;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The type with the most methods that a cell can name for a value. */
final class TypeNames {
    private static final String SNIPPET_CLASS = "^REPL\\.\\$JShell\\$\\w+\\.";

    private TypeNames() {}

    /** As {@code jane.tensor.Tensor}; for a class no cell can name, a superclass or interface. */
    static String of(Object value) {
        Class<?> type = value.getClass();
        if (type.isArray()) {
            Class<?> element = type;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            return canBeNamed(element) ? name(type) : "Object";
        }
        if (canBeNamed(type)) {
            return name(type);
        }
        Set<Class<?>> candidates = new LinkedHashSet<>();
        supertypes(type, candidates);
        return candidates.stream()
                .filter(TypeNames::canBeNamed)
                .max(Comparator.comparingInt(candidate -> candidate.getMethods().length))
                .map(TypeNames::name)
                .orElse("Object");
    }

    private static void supertypes(Class<?> type, Set<Class<?>> found) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            found.add(c);
            for (Class<?> implemented : c.getInterfaces()) {
                supertypes(implemented, found);
            }
        }
    }

    private static String name(Class<?> type) {
        return type.getCanonicalName().replaceFirst(SNIPPET_CLASS, "");
    }

    /** JShell's way to write a type name, which is without the package where it is imported. */
    static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean canBeNamed(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getEnclosingClass()) {
            if (!c.isPrimitive() && !Modifier.isPublic(c.getModifiers())) {
                return false;
            }
        }
        return type.getCanonicalName() != null
                && type.getModule().isExported(type.getPackageName());
    }
}
