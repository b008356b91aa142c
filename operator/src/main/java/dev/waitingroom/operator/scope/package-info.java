/** Which namespaces this operator serves: those where it has the rights, and where no other operator works. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.scope;
