package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseDownIT {
  private static final String LOG_IN =
      "grant_type=password&username=a&password=b&client_id=particle&client_secret=particle";
  private static final String REFRESH =
      "grant_type=refresh_token&refresh_token=a&client_id=particle&client_secret=particle";
  private static final String MADE =
      "client_id=made-1234&password=long+enough&client_secret=" + FakePeople.SECRET;
  @RegisterExtension private final Region region = Region.start();

  private Call.Reply[] everyWrite() {
    var any = new JsonObject().put("name", "x").put("count", 1).put("url", "http://x");
    region.rows.integration(
        io.starling.contract.IntegrationId.of("a".repeat(24)),
        region.person,
        new JsonObject().put("event", "e").put("url", "http://x"));
    region.rows.client("made-1234", region.person, 77, "app", FakePeople.SECRET);
    var _ = region.services.organizations.make(region.person, "acme");
    Region.done(region.directory.reached(region.rows.end(), java.time.Duration.ofSeconds(30)));
    return new Call.Reply[] {
      region.anonymous("POST", "/oauth/token").form(LOG_IN),
      region.anonymous("POST", "/oauth/token").form(REFRESH),
      region.anonymous("POST", "/v1/users").form("username=a%40b.c&password=long+enough"),
      region.anonymous("DELETE", "/v1/access_tokens/abc").send(),
      region.call("DELETE", "/v1/access_tokens").send(),
      region.anonymous("GET", "/v1/access_tokens").header("Authorization", "Basic YTpi").send(),
      region.call("PUT", "/v1/user").form("password=long+enough&current_password=x"),
      region.call("PUT", "/v1/user").json(new JsonObject().put("account_info", any)),
      region.call("DELETE", "/v1/user").form("password=x"),
      region.anonymous("POST", "/v1/user/password-reset").form("username=a%40b.c"),
      region.anonymous("POST", "/v1/user/password-reset/confirm").form("token=x&password=y"),
      region.anonymous("POST", "/v1/user/email/confirm").form("token=x"),
      region.call("GET", "/v1/user/mfa-enable").send(),
      region.call("POST", "/v1/user/mfa-enable").form("mfa_token=x&otp=y"),
      region.call("PUT", "/v1/user/mfa-disable").form("current_password=x"),
      region.call("POST", "/v1/clients").form("name=x"),
      region.call("PUT", "/v1/clients/x").form("name=x"),
      region.call("DELETE", "/v1/products/77/clients/x").send(),
      region.anonymous("POST", "/v1/products/77/customers").form(MADE + "&email=a%40b.c"),
      region.anonymous("POST", "/v1/products/77/customers/reset_password").form(MADE + "&email=a"),
      region.anonymous("POST", "/oauth/token").form(MADE + "&grant_type=password&username=a"),
      region.call("PUT", "/v1/products/77/customers/x").form("password=long+enough"),
      region.call("DELETE", "/v1/products/77/customers/x").send(),
      region.call("DELETE", "/v1/products/77/devices/kitchen/owner").send(),
      region.call("POST", "/v1/products/77/devices/kitchen/claim_secret").send(),
      region.call("POST", "/v1/devices").form("claim_secret=x&id=" + region.foreign),
      region.call("GET", "/v1/devices/transfers").send(),
      region.call("PUT", "/v1/devices/transfers/x").form("action=accept"),
      region.call("DELETE", "/v1/devices/transfers/x").send(),
      region.anonymous("POST", "/v1/user/transfer/confirm").form("action=accept&token=x"),
      region.call("POST", "/v1/user/products").json(any),
      region.call("POST", "/v1/orgs").json(any),
      region.call("PUT", "/v1/orgs/acme").json(any),
      region.call("DELETE", "/v1/orgs/acme").send(),
      region.call("POST", "/v1/orgs/acme/products").json(any),
      region.call("POST", "/v1/orgs/acme/team").form("username=eve%40example.com&role=support"),
      region.call("DELETE", "/v1/orgs/acme/team/" + Region.EMAIL).send(),
      region.call("POST", "/v1/products/77/devices/bulk").json(any),
      region.call("POST", "/v1/devices").form("id=" + region.foreign),
      region.call("PUT", "/v1/devices/kitchen").json(any),
      region.call("DELETE", "/v1/devices/kitchen").send(),
      region.call("POST", "/v1/webhooks").json(any),
      region.call("PUT", "/v1/integrations/" + "a".repeat(24)).json(any),
      region.call("DELETE", "/v1/webhooks/" + "a".repeat(24)).send()
    };
  }

  @Test
  void everyWriteIsAnsweredWith503WithinASecond() {
    region.services.databaseDown = true;
    long began = System.nanoTime();

    for (var reply : everyWrite()) {
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).hasValue("3");
      assertThat(reply.json().getString("error")).isNotEmpty();
      assertThat(reply.text()).doesNotContain("access token");
    }
    assertThat(System.nanoTime() - began).isLessThan(12_000_000_000L);
  }

  @Test
  void readsGoOn() {
    region.services.databaseDown = true;

    for (String path :
        new String[] {
          "/v1/user",
          "/v1/devices",
          "/v1/devices/kitchen",
          "/v1/devices/kitchen/temp",
          "/v1/products",
          "/v1/products/77/devices",
          "/v1/webhooks",
          "/v1/access_tokens/current"
        }) {
      assertThat(region.call("GET", path).send().status()).isEqualTo(200);
    }
  }

  @Test
  void aServiceThatIsSilentIsAnsweredForAfterFourSeconds() {
    region.services.silent = true;
    long began = System.nanoTime();

    var reply = region.call("DELETE", "/v1/devices/kitchen").send();

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isPresent();
    assertThat(System.nanoTime() - began).isBetween(3_500_000_000L, 9_000_000_000L);
  }
}
