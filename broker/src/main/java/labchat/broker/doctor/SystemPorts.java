package labchat.broker.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Ports of this machine. */
interface SystemPorts {

    /** The real ones. */
    SystemPorts INSTANCE = new OfTheKernel();

    /** Why nobody can listen there now, in the system's words; empty if one can. */
    Optional<String> problem(String address, int port);

    /** Which program listens there, such as {@code process 1234, mosquitto}; empty if that cannot be known. */
    Optional<String> owner(int port);

    /** As Linux tells it; elsewhere owners are not known. */
    final class OfTheKernel implements SystemPorts {

        private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
        private static final String LISTENING = "0A";

        private OfTheKernel() {}

        @Override
        public Optional<String> problem(String address, int port) {
            try (ServerSocket socket = new ServerSocket()) {
                // As the broker's listeners: what is left of closed connections is no obstacle.
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public Optional<String> owner(int port) {
            Set<String> sockets = new HashSet<>();
            for (Path table : TABLES) {
                sockets.addAll(listening(table, port));
            }
            if (sockets.isEmpty()) {
                return Optional.empty();
            }
            try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                return processes
                        .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                        .filter(process -> hasOneOf(process, sockets))
                        .findFirst()
                        .map(process -> "process %s%s".formatted(process.getFileName(), name(process)));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        /** Lines are: number, local address:port, remote, state, four columns, user, timeout, inode. */
        private static Set<String> listening(Path table, int port) {
            String ending = String.format(Locale.ROOT, ":%04X", port);
            Set<String> inodes = new HashSet<>();
            try {
                for (String line : Files.readAllLines(table)) {
                    String[] columns = line.strip().split("\\s+");
                    if (columns.length > 9 && columns[1].endsWith(ending) && columns[3].equals(LISTENING)) {
                        inodes.add("socket:[" + columns[9] + "]");
                    }
                }
            } catch (IOException e) {
                return Set.of();
            }
            return inodes;
        }

        private static boolean hasOneOf(Path process, Set<String> sockets) {
            try (Stream<Path> open = Files.list(process.resolve("fd"))) {
                return open.anyMatch(file -> sockets.contains(target(file)));
            } catch (IOException | UncheckedIOException e) {
                // Another user's, or gone meanwhile.
                return false;
            }
        }

        private static String target(Path link) {
            try {
                return Files.readSymbolicLink(link).toString();
            } catch (IOException e) {
                return "";
            }
        }

        private static String name(Path process) {
            try {
                return ", " + Files.readString(process.resolve("comm")).strip();
            } catch (IOException e) {
                return "";
            }
        }
    }
}
