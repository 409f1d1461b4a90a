package labchat.broker;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclRule;
import labchat.broker.acl.CompiledAclPolicy;
import labchat.broker.acl.LiveAclPolicy;
import labchat.broker.chat.ChatRules;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigProblem;
import labchat.broker.diagnostics.Explainer;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.BrokerEventListeners;
import labchat.broker.event.ClientGateway;
import labchat.broker.event.LateClientGateway;
import labchat.broker.event.RequestHandler;
import labchat.broker.history.HistoryRequests;
import labchat.broker.mqtt.MoquetteBroker;
import labchat.broker.mqtt.guard.GuardServices;
import labchat.broker.mqtt.guard.GuardSettings;
import labchat.broker.mqtt.guard.LiveLimits;
import labchat.broker.presence.PresenceRegistry;
import labchat.broker.recording.Lessons;
import labchat.broker.reload.LivePart;
import labchat.broker.reload.NewFiles;
import labchat.broker.reload.Reload;
import labchat.broker.rooms.RoomAclPolicy;
import labchat.broker.rooms.RoomDirectory;
import labchat.broker.rooms.RoomRequests;
import labchat.broker.server.ChatServer;
import labchat.broker.signup.SignUpDesk;
import labchat.broker.store.Store;
import labchat.broker.sys.SysTopics;
import labchat.broker.tls.CertificateReload;
import labchat.broker.tls.ClientCertificates;
import labchat.broker.tls.ExpiryReminder;
import labchat.broker.tls.ServerTls;
import labchat.broker.users.AccountChanges;
import labchat.broker.users.FileUserDirectory;
import labchat.broker.users.LastUses;
import labchat.broker.users.LiveUserDirectory;
import labchat.broker.users.UserDirectory;
import labchat.broker.weather.WeatherStation;
import labchat.broker.web.PageInfo;
import labchat.broker.web.WebRoutes;
import labchat.broker.web.WebServer;
import labchat.broker.web.WebSettings;
import labchat.broker.web.staff.ChecklistRequests;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.StepsRequest;
import labchat.protocol.identity.ChatId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running broker: puts the parts together, starts and stops them. */
public final class BrokerApp implements AutoCloseable {

    /** The exit status when one of the broker's threads has died, so that a supervisor starts it again. */
    public static final int EXIT_INTERNAL = 70;

    private static final Logger LOG = LoggerFactory.getLogger("labchat");
    private static final int MAX_WAITING_LOGINS = 10_000;

    private final MoquetteBroker broker;
    private final SysTopics sys;
    private final Optional<ServerTls> tls;
    private final Optional<ExpiryReminder> reminder;
    private final PresenceRegistry presence;
    private final ExecutorService loginThreads;
    private final LiveAccounts accounts;
    private final StaffParts staff;
    private final TeachingParts teaching;
    private final Optional<WebServer> web;
    private final PageSignUps pageSignUps;
    private final ClientCertificates clientCertificates;
    private Optional<CertificateControl> certificateControl = Optional.empty();
    private Optional<Reload> reload = Optional.empty();
    private Optional<AccountChanges> accountChanges = Optional.empty();
    private Optional<SignUpDesk> signUps = Optional.empty();
    private Optional<LastUses> lastUses = Optional.empty();

    private BrokerApp(
            MoquetteBroker broker,
            SysTopics sys,
            Optional<ServerTls> tls,
            PresenceRegistry presence,
            ExecutorService loginThreads,
            LiveAccounts accounts,
            StaffParts staff,
            TeachingParts teaching,
            Optional<WebServer> web,
            PageSignUps pageSignUps,
            ClientCertificates clientCertificates) {
        this.broker = broker;
        this.sys = sys;
        this.tls = tls;
        this.reminder = tls.map(
                server -> new ExpiryReminder(server::certificate, Clock.systemUTC(), BrokerApp::later, LOG::warn));
        reminder.ifPresent(ExpiryReminder::start);
        this.presence = presence;
        this.loginThreads = loginThreads;
        this.accounts = accounts;
        this.staff = staff;
        this.teaching = teaching;
        this.web = web;
        this.pageSignUps = pageSignUps;
        this.clientCertificates = clientCertificates;
    }

