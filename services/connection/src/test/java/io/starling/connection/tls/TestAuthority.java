package io.starling.connection.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** An authority that signs certificates, made anew for each test; P-256 throughout. */
public final class TestAuthority {
  private static final byte[] ECDSA_SHA256 = hex("300a06082a8648ce3d040302");
  private static final byte[] SUBJECT_ALTERNATIVES = hex("0603551d11");
  private static final byte[] IS_AUTHORITY = hex("300f0603551d130101ff040530030101ff");
  private static final char[] PASSWORD = "none".toCharArray();

  private static final byte[] FOR_SERVERS = hex("30130603551d25040c300a06082b06010505070301");

  private final String name;
  private final KeyPair keys;
  private final X509Certificate certificate;
  private final List<X509Certificate> above;

  /** A certificate with its key, and those between it and the authority at the top. */
  public record Issued(X509Certificate certificate, PrivateKey key, List<X509Certificate> above) {
    /** What a client sends. */
    public List<X509Certificate> chain() {
      var chain = new ArrayList<X509Certificate>();
      chain.add(certificate);
      chain.addAll(above);
      return chain;
    }

    /** Somebody who signs with the key of this certificate, whether he may or not. */
    public TestAuthority signing() {
      return new TestAuthority(
          certificate.getSubjectX500Principal().getName(),
          new KeyPair(certificate.getPublicKey(), key),
          certificate,
          chain());
    }

    /** The certificate in PEM. */
    public String certificatePem() {
      try {
        return pem("CERTIFICATE", certificate.getEncoded());
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    /** The key in PEM. */
    public String keyPem() {
      return pem("PRIVATE KEY", key.getEncoded());
    }

    /** Writes {@code name.crt} and {@code name.key}. */
    public void write(Path folder, String name) {
      try {
        Files.writeString(folder.resolve(name + ".crt"), certificatePem());
        Files.writeString(folder.resolve(name + ".key"), keyPem());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A new authority. */
  public TestAuthority(String name) {
    this(name, Instant.now().plus(1, ChronoUnit.DAYS));
  }

  /** A new authority, good until then. */
  public TestAuthority(String name, Instant until) {
    this.name = "CN=" + name;
    this.keys = newKeys();
    this.above = List.of();
    this.certificate =
        sign(this.name, keys, List.of(IS_AUTHORITY), until.minus(2, ChronoUnit.DAYS), until);
  }

  private TestAuthority(
      String name, KeyPair keys, X509Certificate certificate, List<X509Certificate> above) {
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
    this.above = above;
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** An authority below this one. */
  public TestAuthority below(String name) {
    var now = Instant.now();
    return issue(
            "CN=" + name,
            List.of(IS_AUTHORITY),
            now.minus(1, ChronoUnit.HOURS),
            now.plus(1, ChronoUnit.HOURS))
        .signing();
  }

  /** A certificate that is for servers alone. */
  public Issued forServers(String commonName) {
    var now = Instant.now();
    return issue(
        "CN=" + commonName,
        List.of(FOR_SERVERS),
        now.minus(1, ChronoUnit.HOURS),
        now.plus(1, ChronoUnit.HOURS));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  static KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String pem(String label, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(bytes), label);
  }

  /** Its own certificate in PEM. */
  public String pem() {
    return new Issued(certificate, keys.getPrivate(), above).certificatePem();
  }

  /** A certificate for a server by these names, and at 127.0.0.1. */
  public Issued server(String... names) {
    var alternatives = new ArrayList<byte[]>();
    alternatives.add(Der.value(0x87, InetAddress.getLoopbackAddress().getAddress()));
    for (String dns : names) {
      alternatives.add(Der.value(0x82, dns.getBytes(StandardCharsets.US_ASCII)));
    }
    var extension =
        Der.value(
            Der.SEQUENCE,
            SUBJECT_ALTERNATIVES,
            Der.value(
                Der.OCTET_STRING, Der.value(Der.SEQUENCE, alternatives.toArray(byte[][]::new))));
    var now = Instant.now();
    return issue(
        "CN=" + names[0],
        List.of(extension),
        now.minus(1, ChronoUnit.HOURS),
        now.plus(1, ChronoUnit.HOURS));
  }

  /** A certificate for a client, by its common name, good until then. */
  public Issued client(String commonName, Instant until) {
    return issue("CN=" + commonName, List.of(), until.minus(1, ChronoUnit.DAYS), until);
  }

  /** A certificate for a client, by its common name. */
  public Issued client(String commonName) {
    return client(commonName, Instant.now().plus(1, ChronoUnit.HOURS));
  }

  private Issued issue(String subject, List<byte[]> extensions, Instant from, Instant until) {
    var own = newKeys();
    return new Issued(sign(subject, own, extensions, from, until), own.getPrivate(), above);
  }

  private X509Certificate sign(
      String subject, KeyPair own, List<byte[]> extensions, Instant from, Instant until) {
    byte[] body =
        Der.value(
            Der.SEQUENCE,
            hex("a003020102"),
            Der.value(
                Der.INTEGER,
                Long.toHexString(System.nanoTime()).getBytes(StandardCharsets.US_ASCII)),
            ECDSA_SHA256,
            new X500Principal(name).getEncoded(),
            Der.value(Der.SEQUENCE, time(from), time(until)),
            new X500Principal(subject).getEncoded(),
            own.getPublic().getEncoded(),
            extensions.isEmpty()
                ? new byte[0]
                : Der.value(0xa3, Der.value(Der.SEQUENCE, extensions.toArray(byte[][]::new))));
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      byte[] signed = Der.value(0x03, new byte[1], signature.sign());
      byte[] whole = Der.value(Der.SEQUENCE, body, ECDSA_SHA256, signed);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] time(Instant at) {
    String text =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(at);
    return Der.value(0x18, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What trusts this authority and no other. */
  public TrustManagerFactory trust() {
    try {
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", certificate);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return trust;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What a client uses that trusts this authority, and shows a certificate or none. */
  public SSLContext trusting(@Nullable Issued shown) {
    try {
      var own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      if (shown != null) {
        own.setKeyEntry(
            "own", shown.key(), PASSWORD, shown.chain().toArray(X509Certificate[]::new));
      }
      var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      identity.init(own, PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(identity.getKeyManagers(), trust().getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
