package labchat.broker.diagram;

import java.util.Locale;
import java.util.Optional;

/** What a diagram can be written as. */
public enum DiagramFormat {
    /** For Mermaid, which many wikis and forges draw. */
    MERMAID("mmd", "text/vnd.mermaid"),
    /** For PlantUML. */
    PLANTUML("puml", "text/x-plantuml"),
    /** A picture. */
    SVG("svg", "image/svg+xml"),
    /** For terminals and mail. */
    TEXT("txt", "text/plain");

    private final String extension;
    private final String mediaType;

    DiagramFormat(String extension, String mediaType) {
        this.extension = extension;
        this.mediaType = mediaType;
    }

    /** What such files' names end in, without the dot. */
    public String extension() {
        return extension;
    }

    /** The media type; all of them are in UTF-8. */
    public String mediaType() {
        return mediaType;
    }

    /** The format of this name in lower case. */
    public static Optional<DiagramFormat> ofWord(String word) {
        for (DiagramFormat format : values()) {
            if (format.word().equals(word)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** Its name in lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The diagram in this format; ends in a line feed. */
    public String render(Diagram diagram) {
        return switch (this) {
            case MERMAID -> MermaidText.of(diagram);
            case PLANTUML -> PlantUmlText.of(diagram);
            case SVG -> SvgPicture.of(diagram);
            case TEXT -> PlainText.of(diagram);
        };
    }
}
