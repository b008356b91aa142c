package dev.waitingroom.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks tests that need a cluster with the chart installed, and gives them a {@link Cluster}. {@code make e2e} names it in
 * {@code E2E_KUBECONFIG}. {@code KUBECONFIG} alone is not enough, since it may point to production.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfEnvironmentVariable(
        named = Cluster.KUBECONFIG,
        matches = ".+",
        disabledReason = "needs a Kubernetes cluster: make e2e runs it on one")
@ExtendWith(ClusterExtension.class)
@interface OnCluster {}
