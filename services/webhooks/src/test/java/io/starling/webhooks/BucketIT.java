package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.IntegrationId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * Integrations that write objects into a bucket: a server that takes them only if they are signed
 * as the documentation of AWS Signature Version 4 says, worked out here from what arrives.
 */
final class BucketIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=access/(\\d{8}/eu-central-1/s3/aws4_request), ?"
              + "SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");

  private final Map<String, List<String>> objects = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  @Test
  void eventsBecomeLinesOfObjectsThatRepeatsWriteAgain() {
    var vertx = Vertx.vertx();
    var server = vertx.createHttpServer().requestHandler(this::take);
    failures.set(3);
    try (var stage = new Stage()) {
      int port = Stage.await(server.listen(0, "127.0.0.1")).actualPort();
      var id = stage.hook(IntegrationId.create(), bucket(port, "secret"));
      stage.publish("temp", 250);
      var _ = stage.start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(objects.values().stream().flatMap(List::stream))
                      .hasSize(250)
                      .doesNotHaveDuplicates());
      assertThat(objects.keySet())
          .allMatch(
              path ->
                  path.matches(
                      "/bucket/from/\\d{4}/\\d\\d/\\d\\d/(batch-[0-9a-f]{32}|.+)-"
                          + id
                          + "\\.json\\.gz"));
      assertThat(objects).hasSizeLessThan(50);
      assertThat(refused).hasValue(0);
    } finally {
      var _ = Stage.await(vertx.close());
    }
  }

  @Test
  void aWrongSecretIsRefused() {
    var vertx = Vertx.vertx();
    var server = vertx.createHttpServer().requestHandler(this::take);
    try (var stage = new Stage()) {
      int port = Stage.await(server.listen(0, "127.0.0.1")).actualPort();
      var _ = stage.hook(IntegrationId.create(), bucket(port, "wrong"));
      stage.publish("temp", 1);
      var _ = stage.start();
      await().atMost(PATIENCE).until(() -> refused.get() > 0);
      assertThat(objects).isEmpty();
    } finally {
      var _ = Stage.await(vertx.close());
    }
  }

  private static JsonObject bucket(int port, String secret) {
    return new JsonObject()
        .put("event", "temp")
        .put("integration_type", "S3")
        .put("url", "http://127.0.0.1:" + port + "/bucket")
        .put("key", "from/")
        .put("region", "eu-central-1")
        .put("batch", new JsonObject().put("events", 100).put("millis", 100))
        .put("auth", new JsonObject().put("username", "access").put("password", secret));
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              if (!isSigned(request, body)) {
                refused.incrementAndGet();
                request.response().setStatusCode(403).end("SignatureDoesNotMatch");
                return;
              }
              objects.put(request.path(), lines(body));
              // Taken, but the answer says otherwise: it comes again, under the same name.
              boolean fails = failures.getAndDecrement() > 0;
              request.response().setStatusCode(fails ? 503 : 200).end();
            });
  }

  private static List<String> lines(Buffer body) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
      var text = new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(line -> new JsonObject(line).getString("data") + line).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSigned(HttpServerRequest request, Buffer body) {
    var match = AUTHORIZATION.matcher(String.valueOf(request.getHeader("authorization")));
    if (!match.matches()) {
      return false;
    }
    String hash = hex(sha256(body.getBytes()));
    String names = match.group(2);
    String headers =
        Arrays.stream(names.split(";", -1))
            .map(name -> name + ":" + request.getHeader(name).strip() + "\n")
            .collect(Collectors.joining());
    String canonical =
        String.join("\n", request.method().name(), request.path(), "", headers, names, hash);
    String time = request.getHeader("x-amz-date");
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            time,
            match.group(1),
            hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    byte[] key = "AWS4secret".getBytes(StandardCharsets.UTF_8);
    for (String part : match.group(1).split("/", -1)) {
      key = hmac(key, part);
    }
    return hash.equals(request.getHeader("x-amz-content-sha256"))
        && names.contains("host")
        && hex(hmac(key, toSign)).equals(match.group(3));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
