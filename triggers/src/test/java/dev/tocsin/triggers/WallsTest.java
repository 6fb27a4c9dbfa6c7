package dev.tocsin.triggers;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The module is a pure function of state, entry and now: what it may not know, it does not name.
 */
class WallsTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tocsin.triggers");

  @Test
  void knowsTheLanguageItsCollectionsAndTimeAndNothingElse() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "dev.tocsin.triggers..",
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.time",
                    "java.time.temporal",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.nio.charset",
                    "org.jspecify.annotations")
                .or(type(ByteBuffer.class))
                .or(type(ByteOrder.class))
                .or(type(MessageDigest.class))
                .or(type(NoSuchAlgorithmException.class)))
        .check(MAIN);
  }

  @Test
  void readsNoClockAndDrawsNoChance() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(System.class, "identityHashCode", Object.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(InstantSource.class)
        .check(MAIN);
  }

  @Test
  void startsNoThreadAndReadsNoSurroundings() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Process.class)
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .check(MAIN);
  }

  /** Their order changes from run to run: none but the empty {@code Map.of()} is made. */
  @Test
  void makesNoCollectionWithoutAnOrder() {
    assertThat(
            MAIN.stream()
                .flatMap(each -> each.getMethodCallsFromSelf().stream())
                .filter(
                    call ->
                        call.getTargetOwner().isEquivalentTo(Set.class)
                            || call.getTargetOwner().isEquivalentTo(Map.class))
                .filter(
                    call -> call.getName().startsWith("of") || call.getName().startsWith("copyOf"))
                .filter(call -> !call.getTarget().getRawParameterTypes().isEmpty())
                .map(call -> call.getDescription()))
        .isEmpty();
  }

  @Test
  void theMemoryOfKeysKnowsNoTrigger() {
    classes()
        .that()
        .resideInAPackage("dev.tocsin.triggers.keyed")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("dev.tocsin.triggers.keyed", "java..", "org.jspecify.annotations")
                .or(type(BucketingKey.class))
                .or(type(Micros.class)))
        .check(MAIN);
  }

  @Test
  void theIndexKnowsTheLanguageOnly() {
    classes()
        .that()
        .resideInAPackage("dev.tocsin.triggers.index")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.tocsin.triggers.index",
                "dev.tocsin.triggers",
                "java..",
                "org.jspecify.annotations"))
        .check(MAIN);
  }

  @Test
  void theLanguageKnowsNoPackageBelowIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.tocsin.triggers")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.tocsin.triggers.index..",
            "dev.tocsin.triggers.keyed..",
            "dev.tocsin.triggers.runtime..")
        .check(MAIN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.tocsin.(triggers..)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void whatAHostMayUseIsPublicAndNothingElse() {
    assertThat(publicTypes("dev.tocsin.triggers"))
        .containsExactlyInAnyOrder(
            // Events.
            "Event",
            "EventLimits",
            "Resource",
            "RelatedResource",
            "Labels",
            "Payload",
            "Causation",
            // Triggers.
            "Trigger",
            "EventTrigger",
            "EventTriggerBuilder",
            "CompoundTrigger",
            "SequenceTrigger",
            "Posture",
            "OnBlind",
            "Condition",
            "LabelReference",
            "Pattern",
            "ResourceSpecification",
            "Violation",
            "InvalidTriggerException",
            // Firings.
            "PlainDuration",
            "Firing",
            "State",
            "Reason",
            "BucketingKey",
            // Identity.
            "DerivedId",
            "CodePoints",
            // For the packages beside it.
            "Micros",
            "Patterns",
            "TriggerFingerprint");
    assertThat(publicTypes("dev.tocsin.triggers.runtime"))
        .containsExactlyInAnyOrder(
            "TriggerRuntime",
            "RuntimeSettings",
            "Declaration",
            "Edit",
            "Checkpoint",
            "StatePage",
            "Step",
            "FiringProgress",
            "Outcome");
    assertThat(publicTypes("dev.tocsin.triggers.index")).containsExactly("TriggerIndex");
    assertThat(publicTypes("dev.tocsin.triggers.keyed"))
        .containsExactlyInAnyOrder(
            "KeyedStates",
            "Slot",
            "StateBudget",
            "DueSchedule",
            "StateChanges",
            "DeadlineQueue",
            "EvaluatedIds",
            "EventId",
            "Instants",
            "StateCodec",
            "StateReader",
            "StateWriter");
  }

  private static Set<String> publicTypes(String name) {
    return MAIN.stream()
        .filter(each -> each.getPackageName().equals(name))
        .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(each -> !each.isNestedClass() && !each.getSimpleName().equals("package-info"))
        .map(JavaClass::getSimpleName)
        .collect(Collectors.toSet());
  }
}
