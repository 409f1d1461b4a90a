package labchat.broker.diagram.compare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import labchat.broker.diagram.compare.OwnDiagram.Block;
import labchat.broker.diagram.compare.OwnDiagram.OwnArrow;
import labchat.broker.diagram.compare.OwnDiagram.Participant;
import labchat.broker.diagram.compare.OwnDiagram.Remark;

/** What both languages have in common: participants, arrows, blocks within blocks, problems. Used by one thread. */
final class Sketch {

    /** More arrows than anybody draws. */
    static final int MOST_ARROWS = 1_000;

    private static final int MOST_PROBLEMS = 20;
    private static final int SHOWN = 80;

    private static final class Open {
        private final String word;
        private final int line;
        private final int number;
        private final List<Integer> branches = new ArrayList<>();

        private Open(String word, int line, int number) {
            this.word = word;
            this.line = line;
            this.number = number;
            branches.add(line);
        }
    }

    private final Map<String, Participant> participants = new LinkedHashMap<>();
    private final List<OwnArrow> arrows = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private int lastBlock;

    /** Somebody is declared. */
    void participant(String id, String name) {
        participants.put(id, new Participant(id, name));
    }

    void arrow(int line, String from, String to, String label) {
        if (arrows.size() == MOST_ARROWS) {
            problem(line, "more than %d arrows; draw one conversation only".formatted(MOST_ARROWS));
        }
        participants.computeIfAbsent(from, id -> new Participant(id, id));
        participants.computeIfAbsent(to, id -> new Participant(id, id));
        Map<Integer, Integer> branches = new HashMap<>();
        open.forEach(block -> branches.put(block.number, block.branches.size() - 1));
        arrows.add(new OwnArrow(line, from, to, label, branches));
    }

    /** A block begins, which an end closes. */
    void begin(String word, int line) {
        open.push(new Open(word, line, ++lastBlock));
        if (word.equals("loop")) {
            remarks.add(new Remark(line, "the loop is compared as if it went round once"));
        }
    }

    /** Another branch of the innermost block. */
    void branch(String word, int line, String... of) {
        Open block = open.peek();
        if (block == null || !List.of(of).contains(block.word)) {
            problem(line, "\"%s\" outside of %s".formatted(word, String.join(" and ", of)));
        } else if (!block.word.equals("par")) {
            block.branches.add(line);
        }
    }

    void end(int line) {
        if (open.isEmpty()) {
            problem(line, "\"end\" without a block that it could end (loop, alt, opt, par, ...)");
            return;
        }
        Open block = open.pop();
        if (block.word.equals("opt") || block.word.equals("break")) {
            block.branches.add(0);
        }
        if (block.branches.size() > 1) {
            blocks.add(new Block(block.number, block.word, block.branches));
        }
    }

    boolean isInside(String word) {
        return !open.isEmpty() && open.peek().word.equals(word);
    }

    void remark(int line, String text) {
        remarks.add(new Remark(line, text));
    }

    void problem(int line, String what) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add("line %d: %s".formatted(line, what));
        }
    }

    /** Text of the diagram in a message. */
    static String quoted(String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return "\"" + shown + "\"";
    }

    /** @throws UnreadableDiagramException if there was a problem, or there is nothing in it */
    OwnDiagram diagram() throws UnreadableDiagramException {
        for (Iterator<Open> left = open.descendingIterator(); left.hasNext(); ) {
            Open block = left.next();
            problem(block.line, "\"%s\" has no \"end\"".formatted(block.word));
        }
        if (problems.isEmpty() && arrows.isEmpty()) {
            problems.add("there is no arrow in it");
        }
        if (!problems.isEmpty()) {
            throw new UnreadableDiagramException(problems);
        }
        return new OwnDiagram(new ArrayList<>(participants.values()), arrows, blocks, remarks);
    }
}
