package dev.tocsin.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests that lie beside the examples. */
class ExampleTestsTest {

  static List<Path> tested() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("..", "examples"))) {
      return folders.filter(f -> Files.exists(f.resolve("tests.yaml"))).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("tested")
  void pass(Path example) {
    CommandRun run =
        CommandRun.of(
            new TestCommand(Map.of()),
            "--config",
            example.resolve("tocsin.yaml").toString(),
            example.resolve("tests.yaml").toString());
    assertThat(run.exit()).as(run.out()).isZero();
    assertThat(run.out().strip()).matches("(?s).*[1-9][0-9]* passed, 0 failed");
  }
}
