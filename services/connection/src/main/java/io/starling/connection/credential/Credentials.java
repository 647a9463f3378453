package io.starling.connection.credential;

import io.starling.connection.credential.Verdict.Admitted;
import io.starling.connection.credential.Verdict.Refused;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Refusal;
import io.starling.contract.DeviceId;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.time.InstantSource;

/** Checks credentials against the directory, at CONNECT and as long as a session lasts. */
public final class Credentials {
  /** What an unknown device's secret is compared with, so that the answer takes as long. */
  private static final String NOBODYS_HASH = Secrets.hash("nobody");

  private static final String TOKEN_USER = "token";

  private final Directory directory;
  private final InstantSource clock;

  /** A check against one directory. */
  public Credentials(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** Decides about a CONNECT. */
  public Verdict check(Connect connect) {
    String user = connect.userName();
    String password = connect.password();
    if (isBlank()) {
      return new Refused(Refusal.SERVER_UNAVAILABLE);
    }
    if (connect.authenticationMethod() != null) {
      return new Refused(Refusal.AUTHENTICATION_METHOD_UNKNOWN);
    }
    if (user == null || password == null) {
      return new Refused(Refusal.BAD_CREDENTIALS);
    }
    return DeviceId.isValid(user)
        ? device(DeviceId.of(user), password, connect.clientId())
        : app(user, password, connect.clientId());
  }

  /** A directory that has nothing and was never in step knows nobody: that is not their fault. */
  private boolean isBlank() {
    return directory.age().isEmpty()
        && directory.sizes().values().stream().allMatch(size -> size.intValue() == 0);
  }

  private Verdict device(DeviceId id, String secret, String clientId) {
    var found = directory.device(id);
    boolean matches =
        Secrets.matches(secret, found.map(Entry.Device::secretHash).orElse(NOBODYS_HASH));
    if (found.isEmpty() || !matches) {
      return new Refused(Refusal.BAD_CREDENTIALS);
    }
    var device = found.get();
    var owner = device.owner();
    if (owner == null) {
      return new Refused(Refusal.NOT_AUTHORIZED);
    }
    String key = id.toString();
    if (!clientId.isEmpty() && !clientId.equals(key)) {
      return new Refused(Refusal.CLIENT_ID_INVALID);
    }
    return new Admitted(
        new Client.OfDevice(id, owner, device.product(), device.secretHash()),
        clientId.isEmpty() ? key : null);
  }

  private Verdict app(String user, String token, String clientId) {
    String hash = Secrets.hash(token);
    var found = directory.token(hash);
    if (found.isEmpty() || !mayUse(user, found.get())) {
      return new Refused(Refusal.BAD_CREDENTIALS);
    }
    String assigned = clientId.isEmpty() ? "app-" + DeviceId.create() : null;
    return new Admitted(
        new Client.OfApp(
            found.get().account(),
            assigned == null ? clientId : assigned,
            hash,
            found.get().expiresAt()),
        assigned);
  }

  private boolean mayUse(String user, Entry.Token token) {
    return user.equals(TOKEN_USER)
        || directory
            .account(token.account())
            .filter(account -> account.email().equalsIgnoreCase(user))
            .isPresent();
  }

  /** Tells whether somebody who was let in would still be: same secret, same owner, valid token. */
  public boolean stillGood(Client client) {
    return switch (client) {
      case Client.OfDevice device ->
          directory
              .device(device.id())
              .filter(now -> device.account().equals(now.owner()))
              .filter(now -> device.secretHash().equals(now.secretHash()))
              .isPresent();
      case Client.OfApp app ->
          directory
              .token(app.tokenHash())
              .filter(now -> app.account().equals(now.account()))
              .isPresent();
    };
  }

  /** Tells whether a client's token has run out, without looking anything up. */
  public boolean hasExpired(Client client) {
    return client instanceof Client.OfApp app
        && app.expiresAt() != null
        && !clock.instant().isBefore(app.expiresAt());
  }
}
