package dev.tocsin.engine.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The example {@code examples/quickstart}, copied into the jar. */
final class Quickstart {

  /** The address of the webhook in the settings of the example. */
  private static final String RECEIVER = "http://127.0.0.1:4281";

  private Quickstart() {}

  /** The recorded events, one per line. */
  static InputStream events() {
    return open("events.ndjson");
  }

  /** Writes automations and settings into a folder and returns the settings file. */
  static Path write(Path folder, String receiver) throws IOException {
    Files.writeString(folder.resolve("automations.yaml"), text("automations.yaml"));
    return Files.writeString(
        folder.resolve("tocsin.yaml"), text("tocsin.yaml").replace(RECEIVER, receiver));
  }

  private static String text(String file) throws IOException {
    try (InputStream in = open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream open(String file) {
    InputStream in = Quickstart.class.getResourceAsStream("/quickstart/" + file);
    if (in == null) {
      throw new UncheckedIOException(new IOException("quickstart/" + file + " is not in the jar"));
    }
    return in;
  }
}
