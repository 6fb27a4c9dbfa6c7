package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventJson;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.scheduler.Scheduler;

/**
 * The walls of {@code docs/architecture.md} that lie across modules: who calls what, by bytecode.
 */
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
    return isCall(call, Instant.class, "now")
        || isCall(call, System.class, "currentTimeMillis")
        || isCall(call, System.class, "nanoTime")
        || isCall(call, Scheduler.class, "now");
  }

  @Test
  void chanceIsDrawnOnlyForIdsThatAPersonLeftOut() {
    assertThat(
            callers(
                call ->
                    isCall(call, UUID.class, "randomUUID") || isCall(call, Math.class, "random")))
        .containsExactly("dev.tocsin.engine.Main");
  }

  @Test
  void onlyStartAndStopOfTheDaemonBlock() {
    Set<String> blocking =
        Set.of(
            "block",
            "blockOptional",
            "blockFirst",
            "blockLast",
            "toFuture",
            "toIterable",
            "toStream");
    assertThat(callers(call -> isOn(call, Publisher.class) && blocking.contains(call.getName())))
        .containsExactly("dev.tocsin.engine.Daemon");
  }

  @Test
  void onlyTheStartsOfTheChainAndOfTheFileWatchSubscribeWithoutASubscriber() {
    assertThat(
            callers(
                call ->
                    isCall(call, Publisher.class, "subscribe")
                        && call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isAssignableTo(Subscriber.class))))
        .containsExactlyInAnyOrder(
            "dev.tocsin.engine.pipeline.Engine", "dev.tocsin.engine.reload.FileWatch");
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
                case "triggers" -> Set.of("wire", "actions", "config", "engine");
                case "wire" -> Set.of("actions", "config", "engine");
                case "actions" -> Set.of("config", "engine");
                case "config" -> Set.of("engine");
                default -> Set.of("none");
              });
    }
  }

  /** The constants of {@code Event} are no input. */
  @Test
  void oneClassReadsTimesOfUsers() {
    Set<Class<?>> times =
        Set.of(
            Instant.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            LocalDateTime.class,
            DateTimeFormatter.class);
    assertThat(
            callers(
                call ->
                    call.getName().startsWith("parse")
                        && times.stream().anyMatch(type -> isOn(call, type))))
        .containsExactly("dev.tocsin.triggers.Event");
  }

  @Test
  void theWriterOfTheStoreCopiesEventsAndSerialisesNone() {
    assertThat(
            callers(call -> isOn(call, EventJson.class) || isCall(call, EncodedEvent.class, "of")))
        .doesNotContain("dev.tocsin.engine.store.SqliteWriter")
        .contains("dev.tocsin.engine.server.NdjsonStream");
  }

  private static String module(JavaClass type) {
    return type.getPackageName().replaceFirst("^dev\\.tocsin\\.([a-z]+).*", "$1");
  }

  private static boolean isCall(JavaMethodCall call, Class<?> owner, String method) {
    return isOn(call, owner) && call.getName().equals(method);
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
