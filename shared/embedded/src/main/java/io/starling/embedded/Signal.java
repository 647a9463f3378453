package io.starling.embedded;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * POSIX signals. Java itself only knows TERM, on which PostgreSQL waits for its clients, and KILL.
 */
enum Signal {
  /** To PostgreSQL: roll back, disconnect everybody, write everything, end. */
  INTERRUPT(2),
  KILL(9),
  CONTINUE(18),
  STOP(19);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** Sends it; a process that has ended meanwhile is no error. */
  @SuppressWarnings("restricted")
  void send(ProcessHandle process) {
    Linker linker = Linker.nativeLinker();
    MethodHandle kill =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    try {
      int _ = (int) kill.invokeExact(Math.toIntExact(process.pid()), number);
    } catch (Throwable e) {
      throw new IllegalStateException("kill(2) cannot be called", e);
    }
  }
}
