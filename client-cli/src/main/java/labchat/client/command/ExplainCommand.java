package labchat.client.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.client.options.ColorMode;
import labchat.client.options.UsageException;
import labchat.client.session.MqttVersion;
import labchat.client.ui.Output;
import labchat.client.ui.Output.OutputException;
import labchat.client.ui.PacketView;
import labchat.client.ui.Terminals;
import labchat.client.ui.WireView;
import labchat.protocol.packet.HexDump;
import labchat.protocol.packet.MqttLevel;
import labchat.protocol.packet.PacketDump;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code explain}: what the bytes of MQTT packets mean. */
@Command(
        name = "explain",
        description = {
            "Take MQTT packets apart, field by field, from bytes written as hexadecimal digits:",
            "  explain c0 00",
            "  explain --file dump.txt",
            "  xxd capture.bin | explain",
            "Spaces, colons, 0x and the offsets and texts of xxd, hexdump -C and tshark -x do no harm.",
            "With -V it reads 3.1.1 or 5; without, what a CONNECT says, else what fits.",
            "The exit code is 1 if a packet is malformed or cut off."
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class ExplainCommand implements Callable<Integer> {

    /** No dump is longer, in characters. */
    private static final int MOST = 4_000_000;

    @ParentCommand
    private LabchatCommand parent;

    @Option(names = "--file", paramLabel = "FILE", description = "Read them from this file; - is standard input.")
    private String file;

    @Option(
            names = "--json",
            description = {
                "One JSON object a line for each packet: offset, length, type, version, guessed, good,",
                "fields (offset, length, depth, name, value, bytes), faults (offset, message)."
            })
    private boolean json;

    @Parameters(paramLabel = "HEX", arity = "0..*", description = "The bytes; standard input unless given.")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws UsageException, CommandFailure, IOException {
        Optional<MqttLevel> level = level();
        boolean color = color();
        byte[] bytes;
        try {
            bytes = HexDump.parse(text());
        } catch (HexDump.NoHexException e) {
            throw new UsageException(e.getMessage() + hint());
        }
        if (bytes.length == 0) {
            throw new UsageException("there are no bytes to explain: write them such as explain c0 00");
        }
        List<PacketDump.Placed> packets = PacketDump.decode(bytes, level);
        Output output = json ? Output.utf8() : Output.standard();
        PacketView view = new PacketView(output.isUnicode());
        try {
            for (int i = 0; i < packets.size(); i++) {
                if (json) {
                    output.line(JsonLine.of(packets.get(i)));
                } else {
                    for (var line : view.lines(packets.get(i), i + 1)) {
                        output.line(WireView.text(line, color));
                    }
                }
            }
        } catch (OutputException e) {
            throw CommandFailure.of(e);
        }
        boolean good =
                packets.stream().allMatch(placed -> placed.packet().faults().isEmpty());
        return good ? ExitCode.GOOD : ExitCode.FAILURE;
    }

    private Optional<MqttLevel> level() throws UsageException {
        Optional<String> given = parent.connect.mqttVersion();
        if (given.isEmpty()) {
            return Optional.empty();
        }
        MqttVersion version = MqttVersion.parse(given.get())
                .orElseThrow(() -> new UsageException(
                        "-V/--mqtt-version must be 3.1.1 or 5, found \"%s\"".formatted(given.get())));
        return Optional.of(version == MqttVersion.V5 ? MqttLevel.V5 : MqttLevel.V3_1_1);
    }

    private boolean color() throws UsageException {
        String when = parent.connect.color().orElse("auto");
        return ColorMode.parse(when)
                .orElseThrow(
                        () -> new UsageException("--color must be auto, always or never, found \"%s\"".formatted(when)))
                .isOn(Terminals.isInteractive(), System.getenv());
    }

    private String text() throws UsageException, IOException {
        if (file != null && !words.isEmpty()) {
            throw new UsageException("give either --file or the bytes, not both");
        }
        if (file != null && !file.equals("-")) {
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                return all(in, file);
            } catch (NoSuchFileException e) {
                throw new UsageException("--file %s: there is no such file".formatted(file));
            } catch (InvalidPathException e) {
                throw new UsageException("--file \"%s\" is no path".formatted(file));
            } catch (IOException e) {
                throw new UsageException("--file %s cannot be read: %s".formatted(file, e.getMessage()));
            }
        }
        if (file != null || words.isEmpty() || words.equals(List.of("-"))) {
            if (file == null && words.isEmpty() && Terminals.isInteractive()) {
                ErrorReport.note("paste the bytes, then press Ctrl-D");
            }
            return all(System.in, "standard input");
        }
        return String.join(" ", words);
    }

    private static String all(InputStream in, String name) throws IOException, UsageException {
        byte[] bytes = in.readNBytes(MOST + 1);
        if (bytes.length > MOST) {
            throw new UsageException("%s is longer than %d bytes; explain a part of it".formatted(name, MOST));
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String hint() {
        try {
            if (words.size() == 1 && Files.isRegularFile(Path.of(words.get(0)))) {
                return "\n%s is a file: explain --file %s".formatted(words.get(0), words.get(0));
            }
        } catch (InvalidPathException e) {
            return "";
        }
        return "";
    }
}
