package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.scheduler.Scheduler;

/** The walls of {@code docs/architecture.md} that lie across modules: who calls what, by bytecode. */
class WallsTest {

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tocsin");

  @Test
  void oneClassReadsTheClock() {
    assertThat(callers(WallsTest::readsClock)).containsExactly("dev.tocsin.engine.EngineClock");
  }

  private static boolean readsClock(JavaMethodCall call) {
    return isOn(call, Instant.class) && call.getName().equals("now")
        || isOn(call, System.class) && call.getName().equals("currentTimeMillis")
        || isOn(call, System.class) && call.getName().equals("nanoTime")
        || isOn(call, Scheduler.class) && call.getName().equals("now");
  }

  @Test
  void chanceIsDrawnOnlyForIdsThatAPersonLeftOut() {
    assertThat(
            callers(
                call ->
                    isOn(call, UUID.class) && call.getName().equals("randomUUID")
                        || isOn(call, Math.class) && call.getName().equals("random")))
        .containsExactly("dev.tocsin.engine.Main");
  }

  @Test
  void onlyStartAndStopOfTheDaemonBlock() {
    assertThat(
            callers(
                call ->
                    isOn(call, Publisher.class)
                        && (call.getName().startsWith("block")
                            || call.getName().startsWith("to")
                                && !call.getName().equals("toString"))))
        .containsExactly("dev.tocsin.engine.Daemon");
  }

  @Test
  void onlyTheStartOfTheChainSubscribesWithoutASubscriber() {
    assertThat(
            callers(
                call ->
                    isOn(call, Publisher.class)
                        && call.getName().equals("subscribe")
                        && call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isAssignableTo(Subscriber.class))))
        .containsExactly("dev.tocsin.engine.pipeline.Engine");
  }

  @Test
  void modulesUseEachOtherInOneDirection() {
    for (JavaClass user : ALL) {
      Set<String> modules =
          user.getDirectDependenciesFromSelf().stream()
              .map(dependency -> module(dependency.getTargetClass()))
              .collect(Collectors.toSet());
      assertThat(modules)
          .as(user.getName())
          .doesNotContainAnyElementsOf(
              switch (module(user)) {
                case "triggers" -> Set.of("actions", "config", "engine");
                case "actions" -> Set.of("config", "engine");
                case "config" -> Set.of("engine");
                default -> Set.of("none");
              });
    }
  }

  private static String module(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith("dev.tocsin.") ? name.split("\\.")[2] : "";
  }

  private static boolean isOn(JavaMethodCall call, Class<?> owner) {
    return call.getTargetOwner().isAssignableTo(owner);
  }

  /** The top-level classes that make such a call. */
  private static Set<String> callers(Predicate<JavaMethodCall> wanted) {
    return ALL.stream()
        .flatMap(type -> type.getMethodCallsFromSelf().stream())
        .filter(wanted)
        .map(call -> call.getOriginOwner().getName().replaceFirst("\\$.*", ""))
        .collect(Collectors.toSet());
  }
}
