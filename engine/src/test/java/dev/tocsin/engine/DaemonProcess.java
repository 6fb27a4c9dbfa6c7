package dev.tocsin.engine;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code tocsin run} in a process of its own, on {@code data} of a folder and a free port. */
public final class DaemonProcess implements AutoCloseable {

  private static final Pattern SERVES = Pattern.compile("serves (http://127\\.0\\.0\\.1:\\d+)");

  private final Process process;

  private DaemonProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one, with settings as {@code key=value}; does not wait until it serves. The system
   * property {@code tocsin.command} names the program to start in the place of this class path's.
   */
  public static DaemonProcess start(Path folder, String automations, String... settings)
      throws IOException {
    return start(folder, automations, _ -> {}, settings);
  }

  /** The same, with something done to its command or its environment before. */
  public static DaemonProcess start(
      Path folder, String automations, Consumer<ProcessBuilder> before, String... settings)
      throws IOException {
    Path file = write(folder, automations);
    File log = log(folder).toFile();
    List<String> command = new ArrayList<>(program());
    command.addAll(List.of("run", "--listen", "127.0.0.1:0"));
    command.addAll(List.of("--data", data(folder).toString(), "--automations", file.toString()));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log));
    before.accept(builder);
    return new DaemonProcess(builder.start());
  }

  /** Writes the automations that the daemons of this folder read. */
  static Path write(Path folder, String automations) throws IOException {
    return Files.writeString(folder.resolve("automations.yaml"), "automations:\n" + automations);
  }

  private static List<String> program() {
    String command = System.getProperty("tocsin.command");
    return command != null
        ? List.of(command)
        : List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            // Its own, in the place of the tests'.
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.tocsin.engine.Main");
  }

  /** Where a daemon of this folder keeps its store. */
  public static Path data(Path folder) {
    return folder.resolve("data");
  }

  /** Where the daemons of this folder write their log. */
  public static Path log(Path folder) {
    return folder.resolve("daemon.log");
  }

  /** Copies a store as it lies in its folder now: what a kill at this instant would leave. */
  public static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it serves: its address; null where it ended before. */
  public @Nullable URI address() throws IOException {
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher serves = SERVES.matcher(line);
      if (serves.find()) {
        return URI.create(serves.group(1));
      }
    }
    return null;
  }

  /** The process itself. */
  public Process process() {
    return process;
  }

  /** Kills it, as {@code kill -9} does, and waits until it is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
