package io.starling.directory;

import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** Whom a certificate is for. */
public final class CommonName {
  private CommonName() {}

  /** The one common name of its subject; empty if it has none, or several. */
  public static Optional<String> of(X509Certificate certificate) {
    try {
      var names =
          new LdapName(certificate.getSubjectX500Principal().getName())
              .getRdns().stream().filter(part -> part.getType().equalsIgnoreCase("CN")).toList();
      return names.size() == 1 && names.getFirst().getValue() instanceof String name
          ? Optional.of(name)
          : Optional.empty();
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }
}
