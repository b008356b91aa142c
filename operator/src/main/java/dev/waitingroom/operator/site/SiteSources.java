package dev.waitingroom.operator.site;

import java.util.Arrays;
import java.util.Optional;

/**
 * What the API server has of the things that a room's spec names.
 *
 * @param service the protected Service
 * @param logo the value of the logo's key
 * @param template the value of the template's key
 * @param linkSecret the value that signs links
 * @param hostHolder another room of the gateway that protects one of the same hosts, and was there first
 */
public record SiteSources(
        ServiceState service,
        Optional<Value> logo,
        Optional<Value> template,
        Optional<Value> linkSecret,
        Optional<String> hostHolder) {
    /** Of a room that names nothing. */
    public static final SiteSources NONE = new SiteSources(
            new ServiceState.Missing(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The same with what is known of other rooms. */
    public SiteSources withHostHolder(Optional<String> holder) {
        return new SiteSources(service, logo, template, linkSecret, holder);
    }

    /** A Service, as far as the gateway needs it. */
    public sealed interface ServiceState {
        /** There is no such Service. */
        record Missing() implements ServiceState {}

        /** It does not have the port. */
        record PortMissing(String ports) implements ServiceState {}

        /** No pod of it is ready. */
        record NoEndpoints(String host) implements ServiceState {}

        /** It can be connected to. */
        record Ready(String host) implements ServiceState {}
    }

    /** A key of a ConfigMap or Secret. */
    public sealed interface Value {
        /** There is no such object, or no such key in it. */
        record Missing(String what) implements Value {}

        /** Its bytes. */
        record Found(Content content) implements Value {}
    }

    /** Bytes with value semantics, so that settings can be compared. */
    public static final class Content {
        private final byte[] bytes;

        public Content(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** A copy. */
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Content content && Arrays.equals(bytes, content.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
