package dev.waitingroom.queue.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.waitingroom.queue.site.BypassRules.SecretHeader;
import dev.waitingroom.queue.site.Protection.UpstreamLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Site settings as JSON. A reader ignores fields that it does not know, and takes the default of a field that is missing: operator and
 * gateways may be of different releases while one is upgraded.
 */
public final class SiteCodec {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SiteCodec() {}

    /** The same settings are always the same text. */
    public static String encode(SiteSettings site) {
        ObjectNode out = JSON.createObjectNode();
        site.protection().ifPresent(protection -> encode(protection, out.putObject("protection")));
        out.put("admitUnavailableSeconds", site.admitUnavailable().toSeconds());
        out.put("sessionSeconds", site.session().lasts().toSeconds());
        out.put("sessionRenewed", site.session().renewed());
        encode(site.page(), out.putObject("page"));
        return out.toString();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException naming what makes no sense
     */
    public static SiteSettings decode(String text) {
        JsonNode in;
        try {
            in = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("site settings are not JSON: " + e.getOriginalMessage(), e);
        }
        return new SiteSettings(
                object(in, "protection").map(SiteCodec::protection),
                seconds(in, "admitUnavailableSeconds", Duration.ZERO),
                new SessionRules(
                        seconds(in, "sessionSeconds", SessionRules.DEFAULT.lasts()),
                        in.path("sessionRenewed").asBoolean(SessionRules.DEFAULT.renewed())),
                object(in, "page").map(SiteCodec::page).orElse(PageSettings.DEFAULT));
    }

    private static void encode(Protection protection, ObjectNode out) {
        protection
                .service()
                .ifPresent(service -> out.put("host", service.host()).put("port", service.port()));
        put(out, "hosts", protection.hosts());
        encode(protection.paths().include(), out.putArray("include"));
        encode(protection.paths().exclude(), out.putArray("exclude"));
        ArrayNode headers = out.putArray("bypassHeaders");
        protection
                .bypass()
                .headers()
                .forEach(
                        header -> headers.addObject().put("name", header.name()).put("value", header.value()));
        put(
                out,
                "bypassRanges",
                protection.bypass().ipRanges().stream().map(IpRange::toString).toList());
        protection.bypass().links().ifPresent(key -> out.put("linkKey", key.text()));
        out.put("connectSeconds", protection.limits().connect().toSeconds());
        out.put("responseSeconds", protection.limits().response().toSeconds());
        out.put("bodyBytes", protection.limits().bodyBytes());
    }

    private static Protection protection(JsonNode in) {
        return new Protection(
                text(in, "host")
                        .map(host ->
                                new Protection.Service(host, in.path("port").asInt())),
                texts(in, "hosts"),
                new PathRules(list(in, "include", SiteCodec::rule), list(in, "exclude", SiteCodec::rule)),
                new BypassRules(
                        list(
                                in,
                                "bypassHeaders",
                                header -> new SecretHeader(
                                        header.path("name").asText(),
                                        header.path("value").asText())),
                        list(in, "bypassRanges", range -> IpRange.parse(range.asText())),
                        text(in, "linkKey").map(LinkKey::new)),
                new UpstreamLimits(
                        seconds(in, "connectSeconds", UpstreamLimits.DEFAULT.connect()),
                        seconds(in, "responseSeconds", UpstreamLimits.DEFAULT.response()),
                        in.path("bodyBytes").asLong(UpstreamLimits.DEFAULT.bodyBytes())));
    }

    private static void encode(List<PathRule> rules, ArrayNode out) {
        for (PathRule rule : rules) {
            switch (rule) {
                case PathRule.Prefix(String path) -> out.addObject().put("prefix", path);
                case PathRule.Regex regex ->
                    out.addObject().put("regex", regex.pattern().pattern());
            }
        }
    }

    private static PathRule rule(JsonNode in) {
        return in.has("regex")
                ? PathRule.Regex.of(in.path("regex").asText())
                : new PathRule.Prefix(in.path("prefix").asText());
    }

    private static void encode(PageSettings page, ObjectNode out) {
        out.put("title", page.title()).put("message", page.message());
        out.put("accent", page.colours().accent().css());
        out.put("background", page.colours().background().css());
        out.put("text", page.colours().text().css());
        page.logo().ifPresent(logo -> out.put("logo", logo.bytes()));
        page.template().ifPresent(template -> out.put("template", template.text()));
    }

    private static PageSettings page(JsonNode in) {
        PageColours preset = PageColours.DEFAULT;
        return new PageSettings(
                text(in, "title").orElse(""),
                text(in, "message").orElse(""),
                new PageColours(
                        text(in, "accent").map(Colour::parse).orElse(preset.accent()),
                        text(in, "background").map(Colour::parse).orElse(preset.background()),
                        text(in, "text").map(Colour::parse).orElse(preset.text())),
                text(in, "logo").map(Base64.getDecoder()::decode).map(PageLogo::of),
                text(in, "template").map(PageTemplate::new));
    }

    private static void put(ObjectNode out, String name, List<String> texts) {
        ArrayNode array = out.putArray(name);
        texts.forEach(array::add);
    }

    private static Optional<JsonNode> object(JsonNode in, String name) {
        return Optional.of(in.path(name)).filter(JsonNode::isObject);
    }

    private static Optional<String> text(JsonNode in, String name) {
        return Optional.of(in.path(name)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    private static List<String> texts(JsonNode in, String name) {
        return list(in, name, JsonNode::asText);
    }

    private static <T> List<T> list(JsonNode in, String name, Function<JsonNode, T> read) {
        List<T> list = new ArrayList<>();
        in.path(name).forEach(item -> list.add(read.apply(item)));
        return list;
    }

    private static Duration seconds(JsonNode in, String name, Duration preset) {
        return Duration.ofSeconds(in.path(name).asLong(preset.toSeconds()));
    }
}
