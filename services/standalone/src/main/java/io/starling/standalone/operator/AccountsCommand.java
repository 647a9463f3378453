package io.starling.standalone.operator;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** People. */
@Command(name = "accounts", description = "Creates accounts, and shows the one logged in.")
final class AccountsCommand {
  @Command(description = "creates an account")
  int create(
      @Mixin Region region,
      @Parameters(paramLabel = "EMAIL") String email,
      @Option(names = "--password-file", paramLabel = "FILE") @Nullable Path passwordFile) {
    var body =
        new JsonObject()
            .put("username", email)
            .put("password", Login.secret(passwordFile, "Password"));
    region.show(region.askOpenly("POST", "/v1/users", body), "created " + email);
    return 0;
  }

  @Command(description = "shows the account that is logged in")
  int show(@Mixin Region region) {
    var user = region.get("/v1/user");
    region.show(user, user, "username", "mfa", "wifi_device_count");
    return 0;
  }
}
