package io.starling.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One HTTP request, as any client would send it. */
final class Http {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Http() {}

  static HttpResponse<String> get(URI uri, String... headers) {
    return send(builder(uri, headers).GET().build());
  }

  static HttpResponse<String> post(URI uri, String body, String... headers) {
    return send(builder(uri, headers).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private static HttpRequest.Builder builder(URI uri, String... headers) {
    var builder = HttpRequest.newBuilder(uri).timeout(LIMIT);
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try (var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