    /**
     * Starts all listeners on what was read from files, which can be read anew while it runs; see {@link #reload()}.
     *
     * @param files without problems
     * @param config the same settings as in the files, with the address that it is to listen on
     * @param source reads the files anew
     * @throws IOException see the other method
     */
    public static BrokerApp start(
            NewFiles files,
            BrokerConfig config,
            Supplier<NewFiles> source,
            Store store,
            List<BrokerEventListener> listeners)
            throws IOException {
        AclPolicy acl = new CompiledAclPolicy(files.acl().rules(), config.aclSubscribe(), 1);
        LastUses uses = LastUses.open(config.dataDir(), Clock.systemUTC());
        BrokerApp app;
        try {
            app = start(config, new FileUserDirectory(files.users(), uses::used), acl, store, listeners);
        } catch (IOException | RuntimeException e) {
            uses.close();
            throw e;
        }
        app.lastUses = Optional.of(uses);
        app.clientCertificates.tellUses((user, name) -> uses.used(user, LastUses.ofCertificate(name)));
        Reload reload = new Reload(source, files);
        CertificateControl certificates =
                new CertificateControl(app.clientCertificates, reload, app.broker::revoke, Clock.systemUTC());
        app.certificateControl = Optional.of(certificates);
        reload.add(certificates);
        reload.add(app.accounts);
        app.tls.ifPresent(tls -> reload.add(certificates(tls)));
        app.reload = Optional.of(reload);
        AccountChanges changes = new AccountChanges(app.accounts.users(), app.accounts.running(reload));
        app.accountChanges = Optional.of(changes);
        app.teaching.keepIn(config);
        app.staff.live(
                reload,
                new AccountOffice(
                        reload,
                        app.accounts.users(),
                        changes,
                        uses,
                        app.accounts::isRoom,
                        id -> store.accounts().accounts().stream()
                                .anyMatch(account -> account.id().equals(id)),
                        certificates,
                        Clock.systemUTC()));
        SignUpDesk desk = new SignUpDesk(
                () -> reload.config().web(), app.accounts.ids(reload, store.accounts()), changes, Clock.systemUTC());
        app.signUps = Optional.of(desk);
        app.pageSignUps.open(desk);
        return app;
    }

    private static LivePart certificates(ServerTls tls) {
        return next -> {
            CertificateReload.Prepared prepared = tls.prepare(next.config().tls());
            return new LivePart.Prepared() {
                @Override
                public List<ConfigProblem> problems() {
                    return prepared.problems();
                }

                @Override
                public void apply(List<String> done) {
                    X509Certificate before = tls.certificate();
                    prepared.apply();
                    if (!tls.certificate().equals(before)) {
                        done.add("another certificate is in force for new connections");
                    }
                }
            };
        };
    }

