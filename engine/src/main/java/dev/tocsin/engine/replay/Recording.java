package dev.tocsin.engine.replay;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoredJournal;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.EventReader.Result;
import dev.tocsin.wire.LineSplitter;
import dev.tocsin.wire.LineSplitter.Line;
import dev.tocsin.wire.Problem;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Where recorded entries are read from. */
public final class Recording {

  private static final int PAGE = 1_000;
  private static final int GZIP_MAGIC = 0x1f8b;

  /** Maximum length of a line in bytes. */
  private static final int MAX_LINE = 64 << 20;

  private Recording() {}

  /** Receives the entries in order. */
  public interface Entries {

    /** The place of the next entry, as {@code file:line}; never called for a store. */
    default void at(String place) {}

    /**
     * An entry; that of a file is an event. Never a declaration: replayed automations are fixed.
     */
    void entry(JournalEntry entry);

    /** An invalid line, or an entry that cannot be read. */
    void problem(String problem);

    /** How much has been read, in bytes or in entries. */
    void progress(long read);
  }

  /**
   * Reads a file with one event per line, compressed by gzip or not. An event without {@code
   * received} counts as received when it occurred.
   */
  public static void ofFile(Path file, Entries entries) throws IOException {
    EventReader reader = EventReader.recorded();
    try (CountingInputStream counting = new CountingInputStream(Files.newInputStream(file));
        InputStream in = unpacked(counting)) {
      LineSplitter lines = new LineSplitter(MAX_LINE);
      byte[] chunk = new byte[1 << 16];
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        lines.feed(chunk, 0, length);
        for (Line line = lines.next(); line != null; line = lines.next()) {
          read(file, line, reader, entries);
          entries.progress(counting.count);
        }
      }
      Line last = lines.last();
      if (last != null) {
        read(file, last, reader, entries);
      }
      entries.progress(counting.count);
    }
  }

  private static void read(Path file, Line line, EventReader reader, Entries entries)
      throws IOException {
    if (line.isTooLong()) {
      throw new IOException("line " + line.number() + " has more than " + MAX_LINE + " bytes");
    }
    String place = file + ":" + line.number();
    entries.at(place);
    read(
        place,
        reader.read(line.bytes(), line.offset(), (int) line.length(), Instant.EPOCH),
        entries);
  }

  private static void read(String place, Result result, Entries entries) {
    switch (result) {
      case Result.ValidEvent(Event event, _) ->
          entries.entry(new JournalEntry.EventEntry(0, EncodedEvent.unstored(event)));
      case Result.InvalidEvent(List<Problem> problems) ->
          problems.forEach(problem -> entries.problem(place + "  " + problem));
    }
  }

  /**
   * Reads the journal of a daemon, which may be running. An entry that cannot be read is a problem.
   */
  public static void ofStore(StoredJournal journal, Entries entries) {
    journal.unreadable().listen(row -> entries.problem(row.toString()));
    long at = 0;
    for (List<JournalEntry> page = journal.after(at, PAGE);
        !page.isEmpty();
        page = journal.after(at, PAGE)) {
      for (JournalEntry entry : page) {
        if (!(entry instanceof JournalEntry.DeclaredEntry)) {
          entries.entry(entry);
        }
        at = entry.sequence();
      }
      entries.progress(at);
    }
  }

  private static InputStream unpacked(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, 1 << 16);
    in.mark(2);
    int magic = in.read() << 8 | in.read();
    in.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
  }

  private static final class CountingInputStream extends FilterInputStream {

    private long count;

    CountingInputStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
