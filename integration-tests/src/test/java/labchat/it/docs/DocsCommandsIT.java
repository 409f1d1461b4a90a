package labchat.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.PythonPeer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command and program of README.md and docs is run, in order within its page, or says why not. What was skipped is
 * listed on the console.
 */
class DocsCommandsIT {

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> page_itsBlocksRun_doWhatTheyShow() throws IOException {
        // Some at a time: most of a page is waiting for programs to start.
        ExecutorService workers =
                Executors.newFixedThreadPool(Math.max(2, Runtime.getRuntime().availableProcessors()));
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : pages()) {
            Future<Void> done = workers.submit(() -> run(Page.read(file)));
            tests.add(DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                try {
                    done.get();
                } catch (ExecutionException e) {
                    throw e.getCause();
                }
            }));
        }
        workers.shutdown();
        assertThat(tests).hasSizeGreaterThan(10);
        return tests.stream();
    }

    private Void run(Page page) throws IOException {
        long started = System.nanoTime();
        List<Block> done = page.blocks().stream().filter(Block::isDone).toList();
        List<Block> skipped = page.blocks().stream()
                .filter(block -> block.mark().skip().isPresent())
                .toList();
        if (!done.isEmpty() && PythonPeer.isInstalled()) {
            try (Scratch scratch = new Scratch(
                    Files.createDirectory(directory.resolve(page.file().getFileName())))) {
                if (page.broker()) {
                    scratch.startBroker(page.file());
                }
                for (Block block : done) {
                    scratch.run(block);
                }
                scratch.finish();
            }
        }
        StringBuilder report = new StringBuilder("%s: %d blocks run in %.1f s, %d shown only, %d skipped%n"
                .formatted(
                        page.file().getFileName(),
                        done.size(),
                        (System.nanoTime() - started) / 1e9,
                        page.blocks().size() - done.size() - skipped.size(),
                        skipped.size()));
        skipped.forEach(block -> report.append("  not run: ")
                .append(block.where())
                .append(block.mark().skip().orElseThrow())
                .append(System.lineSeparator()));
        System.out.print(report);
        return null;
    }

    /** All Markdown files that people read. */
    private static List<Path> pages() throws IOException {
        Path root = BrokerProcess.root();
        List<Path> pages = new ArrayList<>(List.of(root.resolve("README.md")));
        for (String folder : List.of("docs", "docs/decisions")) {
            try (Stream<Path> files = Files.list(root.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }
}
