/** The namespaces that this operator serves: it has the rights there, and no other operator works there. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.scope;
