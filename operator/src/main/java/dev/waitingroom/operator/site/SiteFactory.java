package dev.waitingroom.operator.site;

import dev.waitingroom.api.v1alpha1.Page;
import dev.waitingroom.api.v1alpha1.Page.Colors;
import dev.waitingroom.api.v1alpha1.Protect;
import dev.waitingroom.api.v1alpha1.Protect.Bypass;
import dev.waitingroom.api.v1alpha1.Protect.Limits;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec.WhenUnavailable;
import dev.waitingroom.operator.site.SiteSources.ServiceState;
import dev.waitingroom.operator.site.SiteSources.Value;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.queue.site.BypassRules;
import dev.waitingroom.queue.site.BypassRules.SecretHeader;
import dev.waitingroom.queue.site.Colour;
import dev.waitingroom.queue.site.IpRange;
import dev.waitingroom.queue.site.LinkKey;
import dev.waitingroom.queue.site.PageColours;
import dev.waitingroom.queue.site.PageLogo;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.PageTemplate;
import dev.waitingroom.queue.site.PathRule;
import dev.waitingroom.queue.site.PathRules;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.Protection.UpstreamLimits;
import dev.waitingroom.queue.site.SessionRules;
import dev.waitingroom.queue.site.SiteSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Translates a room's spec, and what it names, into site settings. Pure. */
public final class SiteFactory {
    private static final long MEBIBYTE = 1L << 20;

    /** The page and its API. A check on a whole Gateway covers them, too, and visitors without admission need them. */
    private static final List<PathRule> OWN_PATHS =
            List.of(new PathRule.Prefix("/waiting"), new PathRule.Prefix("/api/v1/queue"));

    private SiteFactory() {}

    /**
     * The settings.
     *
     * @param protection how the protected service is; empty if the room protects none
     * @param page whether the page looks as the spec says; empty if the spec says nothing
     */
    public record Site(SiteSettings settings, Optional<Finding> protection, Optional<Finding> page) {}

    /** @throws IllegalArgumentException naming the field of the spec that makes no sense */
    public static Site of(WaitingRoomSpec spec, SiteSources sources) {
        List<String> problems = new ArrayList<>();
        PageSettings page = page(spec.page(), sources, problems);
        List<String> linkProblems = new ArrayList<>();
        Optional<LinkKey> links =
                content("spec.protect.bypass.signedLinks", sources.linkSecret(), LinkKey::derive, linkProblems);
        Optional<Protection> protection =
                Optional.ofNullable(spec.protect()).map(protect -> protection(protect, sources, links));
        SiteSettings settings = new SiteSettings(
                protection,
                spec.whenUnavailable() == WhenUnavailable.ADMIT
                        ? Duration.ofSeconds(spec.unavailableAdmitSeconds())
                        : Duration.ZERO,
                new SessionRules(
                        Duration.ofSeconds(spec.reservation().sessionSeconds()),
                        spec.reservation().renewSession()),
                page);
        return new Site(
                settings,
                Optional.ofNullable(spec.protect()).flatMap(protect -> finding(protect, sources, linkProblems)),
                Optional.ofNullable(spec.page()).map(own -> finding(problems)));
    }

    private static Finding finding(List<String> problems) {
        return problems.isEmpty()
                ? Finding.good("Applied", "The page looks as the spec says.")
                : Finding.bad(
                        "PageInvalid", String.join(" ", problems) + " Until then the built-in look is used instead.");
    }

    /** Empty if nothing can be wrong: the room protects no Service itself, and its links are valid. */
    private static Optional<Finding> finding(Protect protect, SiteSources sources, List<String> linkProblems) {
        Optional<Finding> links = linkProblems.stream()
                .findFirst()
                .map(problem -> Finding.bad("SignedLinksInvalid", problem + " Until then no link is accepted."));
        Optional<Finding> service = Optional.ofNullable(protect.service()).map(named -> finding(named, sources));
        return service.filter(finding -> !finding.isTrue()).or(() -> links).or(() -> service);
    }

    private static Finding finding(Protect.Service service, SiteSources sources) {
        String name = "Service " + service.name();
        if (sources.hostHolder().isPresent()) {
            return Finding.bad(
                    "HostTaken",
                    "WaitingRoom " + sources.hostHolder().get()
                            + " protects a service on the same hosts and was there first. Give each room its own hosts in spec.protect.hosts.");
        }
        return switch (sources.service()) {
            case ServiceState.Missing _ ->
                Finding.bad("ServiceMissing", name + " does not exist. Create it in the namespace of the room.");
            case ServiceState.PortMissing(String ports) ->
                Finding.bad(
                        "ServicePortMissing",
                        name + " has no port " + service.port() + ", but " + ports
                                + ". Set spec.protect.service.port to one of them.");
            case ServiceState.NoEndpoints _ ->
                Finding.bad("NoEndpoints", name + " has no ready pod. Admitted visitors get 502 until it has one.");
            case ServiceState.Ready _ -> Finding.good("Protected", name + " is reached by admitted visitors only.");
        };
    }

