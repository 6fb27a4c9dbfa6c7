package dev.tocsin.engine.pipeline;

import dev.tocsin.config.AutomationSet;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A read-only view of the trigger state after the last durable entry. Valid only while {@link
 * Question#answer} runs, on the writer thread.
 */
public final class LiveState {

  private final EntryEvaluation state;

  LiveState(EntryEvaluation state) {
    this.state = state;
  }

  /** The engine clock: the instant up to which all is evaluated. */
  public Instant clock() {
    return state.clock();
  }

  /** The next deadline of any trigger, or null if there is none. */
  public @Nullable Instant nextDeadline() {
    return state.nextDeadline();
  }

  /** How many keys have state, over all triggers. */
  public int keys() {
    return state.keys();
  }

  /** What a declaration of an origin would do. Takes time in proportion to all automations. */
  public DeclarationPlan plan(String origin, AutomationSet automations) {
    return state.plan(origin, automations);
  }

  /** Whether an automation is in force and not paused. */
  public boolean isActive(String automation) {
    return state.isActive(automation);
  }
}
