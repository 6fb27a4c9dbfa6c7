package dev.tocsin.engine.store;

import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An entry of the journal: what can change a decision, at its place in the one order. Switched
 * without {@code default}, so that a new kind breaks the build wherever it must be handled.
 */
public sealed interface JournalEntry {

  /** Its place, from 1, ascending; there may be gaps. */
  long sequence();

  /** When the engine received it; never earlier than that of the entry before. */
  Instant received();

  /** An accepted event. */
  record EventEntry(long sequence, EncodedEvent encoded) implements JournalEntry {
    /** The event itself. */
    public Event event() {
      return encoded.event();
    }

    @Override
    public Instant received() {
      return event().received();
    }
  }

  /** A tick of the clock at which something was due. */
  record TickEntry(long sequence, Instant received) implements JournalEntry {}

  /** An automation was paused or resumed. */
  record PauseEntry(long sequence, Instant received, String automation, boolean paused)
      implements JournalEntry {}

  /**
   * An interval in which the engine could not observe events, by the host's clock.
   *
   * @param from start, not after {@code received}
   * @param until end, after {@code from}; may be after {@code received}
   * @param cause one word
   */
  record BlindEntry(long sequence, Instant received, Instant from, Instant until, String cause)
      implements JournalEntry {

    /** Refuses an interval that does not end after its start. */
    public BlindEntry {
      if (!until.isAfter(from)) {
        throw new IllegalArgumentException("a blind interval from " + from + " ends at " + until);
      }
    }
  }

  /** These settings are in force from here on. */
  record SettingsEntry(long sequence, Instant received, DecisionSettings settings)
      implements JournalEntry {}

  /**
   * The host's clock went back: what lies between was skipped by the clock and not blind.
   *
   * @param before what the host's clock showed
   * @param host what it showed then
   */
  record ClockSetBackEntry(long sequence, Instant received, Instant before, Instant host)
      implements JournalEntry {}

  /**
   * The automations of one origin that are in force from here on. They replace those that the
   * origin declared before; those of other origins stay.
   *
   * @param origin their source, such as {@code files}; not empty
   * @param automations in order of declaration; no two have the same id
   * @param by who declared them and by what (file, command, address), for people to read
   */
  record DeclaredEntry(
      long sequence,
      Instant received,
      String origin,
      List<DeclaredAutomation> automations,
      String by)
      implements JournalEntry {

    /** Copies the list; refuses an empty origin and duplicate ids. */
    public DeclaredEntry {
      automations = List.copyOf(automations);
      if (origin.isEmpty()) {
        throw new IllegalArgumentException("origin must not be empty");
      }
      Set<String> ids = new HashSet<>();
      for (DeclaredAutomation automation : automations) {
        if (!ids.add(automation.id())) {
          throw new IllegalArgumentException("duplicate automation " + automation.id());
        }
      }
    }
  }

  /**
   * An automation in force.
   *
   * @param fingerprint identifies its {@link StoredDefinition}
   */
  record DeclaredAutomation(String id, String fingerprint) {}
}
