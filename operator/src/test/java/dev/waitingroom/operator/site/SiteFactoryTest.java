package dev.waitingroom.operator.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.operator.site.SiteFactory.Site;
import dev.waitingroom.operator.site.SiteSources.Content;
import dev.waitingroom.operator.site.SiteSources.ServiceState;
import dev.waitingroom.operator.site.SiteSources.Value;
import dev.waitingroom.queue.site.LinkKey;
import dev.waitingroom.queue.site.PageColours;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.SiteCodec;
import dev.waitingroom.queue.site.SiteSettings;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiteFactoryTest {
    private static final SiteSources READY = sources(new ServiceState.Ready("shop.default.svc"));

    private static SiteSources sources(ServiceState service) {
        return new SiteSources(service, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static WaitingRoom room(String name, String created, String spec) {
        return Serialization.unmarshal(
                """
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: NAME, uid: NAME, creationTimestamp: "CREATED"}
                spec: {admission: {rate: 1, burst: 1}SPEC}
                """.replace("NAME", name).replace("CREATED", created).replace("SPEC", spec), WaitingRoom.class);
    }

    private static Site site(String spec, SiteSources sources) {
        return SiteFactory.of(room("a", "2026-01-01T00:00:00Z", spec).getSpec(), sources);
    }

    @Test
    void roomThatSaysNothingHasTheDefaults() {
        Site site = site("", SiteSources.NONE);

        assertThat(site.settings()).isEqualTo(SiteSettings.DEFAULT);
        assertThat(site.protection()).isEmpty();
        assertThat(site.page()).isEmpty();
    }

    @Test
    void protectedServiceIsTranslated() {
        Site site = site(
                ", whenUnavailable: Admit, unavailableAdmitSeconds: 60, protect: {service: {name: shop, port: 8080}, hosts: [shop.example],"
                        + " paths: {include: [{prefix: /cart}]}, limits: {bodyMebibytes: 2}}",
                READY);

        Protection protection = site.settings().protection().orElseThrow();
        assertThat(protection.service()).contains(new Protection.Service("shop.default.svc", 8080));
        assertThat(protection.hosts()).containsExactly("shop.example");
        assertThat(protection.paths().protects("/cart/x")).isTrue();
        assertThat(protection.paths().protects("/x")).isFalse();
        assertThat(protection.limits().bodyBytes()).isEqualTo(2 << 20);
        assertThat(site.settings().admitUnavailable()).isEqualTo(Duration.ofSeconds(60));
        assertThat(site.protection().orElseThrow().reason()).isEqualTo("Protected");
    }

    @Test
    void pageStaysOpenWhereTargetsAskTheRoom() {
        String target = "{group: gateway.networking.k8s.io, kind: Gateway, name: edge}";
        Site site = site(", protect: {targetRefs: [" + target + "]}", SiteSources.NONE);

        Protection protection = site.settings().protection().orElseThrow();
        assertThat(protection.paths().protects("/waiting/concert")).isFalse();
        assertThat(protection.paths().protects("/api/v1/queue/join")).isFalse();
        assertThat(protection.paths().protects("/waiting/../cart")).isTrue();
        assertThat(protection.paths().protects("/cart")).isTrue();
        assertThat(site.protection()).isEmpty();
    }

    @Test
    void serviceThatCannotServeIsNamed() {
        String spec = ", protect: {service: {name: shop, port: 80}}";

        Site missing = site(spec, SiteSources.NONE);
        Site port = site(spec, sources(new ServiceState.PortMissing("8080, 8443")));
        Site empty = site(spec, sources(new ServiceState.NoEndpoints("shop.default.svc")));

        assertThat(missing.protection().orElseThrow().reason()).isEqualTo("ServiceMissing");
        assertThat(missing.settings().protection().orElseThrow().service()).isEmpty();
        assertThat(port.protection().orElseThrow().message()).contains("no port 80, but 8080, 8443");
        assertThat(empty.protection().orElseThrow().reason()).isEqualTo("NoEndpoints");
        assertThat(empty.settings().protection().orElseThrow().service()).isPresent();
    }

    @Test
    void patternThatRe2DoesNotKnowIsNamedByItsField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> site(
                        ", protect: {service: {name: shop, port: 80}, paths: {exclude: [{prefix: /a}, {regex: '(?=x)'}]}}",
                        READY))
                .withMessageStartingWith("spec.protect.paths.exclude[1]: ");
    }

    /** The pattern of the CRD lets some pass. */
    @Test
    void invalidRangeIsNamedByItsField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> site(
                        ", protect: {service: {name: shop, port: 80}, bypass: {ipRanges: [192.0.2.0/24, '::1:2:3:4:5:6:7:8:9']}}",
                        SiteSources.NONE))
                .withMessage(
                        "spec.protect.bypass.ipRanges[1]: \"::1:2:3:4:5:6:7:8:9\" is neither an address nor a CIDR range such as 192.0.2.0/24");
    }

    @Test
    void keyOfSignedLinksIsDerivedFromTheSecret() {
        String spec = ", protect: {service: {name: shop, port: 80}, bypass: {signedLinks: {secret: s, key: k}}}";
        String secret = "0123456789abcdef0123456789abcdef";

        Site site = site(spec, withSecret(new Value.Found(new Content(secret.getBytes(StandardCharsets.UTF_8)))));
        Site weak = site(spec, withSecret(new Value.Found(new Content(new byte[] {'x'}))));
        Site missing = site(spec, withSecret(new Value.Missing("Secret s does not exist. Create it")));

        assertThat(site.settings().protection().orElseThrow().bypass().links())
                .contains(LinkKey.derive(secret.getBytes(StandardCharsets.UTF_8)));
        assertThat(SiteCodec.encode(site.settings())).doesNotContain(secret);
        assertThat(site.protection().orElseThrow().reason()).isEqualTo("Protected");
        assertThat(weak.settings().protection().orElseThrow().bypass().links()).isEmpty();
        assertThat(weak.protection().orElseThrow().message())
                .isEqualTo("spec.protect.bypass.signedLinks: the secret has 1 bytes; at least 32 are needed:"
                        + " make one by openssl rand -hex 32. Until then no link is accepted.");
        assertThat(missing.protection().orElseThrow().reason()).isEqualTo("SignedLinksInvalid");
    }

    private static SiteSources withSecret(Value value) {
        return new SiteSources(
                READY.service(), Optional.empty(), Optional.empty(), Optional.of(value), Optional.empty());
    }

    @Test
    void unreadableColoursLeaveTheBuiltInOnes() {
        Site site = site(", page: {title: Concert, colors: {accent: '#ffee00'}}", SiteSources.NONE);

        assertThat(site.settings().page().title()).isEqualTo("Concert");
        assertThat(site.settings().page().colours()).isEqualTo(PageColours.DEFAULT);
        assertThat(site.page().orElseThrow().reason()).isEqualTo("PageInvalid");
        assertThat(site.page().orElseThrow().message())
                .contains("spec.page.colors")
                .contains("#ffee00");
    }

    @Test
    void brokenTemplateAndMissingLogoLeaveTheBuiltInPage() {
        Site site = site(
                ", page: {logo: {configMap: m, key: l}, template: {configMap: m, key: t}}",
                new SiteSources(
                        new ServiceState.Missing(),
                        Optional.of(new Value.Missing("ConfigMap m has no key l. Add it")),
                        Optional.of(new Value.Found(new Content("{{#open}}".getBytes(StandardCharsets.UTF_8)))),
                        Optional.empty(),
                        Optional.empty()));

        assertThat(site.settings().page().template()).isEmpty();
        assertThat(site.settings().page().logo()).isEmpty();
        assertThat(site.page().orElseThrow().message())
                .contains("spec.page.logo: ConfigMap m has no key l.")
                .contains("spec.page.template: ");
    }

    @Test
    void olderRoomKeepsTheHost() {
        String spec = ", protect: {service: {name: shop, port: 80}, hosts: [HOST]}";
        WaitingRoom old = room("old", "2026-01-01T00:00:00Z", spec.replace("HOST", "shop.example"));
        WaitingRoom young = room("young", "2026-01-02T00:00:00Z", spec.replace("HOST", "shop.example"));
        WaitingRoom other = room("other", "2026-01-03T00:00:00Z", spec.replace("HOST", "'*.shop.example'"));
        List<WaitingRoom> all = List.of(young, old, other);

        assertThat(HostConflicts.holder(old, all)).isEmpty();
        assertThat(HostConflicts.holder(young, all)).contains("old");
        assertThat(HostConflicts.holder(other, all)).isEmpty();
        Site site = SiteFactory.of(young.getSpec(), READY.withHostHolder(Optional.of("old")));
        assertThat(site.settings().protection().orElseThrow().service()).isEmpty();
        assertThat(site.protection().orElseThrow().reason()).isEqualTo("HostTaken");
    }
}
