package io.starling.api.consent;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcRequest;
import io.starling.contract.OidcRequest.Origin;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The part of a page that offers to sign in through providers. Which there are is asked at most
 * every 30 s; where nobody tells, those that were told last are offered. Belongs to one event loop.
 */
public final class ProviderLinks {
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final ConfigurationClient configuration;
  private final InstantSource clock;
  private List<OidcReply.Named> known = List.of();
  private Instant askedAt = Instant.MIN;

  /** For the pages of one event loop. */
  public ProviderLinks(ConfigurationClient configuration, InstantSource clock) {
    this.configuration = configuration;
    this.clock = clock;
  }

  /**
   * Links to where each begins: links, not forms, because a page's policy for its forms would have
   * to name where the providers lead.
   */
  Future<String> html(Exchange exchange, Origin origin) {
    return providers(exchange)
        .map(
            providers ->
                providers.stream()
                    .map(
                        it ->
                            "<a class=\"button\" href=\"%s\">Sign in with %s</a>"
                                .formatted(Page.text(begin(it.id(), origin)), Page.text(it.name())))
                    .collect(Collectors.joining("\n")));
  }

  private static String begin(String provider, Origin origin) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put(ProviderRoutes.PROVIDER, provider);
    parameters.put(ProviderRoutes.PAGE, origin.page());
    parameters.putAll(origin.fields());
    return parameters.entrySet().stream()
        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&", ProviderRoutes.BEGIN + "?", ""));
  }

  private Future<List<OidcReply.Named>> providers(Exchange exchange) {
    var now = clock.instant();
    if (now.isBefore(askedAt.plus(FRESH))) {
      return Future.succeededFuture(known);
    }
    askedAt = now;
    return configuration
        .by(exchange)
        .write(new OidcRequest.ListProviders(), LIMIT)
        .map(
            told -> {
              known = told.providers();
              return known;
            })
        .otherwise(_ -> known);
  }
}
