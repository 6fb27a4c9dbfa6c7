package dev.tocsin.engine.replay;

import dev.tocsin.wire.Rfc3339;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which firings of two backtests over the same entries are only in one of them. */
public final class FiringDifference {

  private static final Comparator<ChangedFiring> ORDER =
      Comparator.comparing((ChangedFiring change) -> Rfc3339.parse(change.line().triggered()))
          .thenComparing(change -> change.line().automation())
          .thenComparing(change -> change.line().toString());

  private final Map<FiringLine, Integer> surplus = new HashMap<>();
  private long firings;

  /**
   * A firing of one of them only.
   *
   * @param added whether it is the second's
   */
  public record ChangedFiring(FiringLine line, boolean added) {}

  /** Counts a firing of the first, or of the second. */
  public void count(FiringLine line, boolean isOfSecond) {
    firings++;
    int count = surplus.getOrDefault(line, 0) + (isOfSecond ? 1 : -1);
    if (count == 0) {
      surplus.remove(line);
    } else {
      surplus.put(line, count);
    }
  }

  /** How many firings both have. */
  public long same() {
    return (firings - changes().size()) / 2;
  }

  /** All that only one of them has, by time, then automation. */
  public List<ChangedFiring> changes() {
    List<ChangedFiring> changes = new ArrayList<>();
    surplus.forEach(
        (line, count) -> {
          for (int i = 0; i < Math.abs(count); i++) {
            changes.add(new ChangedFiring(line, count > 0));
          }
        });
    changes.sort(ORDER);
    return changes;
  }
}
