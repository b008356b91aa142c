package dev.waitingroom.dev.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A pod's volumes as directories of this machine: Secrets as files that follow the Secret, and empty ones. */
final class PodVolumes {
    private final Path directory;
    private final PodSpec pod;

    /**
     * Names them; nothing is made yet.
     *
     * @param directory the pod's own
     */
    PodVolumes(Path directory, PodSpec pod) {
        this.directory = directory;
        this.pod = pod;
    }

    /**
     * Makes the directories, and brings files up to date with their Secrets: each at once, as a kubelet does.
     *
     * @return a name of a Secret that is missing, in which case the pod cannot start
     */
    Optional<String> sync(Function<String, Optional<Secret>> secrets) {
        for (Volume volume : pod.getVolumes()) {
            Path target = path(volume.getName());
            try {
                Files.createDirectories(target);
                if (volume.getSecret() != null) {
                    String name = volume.getSecret().getSecretName();
                    Optional<Secret> secret = secrets.apply(name);
                    if (secret.isEmpty()) {
                        return Optional.of(name);
                    }
                    for (var file : files(volume, secret.get()).entrySet()) {
                        write(target.resolve(file.getKey()), file.getValue());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.empty();
    }

    /** A path of the container, as one of this machine where it lies in a volume. */
    String local(Container container, String value) {
        for (VolumeMount mount : container.getVolumeMounts()) {
            if (value.equals(mount.getMountPath()) || value.startsWith(mount.getMountPath() + "/")) {
                return path(mount.getName())
                        + value.substring(mount.getMountPath().length());
            }
        }
        return value;
    }

    private Path path(String volume) {
        return directory.resolve(volume);
    }

    private static Map<String, byte[]> files(Volume volume, Secret secret) {
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        var renamed = new HashMap<String, String>();
        for (KeyToPath item : volume.getSecret().getItems()) {
            renamed.put(item.getKey(), item.getPath());
        }
        var files = new LinkedHashMap<String, byte[]>();
        data.forEach((key, base64) -> {
            if (renamed.isEmpty() || renamed.containsKey(key)) {
                files.put(renamed.getOrDefault(key, key), Base64.getDecoder().decode(base64));
            }
        });
        return files;
    }

    private static void write(Path file, byte[] content) throws IOException {
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
            return;
        }
        Path part = file.resolveSibling("." + file.getFileName());
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