    /**
     * Starts all listeners; returns when they answer and the guard was seen in the way of each.
     *
     * @param store closing it, after this, is the caller's business
     * @param listeners hear every event until {@link #close()}; closing them is the caller's business
     * @throws IOException if a port cannot be bound; the message is one line that names it
     */
    public static BrokerApp start(
            BrokerConfig config,
            UserDirectory firstUsers,
            AclPolicy firstAcl,
            Store store,
            List<BrokerEventListener> listeners)
            throws IOException {
        LiveUserDirectory users = new LiveUserDirectory(firstUsers);
        LiveAclPolicy acl = new LiveAclPolicy(firstAcl);
        ChatCodec codec = new ChatCodec(new ProtocolLimits(config.maxTextLength(), ProtocolLimits.DEFAULT.maxDepth()));
        Clock clock = Clock.systemUTC();
        LateClientGateway outbound = new LateClientGateway();
        RoomDirectory rooms = RoomDirectory.open(store.rooms(), users, acl, config.chatTopics(), config.lobby());
        RoomAclPolicy rights = new RoomAclPolicy(acl, rooms, config.chatTopics());
        ChatRules rules =
                new ChatRules(codec, config.validation(), config.verifySender(), id -> isReceiver(users, id), rights);
        TeachingParts teaching = TeachingParts.of(config, users, rooms, outbound, clock);
        ClientGateway heard = teaching.lessons().heard(outbound);
        RoomRequests roomRequests = new RoomRequests(rooms, store.rooms(), config.chatTopics(), heard, clock);
        StaffParts staff = StaffParts.of(config, users, heard, teaching, clock);
        Map<String, RequestHandler> requests = Map.of(
                ChecklistRequests.LEVEL,
                teaching.lab().noticing(staff.checklists()),
                StepsRequest.LEVEL,
                teaching.steps(),
                RoomsRequest.LEVEL,
                roomRequests,
                HistoryRequest.LEVEL,
                new HistoryRequests(store.history(), users, rooms));
        PresenceRegistry presence = PresenceRegistry.open(users, store.accounts(), config.chatTopics(), heard, clock);
        Store timed = staff.timed(store);
        AtomicReference<MoquetteBroker> running = new AtomicReference<>();
        SysTopics sys = SysTopics.of(() -> running.get().counts(), version(), outbound);
        List<BrokerEventListener> all = new ArrayList<>(listeners);
        all.add(0, presence);
        all.addAll(teaching.listeners());
        all.addAll(staff.listeners());
        ClientCertificates clientCertificates = ClientCertificates.open(config.tls(), clock);
        ThreadPoolExecutor loginThreads = loginThreads();
        LiveLimits limits = new LiveLimits(config.limits());
        GuardServices services = new GuardServices(
                GuardSettings.of(limits, config.connectTimeout(), config.maxPacketSize())
                        .withOrigins(config.web().origins()),
                config.chatTopics(),
                users,
                config.allowAnonymous(),
                rights,
                rules,
                new Explainer(config.chatTopics(), users::names, rights),
                timed,
                rooms,
                ChatServer.of(
                        config.chatTopics(),
                        requests,
                        (filter, to) -> {
                            presence.retained(filter, to);
                            sys.retained(filter, to);
                        },
                        heard,
                        clock),
                outbound,
                clientCertificates,
                loginThreads,
                new BrokerEventListeners(all),
                clock);
        try {
            Optional<ServerTls> tls = config.tls().hasCertificate()
                    ? Optional.of(ServerTls.open(config.tls(), System.getenv(), clock))
                    : Optional.empty();
            MoquetteBroker broker = MoquetteBroker.start(config, tls, services, BrokerApp::loopDied);
            running.set(broker);
            broker.under(new WeatherStation(users::names, clock, BrokerApp::later));
            LiveAccounts accounts =
                    new LiveAccounts(users, acl, rules, roomRequests, rooms, presence, broker::revoke, limits, config);
            staff.watch(broker, timed, loginThreads, tls);
            PageSignUps signUps = new PageSignUps();
            try {
                BrokerApp app = new BrokerApp(
                        broker,
                        sys,
                        tls,
                        presence,
                        loginThreads,
                        accounts,
                        staff,
                        teaching,
                        web(config, broker, tls, signUps, staff.routes(broker, timed, loginThreads), clock),
                        signUps,
                        clientCertificates);
                if (!config.sysInterval().isZero()) {
                    sys.start(config.sysInterval());
                }
                return app;
            } catch (IOException | RuntimeException e) {
                broker.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            sys.close();
            loginThreads.shutdownNow();
            presence.close();
            throw e;
        }
    }

    /** The pages, if they are served. MQTT answers already, and they need its ports. */
    private static Optional<WebServer> web(
            BrokerConfig config,
            MoquetteBroker broker,
            Optional<ServerTls> tls,
            PageSignUps signUps,
            List<WebRoutes> features,
            Clock clock)
            throws IOException {
        if (config.web().port().isEmpty()) {
            return Optional.empty();
        }
        PageInfo page = new PageInfo(
                broker.websocketPort(),
                broker.secureWebsocketPort(),
                config.chatTopics(),
                config.lobby(),
                signUps::mode,
                config.maxTextLength(),
                config.maxPacketSize(),
                version());
        WebSettings settings = new WebSettings(
                config.bindAddress(), config.web().port().get(), tls.map(server -> server::newWebEngine), page);
        return Optional.of(WebServer.start(settings, signUps, features, clock));
    }

    private static String version() {
        String version = BrokerApp.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static void later(Duration after, Runnable task) {
        CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS)
                .execute(task);
    }

    private static boolean isReceiver(UserDirectory users, ChatId id) {
        return id.equals(ChatId.SERVER) || users.contains(id.value());
    }

    /** Its clients would hang until a restart, so the process ends and whoever supervises it starts it again. */
    private static void loopDied(Throwable reason) {
        Throwable cause = reason;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        LOG.error(
                "one of the broker's threads has died ({}); ending with status {}, so that the broker is started again",
                cause,
                EXIT_INTERNAL);
        LOG.debug("how it died", reason);
        Runtime.getRuntime().halt(EXIT_INTERNAL);
    }

    private static ThreadPoolExecutor loginThreads() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors());
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING_LOGINS), task -> {
                    Thread thread = new Thread(task, "labchat-login-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Takes new files in while it runs; empty if it was not started on files. */
    public Optional<Reload> reload() {
        return reload;
    }

    /** What other rules would change for the clients that are connected now, a line each; see {@link RightsDiff}. */
    public List<String> compareRules(List<AclRule> rules) {
        return accounts.compareRules(rules, broker.liveClients());
    }

    /** Reads anew which certificates of clients are revoked; see {@link CertificateControl#refresh()}. */
    public List<String> refreshCertificates() {
        return certificateControl.map(CertificateControl::refresh).orElse(List.of());
    }

    /** Changes single accounts while it runs; empty if it was not started on files. */
    public Optional<AccountChanges> accountChanges() {
        return accountChanges;
    }

    /** Lets people make accounts; empty if it was not started on files. */
    public Optional<SignUpDesk> signUps() {
        return signUps;
    }

    /** Who has lab weather, and how others get it. */
    public WeatherStation weather() {
        return broker.weather();
    }

    /** Records what passes and plays recordings back. */
    public Lessons lessons() {
        return teaching.lessons();
    }

    /** The port that MQTT over TCP is served on; empty if it is off. */
    public OptionalInt mqttPort() {
        return broker.mqttPort();
    }

    /** The port that MQTT over WebSocket is served on; empty if it is off. */
    public OptionalInt websocketPort() {
        return broker.websocketPort();
    }

    /** The port that MQTT over TLS is served on; empty if it is off. */
    public OptionalInt tlsPort() {
        return broker.tlsPort();
    }

    /** The port that MQTT over secure WebSocket is served on; empty if it is off. */
    public OptionalInt secureWebsocketPort() {
        return broker.secureWebsocketPort();
    }

    /** The certificates, which can be replaced while it runs; empty if there are none. */
    public Optional<ServerTls> certificates() {
        return tls;
    }

    /** The port that the pages are served on; empty if they are off. */
    public OptionalInt httpPort() {
        return web.isPresent() ? OptionalInt.of(web.get().port()) : OptionalInt.empty();
    }

    /** Tells clients goodbye (DISCONNECT 0x8B to those of version 5), closes all connections and listeners. */
    @Override
    public void close() {
        web.ifPresent(WebServer::close);
        reminder.ifPresent(ExpiryReminder::close);
        sys.close();
        teaching.lessons().close();
        broker.close();
        presence.close();
        loginThreads.shutdownNow();
        lastUses.ifPresent(LastUses::close);
        teaching.close();
        staff.close();
    }
}
