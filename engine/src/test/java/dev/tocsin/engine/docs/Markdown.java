package dev.tocsin.engine.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, read for what tests ask of it. */
public record Markdown(Path file, List<String> lines) {

  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

  /**
   * A fenced block.
   *
   * @param language the first word after the fence
   * @param kind what else stands there
   * @param line of the fence, from 1
   */
  public record Block(Path file, int line, String language, String kind, String text) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /**
   * A link.
   *
   * @param line where it stands, from 1
   */
  public record Link(Path file, int line, String target) {
    @Override
    public String toString() {
      return file + ":" + line + "  " + target;
    }
  }

  /** The folder of the clone. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("bin/tocsin"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("not in a clone: " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }

  /** All pages for readers. */
  public static List<Markdown> all() {
    Path root = root();
    try (Stream<Path> top = Files.list(root);
        Stream<Path> docs = Files.list(root.resolve("docs"));
        Stream<Path> examples = Files.list(root.resolve("examples"))) {
      return Stream.of(top, docs, examples)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Markdown::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page of a path from the root. */
  public static Markdown page(String path) {
    return read(root().resolve(path));
  }

  private static Markdown read(Path file) {
    try {
      return new Markdown(file, Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fenced blocks, in order. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int opened = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith("```")) {
        continue;
      }
      if (opened < 0) {
        opened = i;
        continue;
      }
      String[] info = lines.get(opened).substring(3).strip().split(" ", 2);
      String text = String.join("\n", lines.subList(opened + 1, i)) + "\n";
      blocks.add(new Block(file, opened + 1, info[0], info.length == 1 ? "" : info[1], text));
      opened = -1;
    }
    if (opened >= 0) {
      throw new IllegalStateException(file + ":" + (opened + 1) + " opens a block without end");
    }
    return blocks;
  }

  /** The links outside of blocks. */
  public List<Link> links() {
    List<Link> links = new ArrayList<>();
    boolean inBlock = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      inBlock ^= line.startsWith("```");
      Matcher link = LINK.matcher(line);
      while (!inBlock && link.find()) {
        links.add(new Link(file, i + 1, link.group(1)));
      }
    }
    return links;
  }

  /** What a link may name after its {@code #}. */
  public List<String> anchors() {
    List<String> anchors = new ArrayList<>();
    boolean inBlock = false;
    for (String line : lines) {
      inBlock ^= line.startsWith("```");
      if (!inBlock && line.startsWith("#")) {
        String title = line.replaceFirst("^#+ *", "").toLowerCase(Locale.ROOT);
        anchors.add(title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
      }
    }
    return anchors;
  }
}
