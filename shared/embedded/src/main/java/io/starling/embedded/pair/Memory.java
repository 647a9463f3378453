package io.starling.embedded.pair;

import io.starling.embedded.EmbeddedDatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What must not be forgotten when a warden ends. Who is the primary stands on the disks; this says
 * what cannot be seen there.
 *
 * @param primary the last known primary; empty before the first
 * @param inSync whether all that this primary ever acknowledged is on the other's disk too
 * @param promoting who is being promoted; empty if nobody is. Set before anything is done for it
 * @param promotion when, who and why, for people; empty before the first
 */
record Memory(String primary, boolean inSync, String promoting, String promotion) {
  private static final String FILE = "memory.properties";
  private static final Memory NOTHING = new Memory("", false, "", "");

  static Memory read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return NOTHING;
    }
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot read " + file, e);
    }
    return new Memory(
        properties.getProperty("primary", ""),
        Boolean.parseBoolean(properties.getProperty("inSync")),
        properties.getProperty("promoting", ""),
        properties.getProperty("promotion", ""));
  }

  void write(Path folder) {
    Properties properties = new Properties();
    properties.setProperty("primary", primary);
    properties.setProperty("inSync", Boolean.toString(inSync));
    properties.setProperty("promoting", promoting);
    properties.setProperty("promotion", promotion);
    WholeFile.write(folder.resolve(FILE), properties);
  }

  Memory withInSync(boolean inSync) {
    return new Memory(primary, inSync, promoting, promotion);
  }

  /** Another primary: what the other one holds of it is not known yet. */
  Memory withPrimary(String primary) {
    return new Memory(primary, false, promoting, promotion);
  }

  Memory withPromoting(String name) {
    return new Memory(primary, inSync, name, promotion);
  }

  Memory promoted(String name, String how) {
    return new Memory(name, false, "", how);
  }
}
