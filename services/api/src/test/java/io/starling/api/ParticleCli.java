package io.starling.api;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The command {@code particle}, unmodified, with a home folder of its own. */
final class ParticleCli {
  private final Path program;
  private final Path home;
  private final String url;

  /**
   * Logged in with a token.
   *
   * @param home an empty folder
   * @param token null to be logged in as nobody
   */
  ParticleCli(Path modules, Path home, String url, @Nullable String token) {
    this.program = modules.resolve("node_modules/particle-cli/src/index.js");
    this.home = home;
    this.url = url;
    write(".particle/profile.json", new JsonObject().put("name", "particle"));
    profile(token);
  }

  /** Writes what it knows of the cloud and of who is logged in. */
  void profile(@Nullable String token) {
    var profile = new JsonObject().put("apiUrl", url);
    if (token != null) {
      profile.put("access_token", token).put("username", Region.EMAIL);
    }
    write(".particle/particle.config.json", profile);
  }

  private void write(String name, JsonObject json) {
    var _ = file(name, json.encode());
  }

  /** A file in its home. */
  Path file(String name, String text) {
    try {
      Path file = home.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it knows now. */
  JsonObject profile() {
    try {
      return new JsonObject(Files.readString(home.resolve(".particle/particle.config.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  NpmClients.Ended run(String... arguments) {
    return NpmClients.ended(start(arguments));
  }

  /** Runs a command in a folder to its end. */
  NpmClients.Ended runIn(Path folder, String... arguments) {
    var builder = builder(command(arguments));
    return NpmClients.ended(NpmClients.startedIn(folder, builder));
  }

  /** Runs two commands at once. */
  List<NpmClients.Ended> both(List<String> first, List<String> second) {
    var other = CompletableFuture.supplyAsync(() -> run(second.toArray(String[]::new)));
    var one = run(first.toArray(String[]::new));
    return List.of(one, other.join());
  }

  /** Starts a command. */
  Process start(String... arguments) {
    return NpmClients.started(builder(command(arguments)));
  }

  /** Runs a command that asks for a password, which it does at a terminal only. */
  NpmClients.Ended runAtTerminal(String password, String... arguments) {
    var process =
        NpmClients.started(
            builder(List.of("script", "-qec", String.join(" ", command(arguments)), "/dev/null")));
    try {
      // It stands in the terminal's buffer until it is asked for.
      process.getOutputStream().write((password + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      return NpmClients.ended(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(String... arguments) {
    var command = new ArrayList<String>();
    command.add("node");
    command.add(program.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("PARTICLE_DISABLE_UPDATE", "1");
    return builder;
  }
}
