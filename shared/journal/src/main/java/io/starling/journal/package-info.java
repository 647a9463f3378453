/**
 * The journal: named logs that keep a promise to devices. An append that succeeded stands, fsynced,
 * on a majority of the replicas; with one replica that means on this machine's disk.
 *
 * <p>Owns the folder it is given (disk id, port, lock, ballast and Ratis' storage under {@code
 * raft/}) and is the only module that knows Apache Ratis. Each log is one Raft group; all groups of
 * a process share one Ratis server. The package is flat because the public types and Ratis'
 * callbacks need each other; what only concerns files is in {@code disk}, who the replicas are and
 * who leads in {@code membership}.
 *
 * <p>Refuses, rather than repairs: damaged closed segments, storage of another disk, a disk that
 * was taken out, a second process on a folder, a full disk. A damaged replica is filled again from
 * the others as a new disk, as a whole, since a disk's name stands for all it has acknowledged.
 * Payloads are opaque. It does not deduplicate: after {@link JournalException.Kind#UNKNOWN} an
 * entry may be stored.
 */
@NullMarked
package io.starling.journal;

import org.jspecify.annotations.NullMarked;
