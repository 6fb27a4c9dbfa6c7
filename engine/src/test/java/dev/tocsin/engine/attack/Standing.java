package dev.tocsin.engine.attack;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process has in use.
 *
 * @param heap bytes of live objects, after a collection
 * @param threads of the system
 * @param files open descriptors
 */
record Standing(long heap, int threads, int files) {

  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

  /** Threads and files that pools and caches may have gained. */
  private static final int MORE_THREADS = 40;

  private static final int MORE_FILES = 60;

  /** Measures; threads and files are 0 where the system has no {@code /proc}. */
  static Standing of(long pid) throws IOException {
    return new Standing(heap(pid), count(pid, "task"), count(pid, "fd"));
  }

  private static long heap(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    Matcher total = TOTAL.matcher(answer);
    if (!total.find()) {
      throw new AssertionError("the daemon does not answer jcmd: " + answer);
    }
    return Long.parseLong(total.group(1));
  }

  private static int count(long pid, String what) {
    String[] names = new File("/proc/" + pid + "/" + what).list();
    return names == null ? 0 : names.length;
  }

  /** What is beyond another measurement by more than it may be; empty if nothing is. */
  String beyond(Standing before, long heapAllowance) {
    StringBuilder beyond = new StringBuilder();
    if (heap > before.heap + heapAllowance) {
      beyond.append("heap in use %,d, was %,d; ".formatted(heap, before.heap));
    }
    if (threads > before.threads + MORE_THREADS) {
      beyond.append("threads %d, were %d; ".formatted(threads, before.threads));
    }
    if (files > before.files + MORE_FILES) {
      beyond.append("files %d, were %d; ".formatted(files, before.files));
    }
    return beyond.toString();
  }
}
