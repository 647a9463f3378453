/**
 * Files of up to a million devices on their way into a product.
 *
 * <p>Owns {@code accounts.device_import} and {@code accounts.device_import_piece}. A file is stored
 * in pieces of at most 1,000 lines; a piece is taken in by one transaction, together with the note
 * that it was, and the next one only once the directory shows it: so other configuration writes
 * wait for one piece at most. The lock on the import's row is the lease: what a process had begun
 * that died or froze rolls back with its connection, any other goes on behind the last piece that
 * was committed, and none is taken in twice or by two at once.
 *
 * <p>Decisions: an unknown id is no member, as with {@code POST …/devices}, unless its line tells
 * the hash (SHA-256) of a secret: then the device is made. So secrets stay where they were made,
 * and no file of them waits here to be fetched. So it is with claim secrets, which are printed on
 * the devices: a line tells the hash of one, which replaces another that the device had. An id that
 * another account has is answered like one that is unknown and cannot be made.
 */
@NullMarked
package io.starling.accounts.imports;

import org.jspecify.annotations.NullMarked;
