package dev.tocsin.engine.reload;

import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.wire.Problem;
import java.util.List;

/** How a reload ended. */
public sealed interface ReloadOutcome {

  /**
   * What was read is valid and, unless it was a dry run, in force.
   *
   * @param plan what it did to the automations, or would do
   * @param needRestart keys of settings that have changed and count only after a restart
   * @param warnings about the files
   */
  record Valid(DeclarationPlan plan, List<String> needRestart, List<Problem> warnings)
      implements ReloadOutcome {

    /** Copies. */
    public Valid {
      needRestart = List.copyOf(needRestart);
      warnings = List.copyOf(warnings);
    }
  }

  /** What was read is not valid; everything stays as it was. */
  record Invalid(List<Problem> problems) implements ReloadOutcome {

    /** Copies. */
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /**
   * It would have removed all automations that came from files; everything stays as it was.
   *
   * @param message names these automations
   */
  record Emptying(String message) implements ReloadOutcome {}
}
