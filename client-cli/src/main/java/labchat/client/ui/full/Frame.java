package labchat.client.ui.full;

import java.util.List;
import java.util.Map;
import org.jline.utils.AttributedString;

/**
 * A picture of the screen.
 *
 * @param lines from the top, none wider than the screen
 * @param row of the cursor, from 0
 * @param column of the cursor, from 0
 * @param visible what came in and can be read in it
 * @param clicks what a click on a row of the list opens
 * @param listWidth columns of the list at the left
 */
record Frame(
        List<AttributedString> lines,
        int row,
        int column,
        List<Item> visible,
        Map<Integer, Conversation> clicks,
        int listWidth) {

    Frame {
        lines = List.copyOf(lines);
        visible = List.copyOf(visible);
        clicks = Map.copyOf(clicks);
    }
}
