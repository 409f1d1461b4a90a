package labchat.it.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page and its blocks.
 *
 * @param broker whether it says that a broker runs
 */
record Page(Path file, boolean broker, List<Block> blocks) {

    private static final Pattern MARK = Pattern.compile("\\s*<!-- test: (.*?) -->\\s*");
    private static final Pattern FENCE = Pattern.compile("( *)(```+|~~~+) *(.*?) *");
    private static final String BROKER = "a broker runs";

    Page {
        blocks = List.copyOf(blocks);
    }

    static Page read(Path file) throws IOException {
        return of(file, Files.readAllLines(file));
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if a block is not classified, or a mark marks none; with file and line
     */
    static Page of(Path file, List<String> lines) {
        boolean broker = false;
        Optional<Mark> mark = Optional.empty();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher comment = MARK.matcher(line);
            Matcher fence = FENCE.matcher(line);
            if (comment.matches() && comment.group(1).equals(BROKER)) {
                broker = true;
            } else if (comment.matches()) {
                try {
                    mark = Optional.of(Mark.of(comment.group(1)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file.getFileName() + ":" + (i + 1) + ": " + e.getMessage(), e);
                }
            } else if (fence.matches()) {
                int opening = i + 1;
                String indentation = fence.group(1);
                List<String> text = new ArrayList<>();
                while (++i < lines.size() && !lines.get(i).strip().equals(fence.group(2))) {
                    String inner = lines.get(i);
                    text.add(inner.startsWith(indentation) ? inner.substring(indentation.length()) : inner);
                }
                if (i == lines.size()) {
                    throw new IllegalArgumentException(file.getFileName() + ":" + opening + ": the block has no end");
                }
                blocks.add(new Block(file, opening, fence.group(3), mark.orElse(Mark.NONE), text));
                mark = Optional.empty();
            } else if (mark.isPresent() && !line.isBlank()) {
                throw new IllegalArgumentException(
                        file.getFileName() + ":" + (i + 1) + ": a mark stands before this line, which is no block");
            }
        }
        if (mark.isPresent()) {
            throw new IllegalArgumentException(file.getFileName() + ": the last mark stands before no block");
        }
        Page page = new Page(file, broker, blocks);
        page.requireThatFilesAreUsed();
        return page;
    }

    /** A program that is only written down would be one that nobody has tried. */
    private void requireThatFilesAreUsed() {
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            Optional<String> name = fileOf(block);
            if (block.mark().skip().isEmpty()
                    && name.isPresent()
                    && !Block.SHOWN.contains(block.language())
                    && blocks.subList(i + 1, blocks.size()).stream()
                            .noneMatch(later -> later.isShell() && later.text().contains(name.get()))) {
                throw new IllegalArgumentException(block.where() + "no later block runs " + name.get());
            }
        }
    }

    /** Where a block's text is to be written: as its mark says; a Java program into the file of its class. */
    static Optional<String> fileOf(Block block) {
        if (block.mark().file().isPresent() || !block.language().equals("java")) {
            return block.mark().file();
        }
        Matcher type =
                Pattern.compile("public (?:final )?(?:class|record) (\\w+)").matcher(block.text());
        return Optional.of((type.find() ? type.group(1) : "Main") + ".java");
    }
}
