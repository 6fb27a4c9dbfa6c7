package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.reload.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Which changes of files cause a reload, and when. */
class FileWatchTest {

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-02T03:00:00Z"));
  private final AtomicInteger reloads = new AtomicInteger();
  private boolean isFailing;
  private Disposable started = Disposables.disposed();

  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    write("a.yaml", "one");
    Mono<Void> reload =
        Mono.fromRunnable(
            () -> {
              reloads.incrementAndGet();
              if (isFailing) {
                throw new IllegalStateException("the engine is busy");
              }
            });
    started =
        new FileWatch(
                List.of(folder, folder.resolve("settings")), reload, time, Schedulers.immediate())
            .start();
    assertThat(after(2)).as("the first, since files may have changed before").isEqualTo(1);
  }

  @AfterEach
  void stop() {
    started.dispose();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** How many reloads there have been after another number of looks. */
  private int after(int looks) {
    time.passBy(FileWatch.INTERVAL.multipliedBy(looks));
    return reloads.get();
  }

  @Test
  void oneReloadFollowsOnceWritingHasEnded() throws Exception {
    assertThat(after(100)).isEqualTo(1);
    for (int i = 0; i < 5; i++) {
      write("a.yaml", "longer".repeat(i + 1));
      assertThat(after(1)).isEqualTo(1);
    }
    assertThat(after(1)).isEqualTo(2);
    assertThat(after(100)).isEqualTo(2);
  }

  @Test
  void filesThatComeAndGoAndTheSettingsCount() throws Exception {
    Path added = write("b.json", "{}");
    assertThat(after(2)).isEqualTo(2);
    Files.delete(added);
    assertThat(after(2)).isEqualTo(3);
    write("settings", "webhooks: {}");
    assertThat(after(2)).isEqualTo(4);
    write("notes.txt", "no automation");
    write(".a.yaml.swp", "no automation");
    assertThat(after(2)).isEqualTo(4);
  }

  @Test
  void aLinkToNothingCounts() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("b.yaml"), folder.resolve("nothing"));
    assertThat(after(2)).isEqualTo(2);
    Files.delete(link);
    assertThat(after(2)).isEqualTo(3);
  }

  @Test
  void aFileReplacedByOneOfTheSameSizeAndTimeCounts() throws Exception {
    Path file = folder.resolve("a.yaml");
    FileTime modified = Files.getLastModifiedTime(file);
    Path next = Files.setLastModifiedTime(write("next", "two"), modified);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(after(2)).isEqualTo(2);
  }

  @Test
  void aLinkThatNamesAnotherFolderCounts(@TempDir Path versions) throws Exception {
    Path first = Files.createDirectory(versions.resolve("1"));
    Path second = Files.createDirectory(versions.resolve("2"));
    Files.writeString(first.resolve("c.yaml"), "old");
    Files.writeString(second.resolve("c.yaml"), "new");
    Path current = Files.createSymbolicLink(versions.resolve("current"), first);
    Files.createSymbolicLink(folder.resolve("c.yaml"), current.resolve("c.yaml"));
    assertThat(after(2)).isEqualTo(2);
    Path swapped = Files.createSymbolicLink(versions.resolve("swapped"), second);
    Files.move(swapped, current, StandardCopyOption.ATOMIC_MOVE);
    assertThat(after(2)).isEqualTo(3);
  }

  @Test
  void aFolderThatIsMissingForAWhileCounts(@TempDir Path elsewhere) throws Exception {
    Path moved = elsewhere.resolve("moved");
    Files.move(folder, moved);
    assertThat(after(2)).isEqualTo(2);
    Files.move(moved, folder);
    assertThat(after(2)).isEqualTo(3);
  }

  @Test
  void aReloadThatFailsIsRetried() throws Exception {
    isFailing = true;
    write("a.yaml", "another");
    assertThat(after(2)).isEqualTo(2);
    assertThat(after(2)).isEqualTo(3);
    isFailing = false;
    assertThat(after(2)).isEqualTo(4);
    assertThat(after(100)).isEqualTo(4);
  }

  @Test
  void nothingFollowsOnceItIsDisposed() throws Exception {
    started.dispose();
    write("a.yaml", "another");
    time.passBy(Duration.ofMinutes(1));
    assertThat(reloads).hasValue(1);
  }
}
