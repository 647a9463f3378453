package io.starling.connection.credential;

import io.starling.bootstrap.bus.TokenUses;
import io.starling.connection.authority.ClientTrust;
import io.starling.connection.authority.Voucher;
import io.starling.connection.credential.Verdict.Admitted;
import io.starling.connection.credential.Verdict.Refused;
import io.starling.connection.credential.Verdict.Unregistered;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Refusal;
import io.starling.contract.DeviceId;
import io.starling.directory.CommonName;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks credentials against the directory, at CONNECT and as long as a session lasts. */
public final class Credentials {
  /** What an unknown device's secret is compared with, so that the answer takes as long. */
  private static final String NOBODYS_HASH = Secrets.hash("nobody");

  private static final String TOKEN_USER = "token";

  private final Directory directory;
  private final InstantSource clock;
  private final ClientTrust trust;
  private final TokenUses uses;

  /**
   * A check against one directory.
   *
   * @param trust says what certificates rest on
   * @param uses is told which tokens apps are connected by
   */
  public Credentials(Directory directory, InstantSource clock, ClientTrust trust, TokenUses uses) {
    this.directory = directory;
    this.clock = clock;
    this.trust = trust;
    this.uses = uses;
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
    if (!connect.certificates().isEmpty()) {
      return certified(connect.certificates(), user, connect.clientId());
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
    return known(found.get(), clientId, found.get().secretHash(), null, null);
  }

  /**
   * A certificate needs no password; its name is a device's id. What it rests on is looked at here,
   * by which product the device is in: the handshake let it through, but may be a while ago.
   */
  private Verdict certified(List<X509Certificate> shown, @Nullable String user, String clientId) {
    var name = CommonName.of(shown.getFirst()).filter(DeviceId::isValid);
    var expiresAt = shown.getFirst().getNotAfter().toInstant();
    boolean counts =
        name.isPresent()
            && (user == null || user.equals(name.get()))
            && clock.instant().isBefore(expiresAt);
    if (!counts) {
      return new Refused(Refusal.NOT_AUTHORIZED);
    }
    var id = DeviceId.of(name.get());
    var found = directory.device(id);
    if (found.isEmpty()) {
      return unregistered(id, shown);
    }
    return trust
        .voucher(shown, found.get().product())
        .map(voucher -> known(found.get(), clientId, voucher, expiresAt))
        .orElseGet(() -> new Refused(Refusal.NOT_AUTHORIZED));
  }

  private Verdict unregistered(DeviceId id, List<X509Certificate> shown) {
    return trust
        .registrar(shown)
        .<Verdict>map(by -> new Unregistered(id, by.product(), by.fingerprint()))
        .orElseGet(() -> new Refused(Refusal.NOT_AUTHORIZED));
  }

  private Verdict known(
      Entry.Device device, String clientId, Voucher voucher, Instant certificateExpiresAt) {
    var first =
        voucher.expiresAt().isBefore(certificateExpiresAt)
            ? voucher.expiresAt()
            : certificateExpiresAt;
    return known(device, clientId, null, voucher.authority(), first);
  }

  private Verdict known(
      Entry.Device device,
      String clientId,
      @Nullable String secretHash,
      @Nullable String authority,
      @Nullable Instant expiresAt) {
    var owner = device.owner();
    if (owner == null || device.quarantined() || device.denied()) {
      return new Refused(Refusal.NOT_AUTHORIZED);
    }
    if (device.product() != 0 && directory.product(device.product()).isEmpty()) {
      // A directory that is still being read: what the product permits is not known.
      return new Refused(Refusal.SERVER_UNAVAILABLE);
    }
    String key = device.id().toString();
    if (!clientId.isEmpty() && !clientId.equals(key)) {
      return new Refused(Refusal.CLIENT_ID_INVALID);
    }
    return new Admitted(
        new Client.OfDevice(device.id(), owner, device.product(), secretHash, authority, expiresAt),
        clientId.isEmpty() ? key : null);
  }

  private Verdict app(String user, String token, String clientId) {
    String hash = Secrets.hash(token);
    var found = directory.token(hash);
    if (found.isEmpty() || !mayUse(user, found.get())) {
      return new Refused(Refusal.BAD_CREDENTIALS);
    }
    uses.used(hash);
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

  /**
   * Tells whether somebody who was let in would still be: same owner, same secret or an authority
   * that still is one of its product; valid token.
   */
  public boolean stillGood(Client client) {
    return switch (client) {
      case Client.OfDevice device ->
          directory
              .device(device.id())
              .filter(now -> device.account().equals(now.owner()))
              .filter(now -> !now.quarantined() && !now.denied())
              .filter(
                  now ->
                      device.authority() == null
                          || directory.authority(now.product(), device.authority()).isPresent())
              .filter(
                  now ->
                      device.secretHash() == null || device.secretHash().equals(now.secretHash()))
              .isPresent();
      case Client.OfApp app ->
          directory
              .token(app.tokenHash())
              .filter(now -> app.account().equals(now.account()))
              .isPresent();
    };
  }

  /** Tells whether a client's token or certificate has run out, without looking anything up. */
  public boolean hasExpired(Client client) {
    return client.expiresAt() != null && !clock.instant().isBefore(client.expiresAt());
  }
}
