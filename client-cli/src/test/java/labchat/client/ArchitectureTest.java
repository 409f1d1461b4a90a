package labchat.client;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The layout's rules for this module: docs/architecture.md. */
class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("labchat.client");

    @Test
    void onlyMqtt_knowsTheMqttLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("labchat.client.mqtt..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.hivemq..", "io.netty..", "io.reactivex..")
                .check(classes);
    }

    @Test
    void onlyUi_knowsTheTerminalLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("labchat.client.ui..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jline..")
                .check(classes);
    }

    @Test
    void theClient_neverDependsOnTheBroker() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("labchat.broker..", "io.moquette..")
                .check(classes);
    }

    @Test
    void theSession_knowsNeitherItsUsersNorItsMaker() {
        noClasses()
                .that()
                .resideInAPackage("labchat.client.session..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "labchat.client.command..",
                        "labchat.client.options..",
                        "labchat.client.ui..",
                        "labchat.client.mqtt..")
                .check(classes);
    }

    @Test
    void theUi_knowsOnlyTheSessionsInterface() {
        noClasses()
                .that()
                .resideInAPackage("labchat.client.ui..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("labchat.client.mqtt..", "labchat.client.command..")
                .check(classes);
    }

    @Test
    void theCommandLineLibrary_isKnownToCommandsAndOptionsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("labchat.client.command..", "labchat.client.options..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(classes);
    }

    @Test
    void practice_knowsTheSessionOnly() {
        noClasses()
                .that()
                .resideInAPackage("labchat.client.practice..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "labchat.client.command..",
                        "labchat.client.mqtt..",
                        "labchat.client.options..",
                        "labchat.client.ui..")
                .check(classes);
    }

    @Test
    void theWire_knowsNoOtherPackage() {
        noClasses()
                .that()
                .resideInAPackage("labchat.client.wire..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("labchat.client..").and(not(resideInAPackage("labchat.client.wire.."))))
                .check(classes);
    }

    @Test
    void thePublicInterface_knowsSessionsOnly() {
        noClasses()
                .that()
                .haveNameMatching("labchat\\.client\\.Chat(Session|Listener).*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("labchat.client.command..", "labchat.client.options..", "labchat.client.ui..")
                .check(classes);
    }
}
