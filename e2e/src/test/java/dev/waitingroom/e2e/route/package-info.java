/** What the operator writes to protect routes, on a real kube-apiserver with the CRDs of the projects that read it. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.e2e.route;
