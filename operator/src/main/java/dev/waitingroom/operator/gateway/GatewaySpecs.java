package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.WaitingRoomGatewaySpec;
import dev.waitingroom.operator.scaling.Bounds;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** Checks that the schema of a WaitingRoomGateway cannot make, or that an older installed schema did not make. */
final class GatewaySpecs {
    private static final String IPV4 = "\\d+(\\.\\d+){3}";

    private GatewaySpecs() {}

    /**
     * Checks the spec.
     *
     * @return the bounds for scaling
     * @throws BlockedException naming the field, its value and its range
     */
    static Bounds checked(WaitingRoomGatewaySpec spec) throws BlockedException {
        try {
            Bounds bounds = new Bounds(
                    spec.replicas().min(),
                    spec.replicas().max(),
                    spec.scaling().targetRequestsPerSecond(),
                    Duration.ofSeconds(spec.scaling().scaleDownAfterSeconds()));
            check(spec);
            return bounds;
        } catch (IllegalArgumentException e) {
            throw new BlockedException(
                    "SpecInvalid",
                    e.getMessage() + ". Correct the spec. Until then the former spec stays in force.",
                    e);
        }
    }

    /**
     * Checks the ranges of proxies.
     *
     * @throws IllegalArgumentException naming the field, its value and what it should be
     */
    static void check(WaitingRoomGatewaySpec spec) {
        List<String> proxies = spec.clients().trustedProxies();
        for (int i = 0; i < proxies.size(); i++) {
            if (!isRange(proxies.get(i))) {
                throw new IllegalArgumentException("spec.clients.trustedProxies[" + i + "] is \"" + proxies.get(i)
                        + "\", which is neither an address nor a CIDR range such as 10.0.0.0/8");
            }
        }
    }

    /** The same rule as in the gateway: a numeric address, and a prefix length within its range. */
    private static boolean isRange(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean six = address.indexOf(':') >= 0;
        if (!six && !address.matches(IPV4)) {
            return false;
        }
        try {
            InetAddress _ = InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            return false;
        }
        String length = slash < 0 ? "0" : text.substring(slash + 1);
        return length.matches("\\d{1,3}") && Integer.parseInt(length) <= (six ? 128 : 32);
    }
}
