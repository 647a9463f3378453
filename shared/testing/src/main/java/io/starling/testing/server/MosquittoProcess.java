package io.starling.testing.server;

import io.starling.testing.client.Target;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Mosquitto, for comparison: nothing on disk, nobody refused, no message dropped for its number.
 */
public record MosquittoProcess(ChildProcess process, int port, int tlsPort)
    implements ServerUnderTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Where the program is; empty if it is not installed. */
  public static Optional<Path> program() {
    return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/opt/homebrew/sbin")
        .map(folder -> Path.of(folder, "mosquitto"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it on free ports of 127.0.0.1.
   *
   * @param folder for its configuration
   */
  public static MosquittoProcess start(Path folder, TestCertificate certificate) {
    var program =
        program().orElseThrow(() -> new IllegalStateException("mosquitto is not installed"));
    var ports = FreePorts.take(2);
    var configuration =
        """
        user root
        per_listener_settings false
        allow_anonymous true
        persistence false
        log_type error
        connection_messages false
        max_inflight_messages 100
        max_queued_messages 0
        set_tcp_nodelay true
        listener %d 127.0.0.1
        listener %d 127.0.0.1
        certfile %s
        keyfile %s
        """
            .formatted(ports.get(0), ports.get(1), certificate.certificate(), certificate.key());
    try {
      var file = Files.writeString(folder.resolve("mosquitto.conf"), configuration);
      var process =
          Launch.program("mosquitto", List.of(program.toString(), "-c", file.toString())).start();
      var server = new MosquittoProcess(process, ports.get(0), ports.get(1));
      var _ = process.await("to listen", server::listening, LIMIT);
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("could not write its configuration: " + e.getMessage(), e);
    }
  }

  private Optional<Boolean> listening() {
    try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), tlsPort)) {
      return Optional.of(socket.isConnected());
    } catch (IOException _) {
      return Optional.empty();
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
  public Target tlsTarget() {
    return Target.parse("mqtts://127.0.0.1:" + tlsPort).trustingAll();
  }

  @Override
  public long heapAfterCollection() {
    return 0;
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
