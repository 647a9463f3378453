package io.starling.standalone.operator;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The tokens of who is logged in. */
@Command(name = "tokens", description = "Shows and revokes tokens.")
final class TokensCommand {
  @Command(description = "tells of the token that is used here")
  int current(@Mixin Region region) {
    var token = region.get("/v1/access_tokens/current");
    region.show(token, token);
    return 0;
  }

  @Command(description = "revokes the token that is used here, and deletes its file")
  int revoke(@Mixin Region region) {
    var done = region.ask("DELETE", "/v1/access_tokens/current", null);
    Login.forget(region.tokenFile());
    region.show(done, "revoked");
    return 0;
  }

  @Command(name = "revoke-all", description = "revokes all tokens of the account")
  int revokeAll(@Mixin Region region) {
    var done = region.ask("DELETE", "/v1/access_tokens", null);
    Login.forget(region.tokenFile());
    region.show(done, "revoked");
    return 0;
  }
}
