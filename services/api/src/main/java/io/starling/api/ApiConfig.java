package io.starling.api;

import io.starling.bootstrap.settings.Settings;
import java.time.Duration;

/**
 * The settings of the REST and SSE edge.
 *
 * @param port 0 lets the system choose
 * @param maxBodyBytes the largest request body
 * @param bodyTimeout how long a request body may take to come
 * @param callTimeout how long a device may take to answer a call
 * @param keepAlive the longest silence on an event stream; Particle's clients give up after 13 s
 * @param maxStreams open event streams of an account in this process
 * @param streamBufferBytes what may wait for a slow reader of an event stream
 * @param maxInFlight requests under way in one instance, streams not counted
 * @param forwarded whether {@code X-Forwarded-For} of a proxy in front is trusted
 * @param rates how often clients may ask
 */
public record ApiConfig(
    String host,
    int port,
    int maxBodyBytes,
    Duration bodyTimeout,
    Duration callTimeout,
    Duration keepAlive,
    int maxStreams,
    int streamBufferBytes,
    int maxInFlight,
    boolean forwarded,
    RatesConfig rates) {

  /** Reads them. */
  public static ApiConfig from(Settings settings) {
    return new ApiConfig(
        settings.text("STARLING_HOST", "0.0.0.0"),
        settings.port("STARLING_API_PORT", 8080),
        (int) settings.size("STARLING_API_MAX_BODY", "1MiB", 1 << 10, 64 << 20),
        settings.duration(
            "STARLING_API_BODY_TIMEOUT", "30s", Duration.ofMillis(100), Duration.ofMinutes(10)),
        settings.duration(
            "STARLING_API_CALL_TIMEOUT", "10s", Duration.ofMillis(100), Duration.ofSeconds(45)),
        settings.duration(
            "STARLING_API_KEEP_ALIVE", "8s", Duration.ofMillis(50), Duration.ofSeconds(9)),
        settings.integer("STARLING_API_MAX_STREAMS", 100, 1, 100_000),
        (int) settings.size("STARLING_API_STREAM_BUFFER", "1MiB", 64 << 10, 64 << 20),
        settings.integer("STARLING_API_MAX_REQUESTS", 2_000, 1, 100_000),
        settings.flag("STARLING_API_TRUST_PROXY", false),
        RatesConfig.from(settings));
  }
}
