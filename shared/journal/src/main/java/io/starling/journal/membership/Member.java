package io.starling.journal.membership;

/**
 * A replica of a log.
 *
 * @param diskId the name of its disk; a new disk is a new member, also at the same address
 */
public record Member(String diskId, JournalAddress address) {
  /** For operators: the beginning of the disk id is enough to tell disks apart. */
  @Override
  public String toString() {
    return diskId.substring(0, Math.min(8, diskId.length())) + " at " + address;
  }
}
