package dev.tocsin.engine.reload;

import dev.tocsin.config.settings.EffectiveSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reloads when files have changed. It looks at them at an interval, and does not ask the operating
 * system to report changes: that misses changes on network file systems and behind links.
 */
public final class FileWatch {

  /** From the end of a look, and of the reload that it caused, to the next look. */
  public static final Duration INTERVAL = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  private final List<Path> paths;
  private final Mono<?> reload;
  private final Scheduler timers;
  private final Scheduler files;
  private final SettledChange<Map<Path, FileState>> change = new SettledChange<>();

  /**
   * A watch that has not started.
   *
   * @param paths files, and folders of automation files; they may be missing
   * @param reload subscribed to when a change has settled
   * @param timers runs the interval
   * @param files where files are looked at; may block
   */
  public FileWatch(List<Path> paths, Mono<?> reload, Scheduler timers, Scheduler files) {
    this.paths = List.copyOf(paths);
    this.reload = reload;
    this.timers = timers;
    this.files = files;
  }

  /** A watch of the automation files and the settings file of a daemon. */
  public static FileWatch of(
      EffectiveSettings running, Reloader reloader, Scheduler timers, Scheduler files) {
    List<Path> paths = new ArrayList<>(running.settings().engine().automations());
    paths.add(Path.of(running.file()));
    return new FileWatch(
        paths, reloader.reload(new ReloadRequest("watch", false, false)), timers, files);
  }

  /** Looks and reloads until it is disposed. */
  public Disposable start() {
    return Mono.delay(INTERVAL, timers)
        .then(Mono.defer(this::look).subscribeOn(files).onErrorResume(this::retry))
        .repeat()
        .subscribe();
  }

  private Mono<Void> look() {
    return change.settlesWith(FileState.of(paths)) ? reload.then() : Mono.empty();
  }

  private Mono<Void> retry(Throwable failure) {
    LOG.error("Reload by watch failed, and is retried: {}", failure.getMessage());
    return Mono.fromRunnable(change::reset);
  }
}
