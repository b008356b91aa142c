package dev.waitingroom.gateway.admission;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.Provider;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The provider of signatures: Amazon's Corretto Crypto Provider if its native part loads, otherwise the JDK. A signature takes 16 µs or
 * 130 µs ({@code SigningBenchmark}).
 *
 * @param provider empty for the provider of the JDK
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

    /** Runs signing: on the calling thread if that is fast, else on a virtual thread, to keep the event loop free. */
    public Executor executor() {
        return provider.isPresent() ? Runnable::run : task -> Thread.startVirtualThread(task);
    }
}
