package dev.waitingroom.dev.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.dev.cluster.LocalCluster;
import dev.waitingroom.operator.scope.Identity;
import dev.waitingroom.operator.scope.Leases;
import dev.waitingroom.operator.scope.Scope;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeasesIT {
    private static final Scope SHOP = Scope.of(Set.of("shop")).getFirst();
    private static final Scope FAIR = Scope.of(Set.of("fair")).getFirst();

    private final LocalCluster cluster = LocalCluster.inMemory();
    private final KubernetesClient client = cluster.client();
    private final AtomicInteger lost = new AtomicInteger();
    private final List<Leases> open = new ArrayList<>();

    @AfterEach
    void giveBack() {
        open.forEach(Leases::close);
        open.clear();
    }

    @AfterAll
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void aSecondReleaseWaitsAndSaysForWhom() {
        int before = lost.get();
        Leases first = operator("ops/a", "pod-1", Scope.ALL);
        await().until(() -> first.leads(Scope.ALL));

        Leases second = operator("team/b", "pod-2", Scope.ALL);
        await().until(() -> second.holder(Scope.ALL).equals(Optional.of(new Identity("ops/a", "pod-1"))));

        assertThat(second.leads(Scope.ALL)).isFalse();
        first.close();
        await().until(() -> second.leads(Scope.ALL));
        assertThat(lost).hasValue(before);
    }

    @Test
    void ofTwoThatStartAtOnceOneLeads() {
        Leases first = operator("ops/a", "pod-1", Scope.ALL);
        Leases second = operator("team/b", "pod-2", Scope.ALL);

        await().until(() -> first.leads(Scope.ALL) || second.leads(Scope.ALL));

        assertThat(first.leads(Scope.ALL) && second.leads(Scope.ALL)).isFalse();
    }

    @Test
    void oneOfANamespaceWaitsForOneOfAll() {
        Leases all = operator("ops/a", "pod-1", Scope.ALL);
        await().until(() -> all.leads(Scope.ALL));

        Leases shop = operator("team/b", "pod-2", SHOP);
        await().until(() -> shop.holder(SHOP).isPresent());

        assertThat(shop.leads(SHOP)).isFalse();
        all.close();
        await().until(() -> shop.leads(SHOP));
    }

    @Test
    void oneOfAllWaitsForOneOfANamespace() {
        Leases shop = operator("team/b", "pod-2", SHOP);
        await().until(() -> shop.leads(SHOP));

        Leases all = operator("ops/a", "pod-1", Scope.ALL);
        await().until(() -> all.holder(Scope.ALL).equals(Optional.of(new Identity("team/b", "pod-2"))));

        assertThat(all.leads(Scope.ALL)).isFalse();
        assertThat(shop.leads(SHOP)).isTrue();
        shop.close();
        await().until(() -> all.leads(Scope.ALL));
    }

    @Test
    void namespacesThatDifferHoldUpNobody() {
        Leases shop = operator("team/b", "pod-2", SHOP);
        Leases fair = operator("team/c", "pod-3", FAIR, SHOP);

        await().until(() -> shop.leads(SHOP) || fair.leads(SHOP));
        await().until(() -> fair.leads(FAIR));

        assertThat(shop.leads(SHOP) && fair.leads(SHOP)).isFalse();
    }

    @Test
    void aLeaseThatAnotherTookIsLost() {
        int before = lost.get();
        Leases first = operator("ops/a", "pod-1", FAIR);
        await().until(() -> first.leads(FAIR));

        client.leases()
                .inNamespace("default")
                .withName("waitingroom-operator.fair")
                .edit(lease -> {
                    lease.getSpec().setHolderIdentity("else/where/pod-9");
                    return lease;
                });

        await().until(() -> lost.get() == before + 1);
        assertThat(first.leads(FAIR)).isFalse();
    }

    private Leases operator(String release, String pod, Scope... scopes) {
        var leases = new Leases(client, "default", new Identity(release, pod), lost::incrementAndGet);
        open.add(leases);
        for (Scope scope : scopes) {
            leases.seek(scope);
        }
        leases.start();
        return leases;
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(100));
    }
}
