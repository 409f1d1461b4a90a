package labchat.it.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Tells what a test needs and this machine lacks. */
final class Missing {

    private Missing() {}

    /** Whether none of the files is missing. */
    static boolean none(String packages, Path... files) {
        List<Path> missing =
                Arrays.stream(files).filter(file -> !Files.exists(file)).toList();
        if (!missing.isEmpty()) {
            System.err.println(
                    "SKIPPED: %s is missing; install %s, or run ./test, which does".formatted(missing, packages));
        }
        return missing.isEmpty();
    }
}
