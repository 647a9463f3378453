package io.starling.connection.mqtt;

import io.starling.connection.wire.Packet;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client said in CONNECT (MQTT 5, section 3.1).
 *
 * @param version the protocol level: 3 (3.1), 4 (3.1.1) or 5
 * @param clientId empty if the client leaves it to us
 * @param userName null if there was none, or no password with it
 * @param keepAliveSeconds 0 for none
 * @param cleanStart whether what there was of its session is to be forgotten
 * @param sessionExpirySeconds how long its session is to be kept after the connection; of MQTT
 *     3.1.1, which knows no time, {@link #FOREVER} or 0
 * @param receiveMaximum how many unacknowledged messages the client takes, 65,535 if it did not say
 * @param maximumPacketSize the largest packet that the client takes, bytes
 * @param will what is published for it if it goes without saying so; null if nothing
 * @param authenticationMethod of enhanced authentication, null if not asked for
 * @param address the client's address, without port
 * @param certificates what it has shown in the TLS handshake, its own first; none if nothing
 */
public record Connect(
    int version,
    String clientId,
    @Nullable String userName,
    @Nullable String password,
    int keepAliveSeconds,
    boolean cleanStart,
    long sessionExpirySeconds,
    int receiveMaximum,
    long maximumPacketSize,
    Packet.@Nullable Will will,
    @Nullable String authenticationMethod,
    String address,
    List<X509Certificate> certificates) {
  /** A session expiry that never comes (section 3.1.2.11.2). */
  public static final long FOREVER = 0xFFFF_FFFFL;

  /** The protocol and its version, for people. */
  public String protocol() {
    return switch (version) {
      case 3 -> "MQTT 3.1";
      case 4 -> "MQTT 3.1.1";
      default -> "MQTT " + version;
    };
  }

  /** Tells whether reason codes and properties are understood. */
  public boolean isV5() {
    return version >= 5;
  }

  /** Tells whether a session is to be gone on with, or to be kept. */
  public boolean isPersistent() {
    return !cleanStart || sessionExpirySeconds > 0;
  }

  @Override
  public String toString() {
    return "Connect[" + version + ", " + clientId + ", " + userName + ", " + address + "]";
  }
}
