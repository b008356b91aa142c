/** A real Redis for tests, of this module and of others: started on a free port, broken on demand, ended with the test. */
@org.jspecify.annotations.NullMarked
package dev.waitingroom.queue.testing;
