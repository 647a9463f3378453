package io.starling.connection.authority;

import io.starling.contract.DeviceId;
import io.starling.directory.CommonName;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the certificates that clients show, in the handshake and at CONNECT, by what the
 * directory says at that moment. Thread-safe; a look costs a signature for each authority of the
 * right name.
 */
public final class ClientTrust extends X509ExtendedTrustManager {
  /** Of one name, whosever they are, for a device that nobody knows. */
  private static final int MOST_TRIED = 16;

  private static final String KEY_EXCHANGE = "UNKNOWN";

  private final Directory directory;
  private final InstantSource clock;
  private volatile @Nullable X509TrustManager region;

  /** Trusts the authorities of a directory. */
  public ClientTrust(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** The authorities of the region are these from here on. */
  public void trustInRegion(List<X509Certificate> authorities) {
    try {
      region = authorities.isEmpty() ? null : trusting(authorities);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("an authority cannot be used: " + e.getMessage(), e);
    }
  }

  private static X509TrustManager trusting(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry(Integer.toString(i), authorities.get(i));
    }
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Tells whether no certificate at all would do. */
  public boolean isEmpty() {
    return region == null && !directory.hasAuthorities();
  }

  /**
   * Finds what a certificate rests on that is shown by a device of a product.
   *
   * @param shown its own first, and those that came along
   */
  public Optional<Voucher> voucher(List<X509Certificate> shown, int product) {
    if (isOfRegion(shown)) {
      return Optional.of(Voucher.REGION);
    }
    var now = clock.instant();
    return directory.authoritiesOf(product).stream()
        .filter(one -> one.authority().vouchesFor(shown, now))
        .map(one -> new Voucher(one.fingerprint(), one.authority().expiresAt()))
        .findFirst();
  }

  private boolean isOfRegion(List<X509Certificate> shown) {
    var trusted = region;
    if (trusted == null) {
      return false;
    }
    try {
      trusted.checkClientTrusted(shown.toArray(X509Certificate[]::new), KEY_EXCHANGE);
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  /**
   * Finds the authority by which a device that nobody knows is registered: of a product that wants
   * that, and of no second one, since nobody could say then whose the device is.
   */
  public Optional<Entry.ProductAuthority> registrar(List<X509Certificate> shown) {
    var now = clock.instant();
    var found =
        shown.stream()
            .map(X509Certificate::getIssuerX500Principal)
            .distinct()
            .flatMap(name -> directory.authoritiesNamed(name).stream())
            .filter(this::registers)
            .limit(MOST_TRIED)
            .filter(one -> vouches(one, shown, now))
            .toList();
    boolean one = found.stream().map(Entry.ProductAuthority::product).distinct().count() == 1;
    return one ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private boolean registers(Entry.ProductAuthority one) {
    return directory.product(one.product()).filter(Entry.Product::quarantine).isPresent();
  }

  private static boolean vouches(
      Entry.ProductAuthority one, List<X509Certificate> shown, Instant now) {
    return one.authority().vouchesFor(shown, now);
  }

  private boolean isTrusted(List<X509Certificate> shown) {
    if (isOfRegion(shown)) {
      return true;
    }
    var id = CommonName.of(shown.getFirst()).filter(DeviceId::isValid).map(DeviceId::of);
    if (id.isEmpty()) {
      return false;
    }
    return directory
        .device(id.get())
        .map(device -> voucher(shown, device.product()).isPresent())
        .orElseGet(() -> registrar(shown).isPresent());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange)
      throws CertificateException {
    if (chain.length == 0 || !isTrusted(List.of(chain))) {
      throw new CertificateException("no authority vouches for this certificate");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, keyExchange);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, keyExchange);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange)
      throws CertificateException {
    throw new CertificateException("this is a server");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, keyExchange);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, keyExchange);
  }

  /** None: a client shows what it has. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
