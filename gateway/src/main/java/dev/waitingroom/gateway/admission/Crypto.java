package dev.waitingroom.gateway.admission;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.Provider;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What signs: Amazon's Corretto Crypto Provider if its native part loads, otherwise the JDK. A signature takes 16 µs or 174 µs
 * ({@code SigningBenchmark}).
 *
 * @param provider empty for the JDK's own
 */
public record Crypto(Optional<Provider> provider) {
    public static Crypto best() {
        AmazonCorrettoCryptoProvider accp = AmazonCorrettoCryptoProvider.INSTANCE;
        boolean works = accp.getLoadingError() == null && accp.runSelfTests() == SelfTestStatus.PASSED;
        return new Crypto(works ? Optional.of(accp) : Optional.empty());
    }

    public String name() {
        return provider.map(Provider::getName).orElse("JDK");
    }

    /** Where to sign: at once if that is quick; otherwise never on an event loop. */
    public Executor executor() {
        return provider.isPresent() ? Runnable::run : task -> Thread.startVirtualThread(task);
    }
}
