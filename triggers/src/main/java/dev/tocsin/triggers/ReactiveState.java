package dev.tocsin.triggers;

/**
 * What a Reactive trigger remembers of one key. Times are microseconds.
 *
 * @see ReactiveMachine
 */
sealed interface ReactiveState {

  /** Later than any instant. */
  long NEVER_ENDS = Long.MAX_VALUE;

  /** Earlier than any instant. */
  long NOT_QUIET = Long.MIN_VALUE;

  /** When the engine clock stood as this state last took something in. */
  long takenIn();

  /** End of all that this state can still influence, or {@link #NEVER_ENDS}. */
  long influenceEnds(long within);

  /** Versioned text that {@link #parse} reads. */
  String text();

  /**
   * From when on the engine clock finds this state as if it had never been (semantics section 3,
   * lapse), or {@link #NEVER_ENDS}.
   */
  default long lapses(long within, long lapse) {
    long ends = influenceEnds(within);
    return ends == NEVER_ENDS ? NEVER_ENDS : Math.max(ends, takenIn()) + lapse;
  }

  /**
   * A sliding window.
   *
   * @param counted events that count, less than the threshold
   * @param quietUntil events before it are ignored
   */
  record Sliding(Instants counted, long quietUntil, long takenIn) implements ReactiveState {

    static final Sliding FRESH = new Sliding(Instants.NONE, NOT_QUIET, NOT_QUIET);

    @Override
    public long influenceEnds(long within) {
      return counted.isEmpty() ? quietUntil : Math.max(counted.newest() + within, quietUntil);
    }

    @Override
    public String text() {
      return "s1;" + counted.text() + ";" + quietUntil + ";" + takenIn;
    }
  }

  /**
   * A window that an {@code after} event opened.
   *
   * @param opened its start
   * @param counted expected events inside it so far, less than the threshold
   */
  record Open(long opened, int counted, long takenIn) implements ReactiveState {

    @Override
    public long influenceEnds(long within) {
      return within == 0 ? NEVER_ENDS : opened + within;
    }

    @Override
    public String text() {
      return "o1;" + opened + ";" + counted + ";" + takenIn;
    }
  }

  /** Reads what {@link #text} wrote, by this version or an earlier one; refuses anything else. */
  static ReactiveState parse(String text) {
    String[] parts = text.split(";", -1);
    String version = parts.length == 4 ? parts[0] : "";
    return switch (version) {
      case "s1" ->
          new Sliding(Instants.parse(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
      case "o1" ->
          new Open(Long.parseLong(parts[1]), Integer.parseInt(parts[2]), Long.parseLong(parts[3]));
      default -> throw new IllegalArgumentException("state of an unknown version: " + text);
    };
  }
}
