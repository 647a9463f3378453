/**
 * Whole servers as processes of their own, on free ports of the loopback address: Starling, and the
 * bare server that it is measured against.
 *
 * <p>Knows of Starling what a launcher knows: its settings ({@code STARLING_…}), its health address
 * and its {@code demo.env}. Promises that nothing of it is left behind: no process, no database, no
 * folder.
 */
@NullMarked
package io.starling.testing.server;

import org.jspecify.annotations.NullMarked;
