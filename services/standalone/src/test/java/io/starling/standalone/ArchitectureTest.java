package io.starling.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines between the rooms (style, section 3): imports point one way. */
class ArchitectureTest {
  private static final JavaClasses STARLING =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.starling");
  private static final List<String> SERVICES =
      List.of("connection", "relay", "api", "accounts", "webhooks");

  @Test
  void allServicesAreLookedAt() {
    for (String service : SERVICES) {
      assertThat(
              STARLING.stream()
                  .filter(type -> type.getPackageName().startsWith("io.starling." + service)))
          .as(service)
          .hasSizeGreaterThan(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"connection", "relay", "api", "accounts", "webhooks"})
  void noServiceImportsAnother(String service) {
    var others =
        SERVICES.stream()
            .filter(other -> !other.equals(service))
            .map(other -> "io.starling." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("io.starling." + service + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(STARLING);
  }

  @Test
  void nothingImportsTheLauncherOrTheTools() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.starling.standalone..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.starling.standalone..")
        .check(STARLING);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.starling.testing..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.starling.testing..")
        .check(STARLING);
  }

  @Test
  void theContractKnowsVertxAndJacksonOnly() {
    classes()
        .that()
        .resideInAPackage("io.starling.contract..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.starling.contract",
            "java..",
            "io.vertx.core..",
            "com.fasterxml.jackson..",
            "org.jspecify..")
        .check(STARLING);
  }

  @Test
  void onlyTheClusterKnowsHazelcast() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.starling.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster..")
        .check(STARLING);
  }

  @Test
  void onlyTheJournalKnowsRatisOnlyClientsKnowVertxMqtt() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.starling.journal..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.ratis..")
        .check(STARLING);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.starling.testing..", "io.starling.webhooks.sink..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.mqtt..", "io.netty.handler.codec.mqtt..")
        .check(STARLING);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.starling.webhooks.sink..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "com.rabbitmq..")
        .check(STARLING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"connection", "relay", "api", "accounts", "webhooks"})
  void roomsHaveNoCirclesAndNeverImportTheirService(String service) {
    slices()
        .matching("io.starling." + service + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(STARLING);
    noClasses()
        .that()
        .resideInAPackage("io.starling." + service + ".*..")
        .should()
        .dependOnClassesThat()
        .haveSimpleNameEndingWith("Service")
        .andShould()
        .dependOnClassesThat()
        .resideInAPackage("io.starling." + service)
        .check(STARLING);
  }

  @Test
  void namesSayWhatThingsAre() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Utils?|Helper|Manager|Base|Constants)")
        .check(STARLING);
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..", "..common..", "..core..", "..model..", "..dto..", "..impl..", "..misc..")
        .check(STARLING);
  }
}
