/**
 * Content on the disk of one node, named by its SHA-256: the bytes of firmware, which are read
 * without any database. Owns the folder that it is given.
 *
 * <p>Promises: what is there under a name is whole and has that digest, whatever dies while it is
 * written; what was told to be stored is fsynced, with its folder; an upload that was cut off goes
 * on where it was, also after a restart. Refuses uploads that are too large, or for which the disk
 * has no room, before it takes their bytes. Copies on other nodes are not its business.
 */
@NullMarked
package io.starling.firmware.blob;

import org.jspecify.annotations.NullMarked;
