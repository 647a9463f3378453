package io.starling.accounts.mail;

import static org.awaitility.Awaitility.await;

import io.starling.testing.server.TestKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An SMTP server for localhost, with a certificate of its own, that keeps what it was told. */
public final class FakeSmtp implements AutoCloseable {
  public static final String USER = "starling";
  public static final String PASSWORD = "carrier pigeon";

  /** What came with the commands of one mail; lines end with LF, without what SMTP adds. */
  public record Received(String to, String text) {}

  public final List<Received> mails = new CopyOnWriteArrayList<>();
  public final List<String> commands = new CopyOnWriteArrayList<>();

  /** Replies in place of the usual ones, by how the command begins. */
  final ConcurrentHashMap<String, String> replies = new ConcurrentHashMap<>();

  /** Recipients that are refused for good. */
  public final Set<String> unknown = ConcurrentHashMap.newKeySet();

  /** Whether it speaks TLS from the first byte. */
  volatile boolean encrypted;

  private final Path folder;
  private final SSLContext tls;
  private volatile ServerSocket server;
  private volatile Thread acceptor = Thread.currentThread();

  public FakeSmtp(Path folder) throws Exception {
    this.folder = folder;
    this.tls = SSLContext.getInstance("TLS");
    var made = TestKeys.make(folder, "localhost");
    var store = KeyStore.getInstance(made.file().toFile(), made.password().toCharArray());
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, made.password().toCharArray());
    tls.init(keys.getKeyManagers(), null, null);
    String encoded =
        Base64.getMimeEncoder().encodeToString(store.getCertificate("test").getEncoded());
    Files.writeString(
        authorities(), "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
    server = listen(0);
  }

  public Path authorities() {
    return folder.resolve("smtp.pem");
  }

  public int port() {
    return server.getLocalPort();
  }

  public List<Received> mailsTo(String address) {
    return mails.stream().filter(mail -> mail.to().equals(address)).toList();
  }

  private ServerSocket listen(int port) throws IOException {
    var listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    acceptor = Thread.ofVirtual().start(() -> accept(listening));
    return listening;
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        var socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  /** Answers nobody until {@link #up}. */
  public void down() throws IOException {
    server.close();
    // The port is held by who accepts.
    await().until(() -> !acceptor.isAlive());
  }

  /** Takes connections and says nothing until {@link #up}. */
  public void silent() throws IOException {
    down();
    server = new ServerSocket(server.getLocalPort(), 50, InetAddress.getLoopbackAddress());
  }

  /** Answers again, at the same port. */
  public void up() throws IOException {
    down();
    server = listen(server.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    down();
  }

  private void serve(Socket socket) {
    try (socket;
        var end = encrypted ? secret(socket) : socket) {
      say(end, replies.getOrDefault("", "220 here"));
      converse(end, encrypted);
    } catch (IOException _) {
      // The other side hung up, as it may at any time.
    }
  }

  private void converse(Socket socket, boolean encrypted) throws IOException {
    var in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    String to = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      commands.add(line);
      String verb = line.replaceAll("[ :].*", "");
      String instead = replies.get(verb);
      if (instead != null) {
        say(socket, instead);
        if (verb.equals("STARTTLS")) {
          // What comes is not for this protocol, and nobody answers it.
          var _ = in.transferTo(Writer.nullWriter());
        }
      } else if (verb.equals("STARTTLS")) {
        say(socket, "220 go on");
        converse(secret(socket), true);
        return;
      } else if (line.equals("AUTH LOGIN")) {
        say(socket, logsIn(in, socket) ? "235 welcome" : "535 who");
      } else if (verb.equals("DATA")) {
        say(socket, "354 go on");
        mails.add(new Received(to, message(in)));
        say(socket, "250 taken");
      } else {
        to = verb.equals("RCPT") ? line.substring(9, line.indexOf('>')) : to;
        say(socket, reply(verb, line, encrypted));
      }
    }
  }

  /** As AUTH LOGIN asks: for the name, and for the password, each in base64. */
  private boolean logsIn(BufferedReader in, Socket socket) throws IOException {
    say(socket, "334 VXNlcm5hbWU6");
    boolean user = base64(USER).equals(in.readLine());
    say(socket, "334 UGFzc3dvcmQ6");
    return base64(PASSWORD).equals(in.readLine()) && user;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Socket secret(Socket socket) throws IOException {
    var secret = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
    secret.setUseClientMode(false);
    return secret;
  }

  private String reply(String verb, String line, boolean encrypted) {
    String login = base64("\0" + USER + "\0" + PASSWORD);
    return switch (verb) {
      case "EHLO" -> "250-localhost\r\n250 " + (encrypted ? "AUTH PLAIN LOGIN" : "STARTTLS");
      case "AUTH" -> line.equals("AUTH PLAIN " + login) ? "235 welcome" : "535 who are you";
      case "RCPT" ->
          unknown.stream().anyMatch(line::contains)
              ? "550 5.1.1 no such person: " + line
              : "250 good";
      case "QUIT" -> "221 bye";
      default -> "250 good";
    };
  }

  private static String message(BufferedReader in) throws IOException {
    var text = new StringBuilder();
    for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
      if (line == null) {
        throw new IOException("half a message");
      }
      text.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
    }
    return text.toString();
  }

  private static void say(Socket socket, String reply) throws IOException {
    socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }
}
