package dev.waitingroom.e2e.route;

import static org.awaitility.Awaitility.await;

import dev.waitingroom.testkit.redis.FreePorts;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An etcd and a kube-apiserver on loopback, without controllers or nodes. RBAC is enforced. */
final class ApiServer implements AutoCloseable {
    /** A user without rights, until a binding gives some. */
    static final String OPERATOR = "operator";

    private static final String ADMIN = "admin";
    private static final Duration START = Duration.ofMinutes(2);

    private final Path directory;
    private final Process etcd;
    private final Process apiServer;
    private final int port;
    private final KubernetesClient admin;

    private ApiServer(Path directory, Process etcd, Process apiServer, int port) {
        this.directory = directory;
        this.etcd = etcd;
        this.apiServer = apiServer;
        this.port = port;
        this.admin = client(ADMIN);
    }

    /** Starts with the CRDs of all projects, ours included. */
    static ApiServer start() throws IOException {
        Path kubeApiServer = Cache.command("kube-apiserver");
        Path etcdCommand = Cache.installed("etcd");
        List<Path> crds = Cache.crds();
        Path directory = Files.createTempDirectory("apiserver");
        int store = FreePorts.next();
        int peer = FreePorts.next();
        int port = FreePorts.next();
        Process etcd = run(
                directory,
                etcdCommand.toString(),
                "--data-dir=" + directory.resolve("etcd"),
                "--unsafe-no-fsync",
                "--listen-client-urls=http://127.0.0.1:" + store,
                "--advertise-client-urls=http://127.0.0.1:" + store,
                "--listen-peer-urls=http://127.0.0.1:" + peer,
                "--initial-advertise-peer-urls=http://127.0.0.1:" + peer,
                "--initial-cluster=default=http://127.0.0.1:" + peer);
        Path tokens = directory.resolve("tokens.csv");
        Files.writeString(tokens, ADMIN + ",admin,1,system:masters\n" + OPERATOR + "," + OPERATOR + ",2\n");
        Path key = directory.resolve("sa.key");
        Files.writeString(key, privateKey());
        Process apiServer = run(
                directory,
                kubeApiServer.toString(),
                "--etcd-servers=http://127.0.0.1:" + store,
                "--cert-dir=" + directory.resolve("certs"),
                "--bind-address=127.0.0.1",
                // An address for documentation: a loopback address is refused here, and nobody uses it.
                "--advertise-address=192.0.2.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + port,
                "--service-cluster-ip-range=10.96.0.0/16",
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key);
        var server = new ApiServer(directory, etcd, apiServer, port);
        try {
            await().atMost(START)
                    .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                    .until(server::isReady);
            server.install(crds);
            server.install(List.of(
                    Path.of("../charts/waitingroom-operator/crds/waitingrooms.waitingroom.dev-v1.yml"),
                    Path.of("../charts/waitingroom-operator/crds/waitingroomgateways.waitingroom.dev-v1.yml")));
            return server;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /** A client with all rights. */
    KubernetesClient admin() {
        return admin;
    }

    /** A client of this user. The caller closes it. */
    KubernetesClient client(String token) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + port)
                .withTrustCerts(true)
                .withOauthToken(token)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @Override
    public void close() {
        admin.close();
        stop(apiServer);
        stop(etcd);
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                boolean _ = file.toFile().delete();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isReady() {
        return "ok".equals(admin.raw("/readyz"));
    }

    private void install(List<Path> files) throws IOException {
        for (Path file : files) {
            try (var yaml = Files.newInputStream(file)) {
                for (var object : admin.load(yaml).items()) {
                    if (object instanceof CustomResourceDefinition crd) {
                        var _ = admin.resource(crd).create();
                        await().atMost(START).until(() -> isEstablished(crd));
                    }
                }
            }
        }
    }

    private boolean isEstablished(CustomResourceDefinition crd) {
        var status = admin.resource(crd).get().getStatus();
        return status != null
                && status.getConditions() != null
                && status.getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    private static Process run(Path directory, String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory
                        .resolve(Path.of(command[0]).getFileName() + ".log")
                        .toFile())
                .start();
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String privateKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
