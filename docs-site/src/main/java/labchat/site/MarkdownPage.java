package labchat.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * A Markdown file, parsed: its headings with the anchors that GitHub gives them too, and where it links to.
 *
 * @param path below the repository's top folder
 * @param document the parsed text
 * @param headings in their order
 * @param links destinations of links and pictures, as they are written
 */
record MarkdownPage(Path path, Node document, List<Section> headings, List<String> links) {

    /** A heading, with its level (1 to 6), its text without marks and its anchor. */
    record Section(Heading node, int level, String text, String anchor) {}

    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    MarkdownPage {
        headings = List.copyOf(headings);
        links = List.copyOf(links);
    }

    static MarkdownPage read(Path root, Path path) throws IOException {
        Node document = PARSER.parse(Files.readString(root.resolve(path)));
        List<Section> headings = new ArrayList<>();
        List<String> links = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                String text = textOf(heading);
                headings.add(new Section(heading, heading.getLevel(), text, anchor(text, taken)));
                visitChildren(heading);
            }

            @Override
            public void visit(Link link) {
                links.add(link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                links.add(image.getDestination());
                visitChildren(image);
            }
        });
        return new MarkdownPage(path, document, headings, links);
    }

    /** The first heading, or the file's name. */
    String title() {
        return headings.isEmpty()
                ? path.getFileName().toString()
                : headings.get(0).text();
    }

    /** Where the page is in the site: README is the first page. */
    Path target() {
        String file = path.toString();
        return Path.of(file.equals("README.md") ? "index.html" : file.replaceFirst("\\.md$", ".html"));
    }

    /** The anchors by their headings. */
    Map<Node, String> anchors() {
        Map<Node, String> anchors = new IdentityHashMap<>();
        headings.forEach(section -> anchors.put(section.node(), section.anchor()));
        return anchors;
    }

    boolean hasAnchor(String anchor) {
        return headings.stream().anyMatch(section -> section.anchor().equals(anchor));
    }

    /** As GitHub: small letters, digits, {@code _} and {@code -} stay, blanks become {@code -}; a second one gets a number. */
    static String anchor(String text, Set<String> taken) {
        String plain = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
                .replace(' ', '-');
        String anchor = plain;
        for (int i = 1; !taken.add(anchor); i++) {
            anchor = plain + "-" + i;
        }
        return anchor;
    }

    private static String textOf(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }
        });
        return text.toString();
    }
}
