package dev.waitingroom.e2e.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** A rule that matches no class fails, so a missing module is noticed. */
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
    void crdsDependOnNoOtherModule() {
        check(noClasses()
                .that()
                .resideInAPackage(KINDS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(QUEUE, GATEWAY, OPERATOR));
    }

    @Test
    void queueUsesNoHttp() {
        check(noClasses()
                .that()
                .resideInAPackage(QUEUE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(HTTP));
    }

    @Test
    void queueUsesNoKubernetes() {
        check(noClasses()
                .that()
                .resideInAPackage(QUEUE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KUBERNETES));
    }

    @Test
    void queueDependsOnNoHigherModule() {
        check(noClasses()
                .that()
                .resideInAPackage(QUEUE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KINDS, GATEWAY, OPERATOR));
    }

    @Test
    void gatewayUsesNoKubernetes() {
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

    /** A page, a stream or a proxy can use the server without the line. */
    @Test
    void serversDoNotDependOnTheQueue() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.waitingroom.gateway.http..", "dev.waitingroom.gateway.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(QUEUE));
    }

    /** Who may enter is decided from memory. */
    @Test
    void admissionIsJudgedWithoutRedis() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.waitingroom.gateway.protect..", "dev.waitingroom.gateway.verify..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.waitingroom.queue.redis..", "dev.waitingroom.queue.store.."));
    }

    @Test
    void routeCheckAndProxyAreIndependent() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.waitingroom.gateway.verify..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.waitingroom.gateway.upstream.."));
        check(noClasses()
                .that()
                .resideInAPackage("dev.waitingroom.gateway.upstream..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.waitingroom.gateway.verify.."));
    }

    @Test
    void operatorDoesNotDependOnTheGateway() {
        check(noClasses()
                .that()
                .resideInAPackage(OPERATOR)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(GATEWAY));
    }

    @Test
    void onlyQueueRedisUsesLettuce() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.waitingroom.queue.redis")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LETTUCE));
    }

    @Test
    void roomsUseTheStoreAndNotRedis() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.waitingroom.queue.room", "dev.waitingroom.queue.store")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.waitingroom.queue.redis"));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("dev.waitingroom.(**)").should().beFreeOfCycles());
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
