package labchat.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows links between the files of the repository. */
final class Links {

    private Links() {}

    /** Whether it leads out of the repository. */
    static boolean isExternal(String destination) {
        return destination.matches("[a-z][a-z0-9+.-]*:.*");
    }

    /** Which file of the repository a link leads to, without its anchor. */
    static Path file(Path page, String destination) {
        String path = destination.replaceFirst("#.*", "");
        return path.isEmpty() ? page : page.resolveSibling(path).normalize();
    }

    /** What is wrong with a page's link, if something is. */
    static Optional<String> problem(Path root, Map<Path, MarkdownPage> pages, Path page, String destination) {
        if (isExternal(destination)) {
            return Optional.empty();
        }
        Path file = file(page, destination);
        if (file.startsWith("..") || !Files.exists(root.resolve(file))) {
            return Optional.of("%s: %s is not there".formatted(page, destination));
        }
        int hash = destination.indexOf('#');
        MarkdownPage target = pages.get(file);
        if (hash < 0 || target == null || target.hasAnchor(destination.substring(hash + 1))) {
            return Optional.empty();
        }
        return Optional.of("%s: %s: %s has no such heading".formatted(page, destination, file));
    }

    /** All that is wrong. */
    static List<String> problems(Path root, Map<Path, MarkdownPage> pages) {
        return pages.values().stream()
                .flatMap(page ->
                        page.links().stream().flatMap(link -> problem(root, pages, page.path(), link).stream()))
                .toList();
    }
}
