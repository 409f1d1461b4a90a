package labchat.broker.diagram.compare;

import java.util.List;

/** A diagram that cannot be read: each line says where, what is wrong and what is allowed. */
public final class UnreadableDiagramException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    UnreadableDiagramException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
