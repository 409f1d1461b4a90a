package labchat.broker;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.moquette.broker.Server;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The layout's rules for this module: docs/architecture.md. */
class ArchitectureTest {

    private static final String ROOT = "labchat.broker";

    /** Which of the broker's other packages each package may know. The root package puts them together: it knows all. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("event", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("acl", Set.of("config")),
            Map.entry("users", Set.of("config")),
            Map.entry("store", Set.of("event")),
            Map.entry("chat", Set.of("acl", "config", "event", "store", "users")),
            Map.entry("diagnostics", Set.of("event")),
            Map.entry("traffic", Set.of("event")),
            Map.entry("diagram", Set.of("event", "traffic")),
            Map.entry("recording", Set.of("event")),
            Map.entry("presence", Set.of("event", "store", "users")),
            Map.entry("rooms", Set.of("acl", "event", "store", "users")),
            Map.entry("history", Set.of("event", "rooms", "store", "users")),
            Map.entry("server", Set.of("event", "history", "presence", "rooms")),
            Map.entry("tls", Set.of("config")),
            Map.entry(
                    "mqtt",
                    Set.of("acl", "chat", "config", "diagnostics", "event", "store", "tls", "users", "weather")),
            Map.entry("weather", Set.of("event")),
            Map.entry("staff", Set.of("event")),
            Map.entry("sys", Set.of("event")),
            Map.entry("steps", Set.of("event")),
            Map.entry("metrics", Set.of("event", "store")),
            Map.entry("web", Set.of("config", "diagram", "event", "recording", "staff", "steps", "traffic", "weather")),
            Map.entry("control", Set.of()),
            Map.entry("classroom", Set.of("config", "tls", "users")),
            Map.entry("signup", Set.of("config", "users")),
            Map.entry("doctor", Set.of("acl", "config", "control", "reload", "store", "tls", "users")),
            Map.entry("reload", Set.of("acl", "config", "users")),
            Map.entry(
                    "command",
                    Set.of(
                            "",
                            "acl",
                            "classroom",
                            "config",
                            "control",
                            "diagram",
                            "doctor",
                            "event",
                            "recording",
                            "reload",
                            "store",
                            "tls",
                            "traffic",
                            "users",
                            "weather")));

    private static final Set<String> PACKAGES = MAY_KNOW.keySet();

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void thePackage_knowsOnlyWhatItMay(String name) {
        String[] allowed = Stream.concat(Stream.of(name), MAY_KNOW.get(name).stream())
                .map(p -> p.isEmpty() ? ROOT : ROOT + "." + p + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackage_hasItsRule() {
        Set<String> found = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1).replaceFirst("\\..*", ""))
                .collect(Collectors.toSet());

        assertThat(PACKAGES).containsAll(found);
        assertThat(found).contains("acl", "event", "mqtt", "traffic");
    }

    @Test
    void packages_formNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theEngine_isKnownToMqttOnly() {
        onlyInside("io.moquette..", resideInAPackage("labchat.broker.mqtt.."));
        onlyInside("io.netty..", resideInAPackage("labchat.broker.mqtt.."));
    }

    /** They ask no rule, tell nobody, or fail for a client that is not there: docs/decisions/0003-holes.md. */
    @Test
    void moquettesWaysAroundTheGuard_areNotUsed() {
        Set<String> ways = Set.of("internalPublish", "disconnectClient", "disconnectAndPurgeClientState");
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "one of " + ways,
                        call -> call.getTargetOwner().isEquivalentTo(Server.class) && ways.contains(call.getName())))
                .check(CLASSES);
    }

    @Test
    void theJsonLibrary_isKnownToTheLogsAndThePagesOnly() {
        onlyInside(
                "com.fasterxml..",
                resideInAnyPackage("labchat.broker.traffic..", "labchat.broker.recording..", "labchat.broker.web.."));
    }

    @Test
    void theWebServer_isKnownToThePagesOnly() {
        onlyInside("io.javalin..", resideInAPackage("labchat.broker.web.."));
        onlyInside("org.eclipse.jetty..", resideInAPackage("labchat.broker.web.."));
        onlyInside("jakarta..", resideInAPackage("labchat.broker.web.."));
    }

    @Test
    void theMetricsLibrary_isKnownToTheMetricsOnly() {
        onlyInside("io.micrometer..", resideInAPackage("labchat.broker.metrics.."));
    }

    @Test
    void theCommandLineLibrary_isKnownToTheCommandsOnly() {
        onlyInside(
                "picocli..",
                resideInAPackage("labchat.broker.command..")
                        .or(nameMatching("labchat\\.broker\\.BrokerMain(\\$.*)?")
                                .forSubtype()));
    }

    @Test
    void theQrCodeLibrary_isKnownToTheClassroomOnly() {
        onlyInside("io.nayuki..", resideInAPackage("labchat.broker.classroom.."));
    }

    @Test
    void theCryptographyLibrary_isKnownToAccountsAndCertificatesOnly() {
        onlyInside(
                "org.bouncycastle..",
                resideInAPackage("labchat.broker.users..").or(resideInAPackage("labchat.broker.tls..")));
    }

    @Test
    void theDatabase_isKnownToTheStoreOnly() {
        onlyInside("java.sql..", resideInAPackage("labchat.broker.store.."));
        onlyInside("org.sqlite..", resideInAPackage("labchat.broker.store.sqlite.."));
    }

    @Test
    void theBroker_doesNotKnowTheClient() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("labchat.client..", "com.hivemq..", "org.jline..")
                .check(CLASSES);
    }

    private void onlyInside(String library, DescribedPredicate<JavaClass> place) {
        noClasses()
                .that(not(place))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }
}
