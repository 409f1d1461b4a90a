package labchat.broker.command;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import labchat.broker.BrokerApp;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.StoreConfig;
import labchat.broker.config.StoreSync;
import labchat.broker.control.ControlSocket;
import labchat.broker.doctor.RunningBroker;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.reload.NewFiles;
import labchat.broker.reload.Reload;
import labchat.broker.reload.ReloadReport;
import labchat.broker.store.Store;
import labchat.broker.store.StoreException;
import labchat.broker.store.sqlite.SqliteSettings;
import labchat.broker.store.sqlite.SqliteSettings.Sync;
import labchat.broker.store.sqlite.SqliteStore;
import labchat.broker.traffic.ConsoleLog;
import labchat.broker.traffic.TrafficLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the broker and keeps it running until the process is told to stop. */
final class Serve {

    private final ServeOptions options;
    private final boolean verbose;
    private final boolean quiet;

    Serve(ServeOptions options, boolean verbose, boolean quiet) {
        this.options = options;
        this.verbose = verbose;
        this.quiet = quiet;
    }

    /**
     * Returns only if it was to check, or the broker could not be started.
     *
     * @throws CommandFailure with all problems
     */
    int run() {
        LogSettings.apply(verbose, quiet);
        NewFiles files = LoadedFiles.load(options);
        files.warnings().forEach(warning -> System.err.println(Messages.warning(warning)));
        BindAddress bind = BindAddress.choose(files.config(), files.users(), !options.isCheck());
        if (options.isCheck()) {
            return checked(files, bind);
        }
        start(files, bind);
        return waitForever();
    }

    private int checked(NewFiles files, BindAddress bind) {
        say(List.of("Settings and files are good: %d users in %s, %d rules in %s."
                .formatted(
                        files.users().names().size(),
                        files.users().name(),
                        files.acl().rules().size(),
                        files.config().aclFile())));
        bind.notice().ifPresent(notice -> System.err.println(Messages.warning(notice)));
        return ExitCode.GOOD;
    }

    private void start(NewFiles files, BindAddress bind) {
        BrokerConfig config = files.config().withBindAddress(bind.value());
        chooseEventLoops(config.eventLoops());
        Closing closing = new Closing();
        closing.onSignal();
        try {
            BrokerApp app = open(files, config, closing);
            control(app, config, closing);
            bind.notice().ifPresent(notice -> System.err.println(Messages.warning(notice)));
            say(new Welcome(
                            bind.value(),
                            ServedPorts.of(app),
                            app.certificates(),
                            config,
                            files.users().names())
                    .lines());
            if (config.readyFile().isPresent()) {
                ReadyFile ready = closing.opened(ReadyFile.at(config.readyFile().get()));
                ready.write(ServedPorts.of(app));
            }
        } catch (IOException e) {
            closing.giveUp();
            throw CommandFailure.failure(Messages.of(e), e);
        } catch (RuntimeException | Error e) {
            closing.giveUp();
            throw e;
        }
    }

    private BrokerApp open(NewFiles files, BrokerConfig config, Closing closing) throws IOException {
        if (config.readyFile().isPresent()) {
            ReadyFile.at(config.readyFile().get());
        }
        List<BrokerEventListener> listeners = new ArrayList<>();
        listeners.add(closing.opened(new ConsoleLog()));
        if (config.trafficLog().isPresent()) {
            listeners.add(closing.opened(TrafficLog.open(
                    config.trafficLog().get(),
                    config.trafficLogPayload(),
                    config.trafficLogMaxBytes(),
                    config.trafficLogKeep(),
                    Clock.systemUTC())));
        }
        Store store = closing.opened(openStore(config));
        return closing.opened(BrokerApp.start(files, config, () -> LoadedFiles.read(options), store, listeners));
    }

    /** The ways to the running broker: SIGHUP, and the socket that commands use. */
    private static void control(BrokerApp app, BrokerConfig config, Closing closing) {
        Reload reload = app.reload().orElseThrow();
        HangUp.onSignal(() -> log(reload.run()));
        Map<String, ControlSocket.Handler> handlers = new HashMap<>(Map.of(
                ReloadCommand.WORD,
                text -> {
                    ReloadReport report = reload.run();
                    log(report);
                    return new ControlSocket.Answer(
                            report.isAccepted() ? ExitCode.GOOD : ExitCode.USAGE, report.lines());
                },
                CertCommand.Revoke.WORD,
                text -> CertCommand.Revoke.answer(app),
                AclCommand.Diff.WORD,
                text -> AclCommand.Diff.answer(app, text),
                RunningBroker.WORD,
                text -> DoctorCommand.answer(app),
                WeatherCommand.WORD,
                text -> WeatherCommand.answer(app.weather(), text)));
        handlers.putAll(LessonControl.handlers(app.lessons()));
        try {
            closing.opened(ControlSocket.open(config.dataDir(), handlers));
        } catch (IOException e) {
            System.err.println(
                    Messages.warning("broker.jar reload will not reach this broker, SIGHUP does: " + Messages.of(e)));
        }
    }

    private static void log(ReloadReport report) {
        // Not a constant: the first logger must not be made before the log is set up.
        Logger log = LoggerFactory.getLogger("labchat");
        for (String line : report.lines()) {
            if (report.isAccepted()) {
                log.info("reload: {}", line);
            } else {
                log.warn("reload: {}", line);
            }
        }
    }

    private static Store openStore(BrokerConfig config) {
        StoreConfig settings = config.store();
        if (!settings.isOn()) {
            System.err.println(Messages.warning(
                    "store off: nothing is kept; who is not connected gets no messages, and no history"));
            return Store.none();
        }
        Sync sync = settings.sync() == StoreSync.FULL ? Sync.FULL : Sync.NORMAL;
        try {
            return SqliteStore.open(
                    config.dataDir().resolve(SqliteStore.FILE_NAME),
                    new SqliteSettings(sync, settings.retention(), settings.retentionBytes()),
                    Clock.systemUTC());
        } catch (StoreException e) {
            throw CommandFailure.failure(e.getMessage(), e);
        }
    }

    /** Netty reads this once, when its classes load. One loop for two cores is what measured best. */
    private static void chooseEventLoops(int set) {
        int cores = Runtime.getRuntime().availableProcessors();
        int loops = set == 0 ? Math.max(1, cores / 2) : set;
        System.setProperty("io.netty.eventLoopThreads", String.valueOf(loops));
    }

    private static int waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.GOOD;
    }

    private void say(List<String> lines) {
        if (!quiet) {
            lines.forEach(System.out::println);
            System.out.flush();
        }
    }
}
