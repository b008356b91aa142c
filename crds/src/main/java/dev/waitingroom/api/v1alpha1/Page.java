package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** How a room's page looks. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page(
        @Size(max = 80)
        @JsonPropertyDescription(
                "The name of what visitors wait for, at most 80 characters. Default: none; the page shows the state of the line. Example: Concert.")
        @Nullable
        String title,

        @Size(max = 500)
        @JsonPropertyDescription(
                "A message to visitors who wait, as plain text of at most 500 characters. Default: none. Example: Doors open at eight.")
        @Nullable
        String message,

        @JsonPropertyDescription(
                "The colours of the light page; those of the dark page follow from them. If one cannot be read on the background, the condition PageReady says so, and the built-in colours are used. Default: the built-in colours. Example: {accent: '#1a56db'}.")
        @Nullable
        Colors colors,

        @JsonPropertyDescription(
                "The logo: a PNG or JPEG of at most 64 KiB, in binaryData of a ConfigMap in the room's namespace. Default: none. Example: {configMap: shop-page, key: logo.png}.")
        @Nullable
        ConfigMapKey logo,

        @JsonPropertyDescription(
                "A whole page of your own: a Mustache template of at most 1 MiB, in data of a ConfigMap in the room's namespace. A broken one is named by the condition PageReady, and the built-in page is used. Default: the built-in page. Example: {configMap: shop-page, key: page.html}.")
        @Nullable
        ConfigMapKey template) {
    /** Red, green and blue. */
    public static final String COLOR = "^#[0-9a-fA-F]{6}$";

    /** The colours of the light page. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Colors(
            @Pattern(COLOR)
            @JsonPropertyDescription(
                    "The colour of buttons, links and the progress bar, as #rrggbb. Default: a built-in green. Example: '#1a56db'.")
            @Nullable
            String accent,

            @Pattern(COLOR)
            @JsonPropertyDescription("The background, as #rrggbb. Default: nearly white. Example: '#ffffff'.")
            @Nullable
            String background,

            @Pattern(COLOR)
            @JsonPropertyDescription("The text, as #rrggbb. Default: nearly black. Example: '#202124'.")
            @Nullable
            String text) {}

    /** A key of a ConfigMap. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConfigMapKey(
            @Required
            @Size(min = 1, max = 253)
            @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
            @JsonPropertyDescription("Name of a ConfigMap in the room's namespace. Example: shop-page.")
            String configMap,

            @Required
            @Size(min = 1, max = 253)
            @Pattern("^[-._a-zA-Z0-9]+$")
            @JsonPropertyDescription("A key in it. Example: logo.png.")
            String key) {}
}
