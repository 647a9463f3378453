/**
 * A real PostgreSQL server on this machine, for a single-machine installation and for tests.
 *
 * <p>Owns one folder per database: the cluster, its password (mode 600), its log. Promises: only
 * 127.0.0.1 (a detached server: only the address that it was given) and only with the password;
 * nothing half made is ever used (unpacking, initdb and copies happen beside, then are renamed); a
 * server left behind by a killed JVM is stopped by its process id before the next start; no process
 * is ever signalled but a PostgreSQL that works in that very folder. Refuses a folder that another
 * process uses, that holds another major version, or that is not a cluster.
 */
@NullMarked
package io.starling.embedded;

import org.jspecify.annotations.NullMarked;
