package dev.tocsin.engine.reload;

import dev.tocsin.actions.AutomationEvents;
import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Setting;
import dev.tocsin.engine.evaluation.AllRemovedException;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.AutomationDeclaration;
import dev.tocsin.engine.pipeline.EngineRequests;
import dev.tocsin.wire.Problem;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads the automations and, of the settings, the webhooks again, and puts them in force at one
 * place of the journal. If anything is invalid, all stays as it was.
 */
public final class Reloader {

  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final EffectiveSettings running;
  private final Supplier<EffectiveSettings> source;
  private final EngineRequests engine;
  private final Automations automations;
  private final AutomationEvents events;
  private final Metrics metrics;
  private final InstantSource clock;
  private final Scheduler files;

  /**
   * A reloader of a running engine.
   *
   * @param running the settings with which the daemon was started
   * @param source reads the settings again; may block
   * @param files reads files, one reload after the other: a single thread
   */
  public Reloader(
      EffectiveSettings running,
      Supplier<EffectiveSettings> source,
      EngineRequests engine,
      Automations automations,
      Metrics metrics,
      InstantSource clock,
      Scheduler files) {
    this.running = running;
    this.source = source;
    this.engine = engine;
    this.automations = automations;
    this.events = new AutomationEvents(running.settings().engine().namespace());
    this.metrics = metrics;
    this.clock = clock;
    this.files = files;
  }

  /**
   * Reloads when subscribed to, and completes it also if the subscriber cancels. It completes when
   * what was read is durable, and fails with a {@link RejectedExecutionException} once the engine
   * stops.
   */
  public Mono<ReloadOutcome> reload(ReloadRequest request) {
    return Mono.defer(() -> Mono.defer(() -> read(request)).subscribeOn(files).cache());
  }

  private Mono<ReloadOutcome> read(ReloadRequest request) {
    EffectiveSettings effective = source.get();
    AutomationFiles.ReadAutomations reading =
        AutomationFiles.reloaded(running, effective)
            .read(running.settings().engine().automations());
    List<Problem> problems = new ArrayList<>(effective.problems());
    problems.addAll(reading.problems());
    if (problems.stream().anyMatch(Problem::isError)) {
      return failed(
          request,
          new ReloadOutcome.Invalid(problems),
          problems.stream().map(Problem::toString).toList());
    }
    if (!request.allowsEmpty()) {
      try {
        automations.inForce().requireSome(AutomationDeclaration.FILES, reading.automations());
      } catch (AllRemovedException e) {
        String message = String.valueOf(e.getMessage());
        return failed(request, new ReloadOutcome.Emptying(message), List.of(message));
      }
    }
    List<String> needRestart = needRestart(effective);
    return plan(request, reading.automations(), effective)
        .map(plan -> new ReloadOutcome.Valid(plan, needRestart, problems));
  }

  private Mono<DeclarationPlan> plan(
      ReloadRequest request, AutomationSet next, EffectiveSettings effective) {
    if (request.isDryRun()) {
      return engine.ask(state -> state.plan(AutomationDeclaration.FILES, next));
    }
    return engine
        .declare(
            new AutomationDeclaration(AutomationDeclaration.FILES, next, request.by()),
            effective.settings().delivery().webhooks())
        .doOnNext(
            plan -> {
              LOG.info("Reloaded by {}.", request.by());
              metrics.reloaded(clock.instant());
            });
  }

  private Mono<ReloadOutcome> failed(
      ReloadRequest request, ReloadOutcome outcome, List<String> problems) {
    if (request.isDryRun()) {
      return Mono.just(outcome);
    }
    LOG.error(
        "Reload by {} failed; the automations and webhooks in force are unchanged.{}",
        request.by(),
        String.join("", problems.stream().map(problem -> "\n  " + problem).toList()));
    metrics.reloadFailed();
    return engine
        .tell(events.reloadFailed(problems, request.by(), clock.instant()))
        .onErrorComplete(RejectedExecutionException.class)
        .thenReturn(outcome);
  }

  /** The keys of settings, except those that a reload takes, that have another value now. */
  private List<String> needRestart(EffectiveSettings effective) {
    return running.entries().stream()
        .map(EffectiveSettings.Entry::setting)
        .filter(setting -> setting != Setting.WEBHOOKS)
        .filter(setting -> !running.entry(setting).value().equals(effective.entry(setting).value()))
        .map(Setting::key)
        .toList();
  }
}
