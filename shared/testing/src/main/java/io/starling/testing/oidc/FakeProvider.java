package io.starling.testing.oidc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A provider with one client, whose every visitor is signed in as {@link #person} at once. Checks
 * what a provider checks: client, redirect URI, PKCE, each code once. Thread-safe.
 */
public final class FakeProvider implements AutoCloseable {
  /** What its client is. */
  public static final String CLIENT = "starling at work";

  /** By what it shows that. */
  public static final String SECRET = "s3cret: with + and %";

  /** Who visits: claims, also those of no sense. */
  public volatile JsonObject person = new JsonObject();

  /** What becomes of the claims of an ID token before it is signed. */
  public volatile UnaryOperator<JsonObject> claims = UnaryOperator.identity();

  /** How an ID token is made of claims. */
  public volatile Function<JsonObject, String> signer = this::signed;

  /** What becomes of its metadata. */
  public volatile UnaryOperator<JsonObject> metadata = UnaryOperator.identity();

  /** Whether it takes requests and answers none. */
  public volatile boolean silent;

  /** The paths that it was asked for. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;
  private final KeyPair nobodys = newKeys();
  private volatile KeyPair keys = newKeys();
  private volatile String keyId = "key-1";

  /** Listens at once. */
  public FakeProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** How it names itself. */
  public String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** As settings have it. */
  public JsonObject settings(String id, String name) {
    return new JsonObject()
        .put("id", id)
        .put("name", name)
        .put("issuer", issuer())
        .put("clientId", CLIENT)
        .put("clientSecret", SECRET);
  }

  /** Signs with another key from now on. */
  public void rotate() {
    keys = newKeys();
    keyId = "key-" + UUID.randomUUID();
  }

  private static KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2_048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      if (silent) {
        closed.await();
        return;
      }
      switch (path) {
        case "/.well-known/openid-configuration" -> json(exchange, 200, metadata.apply(metadata()));
        case "/keys" -> json(exchange, 200, keySet());
        case "/authorize" -> authorize(exchange);
        case "/token" -> token(exchange);
        case "/userinfo" -> json(exchange, 200, person);
        default -> json(exchange, 404, new JsonObject());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonObject metadata() {
    return new JsonObject()
        .put("issuer", issuer())
        .put("authorization_endpoint", issuer() + "/authorize")
        .put("token_endpoint", issuer() + "/token")
        .put("jwks_uri", issuer() + "/keys")
        .put("userinfo_endpoint", issuer() + "/userinfo")
        .put("authorization_response_iss_parameter_supported", true);
  }

  private JsonObject keySet() {
    var key = (RSAPublicKey) keys.getPublic();
    return new JsonObject()
        .put(
            "keys",
            new JsonArray()
                .add(new JsonObject().put("kty", "unheard-of"))
                .add(
                    new JsonObject()
                        .put("kty", "RSA")
                        .put("use", "sig")
                        .put("kid", keyId)
                        .put("n", base64(unsigned(key.getModulus().toByteArray())))
                        .put("e", base64(key.getPublicExponent().toByteArray()))));
  }

  private static byte[] unsigned(byte[] number) {
    return number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
  }

  private void authorize(HttpExchange exchange) throws IOException {
    var asking = parameters(exchange.getRequestURI().getRawQuery());
    String code = UUID.randomUUID().toString();
    codes.put(code, asking);
    String back =
        "%s?code=%s&state=%s&iss=%s"
            .formatted(
                asking.get("redirect_uri"),
                code,
                asking.get("state"),
                URLEncoder.encode(issuer(), StandardCharsets.UTF_8));
    exchange.getResponseHeaders().set("Location", back);
    exchange.sendResponseHeaders(302, -1);
  }

  private void token(HttpExchange exchange) throws IOException {
    var form =
        parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var asking = codes.remove(form.getOrDefault("code", ""));
    String pair = encoded(CLIENT) + ":" + encoded(SECRET);
    String basic =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    boolean right =
        asking != null
            && basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
            && CLIENT.equals(asking.get("client_id"))
            && "authorization_code".equals(form.get("grant_type"))
            && form.getOrDefault("redirect_uri", "").equals(asking.get("redirect_uri"))
            && "S256".equals(asking.get("code_challenge_method"))
            && challenge(form.getOrDefault("code_verifier", ""))
                .equals(asking.get("code_challenge"));
    if (!right || asking == null) {
      json(exchange, 400, new JsonObject().put("error", "invalid_grant"));
      return;
    }
    long now = System.currentTimeMillis() / 1_000;
    var told =
        person
            .copy()
            .put("iss", issuer())
            .put("aud", CLIENT)
            .put("iat", now)
            .put("exp", now + 300)
            .put("nonce", asking.get("nonce"));
    json(
        exchange,
        200,
        new JsonObject()
            .put("access_token", "opaque")
            .put("token_type", "Bearer")
            .put("id_token", signer.apply(claims.apply(told))));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String challenge(String verifier) {
    try {
      return base64(
          MessageDigest.getInstance("SHA-256")
              .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As it should be. */
  public String signed(JsonObject told) {
    return signed(told, keys, keyId);
  }

  /** By a key that is not its own, under the name of one that is. */
  public String signedByAnother(JsonObject told) {
    return signed(told, nobodys, keyId);
  }

  private static String signed(JsonObject told, KeyPair by, String keyId) {
    String content = content(new JsonObject().put("alg", "RS256").put("kid", keyId), told);
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(by.getPrivate());
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Not signed: {@code alg} is {@code none}. */
  public String unsigned(JsonObject told) {
    return content(new JsonObject().put("alg", "none"), told) + ".";
  }

  /** By HS256 with the public key, which everybody knows, as the secret. */
  public String signedByPublicKey(JsonObject told) {
    String content = content(new JsonObject().put("alg", "HS256").put("kid", keyId), told);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys.getPublic().getEncoded(), "HmacSHA256"));
      return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String content(JsonObject header, JsonObject told) {
    return base64(header.toBuffer().getBytes()) + "." + base64(told.toBuffer().getBytes());
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Of a query or a form. */
  public static Map<String, String> parameters(String text) {
    var all = new LinkedHashMap<String, String>();
    for (String pair : text.split("&", -1)) {
      int at = pair.indexOf('=');
      if (at > 0) {
        all.put(
            pair.substring(0, at),
            URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return all;
  }

  private static void json(HttpExchange exchange, int status, JsonObject body) throws IOException {
    byte[] bytes = body.toBuffer().getBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
