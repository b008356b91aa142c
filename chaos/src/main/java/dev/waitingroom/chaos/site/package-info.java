/** The system under test: gateway processes, a stand-in for the operator, and a recorder of visitors' calls. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.site;
