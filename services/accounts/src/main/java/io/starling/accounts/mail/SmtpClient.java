package io.starling.accounts.mail;

import io.starling.accounts.mail.SmtpConfig.Login;
import io.starling.accounts.mail.SmtpConfig.Tls;
import io.starling.accounts.mail.SmtpLine.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Hands one mail to the SMTP server, on a connection of its own, within a time. Blocks. */
final class SmtpClient {
  static final Duration LIMIT = Duration.ofSeconds(45);

  private static final int READ_TIMEOUT_MILLIS = 15_000;
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  /** Nothing that ends an address, a command or a header. */
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s\\p{Z}<>,;:\"()\\[\\]\\\\\\p{Cntrl}]+");

  private final SmtpConfig config;
  private final String from;
  private final Duration limit;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  SmtpClient(SmtpConfig config, String from) {
    this(config, from, LIMIT);
  }

  /**
   * A client for other times than usual.
   *
   * @param limit how long the whole takes at most, but for looking up the server's name
   */
  SmtpClient(SmtpConfig config, String from, Duration limit) {
    this.config = config;
    this.from = from;
    this.limit = limit;
  }

  /** A step that the server refused, which is not the mail's fault. */
  private static final class StepFailed extends Exception {
    private final String why;

    StepFailed(String why) {
      super(why);
      this.why = why;
    }
  }

  /** Ends what goes on, so that nothing waits for a server that is silent. */
  void stop() {
    stopped = true;
    for (var socket : open) {
      close(socket);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      return;
    }
  }

  /** Tries once. */
  Attempt send(String to, String message) {
    if (!ADDRESS.matcher(to).matches()) {
      return new Attempt.Refused("no server could be told the address");
    }
    var socket = new Socket();
    open.add(socket);
    // Whatever it waits for, a byte of a handshake too: a timeout of reads begins anew with each.
    var late =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, limit.toMillis(), TimeUnit.MILLISECONDS);
    var _ = late.thenAccept(isLate -> closeIf(isLate, socket));
    try (socket) {
      return stopped ? new Attempt.Unavailable("the node stops") : send(socket, to, message);
    } catch (StepFailed e) {
      return new Attempt.Unavailable(e.why);
    } catch (IOException e) {
      return new Attempt.Unavailable(
          late.isDone() ? "the server was too slow" : whyWithoutAnswer(e));
    } catch (GeneralSecurityException _) {
      return new Attempt.Unavailable("the file of STARLING_SMTP_CA is not good");
    } finally {
      late.complete(false);
      open.remove(socket);
    }
  }

  private static void closeIf(boolean isLate, Socket socket) {
    if (isLate) {
      close(socket);
    }
  }

  private static String whyWithoutAnswer(IOException cause) {
    return switch (cause) {
      case SocketTimeoutException _ -> "the server was too slow";
      case SSLException _ -> "the server's certificate or TLS is not good";
      default -> "no connection: " + cause.getClass().getSimpleName();
    };
  }

  private Attempt send(Socket socket, String to, String message)
      throws IOException, GeneralSecurityException, StepFailed {
    socket.connect(new InetSocketAddress(config.host(), config.port()), CONNECT_TIMEOUT_MILLIS);
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    if (config.tls() != Tls.TLS) {
      return converse(socket, to, message);
    }
    try (var encrypted = encrypted(socket)) {
      return converse(encrypted, to, message);
    }
  }

  private Attempt converse(Socket socket, String to, String message)
      throws IOException, GeneralSecurityException, StepFailed {
    String hello = "EHLO " + name(socket);
    var line = new SmtpLine(socket);
    var _ = good("the greeting", line.reply());
    var offer = good("EHLO", line.ask(hello));
    if (config.tls() != Tls.STARTTLS) {
      return deliver(line, offer, to, message);
    }
    if (!offer.offers("STARTTLS")) {
      throw new StepFailed("the server has no STARTTLS");
    }
    var _ = good("STARTTLS", line.ask("STARTTLS"));
    try (var encrypted = encrypted(socket)) {
      // What was read ahead in the clear is forgotten with the former line.
      var next = new SmtpLine(encrypted);
      return deliver(next, good("EHLO", next.ask(hello)), to, message);
    }
  }

  private Attempt deliver(SmtpLine line, Reply offer, String to, String message)
      throws IOException, StepFailed {
    if (config.login().isPresent()) {
      logIn(line, offer, config.login().get());
    }
    boolean ascii = Message.isAscii(message);
    if (!ascii && !offer.offers("SMTPUTF8")) {
      return new Attempt.Refused("the server takes no address that is not ASCII");
    }
    var _ = good("MAIL FROM", line.ask("MAIL FROM:<" + from + ">" + (ascii ? "" : " SMTPUTF8")));
    var recipient = line.ask("RCPT TO:<" + to + ">");
    if (recipient.isFinal()) {
      return new Attempt.Refused("the server answered " + recipient.code() + " to RCPT TO");
    }
    var _ = good("RCPT TO", recipient);
    var _ = good("DATA", line.ask("DATA"));
    var taken = line.data(message);
    if (taken.isFinal()) {
      return new Attempt.Refused("the server answered " + taken.code() + " to the message");
    }
    var _ = good("the message", taken);
    quit(line);
    return new Attempt.Sent();
  }

  /** It has been taken, whatever happens now. */
  private static void quit(SmtpLine line) {
    try {
      var _ = line.ask("QUIT");
    } catch (IOException _) {
      return;
    }
  }

  private static void logIn(SmtpLine line, Reply offer, Login login)
      throws IOException, StepFailed {
    if (offer.takesLogin("PLAIN")) {
      String both = base64("\0" + login.user() + "\0" + login.password());
      var _ = good("AUTH", line.ask("AUTH PLAIN " + both));
    } else if (offer.takesLogin("LOGIN")) {
      var _ = good("AUTH", line.ask("AUTH LOGIN"));
      var _ = good("AUTH", line.ask(base64(login.user())));
      var _ = good("AUTH", line.ask(base64(login.password())));
    } else {
      throw new StepFailed("the server lets nobody log in by PLAIN or LOGIN");
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What the server says besides its code may name people. */
  private static Reply good(String step, Reply reply) throws StepFailed {
    if (!reply.isGood()) {
      throw new StepFailed("the server answered " + reply.code() + " to " + step);
    }
    return reply;
  }

  private SSLSocket encrypted(Socket socket) throws IOException, GeneralSecurityException {
    var encrypted = (SSLSocket) sockets().createSocket(socket, config.host(), config.port(), true);
    var parameters = encrypted.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    encrypted.setSSLParameters(parameters);
    encrypted.startHandshake();
    return encrypted;
  }

  private SSLSocketFactory sockets() throws IOException, GeneralSecurityException {
    if (config.authorities().isEmpty()) {
      return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var file = Files.newInputStream(config.authorities().get())) {
      for (var each : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        trusted.setCertificateEntry(Integer.toString(trusted.size()), each);
      }
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  /** This side, as an address literal (RFC 5321, 4.1.3). */
  private static String name(Socket socket) {
    var address = socket.getLocalAddress();
    String text = address.getHostAddress().replaceAll("%.*", "");
    return address instanceof java.net.Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]";
  }
}
