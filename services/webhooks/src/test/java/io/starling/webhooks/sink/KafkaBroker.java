package io.starling.webhooks.sink;

import io.starling.testing.server.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A broker of Kafka with one node, in this process, with its data in a folder. */
public final class KafkaBroker implements AutoCloseable {
  private final KafkaRaftServer server;
  private boolean running = true;

  private KafkaBroker(KafkaRaftServer server) {
    this.server = server;
  }

  /** Starts; topics are made when they are first asked for. */
  public static KafkaBroker start(Path folder, int port) {
    int controller = FreePorts.take(1).getFirst();
    var settings = new Properties();
    settings.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "controller.quorum.voters", "1@127.0.0.1:" + controller,
            "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
            "controller.listener.names", "CONTROLLER",
            "log.dirs", folder.resolve("kafka").toString(),
            "offsets.topic.replication.factor", "1",
            "group.initial.rebalance.delay.ms", "0",
            "offsets.topic.num.partitions", "1"));
    format(folder, settings);
    var server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    server.startup();
    return new KafkaBroker(server);
  }

  private static void format(Path folder, Properties settings) {
    try {
      Path file = folder.resolve("kafka.properties");
      try (var out = Files.newOutputStream(file)) {
        settings.store(out, null);
      }
      var told = new ByteArrayOutputStream();
      int code =
          StorageTool.execute(
              new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()},
              new PrintStream(told, true, StandardCharsets.UTF_8));
      if (code != 0) {
        throw new IllegalStateException(told.toString(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean isRunning() {
    return running;
  }

  @Override
  public void close() {
    running = false;
    server.shutdown();
    server.awaitShutdown();
  }
}
