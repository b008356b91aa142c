package dev.waitingroom.dev;

import dev.waitingroom.dev.Manifests.ManifestException;
import dev.waitingroom.dev.cluster.Balancer;
import dev.waitingroom.dev.cluster.GatewayCommand;
import dev.waitingroom.dev.cluster.Kubelet;
import dev.waitingroom.dev.cluster.LocalCluster;
import dev.waitingroom.dev.screen.LineOutput;
import dev.waitingroom.dev.screen.Screen;
import dev.waitingroom.dev.shop.DemoShop;
import dev.waitingroom.gateway.GatewayMain;
import dev.waitingroom.operator.OperatorProcess;
import dev.waitingroom.operator.OperatorSettings;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.redis.RedisProcess;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.Console;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole product on this machine: API, Redis, operator, gateways, and one port for visitors. */
@Command(
        name = "make run",
        description = "Runs the whole waiting room on this machine, until Ctrl-C.",
        mixinStandardHelpOptions = true)
public final class DevMain implements Runnable {
    /** The image name if no nodes exist to run one. */
    private static final String PROCESS = "waitingroom-gateway";

    @Option(
            names = "--room",
            paramLabel = "FILE",
            description = "YAML to apply, now and whenever it changes (default: dev/demo.yaml, or examples/concert.yaml"
                    + " with --kubeconfig).")
    private @Nullable Path room;

    @Option(names = "--port", description = "Port for visitors, on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
    private int port = 8080;

    @Option(
            names = "--visitors",
            paramLabel = "N",
            description = "Number of simulated visitors. They come 50 a second.")
    private int visitors;

    @Option(names = "--keep", description = "Replace each visitor who is admitted or leaves, forever.")
    private boolean keep;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Use this cluster instead of the API in memory.")
    private @Nullable Path kubeconfig;

    @Option(names = "--redis-url", paramLabel = "URL", description = "Use this Redis instead of the embedded one.")
    private @Nullable String redisUrl;

    @Option(
            names = "--gateway-image",
            paramLabel = "IMAGE",
            description = "Image of the gateway pods in a real cluster.")
    private @Nullable String gatewayImage;

    public static void main(String[] args) {
        System.exit(new CommandLine(new DevMain())
                .setExecutionExceptionHandler((failure, line, _) -> {
                    line.getErr().println("make run: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args));
    }

    @Override
    @SuppressWarnings("SystemOut")
    public void run() {
        Logs.setUp(Optional.ofNullable(System.getenv("LOG_LEVEL")).orElse("info"));
        var screen = new Screen(System.out, isTerminal());
        PrintStream err = LineOutput.stream(screen::line);
        System.setErr(err);
        Path file = room == null ? Path.of(kubeconfig == null ? "dev/demo.yaml" : "examples/concert.yaml") : room;
        Manifests manifests;
        try {
            manifests = Manifests.read(file);
        } catch (ManifestException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        var end = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            screen.end("ending");
            end.countDown();
            await(ended);
            Runtime.getRuntime().halt(CommandLine.ExitCode.OK); // Ctrl-C is the normal end
        }));
        try {
            serve(screen, file, manifests, end);
        } finally {
            ended.countDown();
        }
    }

    private void serve(Screen screen, Path file, Manifests manifests, CountDownLatch end) {
        try (var running = new Running()) {
            manifests.shopPort().ifPresent(shop -> running.add(DemoShop.start(shop)));
            String url = redisUrl == null ? running.add(RedisProcess.start()).url() : redisUrl;
            LocalCluster cluster =
                    running.add(kubeconfig == null ? LocalCluster.inMemory() : LocalCluster.of(kubeconfig));
            KubernetesClient client = running.add(cluster.client());
            Entrance entrance = cluster.hasNodes()
                    ? podsOfTheCluster(running, client)
                    : processesInPlaceOfPods(running, client, screen);
            running.add(OperatorProcess.start(settings(url), client));
            new Session(screen, cluster, client, entrance, file, visitors, keep).run(manifests, end);
        }
    }

    private Entrance podsOfTheCluster(Running running, KubernetesClient client) {
        if (redisUrl == null || gatewayImage == null) {
            throw new IllegalStateException(
                    "the cluster runs pods itself: REDIS_URL must name a Redis that they and this machine"
                            + " reach, GATEWAY_IMAGE an image that its nodes can pull");
        }
        return running.add(new ForwardedPort(client, port));
    }

    private Entrance processesInPlaceOfPods(Running running, KubernetesClient client, Screen screen) {
        Kubelet kubelet = running.add(Kubelet.start(
                client,
                new GatewayCommand(System.getProperty("java.class.path"), GatewayMain.class.getName()),
                (pod, line) -> screen.line(pod + "  " + line)));
        Balancer balancer = running.add(Balancer.start(port, kubelet::ready));
        URI address = URI.create("http://127.0.0.1:" + balancer.port());
        return served -> address;
    }

    private OperatorSettings settings(String redisUrl) {
        return new OperatorSettings(
                Optional.of(RedisSettings.of(redisUrl)),
                Optional.empty(),
                gatewayImage == null ? PROCESS : gatewayImage,
                "default",
                "dev",
                Set.of(),
                false,
                "127.0.0.1",
                0);
    }

    @SuppressWarnings("SystemConsoleNull") // a console need not be a terminal
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
