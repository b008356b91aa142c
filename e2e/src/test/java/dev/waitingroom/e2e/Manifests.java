package dev.waitingroom.e2e;

import java.util.List;

/** YAML of rooms and gateways. */
final class Manifests {
    /** It serves on for some seconds after Kubernetes ends its pod, as a shop should. */
    private static final String SHOP = """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: shop}
            spec:
              replicas: 2
              strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
              selector: {matchLabels: {app: shop}}
              template:
                metadata: {labels: {app: shop}}
                spec:
                  terminationGracePeriodSeconds: 8
                  securityContext: {runAsNonRoot: true, runAsUser: 999, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: shop
                      image: IMAGE
                      imagePullPolicy: IfNotPresent
                      command:
                        - busybox
                        - sh
                        - -c
                        - echo 'PAGE' > /www/index.html && exec busybox httpd -f -p 8080 -h /www
                      ports: [{containerPort: 8080}]
                      readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                      lifecycle: {preStop: {exec: {command: [busybox, sleep, "5"]}}}
                      resources: {requests: {cpu: 20m, memory: 16Mi}}
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                      volumeMounts: [{name: www, mountPath: /www}]
                  volumes: [{name: www, emptyDir: {}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: shop}
            spec:
              selector: {app: shop}
              ports: [{port: 8080}]
            """;

    /** It runs until deleted. The published image of Caddy needs the capability, and the restricted profile allows it. */
    private static final String PROXY = """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: NAME}
            spec:
              selector: {matchLabels: {app: NAME}}
              template:
                metadata: {labels: {app: NAME}}
                spec:
                  securityContext: {runAsNonRoot: true, runAsUser: 999, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: proxy
                      image: IMAGE
                      imagePullPolicy: IfNotPresent
                      command: [COMMAND]
                      ports: [{containerPort: 8080}]
                      readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                      resources: {requests: {cpu: 20m, memory: 32Mi}}
                      securityContext:
                        allowPrivilegeEscalation: false
                        capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
                      volumeMounts: [{name: config, mountPath: /etc/NAME}]
                  volumes: [{name: config, configMap: {name: NAME}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: NAME}
            spec:
              selector: {app: NAME}
              ports: [{name: http, port: 80, targetPort: 8080}]
            """;

    private Manifests() {}

    /** Deployment and Service of a shop, with one page for all visitors. */
    static String shop(String busyboxImage, String page) {
        return SHOP.replace("IMAGE", busyboxImage).replace("PAGE", page);
    }

    /** Deployment and Service of a proxy that listens on 8080, with the ConfigMap of its name in /etc/NAME. */
    static String proxy(String name, String image, List<String> command) {
        return PROXY.replace("NAME", name).replace("IMAGE", image).replace("COMMAND", String.join(", ", command));
    }

    /** A room whose spec has these lines. */
    static String room(String name, String... spec) {
        return object("WaitingRoom", name, spec);
    }

    /** A gateway whose spec has these lines. Its pods request little, so that many fit on a small node. */
    static String gateway(String name, String... spec) {
        return greedyGateway(name, spec) + "  resources: {requests: {cpu: 50m, memory: 256Mi}}\n";
    }

    /** A gateway whose spec has these lines and no others. */
    static String greedyGateway(String name, String... spec) {
        return object("WaitingRoomGateway", name, spec);
    }

    private static String object(String kind, String name, String... spec) {
        return """
                ---
                apiVersion: waitingroom.dev/v1alpha1
                kind: %s
                metadata: {name: %s}
                spec:
                  %s
                """.formatted(kind, name, String.join("\n  ", spec));
    }
}
