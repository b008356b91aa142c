package dev.waitingroom.operator.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.api.v1alpha1.WaitingRoomGatewaySpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySpecsTest {
    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "10.1.2.3", "::/0", "fd00::/8", "::1", "::ffff:10.0.0.1", "0.0.0.0/0"})
    void takesAddressesAndRanges(String range) {
        assertThatCode(() -> GatewaySpecs.check(spec(range))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0",
                "1::2::3",
                ":::",
                "fd00::/129",
                "10.0.0.256",
                "ingress.example",
                "10.0.0.0/"
            })
    void namesTheFieldOfWhatIsNeither(String range) {
        assertThatThrownBy(() -> GatewaySpecs.check(spec(range)))
                .hasMessage("spec.clients.trustedProxies[1] is \"" + range
                        + "\", which is neither an address nor a CIDR range such as 10.0.0.0/8");
    }

    private static WaitingRoomGatewaySpec spec(String range) {
        return Serialization.unmarshal(
                "clients: {trustedProxies: [10.0.0.1, \"" + range + "\"]}", WaitingRoomGatewaySpec.class);
    }
}
