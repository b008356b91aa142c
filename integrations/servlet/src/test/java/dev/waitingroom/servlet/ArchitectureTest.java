package dev.waitingroom.servlet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    /** A shop gets nothing else into its archive, above all not the gateway. */
    @Test
    void filterNeedsServletsAndTheTokenLibraryAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.waitingroom.servlet", "java..", "jakarta.servlet..", "com.nimbusds..", "org.jspecify..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.waitingroom.servlet"));
    }
}
