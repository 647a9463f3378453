package io.starling.api.devices;

import io.starling.api.access.Access;
import io.starling.api.access.NotYours;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.DevicesRequest;
import io.starling.contract.Scope;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Keeping the public keys of devices, as setup tools send them. */
public final class PublicKeyRoutes {
  private static final int MAX_PEM = 4 << 10;
  private static final Pattern PEM =
      Pattern.compile("\\s*-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----\\s*");
  private static final Map<String, String> ALGORITHMS = Map.of("rsa", "RSA", "ecc", "EC");

  private final Access access;
  private final ConfigurationClient configuration;

  /** Routes that write through the accounts service. */
  public PublicKeyRoutes(Access access, ConfigurationClient configuration) {
    this.access = access;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(
        HttpMethod.POST, "/v1/provisioning/:device", Scope.DEVICES_UPDATE, this::store);
  }

  private Future<Answer> store(Exchange exchange) {
    return access.device(exchange).then(device -> store(exchange, device));
  }

  private Future<Answer.Whole> store(Exchange exchange, Entry.Device device) {
    String named =
        exchange
            .fields()
            .text("algorithm")
            .map(text -> text.toLowerCase(Locale.ROOT))
            .orElse("rsa");
    String pem = exchange.fields().text("publicKey").orElse("");
    var algorithm = Optional.ofNullable(ALGORITHMS.get(named));
    if (algorithm.isEmpty()) {
      return Future.succeededFuture(Errors.badRequest("algorithm must be rsa or ecc"));
    }
    if (!isKey(pem, algorithm.get())) {
      return Future.succeededFuture(
          Errors.badRequest("publicKey must be a public key of that algorithm in PEM form"));
    }
    var request =
        new DevicesRequest.StorePublicKey(
            exchange.principal().account(), device.id(), named, pem.strip());
    return configuration.by(exchange).write(request, PublicKeyRoutes::stored, NotYours.device());
  }

  private static boolean isKey(String pem, String algorithm) {
    var found = PEM.matcher(pem.length() > MAX_PEM ? "" : pem);
    if (!found.matches()) {
      return false;
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(found.group(1));
      return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(bytes))
          != null;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /** The word that the tools look for. */
  private static Answer.Whole stored() {
    return new Answer.Whole(200, Map.of(), "application/json", Buffer.buffer("\"Success!\""));
  }
}
