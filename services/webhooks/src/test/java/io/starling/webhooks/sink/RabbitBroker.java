package io.starling.webhooks.sink;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import io.starling.testing.server.FreePorts;
import io.starling.testing.server.TestAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A broker of AMQP: RabbitMQ as Debian packages it, one node in a process of its own, with its data
 * in a folder and its ports on 127.0.0.1. It may be killed and started again with what it had.
 * Nothing of the machine's own RabbitMQ or Erlang is used: it has its own port mapper, node and
 * cookie.
 */
public final class RabbitBroker implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The largest message it takes, in bytes. */
  public static final int MOST_BYTES = 200_000;

  private final Path folder;
  private final int port;
  private final int tlsPort;
  private final int mapperPort;
  private final int nodePort;
  private @Nullable ChildProcess mapper;
  private @Nullable ChildProcess server;

  /** One that is not started yet, with a certificate of the authority's for {@code localhost}. */
  public RabbitBroker(Path folder, TestAuthority authority) {
    this.folder = folder;
    var ports = FreePorts.take(4);
    port = ports.get(0);
    tlsPort = ports.get(1);
    mapperPort = ports.get(2);
    nodePort = ports.get(3);
    var issued = authority.issue("localhost");
    write("server.crt", issued.certificate());
    write("server.key", issued.key());
    write("plugins", "[].");
    write("environment", "");
    write(
        "rabbitmq.conf",
        """
        listeners.tcp.1 = 127.0.0.1:%d
        listeners.ssl.1 = 127.0.0.1:%d
        ssl_options.certfile = %s
        ssl_options.keyfile = %s
        max_message_size = %d
        vm_memory_high_watermark.relative = 0.4
        disk_free_limit.absolute = 1MB
        log.file = false
        log.console = true
        log.console.level = error
        """
            .formatted(
                port,
                tlsPort,
                folder.resolve("server.crt"),
                folder.resolve("server.key"),
                MOST_BYTES));
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes sockets that trust the authority and nobody else. */
  public static SocketFactory trusting(TestAuthority authority)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    var bytes = new ByteArrayInputStream(authority.certificate().getBytes(StandardCharsets.UTF_8));
    store.setCertificateEntry(
        "authority", CertificateFactory.getInstance("X.509").generateCertificate(bytes));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  public int port() {
    return port;
  }

  public int tlsPort() {
    return tlsPort;
  }

  /** Starts it, with what it had when it was started before. */
  public void start() {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IllegalStateException("install the package rabbitmq-server of Debian");
    }
    if (mapper == null) {
      // By the node it would be started as a daemon, and stay.
      mapper = erlang("epmd", List.of("epmd", "-address", "127.0.0.1")).start();
    }
    var started = erlang("rabbitmq-server", List.of(PROGRAM.toString())).start();
    server = started;
    var _ = started.await("to listen", this::listening, LIMIT);
  }

  private Launch erlang(String name, List<String> command) {
    return Launch.program(name, command)
        .withoutInherited("RABBITMQ_")
        .withEnvironment(
            Map.ofEntries(
                Map.entry("HOME", folder.toString()), // for the cookie
                Map.entry("ERL_EPMD_PORT", "" + mapperPort),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RUNNING_UNDER_SYSTEMD", "true"), // the node is the process itself
                Map.entry("RABBITMQ_NODENAME", "test@localhost"),
                Map.entry("RABBITMQ_DIST_PORT", "" + nodePort),
                Map.entry("RABBITMQ_CONF_ENV_FILE", in("environment")),
                Map.entry("RABBITMQ_CONFIG_FILE", in("rabbitmq.conf")),
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", in("plugins")),
                Map.entry("RABBITMQ_MNESIA_BASE", in("data")),
                Map.entry("RABBITMQ_LOG_BASE", in("log")),
                Map.entry(
                    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                    "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}")))
        .in(folder);
  }

  private String in(String name) {
    return folder.resolve(name).toString();
  }

  private Optional<Boolean> listening() {
    try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), tlsPort)) {
      return Optional.of(socket.isConnected());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  public boolean isStarted() {
    return server != null;
  }

  /** Its process. */
  public ChildProcess process() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  /** Runs one expression of Erlang on the node. */
  public String tell(String expression) {
    var command = List.of("/usr/lib/rabbitmq/bin/rabbitmqctl", "-q", "eval", expression);
    try (var control = erlang("rabbitmqctl", command).start()) {
      var _ =
          control.await(
              "to say something",
              () -> control.output().stream().filter(line -> !line.isBlank()).findFirst(),
              LIMIT);
      return String.join("\n", control.output());
    }
  }

  /** A connection of somebody's who may do everything. */
  public Connection connect() {
    var factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    factory.setAutomaticRecoveryEnabled(false);
    try {
      return factory.newConnection();
    } catch (IOException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Declares a durable queue. */
  public void queue(String name, Map<String, Object> arguments) {
    channel(channel -> channel.queueDeclare(name, true, false, false, arguments));
  }

  /** Declares a durable exchange of topics, and binds a queue to it. */
  public void bind(String exchange, String pattern, String queue) {
    channel(
        channel -> {
          var _ = channel.exchangeDeclare(exchange, "topic", true);
          return channel.queueBind(queue, exchange, pattern);
        });
  }

  /** Takes all messages that a queue has now. */
  public List<GetResponse> take(String queue) {
    var all = new ArrayList<GetResponse>();
    channel(
        channel -> {
          for (var one = channel.basicGet(queue, true);
              one != null;
              one = channel.basicGet(queue, true)) {
            all.add(one);
          }
          return null;
        });
    return all;
  }

  /** What is done on a channel. */
  private interface Deed {
    @Nullable Object with(Channel channel) throws IOException;
  }

  private void channel(Deed deed) {
    try (var connection = connect();
        var channel = connection.createChannel()) {
      var _ = deed.with(channel);
    } catch (IOException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      if (server.isAlive()) {
        server.thaw();
      }
      server.kill();
      server.close();
    }
    if (mapper != null) {
      mapper.close();
    }
  }
}
