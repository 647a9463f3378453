package io.starling.standalone.operator;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gets a token, which the other commands use, for a password or by a page. */
@Command(
    name = "login",
    description = {
      "Logs in, and keeps the token in a file that only you can read.",
      "The password is asked for, or read from standard input.",
      "With --device, or without EMAIL, no password is: open the page that is told, in any browser."
    })
final class LoginCommand implements Callable<Integer> {
  private static final Map<String, String> CLIENT =
      Map.of("client_id", "particle-cli", "client_secret", "particle-cli");

  @Mixin private Region region = new Region();

  @Parameters(paramLabel = "EMAIL", arity = "0..1", description = "of the account")
  private @Nullable String email;

  @Option(names = "--device", description = "confirm it in a browser, anywhere")
  private boolean device;

  @Option(names = "--password-file", paramLabel = "FILE", description = "has the password in it")
  private @Nullable Path passwordFile;

  @Option(names = "--otp-file", paramLabel = "FILE", description = "has a one-time password in it")
  private @Nullable Path otpFile;

  @Override
  public Integer call() {
    var token =
        device || email == null ? new DeviceLogin(region, CLIENT).tokens() : byPassword(email);
    Login.keep(region.tokenFile(), token.getString("access_token"));
    var told = new JsonObject();
    if (email != null && !device) {
      told.put("logged_in", email);
    }
    told.put("expires_in", token.getValue("expires_in"))
        .put("token_file", Login.file(region.tokenFile()).toString());
    region.show(told, told);
    return 0;
  }

  private JsonObject byPassword(String email) {
    var answer =
        exchange(
            Map.of(
                "grant_type",
                "password",
                "username",
                email,
                "password",
                Login.secret(passwordFile, "Password")));
    if (answer.statusCode() == 403 && answer.body().contains("mfa_token")) {
      answer =
          exchange(
              Map.of(
                  "grant_type",
                  "urn:custom:mfa-otp",
                  "mfa_token",
                  new JsonObject(answer.body()).getString("mfa_token"),
                  "otp",
                  Login.secret(otpFile, "One-time password")));
    }
    return (JsonObject) Region.value(answer);
  }

  private HttpResponse<String> exchange(Map<String, String> fields) {
    var all = new java.util.TreeMap<>(CLIENT);
    all.putAll(fields);
    return region.form("/oauth/token", all);
  }
}
