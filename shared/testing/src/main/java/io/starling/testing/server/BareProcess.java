package io.starling.testing.server;

import io.starling.testing.client.Target;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@link BareServer} in a process of its own. */
public record BareProcess(ChildProcess process, int port) implements ServerUnderTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  public static BareProcess start(ServerOptions options) {
    var port = FreePorts.take(1).getFirst();
    var flags = new ArrayList<>(options.jvmFlags());
    flags.add("-Dlogback.configurationFile=logback-tools.xml");
    var process = Launch.java(BareServer.class, flags, List.of(port.toString())).start();
    try {
      process.awaitOutput("ready", LIMIT);
      return new BareProcess(process, port);
    } catch (IllegalStateException e) {
      process.close();
      throw e;
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Target target() {
    return Target.plain("127.0.0.1", port);
  }

  @Override
  public Duration databaseCpu() {
    return Duration.ZERO;
  }

  @Override
  public void close() {
    process.close();
  }
}
