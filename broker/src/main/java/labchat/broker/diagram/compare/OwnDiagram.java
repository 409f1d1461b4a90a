package labchat.broker.diagram.compare;

import java.util.List;
import java.util.Map;

/**
 * A sequence diagram as somebody has drawn it.
 *
 * @param participants in the order in which they stand
 * @param arrows in their order; those of all branches
 * @param blocks those that have branches, of which one is taken
 * @param remarks what of it is not compared, or not as it stands
 */
record OwnDiagram(List<Participant> participants, List<OwnArrow> arrows, List<Block> blocks, List<Remark> remarks) {

    /**
     * Somebody who takes part.
     *
     * @param id what arrows call them
     * @param name what the picture calls them
     */
    record Participant(String id, String name) {}

    /**
     * An arrow.
     *
     * @param line where it stands, from 1 on
     * @param from a participant's id
     * @param to a participant's id
     * @param branches in which branch of which block it is, by the blocks' numbers
     */
    record OwnArrow(int line, String from, String to, String label, Map<Integer, Integer> branches) {
        OwnArrow {
            branches = Map.copyOf(branches);
        }
    }

    /**
     * A block of which the traffic took one branch.
     *
     * @param number as arrows name it
     * @param word such as {@code alt}
     * @param lines where its branches begin; 0 for one that is empty because the block may be left out
     */
    record Block(int number, String word, List<Integer> lines) {
        Block {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Something for the reader.
     *
     * @param line where it stands; 0 if it is about all
     */
    record Remark(int line, String text) {}

    OwnDiagram {
        participants = List.copyOf(participants);
        arrows = List.copyOf(arrows);
        blocks = List.copyOf(blocks);
        remarks = List.copyOf(remarks);
    }
}
