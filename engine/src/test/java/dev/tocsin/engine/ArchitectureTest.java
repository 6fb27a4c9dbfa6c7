package dev.tocsin.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tocsin.engine.pipeline.Engine;
import dev.tocsin.engine.server.HttpApi;
import java.time.Clock;
import java.time.InstantSource;
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
}
