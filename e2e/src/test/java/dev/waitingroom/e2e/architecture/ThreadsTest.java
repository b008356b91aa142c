package dev.waitingroom.e2e.architecture;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The classes of all modules, tests included. */
class ThreadsTest {
    private static final Set<String> STARTS_VIRTUAL_THREADS = Set.of(
            "java.lang.Thread.ofVirtual",
            "java.lang.Thread.startVirtualThread",
            "java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor");

    private static final Set<String> READS_A_PIPE = Set.of(
            "java.lang.Process.getInputStream",
            "java.lang.Process.getErrorStream",
            "java.lang.Process.inputReader",
            "java.lang.Process.errorReader");

    private static final JavaClasses CLASSES = new ClassFileImporter().importPaths(compiled());

    /**
     * Such a read blocks the carrier until the process prints something or ends, and there are only as many carriers as processors. The test
     * follows the calls from every class that starts virtual threads.
     */
    @Test
    void noVirtualThreadReadsTheOutputOfAProcess() {
        Set<JavaCodeUnit> reached = new HashSet<>();
        var next = new ArrayDeque<JavaCodeUnit>();
        CLASSES.stream()
                .filter(type -> type.getCodeUnits().stream().anyMatch(unit -> calls(unit, STARTS_VIRTUAL_THREADS)))
                .map(ThreadsTest::outermost)
                .flatMap(ThreadsTest::withNested)
                .forEach(type -> next.addAll(type.getCodeUnits()));
        assertThat(List.copyOf(next)).isNotEmpty();

        while (!next.isEmpty()) {
            JavaCodeUnit unit = next.pop();
            if (reached.add(unit)) {
                unit.getCallsFromSelf().stream()
                        .map(call -> call.getTarget().resolveMember())
                        .flatMap(Optional::stream)
                        .filter(JavaCodeUnit.class::isInstance)
                        .map(JavaCodeUnit.class::cast)
                        .forEach(next::add);
            }
        }

        Set<String> readers = reached.stream()
                .filter(unit -> calls(unit, READS_A_PIPE))
                .map(JavaCodeUnit::getFullName)
                .collect(toCollection(TreeSet::new));
        assertThat(readers).isEmpty();
    }

    private static boolean calls(JavaCodeUnit unit, Set<String> methods) {
        return unit.getAccessesFromSelf().stream()
                .map(JavaAccess::getTarget)
                .anyMatch(target -> methods.contains(target.getOwner().getName() + "." + target.getName()));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ThreadsTest::outermost).orElse(type);
    }

    private static Stream<JavaClass> withNested(JavaClass outer) {
        return CLASSES.stream().filter(type -> outermost(type).equals(outer));
    }

    private static List<Path> compiled() {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            return modules.flatMap(module ->
                            Stream.of("target/classes", "target/test-classes").map(module::resolve))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
