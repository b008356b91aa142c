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

/** A pod's volumes as local directories: Secrets, whose files are kept up to date, and empty volumes. */
final class PodVolumes {
    private final Path directory;
    private final PodSpec pod;

    /**
     * Creates no directory yet.
     *
     * @param directory of the pod
     */
    PodVolumes(Path directory, PodSpec pod) {
        this.directory = directory;
        this.pod = pod;
    }

    /**
     * Creates the directories, and updates the files from their Secrets. Each file is replaced atomically, as a kubelet does.
     *
     * @return the name of a missing Secret, without which the pod cannot start
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

    /** Translates a path of the container into a local path if it is in a volume. */
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
