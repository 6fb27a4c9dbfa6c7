package dev.tocsin.triggers;

import org.jspecify.annotations.Nullable;

/**
 * What a Proactive trigger remembers of one key. Times are microseconds.
 *
 * @see ProactiveMachine
 */
sealed interface ProactiveState {

  /** Not absent; no deadline. */
  long NEVER = Long.MAX_VALUE;

  /** When it is too late, or {@link #NEVER}. */
  long deadline();

  /** How long the deadline waits for late events. */
  long lateness();

  /** The last covered event, if any. */
  @Nullable Covered last();

  /** This state with another last covered event. */
  ProactiveState withLast(Covered event);

  /** This state with another deadline. */
  ProactiveState withDeadline(long deadline);

  /** Versioned text that {@link #parse} reads. */
  String text();

  /** Reads what {@link #text} wrote, by this version or an earlier one; refuses anything else. */
  static ProactiveState parse(String text) {
    StateText.Reader fields = new StateText.Reader(text);
    String version = fields.next();
    return switch (version) {
      case "w1" ->
          new Watching(
              Instants.parse(fields.next()),
              fields.nextLong(),
              fields.nextLong(),
              fields.nextLong(),
              fields.nextCovered());
      case "a1" ->
          new Awaiting(
              fields.nextLong(),
              fields.nextInt(),
              fields.nextLong(),
              fields.nextLong(),
              fields.nextCovered());
      default -> throw new IllegalArgumentException("state of an unknown version: " + text);
    };
  }

  /** When the deadline is evaluated if no event ends its waiting before. */
  default long evaluated() {
    return deadline() == NEVER ? NEVER : deadline() + lateness();
  }

  /**
   * A watch.
   *
   * @param newest the newest expected events, at most the threshold
   * @param absentSince the deadline at which it became absent, or {@link #NEVER}
   */
  record Watching(
      Instants newest, long deadline, long lateness, long absentSince, @Nullable Covered last)
      implements ProactiveState {

    boolean isAbsent() {
      return absentSince != NEVER;
    }

    @Override
    public Watching withLast(Covered event) {
      return new Watching(newest, deadline, lateness, absentSince, event);
    }

    @Override
    public Watching withDeadline(long deadline) {
      return new Watching(newest, deadline, lateness, absentSince, last);
    }

    @Override
    public String text() {
      return new StateText("w1")
          .add(newest.text())
          .add(deadline)
          .add(lateness)
          .add(absentSince)
          .add(last)
          .toString();
    }
  }

  /**
   * A window that an {@code after} event opened.
   *
   * @param opened its start
   * @param counted expected events inside it so far, less than the threshold
   */
  record Awaiting(long opened, int counted, long deadline, long lateness, @Nullable Covered last)
      implements ProactiveState {

    @Override
    public Awaiting withLast(Covered event) {
      return new Awaiting(opened, counted, deadline, lateness, event);
    }

    @Override
    public Awaiting withDeadline(long deadline) {
      return new Awaiting(opened, counted, deadline, lateness, last);
    }

    @Override
    public String text() {
      return new StateText("a1")
          .add(opened)
          .add(counted)
          .add(deadline)
          .add(lateness)
          .add(last)
          .toString();
    }
  }
}
