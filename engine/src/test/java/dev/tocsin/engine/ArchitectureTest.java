package dev.tocsin.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tocsin.engine.pipeline.Engine;
import dev.tocsin.engine.server.HttpApi;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@link WallsTest} leaves: the rooms of the modules, and what they may not hold. */
class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tocsin");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.tocsin.(*).(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void theStoreKnowsNothingOfWhatIsAboveIt() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.tocsin.engine.store..", "dev.tocsin.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            HttpApi.class.getPackageName(),
            Engine.class.getPackageName(),
            "dev.tocsin.engine.cli..")
        .check(MAIN);
  }

  @Test
  void nobodyMakesAClockOrSleeps() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(MAIN);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl|Common|Misc)(\\$.*)?")
        .check(MAIN);
  }

  @Test
  void noTwoTypesShareAName() {
    Map<String, List<String>> types =
        MAIN.stream()
            .filter(type -> !type.isAnonymousClass() && !type.getSimpleName().isEmpty())
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    Collectors.mapping(JavaClass::getName, Collectors.toList())));
    types.values().removeIf(named -> named.size() == 1);
    assertThat(types).as("types that share a name").isEmpty();
  }

  /** Which rooms a room may use; a class of the engine's own package is a room of its own. */
  private static final Map<String, Set<String>> ROOMS =
      Map.ofEntries(
          room("triggers"),
          room("triggers.index", "triggers"),
          room("triggers.keyed", "triggers"),
          room("triggers.runtime", "triggers", "triggers.index", "triggers.keyed"),
          room("wire", "triggers"),
          room("actions.template", "wire"),
          room("actions.webhook", "wire"),
          room(
              "actions",
              "triggers",
              "triggers.runtime",
              "wire",
              "actions.template",
              "actions.webhook"),
          room("config.document", "triggers", "wire"),
          room(
              "config.settings",
              "triggers",
              "triggers.runtime",
              "wire",
              "actions",
              "actions.webhook",
              "config.document"),
          room(
              "config",
              "triggers",
              "triggers.runtime",
              "wire",
              "actions",
              "config.document",
              "config.settings"),
          room(
              "config.testing", "triggers", "wire", "config", "config.document", "config.settings"),
          room("EngineClock"),
          room("HeapGuard"),
          room("Version"),
          room("engine.metrics"),
          room("engine.log"),
          room("engine.store", "triggers", "triggers.runtime", "wire"),
          room(
              "engine.evaluation",
              "triggers",
              "triggers.runtime",
              "wire",
              "actions",
              "config",
              "engine.store"),
          room(
              "engine.delivery",
              "triggers",
              "wire",
              "actions",
              "config",
              "config.settings",
              "engine.store",
              "engine.evaluation"),
          room(
              "engine.pipeline",
              "triggers",
              "triggers.runtime",
              "wire",
              "actions",
              "config",
              "config.settings",
              "EngineClock",
              "engine.metrics",
              "engine.store",
              "engine.evaluation",
              "engine.delivery"),
          room(
              "engine.replay",
              "triggers",
              "triggers.runtime",
              "wire",
              "actions",
              "actions.webhook",
              "config",
              "config.testing",
              "engine.store",
              "engine.evaluation"),
          room(
              "engine.reload",
              "triggers",
              "wire",
              "actions",
              "config",
              "config.document",
              "config.settings",
              "engine.metrics",
              "engine.evaluation",
              "engine.pipeline"),
          room(
              "engine.server",
              "triggers",
              "triggers.runtime",
              "wire",
              "config",
              "config.document",
              "config.settings",
              "engine.evaluation",
              "engine.reload",
              "engine.log",
              "engine.metrics",
              "engine.store",
              "engine.pipeline"),
          room(
              "Daemon",
              "triggers",
              "actions",
              "actions.webhook",
              "config",
              "config.settings",
              "EngineClock",
              "Version",
              "engine.log",
              "engine.metrics",
              "engine.store",
              "engine.evaluation",
              "engine.delivery",
              "engine.pipeline",
              "engine.reload",
              "engine.server"),
          room(
              "engine.cli",
              "triggers",
              "triggers.runtime",
              "wire",
              "config",
              "config.document",
              "config.settings",
              "config.testing",
              "Daemon",
              "Version",
              "engine.log",
              "engine.store",
              "engine.evaluation",
              "engine.reload",
              "engine.replay"),
          room("Main", "EngineClock", "HeapGuard", "Version", "engine.log", "engine.cli"));

  private static Map.Entry<String, Set<String>> room(String name, String... uses) {
    return Map.entry(name, Set.of(uses));
  }

  @Test
  void roomsUseEachOtherAsListed() {
    for (JavaClass user : MAIN) {
      Set<String> used =
          user.getDirectDependenciesFromSelf().stream()
              .map(dependency -> dependency.getTargetClass().getBaseComponentType())
              .filter(type -> type.getPackageName().startsWith("dev.tocsin"))
              .map(ArchitectureTest::room)
              .filter(room -> !room.equals(room(user)))
              .collect(Collectors.toSet());
      assertThat(ROOMS.getOrDefault(room(user), Set.of())).as(user.getName()).containsAll(used);
    }
  }

  @Test
  void theListOfRoomsIsInOneDirection() {
    Map<String, Set<String>> left = new HashMap<>(ROOMS);
    for (boolean found = true; found; ) {
      found = left.values().removeIf(uses -> Collections.disjoint(uses, left.keySet()));
    }
    assertThat(left).as("rooms in a circle").isEmpty();
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName().substring("dev.tocsin.".length());
    return name.equals("engine")
        ? type.getName().replaceFirst("^dev\\.tocsin\\.engine\\.(\\w+).*", "$1")
        : name;
  }
}
