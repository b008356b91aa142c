package dev.waitingroom.e2e.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** A rule that meets no class at all fails: a module that is missing here does not pass for one that keeps to the rules. */
class ArchitectureTest {
    private static final String KINDS = "dev.waitingroom.api..";
    private static final String QUEUE = "dev.waitingroom.queue..";
    private static final String GATEWAY = "dev.waitingroom.gateway..";
    private static final String OPERATOR = "dev.waitingroom.operator..";
    private static final String[] HTTP = {
        "io.vertx..", "java.net.http..", "com.sun.net.httpserver..", "io.netty.handler.codec.."
    };
    private static final String[] KUBERNETES = {"io.fabric8..", "io.javaoperatorsdk.."};
    private static final String LETTUCE = "io.lettuce..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.waitingroom");

    @Test
    void kindsNeedNothingElseOfOurs() {
        check(noClasses()
                .that()
                .resideInAPackage(KINDS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(QUEUE, GATEWAY, OPERATOR));
    }

    @Test
    void queueNeedsNoHttp() {
        check(noClasses()
                .that()
                .resideInAPackage(QUEUE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(HTTP));
    }

    @Test
    void queueNeedsNoKubernetes() {
        check(noClasses()
                .that()
                .resideInAPackage(QUEUE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KUBERNETES));
    }

    @Test
    void queueKnowsNobodyAboveIt() {
        check(noClasses()
                .that()
                .resideInAPackage(QUEUE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KINDS, GATEWAY, OPERATOR));
    }

    @Test
    void gatewayKnowsNoKubernetes() {
        check(noClasses()
                .that()
                .resideInAPackage(GATEWAY)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KUBERNETES)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(KINDS, OPERATOR));
    }

    @Test
    void operatorKnowsNothingOfTheGatewaysClasses() {
        check(noClasses()
                .that()
                .resideInAPackage(OPERATOR)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(GATEWAY));
    }

    @Test
    void onlyOnePackageSpeaksToRedis() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.waitingroom.queue.redis")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LETTUCE));
    }

    @Test
    void packagesDependOnEachOtherOneWayOnly() {
        check(slices().matching("dev.waitingroom.(**)").should().beFreeOfCycles());
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
