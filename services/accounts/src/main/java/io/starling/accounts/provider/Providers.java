package io.starling.accounts.provider;

import io.starling.contract.OidcReply;
import io.starling.contract.OidcReply.Refused.Reason;
import io.starling.contract.OidcRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers of the settings, with what is known of them. Lasts as long as the service; belongs
 * to its event loop.
 */
public final class Providers {
  private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

  private static final Duration ONE_ANSWER = Duration.ofSeconds(3);

  /** All that is asked for a request: who waits for it, waits for {@link OidcRequest#DEADLINE}. */
  private static final Duration ALL_ANSWERS = Duration.ofSeconds(7);

  private static final String CALLBACK = "/oauth/oidc/callback";

  private final Map<String, Provider> all = new LinkedHashMap<>();
  private final String base;

  /**
   * Providers that send people back here.
   *
   * @param base the API as people reach it
   */
  public Providers(Vertx vertx, List<OidcProvider> settings, String base, InstantSource clock) {
    this.base = base;
    if (!settings.isEmpty()) {
      var client = new ProviderClient(vertx, ONE_ANSWER);
      settings.forEach(it -> all.put(it.id(), new Provider(vertx, client, clock, it)));
    }
  }

  /** As people are told of them. */
  public OidcReply.Providers told() {
    return new OidcReply.Providers(
        all.values().stream()
            .map(Provider::settings)
            .map(it -> new OidcReply.Named(it.id(), it.name()))
            .toList());
  }

  Optional<Provider> find(String id) {
    return Optional.ofNullable(all.get(id));
  }

  String name(String id) {
    return find(id).map(it -> it.settings().name()).orElse("");
  }

  /** Where providers send people back to. */
  String redirectUri() {
    return base + CALLBACK;
  }

  boolean areReachedSecurely() {
    return base.startsWith("https:");
  }

  /** Where somebody is sent. */
  Future<String> url(Provider provider, Away away) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("response_type", "code");
    parameters.put("client_id", provider.settings().clientId());
    parameters.put("redirect_uri", redirectUri());
    parameters.put("scope", "openid email");
    parameters.put("state", away.state());
    parameters.put("nonce", away.nonce());
    parameters.put("code_challenge", away.challenge());
    parameters.put("code_challenge_method", "S256");
    return provider
        .metadata()
        .map(
            metadata -> {
              String url = metadata.authorization().toString();
              return url + (url.indexOf('?') < 0 ? "?" : "&") + ProviderClient.encoded(parameters);
            });
  }

  /** The same, unless it takes too long. */
  static <T> Future<T> inTime(Future<T> asked) {
    return asked
        .timeout(ALL_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof TimeoutException
                        ? new ProviderClient.Unreachable(cause)
                        : cause));
  }

  /** The answer where a provider is to blame; other failures stay. */
  static Future<OidcReply.Refused> told(Throwable cause, Away away) {
    boolean unusable = cause instanceof ProviderClient.Unusable;
    if (!unusable && !(cause instanceof ProviderClient.Unreachable)) {
      return Future.failedFuture(cause);
    }
    LOG.warn("Nobody signs in through {} for now: {}", away.provider(), cause.getMessage());
    return Future.succeededFuture(
        away.refused(unusable ? Reason.NOT_BELIEVED : Reason.UNREACHABLE));
  }
}
