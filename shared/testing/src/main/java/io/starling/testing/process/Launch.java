package io.starling.testing.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to start a child process; immutable, one method per fact that matters.
 *
 * @param environment added to this process's own
 * @param dropped variables of this process that begin so are not handed on
 */
public record Launch(
    String name,
    List<String> command,
    Map<String, String> environment,
    @Nullable String dropped,
    @Nullable Path folder) {

  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Any program. */
  public static Launch program(String name, List<String> command) {
    return new Launch(name, command, Map.of(), null, null);
  }

  /** A class of this JVM's class path in a JVM of the same installation. */
  public static Launch java(Class<?> main, List<String> jvmFlags, List<String> arguments) {
    return java(main.getName(), System.getProperty("java.class.path"), jvmFlags, arguments);
  }

  /** A class of another class path in a JVM of the same installation. */
  public static Launch java(
      String main, String classPath, List<String> jvmFlags, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(javaProgram().toString());
    command.addAll(jvmFlags);
    command.add("-cp");
    command.add(classPath);
    command.add(main);
    command.addAll(arguments);
    return program(main.substring(main.lastIndexOf('.') + 1), command);
  }

  /** The {@code java} that runs this JVM. */
  public static Path javaProgram() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** The same, started by another program, such as {@code setpriv}, with its arguments. */
  public Launch through(List<String> starter) {
    var whole = new ArrayList<>(starter);
    whole.addAll(command);
    return new Launch(name, whole, environment, dropped, folder);
  }

  public Launch withEnvironment(String key, String value) {
    var more = new LinkedHashMap<>(environment);
    more.put(key, value);
    return new Launch(name, command, more, dropped, folder);
  }

  public Launch withEnvironment(Map<String, String> added) {
    var more = new LinkedHashMap<>(environment);
    more.putAll(added);
    return new Launch(name, command, more, dropped, folder);
  }

  /** Without the variables of this process's environment that begin so. */
  public Launch withoutInherited(String prefix) {
    return new Launch(name, command, environment, prefix, folder);
  }

  public Launch in(Path workFolder) {
    return new Launch(name, command, environment, dropped, workFolder);
  }

  /**
   * Starts it.
   *
   * @throws IllegalStateException when the program cannot be started
   */
  public ChildProcess start() {
    try {
      var process = builder().redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new ChildProcess(name, process);
    } catch (IOException e) {
      throw new IllegalStateException("could not start " + name + ": " + e.getMessage(), e);
    }
  }

  /** The command with its environment and folder. */
  ProcessBuilder builder() {
    var builder = new ProcessBuilder(command);
    if (dropped != null) {
      builder.environment().keySet().removeIf(key -> key.startsWith(dropped));
    }
    builder.environment().putAll(environment);
    if (folder != null) {
      builder.directory(folder.toFile());
    }
    return builder;
  }
}
