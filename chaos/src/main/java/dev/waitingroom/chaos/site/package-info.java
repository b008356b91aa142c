/** A site whose line is judged: gateway processes, the operator's hand on their rooms, and a recorder of what visitors see. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.chaos.site;
