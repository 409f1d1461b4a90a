package labchat.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.html.HtmlRenderer;

/** All pages of the site, in the folders that their files have in the repository. */
final class Site {

    /** Who reads what, the first things first; a page that is named nowhere comes at the end. */
    private static final Map<String, List<String>> GROUPS = groups();

    private static final String STYLE = "site.css";

    private final Path root;
    private final Map<Path, MarkdownPage> pages;

    private Site(Path root, Map<Path, MarkdownPage> pages) {
        this.root = root;
        this.pages = pages;
    }

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Labchat", List.of("README.md"));
        groups.put("Students", List.of("docs/students.md", "docs/client.md", "docs/diagnostics.md"));
        groups.put("Staff", List.of("docs/staff.md", "docs/operations.md", "docs/security.md", "docs/store.md"));
        groups.put("Reference", List.of("docs/protocol.md", "docs/conformance.md", "docs/performance.md"));
        groups.put("Developers", List.of("docs/developers.md", "docs/architecture.md", "CHANGELOG.md"));
        return groups;
    }

    /** Reads all pages of a repository. */
    static Site read(Path root) throws IOException {
        Map<Path, MarkdownPage> pages = new LinkedHashMap<>();
        TreeSet<Path> files = new TreeSet<>(List.of(Path.of("README.md"), Path.of("CHANGELOG.md")));
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md"))
                    .map(root::relativize)
                    .forEach(files::add);
        }
        for (Path file : files) {
            pages.put(file, MarkdownPage.read(root, file));
        }
        return new Site(root, pages);
    }

    /** The pages by their files. */
    Map<Path, MarkdownPage> pages() {
        return Map.copyOf(pages);
    }

    /** Writes the site; what is in the folder already and of the same name is replaced. */
    void write(Path target) throws IOException {
        Files.createDirectories(target);
        try (InputStream style = Site.class.getResourceAsStream(STYLE)) {
            Files.copy(style, target.resolve(STYLE), StandardCopyOption.REPLACE_EXISTING);
        }
        for (MarkdownPage page : pages.values()) {
            Path file = target.resolve(page.target());
            Files.createDirectories(file.getParent());
            Files.writeString(file, html(page));
            for (String link : page.links()) {
                copy(page, link, target);
            }
        }
    }

    /** What a page shows or links to, and is no page. */
    private void copy(MarkdownPage page, String link, Path target) throws IOException {
        Path file = Links.file(page.path(), link);
        if (Links.isExternal(link) || pages.containsKey(file)) {
            return;
        }
        Path from = root.resolve(file);
        if (Files.isRegularFile(from)) {
            Files.createDirectories(target.resolve(file).getParent());
            Files.copy(from, target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private String html(MarkdownPage page) throws IOException {
        String up = "../".repeat(page.target().getNameCount() - 1);
        String frame;
        try (InputStream in = Site.class.getResourceAsStream("page.html")) {
            frame = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        return frame.replace("@TITLE@", escaped(page.title()))
                .replace("@UP@", up)
                .replace("@NAVIGATION@", navigation(page, up))
                .replace("@TEXT@", text(page));
    }

    private String text(MarkdownPage page) {
        Map<Node, String> anchors = page.anchors();
        return HtmlRenderer.builder()
                .extensions(List.of(TablesExtension.create()))
                // The only HTML in our files are comments for those who edit them.
                .escapeHtml(true)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (node instanceof Heading) {
                        attributes.put("id", anchors.get(node));
                    } else if (node instanceof Link link) {
                        attributes.put("href", target(page, link.getDestination()));
                    } else if (node instanceof Image) {
                        attributes.put("loading", "lazy");
                    }
                })
                .build()
                .render(page.document())
                .replaceAll("(?s)(?:<p>)?&lt;!--.*?--&gt;(?:</p>)?\\n?", "");
    }

    /** Where a link of a page leads in the site. */
    private String target(MarkdownPage page, String link) {
        if (Links.isExternal(link)) {
            return link;
        }
        Path file = Links.file(page.path(), link);
        MarkdownPage linked = pages.get(file);
        String anchor = link.contains("#") ? link.substring(link.indexOf('#')) : "";
        if (linked == null && Files.isDirectory(root.resolve(file))) {
            // A folder has no page; the first of its pages stands for it.
            linked = pages.values().stream()
                    .filter(one -> one.path().startsWith(file))
                    .findFirst()
                    .orElse(null);
        }
        if (linked == null) {
            return link;
        }
        Path from = page.target().getParent();
        Path relative = from == null ? linked.target() : from.relativize(linked.target());
        return relative.toString().replace('\\', '/') + anchor;
    }

    private String navigation(MarkdownPage current, String up) {
        StringBuilder html = new StringBuilder();
        List<MarkdownPage> left = new ArrayList<>(pages.values());
        GROUPS.forEach((name, files) -> {
            List<MarkdownPage> group = files.stream()
                    .map(file -> pages.get(Path.of(file)))
                    .filter(Objects::nonNull)
                    .toList();
            left.removeAll(group);
            append(html, name, group, current, up);
        });
        append(
                html,
                "Decisions",
                left.stream()
                        .filter(page -> page.path().startsWith("docs/decisions"))
                        .toList(),
                current,
                up);
        left.removeIf(page -> page.path().startsWith("docs/decisions"));
        append(html, "More", left, current, up);
        return html.toString();
    }

    private static void append(
            StringBuilder html, String name, List<MarkdownPage> group, MarkdownPage current, String up) {
        if (group.isEmpty()) {
            return;
        }
        html.append("<h2>").append(name).append("</h2>\n<ul>\n");
        for (MarkdownPage page : group) {
            String here = page == current ? " aria-current=\"page\"" : "";
            html.append("<li><a href=\"%s%s\"%s>%s</a>"
                    .formatted(
                            up,
                            page.target().toString().replace('\\', '/'),
                            here,
                            escaped(page.path().endsWith("README.md") ? "Start" : page.title())));
            if (page == current) {
                html.append("\n<ul>\n");
                page.headings().stream()
                        .filter(section -> section.level() == 2)
                        .forEach(section -> html.append("<li><a href=\"#%s\">%s</a></li>\n"
                                .formatted(section.anchor(), escaped(section.text()))));
                html.append("</ul>\n");
            }
            html.append("</li>\n");
        }
        html.append("</ul>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
