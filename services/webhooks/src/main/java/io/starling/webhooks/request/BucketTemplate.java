package io.starling.webhooks.request;

import io.starling.contract.Event;
import io.starling.webhooks.request.OutboundRequest.Header;
import io.starling.webhooks.request.TextTemplate.Form;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * How the objects look that hold batches of events in a bucket of S3 or of what speaks like it: a
 * line of JSON for each event, compressed with gzip, under {@code <key><date>/<webhook-id>.json.gz}
 * with the date of the first event. An attempt again writes the same object again. Signed as AWS
 * Signature Version 4 says.
 */
public final class BucketTemplate implements Requests {
  /** What {@code integration_type} says. */
  public static final String TYPE = "S3";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd").withZone(ZoneOffset.UTC);

  /** When an object is written, if its integration does not say. */
  private static final JsonObject USUAL_BATCH =
      new JsonObject().put("events", 1_000).put("millis", 60_000);

  private final RequestTemplate lines;
  private final Target bucket;
  private final String prefix;
  private final String region;
  private final AwsCredentialsIdentity credentials;
  private final boolean checksCertificate;
  private final Clock clock;

  private BucketTemplate(JsonObject configuration, Clock clock) {
    var properties = new Properties(configuration);
    this.clock = clock;
    lines = new RequestTemplate(Broker.asWebhook(without(configuration, "batch")));
    bucket = Target.of(properties.text("url").orElse(""));
    if (bucket.path().equals("/") || bucket.path().indexOf('?') >= 0) {
      throw new IllegalArgumentException("url must name a bucket: https://host/bucket");
    }
    prefix = constant(properties, "key");
    region = properties.text("region").orElse("us-east-1");
    checksCertificate = properties.flag("rejectUnauthorized", true);
    var auth = properties.object("auth");
    if (auth == null
        || !(auth.getValue("username") instanceof String username)
        || !(auth.getValue("password") instanceof String password)) {
      throw new IllegalArgumentException("auth needs the access key as username, and its password");
    }
    credentials = AwsCredentialsIdentity.create(username, password);
  }

  private static String constant(Properties properties, String name) {
    String text = properties.text(name).orElse("");
    if (!TextTemplate.of(text, Form.NAME).isConstant() || !text.matches("[A-Za-z0-9/._=-]*")) {
      throw new IllegalArgumentException(
          name + " is the beginning of names: letters, digits and /._=-, no templates");
    }
    return text;
  }

  private static JsonObject without(JsonObject configuration, String name) {
    var copy = configuration.copy();
    copy.remove(name);
    return copy;
  }

  /** Tells whether a configuration is that of a bucket. */
  public static boolean isFor(JsonObject configuration) {
    var properties = new Properties(configuration);
    return properties.text("integration_type", "integrationType").orElse("").equals(TYPE);
  }

  /** A configuration with the batches of a bucket, if it has none. */
  public static JsonObject batched(JsonObject configuration) {
    return new Properties(configuration).has("batch")
        ? configuration
        : configuration.copy().put("batch", USUAL_BATCH);
  }

  /**
   * Compiles the properties of an integration.
   *
   * @throws IllegalArgumentException if any of them is not right, saying what to change
   */
  public static BucketTemplate of(JsonObject configuration) {
    return new BucketTemplate(configuration, Clock.systemUTC());
  }

  @Override
  public OutboundRequest render(List<Event> events, String id) {
    var first = Instant.ofEpochMilli(events.getFirst().publishedAtMillis());
    String name = "%s%s/%s.json.gz".formatted(prefix, DAY.format(first), id);
    byte[] body = compressed(events);
    String path = bucket.path().replaceFirst("/+$", "") + "/" + name;
    var target = new Target(bucket.ssl(), bucket.host(), bucket.port(), path);
    return new OutboundRequest(
        HttpMethod.PUT, target, headers(target, body), Buffer.buffer(body), checksCertificate);
  }

  private byte[] compressed(List<Event> events) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      for (var event : events) {
        gzip.write(lines.element(event).getBytes());
        gzip.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private List<Header> headers(Target target, byte[] body) {
    String scheme = target.ssl() ? "https" : "http";
    boolean usual = target.port() == (target.ssl() ? 443 : 80);
    String authority = target.host() + (usual ? "" : ":" + target.port());
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.PUT)
            .uri(URI.create(scheme + "://" + authority + target.path()))
            .putHeader("content-type", "application/x-ndjson")
            .putHeader("content-encoding", "gzip")
            .build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(
                sign ->
                    sign.identity(credentials)
                        .request(request)
                        .payload(() -> new ByteArrayInputStream(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock));
    var headers = new ArrayList<Header>();
    signed
        .request()
        .headers()
        .forEach(
            (name, values) -> {
              // That of the connection is the same one.
              if (!name.equalsIgnoreCase("host")) {
                headers.add(new Header(name.toLowerCase(Locale.ROOT), values.getFirst()));
              }
            });
    return headers;
  }
}
