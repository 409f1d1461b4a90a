package labchat.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The layout's rules for this module: docs/architecture.md. */
class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("labchat.protocol");

    @Test
    void onlyTheCodec_knowsTheJsonLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("labchat.protocol.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(classes);
    }

    @Test
    void theProtocol_knowsNoMqttLibraryNoLoggingAndNoOtherModule() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..",
                        "io.moquette..",
                        "com.hivemq..",
                        "org.slf4j..",
                        "labchat.broker..",
                        "labchat.client..")
                .check(classes);
    }

    @Test
    void theCodec_isKnownToNoOtherPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("labchat.protocol.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("labchat.protocol.codec..")
                .check(classes);
    }
}
