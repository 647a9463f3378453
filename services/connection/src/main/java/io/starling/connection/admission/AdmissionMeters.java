package io.starling.connection.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starling.bootstrap.health.Metrics;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** Counts how CONNECTs get their turn; all meters exist from the start. Thread-safe. */
public final class AdmissionMeters {
  private final MeterRegistry meters;
  private final String gateway;
  private final Counter atOnce;
  private final Counter waited;
  private final Counter tooMany;
  private final Counter tired;
  private final Counter gone;
  private final Timer wait;
  private final Timer lag;

  /** The meters of one gateway. */
  public AdmissionMeters(MeterRegistry meters, String gateway) {
    this.meters = meters;
    this.gateway = gateway;
    atOnce = turn("at_once");
    waited = turn("waited");
    tooMany = turn("too_many");
    tired = turn("waited_in_vain");
    gone = turn("gone");
    wait =
        Metrics.latency(
            meters, "starling.mqtt.admission.wait", "How long CONNECTs waited that were let in");
    lag =
        Metrics.latency(
            meters,
            "starling.mqtt.loop.lag",
            "How late a gateway's event loop comes to a timer",
            "gateway",
            gateway);
  }

  private Counter turn(String how) {
    return Counter.builder("starling.mqtt.admissions")
        .description("CONNECT packets by how they got their turn, or did not")
        .tag("turn", how.toLowerCase(Locale.ROOT))
        .register(meters);
  }

  void gauges(DoubleSupplier waiting, DoubleSupplier perSecond) {
    Gauge.builder("starling.mqtt.admission.waiting", waiting::getAsDouble)
        .description("Clients that wait for their CONNACK")
        .tag("gateway", gateway)
        .register(meters);
    Gauge.builder("starling.mqtt.admission.rate", perSecond::getAsDouble)
        .description("CONNECTs a second that are let in at most, by the lag of the event loop")
        .tag("gateway", gateway)
        .register(meters);
  }

  void atOnce() {
    atOnce.increment();
  }

  void waited(long nanos) {
    waited.increment();
    wait.record(nanos, TimeUnit.NANOSECONDS);
  }

  void tooMany() {
    tooMany.increment();
  }

  void tired() {
    tired.increment();
  }

  void gone() {
    gone.increment();
  }

  void lag(long nanos) {
    lag.record(nanos, TimeUnit.NANOSECONDS);
  }
}
