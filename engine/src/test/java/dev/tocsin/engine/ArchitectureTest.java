package dev.tocsin.engine;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tocsin.engine.http.HttpApi;
import dev.tocsin.engine.pipeline.Engine;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

/** The walls of the house, over the main classes of all modules. */
class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tocsin");

  @Test
  void modulesUseOneAnotherInOneDirection() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("triggers")
        .definedBy("dev.tocsin.triggers..")
        .layer("actions")
        .definedBy("dev.tocsin.actions..")
        .layer("config")
        .definedBy("dev.tocsin.config..")
        .layer("engine")
        .definedBy("dev.tocsin.engine..")
        .whereLayer("triggers")
        .mayOnlyBeAccessedByLayers("actions", "config", "engine")
        .whereLayer("actions")
        .mayOnlyBeAccessedByLayers("config", "engine")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("engine")
        .whereLayer("engine")
        .mayNotBeAccessedByAnyLayer()
        .check(MAIN);
  }

  @Test
  void packagesOfAModuleHaveNoCycles() {
    slices().matching("dev.tocsin.(*).(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void theClockIsReadInOneClass() {
    noClasses()
        .that(not(type(EngineClock.class)))
        .should()
        .callMethodWhere(
            target(name("now"))
                .and(
                    targetOwner(
                        type(Instant.class)
                            .or(nameStartingWith("java.time."))
                            .or(assignableTo(reactor.core.scheduler.Scheduler.class)))))
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethodWhere(target(nameStartingWith("system")).and(targetOwner(type(Clock.class))))
        .orShould()
        .callMethod(InstantSource.class, "system")
        .check(MAIN);
  }

  @Test
  void chanceIsDrawnInMainAlone() {
    noClasses()
        .that(not(type(Main.class)))
        .should()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .check(MAIN);
  }

  @Test
  void nothingBlocksButStartAndStop() {
    noClasses()
        .that(not(type(Daemon.class)))
        .should()
        .callMethodWhere(
            target(nameStartingWith("block")).and(targetOwner(assignableTo(Publisher.class))))
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(MAIN);
  }

  /** {@code Chunks} is a subscriber itself: the place where a request's body is pulled from. */
  @Test
  void theChainIsSubscribedToInOnePlace() {
    noClasses()
        .that(not(type(Engine.class)))
        .and()
        .doNotHaveFullyQualifiedName("dev.tocsin.engine.http.Chunks")
        .should()
        .callMethodWhere(
            target(name("subscribe")).and(targetOwner(assignableTo(Publisher.class))))
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
  void theStoreKnowsNothingOfWhatIsAboveIt() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.tocsin.engine.store..", "dev.tocsin.engine.event..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            HttpApi.class.getPackageName(),
            Engine.class.getPackageName(),
            "dev.tocsin.engine.cli..")
        .check(MAIN);
  }
}
