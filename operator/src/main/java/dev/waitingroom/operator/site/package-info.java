/** The site settings of a room: what its spec, its ConfigMaps and the protected Service say together. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.operator.site;
