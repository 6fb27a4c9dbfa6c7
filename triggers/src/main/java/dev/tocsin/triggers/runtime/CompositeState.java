package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.StateCodec;
import dev.tocsin.triggers.keyed.StateReader;
import dev.tocsin.triggers.keyed.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a composite remembers of one key: the latest firing of each child. Immutable; times are
 * microseconds.
 */
final class CompositeState {

  /** A rough size of a held firing. */
  private static final long BYTES_A_FIRING = 200;

  private final @Nullable HeldFiring[] held;
  private final long updated;

  private CompositeState(@Nullable HeldFiring[] held, long updated) {
    this.held = held;
    this.updated = updated;
  }

  /**
   * A firing of a child.
   *
   * @param order its place in the order of evaluation among the firings held
   */
  record HeldFiring(
      String firing, long time, long order, @Nullable String event, Causation causation) {

    static HeldFiring of(Firing firing, long order) {
      return new HeldFiring(
          firing.id(), Micros.of(firing.triggered()), order, firing.event(), firing.causation());
    }

    boolean isBefore(HeldFiring other) {
      return time < other.time || (time == other.time && order < other.order);
    }
  }

  static CompositeState empty(int children) {
    return new CompositeState(new @Nullable HeldFiring[children], Long.MIN_VALUE);
  }

  /**
   * This state with a child's firing, unless a later one of that child is held, and without firings
   * that are too old beside it.
   */
  CompositeState with(int child, Firing firing, long within) {
    HeldFiring latest = HeldFiring.of(firing, lastOrder() + 1);
    HeldFiring before = held[child];
    if (before != null && latest.isBefore(before)) {
      return this;
    }
    @Nullable HeldFiring[] next = held.clone();
    next[child] = latest;
    CompositeState all = new CompositeState(next, updated);
    return all.recent(within, all.newest());
  }

  /**
   * This state without firings that are older than the newest, or than an instant, by more than
   * {@code within}.
   */
  CompositeState recent(long within, long instant) {
    if (within == Micros.NEVER) {
      return this;
    }
    long bound = Math.max(newest(), instant) - within;
    @Nullable HeldFiring[] next = held.clone();
    for (int i = 0; i < next.length; i++) {
      HeldFiring firing = next[i];
      if (firing != null && firing.time() < bound) {
        next[i] = null;
      }
    }
    return new CompositeState(next, updated);
  }

  CompositeState updated(long clock) {
    return new CompositeState(held, clock);
  }

  /** Whether this firing of a child is held. */
  boolean holds(int child, String firing) {
    HeldFiring one = held[child];
    return one != null && one.firing().equals(firing);
  }

  int count() {
    int count = 0;
    for (HeldFiring firing : held) {
      if (firing != null) {
        count++;
      }
    }
    return count;
  }

  /** Whether firings of at least the first {@code first} children are held, in declared order. */
  boolean isInOrder(int first) {
    return inOrder() >= first;
  }

  /** The number of leading children whose firings are held in declared order. */
  int inOrder() {
    HeldFiring before = null;
    for (int i = 0; i < held.length; i++) {
      HeldFiring firing = held[i];
      if (firing == null || (before != null && !before.isBefore(firing))) {
        return i;
      }
      before = firing;
    }
    return held.length;
  }

  long newest() {
    long newest = Long.MIN_VALUE;
    for (HeldFiring firing : held) {
      newest = firing == null ? newest : Math.max(newest, firing.time());
    }
    return newest;
  }

  long oldest() {
    long oldest = Long.MAX_VALUE;
    for (HeldFiring firing : held) {
      oldest = firing == null ? oldest : Math.min(oldest, firing.time());
    }
    return oldest;
  }

  private long lastOrder() {
    long last = -1;
    for (HeldFiring firing : held) {
      last = firing == null ? last : Math.max(last, firing.order());
    }
    return last;
  }

  /** When the engine clock treats this state as if it did not exist, or {@link Micros#NEVER}. */
  long lapses(long within, long lapse) {
    return within == Micros.NEVER ? Micros.NEVER : Math.max(newest() + within, updated) + lapse;
  }

  /** The firings held, in the order of the children. */
  List<Firing.Child> children() {
    List<Firing.Child> children = new ArrayList<>();
    for (HeldFiring firing : held) {
      if (firing != null) {
        children.add(
            new Firing.Child(firing.firing(), Micros.instant(firing.time()), firing.event()));
      }
    }
    return children;
  }

  /** The deepest causation among the firings held; the given one if none is deeper. */
  Causation deepest(Causation completing) {
    Causation deepest = completing;
    for (HeldFiring firing : held) {
      if (firing != null && firing.causation().depth() > deepest.depth()) {
        deepest = firing.causation();
      }
    }
    return deepest;
  }

  /** Encodes states of a composite with this number of children. */
  static StateCodec<CompositeState> codec(int children) {
    return new CompositeCodec(children);
  }

  /** A component of a held firing that is left out breaks the build. */
  private record CompositeCodec(int children) implements StateCodec<CompositeState> {

    @Override
    public void write(CompositeState state, StateWriter to) {
      to.octet(StateKind.COMPOSITE);
      to.near(state.updated, 0);
      for (int i = 0; i < state.held.length; i++) {
        if (state.held[i]
            instanceof
            HeldFiring(
                String firing,
                long time,
                long order,
                var event,
                Causation(int depth, String origin))) {
          to.number(i);
          to.text(firing);
          to.near(time, state.updated);
          to.number(order);
          to.text(event);
          to.number(depth);
          to.text(origin);
        }
      }
    }

    @Override
    public CompositeState read(StateReader from) {
      if ((from.octet() & StateKind.MASK) != StateKind.COMPOSITE) {
        throw StateReader.unreadable();
      }
      long updated = from.near(0);
      @Nullable HeldFiring[] held = new @Nullable HeldFiring[children];
      while (from.hasMore()) {
        int child = from.count();
        if (child >= children) {
          throw StateReader.unreadable();
        }
        held[child] =
            new HeldFiring(
                from.text(),
                from.near(updated),
                from.number(),
                from.textOrNull(),
                new Causation(from.count(), from.text()));
      }
      return new CompositeState(held, updated);
    }

    @Override
    public long bytes(CompositeState state) {
      return BYTES_A_FIRING * (long) state.count();
    }

    @Override
    public boolean isLarge(CompositeState state) {
      return state.count() > MAX_ENCODED;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CompositeState that
        && updated == that.updated
        && Arrays.equals(held, that.held);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(held) * 31 + Long.hashCode(updated);
  }
}
