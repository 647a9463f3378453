package io.starling.accounts.imports;

import io.starling.contract.DeviceId;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A device as the file has it; null is what a line does not tell.
 *
 * @param groups names
 * @param secretHash SHA-256 of its secret, 64 hexadecimal digits
 * @param claimHash SHA-256 of the claim secret that is printed on it, 64 hexadecimal digits
 */
record ImportRow(
    int line,
    DeviceId id,
    @Nullable String serialNumber,
    @Nullable String name,
    Set<String> groups,
    @Nullable String secretHash,
    @Nullable String claimHash) {

  /** As if one had been taken in after the other; a device is made with the first secret. */
  ImportRow then(ImportRow later) {
    var all = new TreeSet<>(groups);
    all.addAll(later.groups);
    return new ImportRow(
        line,
        id,
        later.serialNumber == null ? serialNumber : later.serialNumber,
        later.name == null ? name : later.name,
        all,
        secretHash == null ? later.secretHash : secretHash,
        later.claimHash == null ? claimHash : later.claimHash);
  }

  /** Whether it tells nothing about the device but that it is in the product. */
  boolean isBare() {
    return serialNumber == null && name == null && groups.isEmpty();
  }
}
