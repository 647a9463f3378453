package io.starling.testing.device;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.account.DemoEnv;
import io.starling.testing.account.FleetDevices;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.Target;
import io.starling.testing.fleet.FleetOptions;
import io.starling.testing.process.AtExit;
import io.starling.testing.wire.MqttVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command behind {@code scripts/device}. Exit codes: 0, 1 for a failure, 2 for its usage. */
@Command(
    name = "device",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "A virtual device over MQTT: publishes a temperature, answers the function led (on, off) and"
          + " the variable temp.",
      "With --count: a fleet that publishes at a rate and reports what was acknowledged and how"
          + " fast.",
      ""
    },
    footer = {
      "",
      "Without options it reads MQTT_URL, DEVICE_ID and DEVICE_SECRET from the environment, or from"
          + " demo.env in the data folder (STARLING_DATA, or data).",
      "A fleet without --devices makes the devices it lacks with the account of demo.env and keeps"
          + " them in fleet-devices beside it.",
      "Exit code: 0; 1 when it could not connect or not everything was acknowledged; 2 for wrong"
          + " usage."
    })
public final class DeviceCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(names = "--url", paramLabel = "URL", description = "mqtt://host:port or mqtts://…")
  private @Nullable String url;

  @Option(names = "--insecure", description = "do not check the server's certificate")
  private boolean insecure;

  @Option(names = "--id", paramLabel = "ID", description = "device id")
  private @Nullable String id;

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      description = "its secret; DEVICE_SECRET keeps it out of the list of processes")
  private @Nullable String secret;

  @Option(names = "--mqtt", paramLabel = "3|5", description = "MQTT 3.1.1 (default) or 5")
  private int mqtt = 3;

  @Option(names = "--qos", paramLabel = "0|1|2", description = "of the events (default 1)")
  private int qos = 1;

  @Option(names = "--event", paramLabel = "NAME", description = "event name (default temp)")
  private String event = "temp";

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = DurationText.class,
      description = "one device: between two events (default 5s)")
  private Duration every = Duration.ofSeconds(5);

  @Option(
      names = "--ledger",
      paramLabel = "NAME",
      description =
          "one device: asks what this ledger wants of it, and tells each new state; again for more")
  private List<String> ledgers = List.of();

  @Option(
      names = "--report",
      paramLabel = "NAME=JSON",
      description = "one device: what it is, told this ledger when it connects; again for more")
  private Map<String, String> reports = Map.of();

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationText.class,
      description = "ends by itself after this (default: on Ctrl-C)")
  private Duration duration = Duration.ofDays(365);

  /** The script knows whether stdout is a terminal; Java 25 only tells about both streams. */
  @Option(names = "--live", hidden = true)
  private boolean live;

  @ArgGroup(heading = "%nA fleet:%n", exclusive = false)
  private @Nullable FleetArguments fleet;

  /** Options that only a fleet has. */
  static final class FleetArguments {
    @Option(names = "--count", paramLabel = "N", required = true, description = "devices")
    private int count;

    @Option(
        names = "--rate",
        paramLabel = "N",
        description = "events a second over all devices (default: 100)")
    private double rate = 100;

    @Option(names = "--payload", paramLabel = "BYTES", description = "of an event (default: 256)")
    private int payload = 256;

    @Option(
        names = "--connects",
        paramLabel = "N",
        description = "connects a second (default: 500)")
    private int connects = 500;

    @Option(
        names = "--devices",
        paramLabel = "FILE",
        description = "devices to use, one \"id secret\" a line")
    private @Nullable Path devices;
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command, as {@code main} runs it; also for tests. */
  static CommandLine commandLine() {
    return new CommandLine(new DeviceCommand())
        .setParameterExceptionHandler(
            (failure, _) -> {
              var err = failure.getCommandLine().getErr();
              err.println("device: " + failure.getMessage());
              err.println("Try device --help.");
              return 2;
            })
        .setExecutionExceptionHandler(
            (failure, command, _) -> {
              command.getErr().println("device: " + failure.getMessage());
              return 1;
            });
  }

  @Override
  public Integer call() {
    var env = DemoEnv.load(System.getenv());
    var target = Target.parse(url == null ? env.get("MQTT_URL") : url);
    target = insecure ? target.trustingAll() : target;
    check(mqtt == 3 || mqtt == 5, "--mqtt is 3 or 5");
    check(qos >= 0 && qos <= 2, "--qos is 0, 1 or 2");
    check(
        fleet == null || (ledgers.isEmpty() && reports.isEmpty()),
        "--ledger and --report are for one device");
    check(!every.isZero() && !duration.isZero(), "--every and --duration are more than nothing");
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    try {
      return fleet == null ? single(vertx, env, target) : fleet(vertx, env, target, fleet);
    } finally {
      Await.done(vertx.close());
    }
  }

  private int single(Vertx vertx, DemoEnv env, Target target) {
    var credentials =
        new Credentials(
            id == null ? env.get("DEVICE_ID") : id,
            secret == null ? env.get("DEVICE_SECRET") : secret);
    var options = DeviceOptions.of(target, credentials).withVersion(version());
    var device = new SingleDevice(vertx, options, ledgers(), this::line);
    Await.done(device.start(event, every, qos), Duration.ofSeconds(30));
    var timer = vertx.timer(duration.toMillis(), TimeUnit.MILLISECONDS);
    try (var _ = AtExit.run(device::close)) {
      Await.done(Future.any(device.ended(), timer), duration.plusSeconds(30));
    }
    if (device.ended().succeeded()) {
      throw new IllegalStateException(device.ended().result());
    }
    device.close();
    return 0;
  }

  private DemoLedgers ledgers() {
    try {
      return new DemoLedgers(ledgers, reports);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command(), String.valueOf(e.getMessage()), e);
    }
  }

  private int fleet(Vertx vertx, DemoEnv env, Target target, FleetArguments arguments) {
    check(arguments.count > 0 && arguments.rate > 0, "--count and --rate are more than nothing");
    check(arguments.connects > 0, "--connects is more than nothing");
    var version = version();
    var options =
        FleetOptions.of(target)
            .withQos(qos)
            .withPayloadBytes(arguments.payload)
            .withTopic(event)
            .withConnectsPerSecond(arguments.connects)
            .withDevice(device -> device.withVersion(version).withKeepAliveSeconds(30));
    var credentials = credentials(vertx, env, arguments);
    var run = new FleetRun(vertx, options, credentials, out(), live);
    try (var _ = AtExit.run(run::end)) {
      var report = run.run(arguments.rate, duration);
      return report.acked() == report.published() ? 0 : 1;
    }
  }

  private static List<Credentials> credentials(Vertx vertx, DemoEnv env, FleetArguments arguments) {
    if (arguments.devices != null) {
      var all = new FleetDevices(arguments.devices).read();
      if (all.size() < arguments.count) {
        throw new IllegalStateException(
            "%s has %d devices, --count asks for %d"
                .formatted(arguments.devices, all.size(), arguments.count));
      }
      return all.subList(0, arguments.count);
    }
    var file = FleetDevices.in(env.dataFolder());
    if (file.read().size() >= arguments.count) {
      return file.read().subList(0, arguments.count);
    }
    var api = Await.get(CloudApi.logIn(vertx, env), Duration.ofSeconds(35));
    var limit = Duration.ofSeconds(35 + arguments.count / 20);
    return Await.get(file.fill(api, env.get("PRODUCT_ID"), arguments.count), limit);
  }

  private MqttVersion version() {
    return mqtt == 5 ? MqttVersion.V5 : MqttVersion.V3_1_1;
  }

  private void line(String text) {
    out().println(text);
    out().flush();
  }

  private PrintWriter out() {
    return command().getOut();
  }

  private void check(boolean right, String rule) {
    if (!right) {
      throw new ParameterException(command(), rule);
    }
  }

  private CommandLine command() {
    if (spec == null) {
      throw new IllegalStateException("runs under picocli only");
    }
    return spec.commandLine();
  }
}