    /** Without a service if the gateway cannot know where to connect, or another room has the hosts. Its rules still judge route checks. */
    private static Protection protection(Protect protect, SiteSources sources, Optional<LinkKey> links) {
        List<PathRule> exclude = new ArrayList<>(
                each("spec.protect.paths.exclude", protect.paths().exclude(), SiteFactory::rule));
        if (!protect.targetRefs().isEmpty()) {
            exclude.addAll(OWN_PATHS);
        }
        PathRules paths = new PathRules(
                each("spec.protect.paths.include", protect.paths().include(), SiteFactory::rule), exclude);
        return new Protection(
                Optional.ofNullable(protect.service())
                        .flatMap(named -> host(sources).map(host -> new Protection.Service(host, named.port()))),
                protect.hosts(),
                paths,
                bypass(protect.bypass(), links),
                limits(protect.limits()));
    }

    private static Optional<String> host(SiteSources sources) {
        if (sources.hostHolder().isPresent()) {
            return Optional.empty();
        }
        return switch (sources.service()) {
            case ServiceState.Ready(String host) -> Optional.of(host);
            case ServiceState.NoEndpoints(String host) -> Optional.of(host);
            case ServiceState.Missing _, ServiceState.PortMissing _ -> Optional.empty();
        };
    }

    private static PathRule rule(Protect.PathRule spec) {
        return spec.regex() == null
                ? new PathRule.Prefix(spec.prefix() == null ? "" : spec.prefix())
                : PathRule.Regex.of(spec.regex());
    }

    /** An error names the item. */
    private static <S, T> List<T> each(String field, List<S> specs, Function<S, T> reader) {
        List<T> items = new ArrayList<>();
        for (S spec : specs) {
            try {
                items.add(reader.apply(spec));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(field + "[" + items.size() + "]: " + e.getMessage(), e);
            }
        }
        return items;
    }

    private static BypassRules bypass(Bypass spec, Optional<LinkKey> links) {
        return new BypassRules(
                spec.headers().stream()
                        .map(header -> new SecretHeader(header.name(), header.value()))
                        .toList(),
                each("spec.protect.bypass.ipRanges", spec.ipRanges(), IpRange::parse),
                links);
    }

    private static UpstreamLimits limits(Limits spec) {
        return new UpstreamLimits(
                Duration.ofSeconds(spec.connectSeconds()),
                Duration.ofSeconds(spec.responseSeconds()),
                spec.bodyMebibytes() * MEBIBYTE);
    }

    private static PageSettings page(@Nullable Page spec, SiteSources sources, List<String> problems) {
        if (spec == null) {
            return PageSettings.DEFAULT;
        }
        return new PageSettings(
                spec.title() == null ? "" : spec.title(),
                spec.message() == null ? "" : spec.message(),
                colours(spec.colors(), problems),
                content("spec.page.logo", sources.logo(), PageLogo::of, problems),
                content(
                        "spec.page.template",
                        sources.template(),
                        bytes -> new PageTemplate(new String(bytes, StandardCharsets.UTF_8)),
                        problems));
    }

    private static PageColours colours(@Nullable Colors spec, List<String> problems) {
        PageColours preset = PageColours.DEFAULT;
        if (spec == null) {
            return preset;
        }
        PageColours colours = new PageColours(
                spec.accent() == null ? preset.accent() : Colour.parse(spec.accent()),
                spec.background() == null ? preset.background() : Colour.parse(spec.background()),
                spec.text() == null ? preset.text() : Colour.parse(spec.text()));
        List<String> unreadable = colours.problems();
        unreadable.forEach(problem -> problems.add("spec.page.colors: " + problem + "."));
        return unreadable.isEmpty() ? colours : preset;
    }

    private static <T> Optional<T> content(
            String field, Optional<Value> value, Function<byte[], T> reader, List<String> problems) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        switch (value.get()) {
            case Value.Missing(String what) -> problems.add(field + ": " + what + ".");
            case Value.Found(SiteSources.Content content) -> {
                try {
                    return Optional.of(reader.apply(content.bytes()));
                } catch (IllegalArgumentException e) {
                    problems.add(field + ": " + e.getMessage() + ".");
                }
            }
        }
        return Optional.empty();
    }
}
