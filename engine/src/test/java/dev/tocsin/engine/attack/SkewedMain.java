package dev.tocsin.engine.attack;

import dev.tocsin.engine.Main;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The main class of a process whose time of day is wrong by what a file contains; all else is that
 * of {@link Main}. The counter and the timers are right, as on a host whose clock is set.
 */
public final class SkewedMain {

  /** The system property that names the file. */
  static final String FILE = "tocsin.attack.clock";

  private SkewedMain() {}

  /** Runs a command of {@code tocsin} under the wrong clock. */
  public static void main(String[] args) throws IOException {
    MappedByteBuffer skew = map(Path.of(System.getProperty(FILE)));
    Schedulers.setFactory(
        new Schedulers.Factory() {
          @Override
          public Scheduler newParallel(int parallelism, ThreadFactory threads) {
            return new Skewed(Schedulers.Factory.super.newParallel(parallelism, threads), skew);
          }
        });
    Main.main(args);
  }

  private static MappedByteBuffer map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, Long.BYTES);
    }
  }

  /** Sets the clock of the processes that read this file wrong, by this much from now on. */
  static void set(Path file, Duration skew) throws IOException {
    if (!Files.exists(file)) {
      Files.write(file, new byte[Long.BYTES]);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(Long.BYTES).putLong(skew.toMillis()).flip(), 0);
    }
  }

  private record Skewed(Scheduler real, ByteBuffer skew) implements Scheduler {

    @Override
    public long now(TimeUnit unit) {
      boolean isOfDay = unit.compareTo(TimeUnit.MILLISECONDS) >= 0;
      return real.now(unit) + (isOfDay ? unit.convert(skew.getLong(0), TimeUnit.MILLISECONDS) : 0);
    }

    @Override
    public Disposable schedule(Runnable task) {
      return real.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return real.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long delay, long period, TimeUnit unit) {
      return real.schedulePeriodically(task, delay, period, unit);
    }

    @Override
    public Worker createWorker() {
      return real.createWorker();
    }

    @Override
    public void init() {
      real.init();
    }

    @Override
    public void dispose() {
      real.dispose();
    }

    @Override
    public boolean isDisposed() {
      return real.isDisposed();
    }
  }
}
