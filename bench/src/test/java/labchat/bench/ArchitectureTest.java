package labchat.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The layout's rules for this module: docs/architecture.md. */
class ArchitectureTest {

    private static final String ROOT = "labchat.bench";

    /** Which of this module's other packages each package may know. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("report", Set.of()),
            Map.entry("server", Set.of("report")),
            Map.entry("load", Set.of("report", "server")),
            Map.entry("accounts", Set.of("report")),
            Map.entry("micro", Set.of()),
            Map.entry("peer", Set.of()),
            Map.entry("compare", Set.of("accounts", "report")),
            Map.entry("command", Set.of("accounts", "compare", "load", "report", "server")));

    private static final Set<String> PACKAGES = MAY_KNOW.keySet();

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void thePackage_knowsOnlyWhatItMay(String name) {
        String[] others = PACKAGES.stream()
                .filter(other -> !other.equals(name) && !MAY_KNOW.get(name).contains(other))
                .map(other -> ROOT + "." + other + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        Stream.concat(Stream.of(ROOT), Stream.of(others)).toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void everyPackage_hasItsRule() {
        assertThat(CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> !name.equals(ROOT))
                        .map(name -> name.substring(ROOT.length() + 1).replaceFirst("\\..*", ""))
                        .collect(Collectors.toSet()))
                .isEqualTo(PACKAGES);
    }

    @Test
    void packages_formNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void libraries_areKnownToTheirPackageOnly() {
        onlyInside("io.netty..", "labchat.bench.load..");
        onlyInside("picocli..", "labchat.bench.command..");
        onlyInside("io.moquette..", "labchat.bench.peer..");
        onlyInside("org.openjdk.jmh..", "labchat.bench.micro..");
        onlyInside("labchat.broker..", "labchat.bench.micro..");
        onlyInside("labchat.protocol..", "labchat.bench.micro..");
    }

    private static void onlyInside(String library, String place) {
        noClasses()
                .that()
                .resideOutsideOfPackage(place)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }
}
