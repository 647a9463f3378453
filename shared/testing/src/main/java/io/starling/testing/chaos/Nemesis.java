package io.starling.testing.chaos;

import io.starling.testing.region.Region;
import io.starling.testing.region.RegionNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Does faults to a region and undoes them. Blocks. */
final class Nemesis {
  /** With this quota a journal is full when the filler is there, and never without. */
  static final String QUOTA = "1GiB";

  private static final long FILLER_BYTES = 1L << 30;

  private final Region region;

  Nemesis(Region region) {
    this.region = region;
  }

  void strike(Fault fault) {
    var node = node(fault);
    switch (fault.kind()) {
      case KILL -> region.kill(node);
      case RESTART -> region.stop(node);
      case FREEZE -> region.freeze(node);
      case CUT -> region.cut(node);
      case DATABASE -> region.database().kill();
      case DISK -> fill(node);
    }
  }

  /** Ends the fault; a node that was killed is started and not waited for. */
  void undo(Fault fault) {
    var node = node(fault);
    switch (fault.kind()) {
      case KILL, RESTART -> region.launch(node);
      case FREEZE -> region.thaw(node);
      case CUT -> region.heal(node);
      case DATABASE -> region.database().start();
      case DISK -> empty(node);
    }
  }

  private RegionNode node(Fault fault) {
    return region.nodes().get(fault.node() - 1);
  }

  /** A file with nothing in it, as long as the quota: the journal counts it, the disk does not. */
  private static void fill(RegionNode node) {
    try (var file = new RandomAccessFile(filler(node).toFile(), "rw")) {
      file.setLength(FILLER_BYTES);
    } catch (IOException e) {
      throw new IllegalStateException("could not fill the disk of " + node.name(), e);
    }
  }

  private static void empty(RegionNode node) {
    try {
      Files.deleteIfExists(filler(node));
    } catch (IOException e) {
      throw new IllegalStateException("could not empty the disk of " + node.name(), e);
    }
  }

  private static Path filler(RegionNode node) {
    return node.data().resolve("journal").resolve("filler");
  }
}
