package jane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Dependencies run down one list of packages; the list is also all there is to see from outside.
 */
final class ArchitectureTest {
    /** Top to bottom. Packages of one row may use one another, as long as there is no cycle. */
    private static final List<List<String>> ROWS =
            List.of(
                    List.of("jane"),
                    List.of("jane.train", "jane.zoo"),
                    List.of("jane.nn", "jane.optim", "jane.data", "jane.text", "jane.io"),
                    List.of("jane.tensor"),
                    List.of("jane.conform"),
                    List.of("jane.grad", "jane.compile"),
                    List.of("jane.engine", "jane.engine.cpu", "jane.engine.sim", "jane.engine.ane"),
                    List.of("jane.engine.natives", "jane.engine.power"),
                    List.of("jane.target"),
                    List.of("jane.mil"),
                    List.of("jane.op"),
                    List.of("jane.ir"));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("jane");

    @Test
    void dependenciesRunDownTheList() {
        for (int row = 0; row < ROWS.size(); row++) {
            for (String below : ROWS.get(row)) {
                String[] above =
                        ROWS.subList(0, row).stream().flatMap(List::stream).toArray(String[]::new);
                noClasses()
                        .that()
                        .resideInAPackage(below)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(above)
                        .allowEmptyShould(true)
                        .check(CLASSES);
            }
        }
    }

    @Test
    void familiesOfPackagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("jane.(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyClassIsInAListedPackage() {
        Set<String> listed = ROWS.stream().flatMap(List::stream).collect(Collectors.toSet());
        var others = new TreeSet<String>();
        for (JavaClass c : CLASSES) {
            if (!listed.contains(c.getPackageName())) {
                others.add(c.getPackageName());
            }
        }
        assertEquals(Set.of(), others, "packages that are not in the design's list");
    }

    @Test
    void theGraphRestsOnTheJdkAlone() {
        var foreign =
                DescribedPredicate.describe(
                        "outside jane.ir and java.*",
                        (JavaClass c) ->
                                !c.getBaseComponentType().isPrimitive()
                                        && !c.getPackageName().equals("jane.ir")
                                        && !c.getPackageName().startsWith("java."));
        noClasses()
                .that()
                .resideInAPackage("jane.ir")
                .should()
                .dependOnClassesThat(foreign)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void opsGradientsAndMilKnowNoEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("jane.op", "jane.grad", "jane.mil")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jane.engine..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theLibraryKnowsNoNotebookAndNoCommandLine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jane.notebook..", "jane.cli..", "picocli..", "io.github..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void nothingButTheBindingReflects() {
        noClasses()
                .that()
                .resideOutsideOfPackage("jane.engine.ane")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noStaticFieldChanges() {
        var mutable = new TreeSet<String>();
        for (JavaClass c : CLASSES) {
            c.getFields().stream()
                    .filter(f -> f.getModifiers().contains(JavaModifier.STATIC))
                    .filter(f -> !f.getModifiers().contains(JavaModifier.FINAL))
                    .filter(f -> !f.getModifiers().contains(JavaModifier.SYNTHETIC))
                    .forEach(f -> mutable.add(f.getFullName()));
        }
        assertEquals(Set.of(), mutable, "static fields that are not final");
    }
}
