package io.starling.standalone;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser without a window: it keeps cookies, follows links and sends forms. */
final class Browser implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Pattern LINK = Pattern.compile("<a class=\"button\" href=\"([^\"]*)\">");
  private static final Pattern FORM = Pattern.compile("<form method=\"post\" action=\"([^\"]*)\">");
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\">");

  private final HttpClient client =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.ALWAYS)
          .build();

  private HttpResponse<String> page(HttpRequest.Builder request) {
    try {
      return client.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> open(URI address) {
    return page(HttpRequest.newBuilder(address));
  }

  /** Follows the first link of a page that looks like a button. */
  HttpResponse<String> follow(HttpResponse<String> page) {
    var link = LINK.matcher(page.body());
    if (!link.find()) {
      throw new AssertionError("no link on " + page.uri() + ": " + page.body());
    }
    return open(page.uri().resolve(plain(link.group(1))));
  }

  /** Sends the form of a page, filled in. */
  HttpResponse<String> submit(HttpResponse<String> page, Map<String, String> typed) {
    var form = FORM.matcher(page.body());
    if (!form.find()) {
      throw new AssertionError("no form on " + page.uri() + ": " + page.body());
    }
    var fields = new LinkedHashMap<String, String>();
    var hidden = HIDDEN.matcher(page.body());
    while (hidden.find()) {
      fields.put(hidden.group(1), plain(hidden.group(2)));
    }
    fields.putAll(typed);
    String body =
        fields.entrySet().stream()
            .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return page(
        HttpRequest.newBuilder(page.uri().resolve(plain(form.group(1))))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String plain(String html) {
    return html.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
  }

  @Override
  public void close() {
    client.close();
  }
}
