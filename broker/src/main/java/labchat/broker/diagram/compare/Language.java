package labchat.broker.diagram.compare;

import java.util.Locale;
import java.util.Optional;

/** In what a diagram may be written. */
public enum Language {
    /** Begins with {@code sequenceDiagram}. */
    MERMAID("Mermaid"),
    /** Begins with {@code @startuml}. */
    PLANTUML("PlantUML");

    private final String title;

    Language(String title) {
        this.title = title;
    }

    /** As it writes itself. */
    public String title() {
        return title;
    }

    /** The language of a text, else that of its file's name; empty if neither tells. */
    static Optional<Language> of(String text, String fileName) {
        for (String line : text.lines().toList()) {
            String word = line.strip();
            if (word.startsWith("sequenceDiagram")) {
                return Optional.of(MERMAID);
            }
            if (word.startsWith("@startuml")) {
                return Optional.of(PLANTUML);
            }
        }
        String name = fileName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".mmd") || name.endsWith(".mermaid")) {
            return Optional.of(MERMAID);
        }
        boolean uml = name.matches(".*\\.(puml|plantuml|pu|iuml|wsd)");
        return uml ? Optional.of(PLANTUML) : Optional.empty();
    }
}
