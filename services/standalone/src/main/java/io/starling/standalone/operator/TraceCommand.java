package io.starling.standalone.operator;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what passes between a device, or a topic, and the gateways of some nodes. */
@Command(
    name = "trace",
    sortOptions = false,
    description = {
      "Shows the packets of one device, or of one topic, while they pass; never what is in them.",
      "One line of JSON each. A node shows them to callers on its own machine only."
    })
final class TraceCommand implements Callable<Integer> {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final int OK = 200;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--node",
      paramLabel = "URL",
      split = ",",
      defaultValue = "http://127.0.0.1:9090",
      description = "health port of a node, or of several; by default ${DEFAULT-VALUE}")
  private List<URI> nodes = List.of();

  @ArgGroup(multiplicity = "1")
  private Subject subject = new Subject();

  @Option(names = "--minutes", defaultValue = "10", description = "at most 60; by default 10")
  private int minutes;

  @Option(names = "--sample", defaultValue = "1", description = "the share that is shown, 0 to 1")
  private double sample;

  /** One of the two. */
  private static final class Subject {
    @Option(names = "--device", paramLabel = "ID", description = "of a device, or a client id")
    private @Nullable String device;

    @Option(names = "--topic", paramLabel = "FILTER", description = "with + and # as in MQTT")
    private @Nullable String topic;

    String query() {
      return device != null ? "device=" + encoded(device) : "topic=" + encoded(topic);
    }

    private static String encoded(@Nullable String value) {
      return value == null ? "" : URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    try (var http = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> running =
          nodes.stream().map(node -> threads.submit(() -> follow(http, node))).toList();
      boolean good = true;
      for (var one : running) {
        good &= one.get();
      }
      return good ? 0 : 1;
    } catch (ExecutionException e) {
      complain(String.valueOf(e.getCause()));
      return 1;
    }
  }

  private boolean follow(HttpClient http, URI node) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(
                node.resolve(
                    "/trace?" + subject.query() + "&minutes=" + minutes + "&sample=" + sample))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
      try (var lines = response.body()) {
        if (response.statusCode() != OK) {
          complain(
              node
                  + " answers "
                  + response.statusCode()
                  + lines.map(line -> ": " + line).findFirst().orElse(""));
          return false;
        }
        lines.forEach(this::show);
        return true;
      }
    } catch (IOException | RuntimeException e) {
      complain(node + " cannot be followed: " + e.getMessage());
      return false;
    }
  }

  private synchronized void show(String line) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private synchronized void complain(String what) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println("starling: " + what);
    err.flush();
  }
}
