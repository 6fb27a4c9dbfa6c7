package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.docs.Markdown;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code bin/tocsin} itself, in a folder that stands for the clone and holds what was built
 * already: a Maven that does nothing takes the place of the build. The cache of classes that the
 * script makes is a help where it is sound, and never shows where it is not.
 */
class LauncherTest {

  private static final String VERSION = "tocsin " + Version.TEXT + "\n";

  @TempDir static Path clone;
  private static Path sound;

  private final Path cache = clone.resolve("engine/target/tocsin.aot");

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    for (String script : List.of("bin/tocsin", "bin/jdk25")) {
      Files.createDirectories(clone.resolve("bin"));
      Files.copy(Markdown.root().resolve(script), clone.resolve(script));
    }
    for (String module : List.of("triggers", "wire", "actions", "config", "engine")) {
      Files.createDirectories(clone.resolve(module + "/src/main"));
      Files.createFile(clone.resolve(module + "/pom.xml"));
    }
    Files.createFile(clone.resolve("pom.xml"));
    Files.createDirectories(clone.resolve("examples/quickstart"));
    Path maven = Files.writeString(clone.resolve("bin/mvn"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
    putJars(Files.createDirectories(clone.resolve("engine/target/lib")));
    Answer answer = start(Map.of());
    assertThat(answer.error()).startsWith("tocsin: building").hasLineCount(1);
    sound = Files.copy(clone.resolve("engine/target/tocsin.aot"), clone.resolve("sound"));
  }

  /** Folders of classes become jars, as a build makes them. */
  private static void putJars(Path library) throws IOException {
    String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    for (String each : classPath) {
      Path from = Path.of(each).toAbsolutePath();
      if (Files.isRegularFile(from)) {
        Files.copy(from, library.resolve(from.getFileName()));
      } else if (from.endsWith("classes") && Files.isDirectory(from)) {
        boolean isEngine = Files.exists(from.resolve("dev/tocsin/engine/Main.class"));
        String name = from.getName(from.getNameCount() - 3) + ".jar";
        pack(from, isEngine ? clone.resolve("engine/target/tocsin.jar") : library.resolve(name));
      }
    }
  }

  private static void pack(Path folder, Path jar) throws IOException {
    try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        to.putNextEntry(new JarEntry(folder.relativize(file).toString()));
        Files.copy(file, to);
      }
    }
  }

  @BeforeEach
  void putSoundCache() throws IOException {
    Files.copy(sound, cache, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What a start says. */
  private record Answer(String output, String error, int code) {}

  private static Answer start(Map<String, String> variables)
      throws IOException, InterruptedException {
    Path output = clone.resolve("output");
    Path error = clone.resolve("error");
    ProcessBuilder builder =
        new ProcessBuilder(clone.resolve("bin/tocsin").toString(), "--version")
            .redirectOutput(output.toFile())
            .redirectError(error.toFile());
    Map<String, String> environment = builder.environment();
    List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "TOCSIN_JAVA_OPTS")
        .forEach(environment::remove);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.merge("PATH", clone.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    environment.putAll(variables);
    Process process = builder.start();
    boolean ended = process.waitFor(300, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).isTrue();
    return new Answer(Files.readString(output), Files.readString(error), process.exitValue());
  }

  /** Where the class of the command line came from. */
  private static String source() throws IOException, InterruptedException {
    Path loaded = clone.resolve("loaded");
    Files.deleteIfExists(loaded);
    Answer answer = start(Map.of("TOCSIN_JAVA_OPTS", "-Xlog:class+load:file=" + loaded));
    assertThat(answer).isEqualTo(new Answer(VERSION, "", 0));
    try (Stream<String> lines = Files.lines(loaded)) {
      return lines.filter(line -> line.contains("dev.tocsin.engine.Main ")).findFirst().orElse("");
    }
  }

  @Test
  void aStartTakesItsClassesFromTheCacheThatTheBuildMade() throws Exception {
    assertThat(source()).contains("shared objects file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "empty", "text", "cut", "changed"})
  void aCacheThatIsNotSoundIsPassedOver(String damage) throws Exception {
    byte[] bytes = Files.readAllBytes(cache);
    switch (damage) {
      case "gone" -> Files.delete(cache);
      case "empty" -> Files.write(cache, new byte[0]);
      case "text" -> Files.writeString(cache, "no cache");
      case "cut" -> Files.write(cache, Arrays.copyOf(bytes, bytes.length / 2));
      default -> {
        Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 1_000, (byte) 0x5a);
        Files.write(cache, bytes);
      }
    }
    assertThat(source()).contains("tocsin.jar");
  }

  @Test
  void aCacheOfOtherJarsIsPassedOver() throws Exception {
    Path jar = clone.resolve("engine/target/tocsin.jar");
    FileTime before = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
    assertThat(source()).contains("tocsin.jar");
    Files.setLastModifiedTime(jar, before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xshare:off",
        "-XX:SharedArchiveFile=none.jsa -Xlog:cds=off",
        "-XX:+UseZGC",
        "-XX:-UseCompressedOops"
      })
  void optionsWithWhichTheCacheCannotBeUsedWork(String options) throws Exception {
    assertThat(start(Map.of("TOCSIN_JAVA_OPTS", options))).isEqualTo(new Answer(VERSION, "", 0));
  }

  @Test
  void aBuildWhoseCacheCannotBeWrittenIsGood() throws Exception {
    Path unwritable = Files.createDirectory(clone.resolve("engine/target/tocsin.aot.new"));
    Path inside = Files.createFile(unwritable.resolve("file"));
    Path stamp = clone.resolve("engine/target/built");
    Files.delete(stamp);
    Answer answer = start(Map.of());
    Files.delete(inside);
    Files.delete(unwritable);
    assertThat(answer.output()).isEqualTo(VERSION);
    assertThat(answer.error()).startsWith("tocsin: building").hasLineCount(1);
    assertThat(stamp).exists();
    assertThat(cache).doesNotExist();
  }

  @Test
  void aJavaHomeOfAnotherVersionIsNamed() throws Exception {
    Path other = Files.createDirectories(clone.resolve("jdk26/bin")).resolve("..").normalize();
    Files.writeString(other.resolve("release"), "JAVA_VERSION=\"26.0.1\"\n");
    // Without the places of this machine, which may have a JDK 25.
    String script =
        Files.readString(clone.resolve("bin/jdk25")).replaceAll(" /[a-zA-Z]\\S*\\*\\S*", "");
    Path alone = Files.writeString(clone.resolve("bin/jdk25-alone"), script);
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", alone.toString());
    builder.environment().put("JAVA_HOME", other.toString());
    builder.environment().put("HOME", clone.toString());
    builder.environment().put("PATH", toolsWithoutJava());
    builder.environment().remove("JAVA25_HOME");
    Process process = builder.start();
    String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(error)
        .startsWith("tocsin: JDK 25 not found.")
        .contains("JAVA_HOME (" + other + ") is JDK 26.0.1; exactly 25 is needed");
  }

  /** A folder with the programs that the script uses, and no java. */
  private static String toolsWithoutJava() throws IOException {
    Path tools = Files.createDirectories(clone.resolve("tools"));
    for (String tool : List.of("sed", "grep", "cat", "dirname", "readlink")) {
      for (String folder : List.of("/usr/bin", "/bin")) {
        Path program = Path.of(folder, tool);
        if (Files.exists(program) && !Files.exists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), program);
        }
      }
    }
    return tools.toString();
  }

  @Test
  void aCloneThatCannotBeWrittenIsSaidInWords(@TempDir Path readOnly) throws Exception {
    Files.createDirectories(readOnly.resolve("bin"));
    for (String script : List.of("bin/tocsin", "bin/jdk25")) {
      Files.copy(Markdown.root().resolve(script), readOnly.resolve(script));
    }
    Files.createFile(readOnly.resolve("engine")); // Not even root can make a folder below a file.
    ProcessBuilder builder = new ProcessBuilder(readOnly.resolve("bin/tocsin").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(error)
        .startsWith("tocsin: cannot build: " + readOnly)
        .contains("not writable for ")
        .doesNotContain("mkdir:");
  }
}
