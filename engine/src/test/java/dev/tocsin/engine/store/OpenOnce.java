package dev.tocsin.engine.store;

import java.nio.file.Path;

/** Opens the store of a folder and closes it, in a process of its own; prints why it could not. */
final class OpenOnce {

  private OpenOnce() {}

  /** With the folder as its argument. */
  public static void main(String[] arguments) {
    try {
      Stores.open(Path.of(arguments[0])).close();
      System.out.println("opened");
    } catch (StoreException refused) {
      System.out.println(refused.getMessage());
    }
  }

  /** What it prints. */
  static String printed(Path folder) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OpenOnce.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader()) {
      return String.valueOf(lines.readLine());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
