package dev.waitingroom.bench;

/**
 * What a script costs Redis.
 *
 * @param script its name
 * @param work what a call does
 * @param micros the mean of a call, µs
 * @param units how many things of a kind a call works on; 0 where there is nothing to count
 */
record ScriptCost(String script, String work, double micros, double units) {}
