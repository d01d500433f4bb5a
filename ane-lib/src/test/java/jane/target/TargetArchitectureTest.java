package jane.target;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Targets stand above MIL and below every engine. */
final class TargetArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("jane.target", "jane.mil", "jane.op", "jane.ir");

    @Test
    void targetsKnowMilOpsGraphsAndTheJdk() {
        classes()
                .that()
                .resideInAPackage("jane.target")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("jane.target", "jane.mil", "jane.op", "jane.ir", "java..")
                .check(CLASSES);
    }

    @Test
    void nothingBelowKnowsTargets() {
        noClasses()
                .that()
                .resideInAnyPackage("jane.mil", "jane.op", "jane.ir")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jane.target")
                .check(CLASSES);
    }
}
