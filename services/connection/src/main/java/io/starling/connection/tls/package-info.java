/**
 * The server's certificates: PEM files, read again when they change, and from them one Netty
 * context for each certificate, chosen by the name that the client asks for (SNI).
 *
 * <p>Promises: files that cannot be used stop the start, and later change nothing: the certificates
 * in use stay, and one line says why; connections that are open are never touched. TLS 1.3 and 1.2,
 * forward secrecy and authenticated encryption only, sessions resumed within a process. Whoever
 * shows a certificate must show one that {@code authority} takes; nobody has to show any. Refuses
 * encrypted keys; asks no OCSP responder and reads no CRL: a device is locked out in the directory.
 */
@NullMarked
package io.starling.connection.tls;

import org.jspecify.annotations.NullMarked;
