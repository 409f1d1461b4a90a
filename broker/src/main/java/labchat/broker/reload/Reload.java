package labchat.broker.reload;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.Setting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads accounts, rules, settings and certificates anew and puts them in force: all of them, or, if there is any problem in
 * any of them, none. May be used by any thread but an event loop; one reload at a time.
 */
public final class Reload {

    /** Settings that count at once; all others count from the next start on. */
    public static final Set<Setting> LIVE = Set.copyOf(EnumSet.of(
            Setting.PASSWORD_FILE,
            Setting.ACL_FILE,
            Setting.ACL_SUBSCRIBE,
            Setting.LOBBY,
            Setting.VALIDATION,
            Setting.VERIFY_SENDER,
            Setting.STAFF,
            Setting.SIGNUP,
            Setting.SIGNUP_CODE_FILE,
            Setting.CERTFILE,
            Setting.KEYFILE,
            Setting.CAFILE,
            Setting.CRLFILE,
            Setting.PASSWORD_ITERATIONS,
            Setting.MAX_CONNECTIONS,
            Setting.MAX_USER_CONNECTIONS,
            Setting.MAX_ADDRESS_CONNECTIONS,
            Setting.MAX_TOPIC_LEVELS,
            Setting.MAX_TOPIC_LENGTH,
            Setting.MAX_SUBSCRIPTIONS,
            Setting.MAX_PUBLISH_RATE,
            Setting.PUBLISH_BURST,
            Setting.MAX_THROTTLED,
            Setting.MAX_QUEUED_BYTES,
            Setting.MAX_QUEUED_TIME,
            Setting.PACKET_TIMEOUT,
            Setting.MAX_KEEPALIVE,
            Setting.MAX_USER_SESSIONS,
            Setting.PERSISTENT_CLIENT_EXPIRATION,
            Setting.LOGIN_DELAY));

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final Supplier<NewFiles> source;
    private final NewFiles atStart;
    private final List<LivePart> parts = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile NewFiles inForce;

    /**
     * @param source reads all files anew; what is wrong with them is in what it gives
     * @param atStart what the broker started with
     */
    public Reload(Supplier<NewFiles> source, NewFiles atStart) {
        this.source = Objects.requireNonNull(source, "source");
        this.atStart = Objects.requireNonNull(atStart, "atStart");
        this.inForce = atStart;
    }

    /** A part takes new files in from now on, after those that were added before it. */
    public void add(LivePart part) {
        parts.add(part);
    }

    /** What counts now; of settings that need a restart it says what is in the file. */
    public NewFiles inForce() {
        return inForce;
    }

    /** What counts now; of settings that need a restart it says what is in the file. */
    public BrokerConfig config() {
        return inForce.config();
    }

    /** Reads the files and puts them in force, or reports why not. Takes up to some seconds, never fails. */
    public ReloadReport run() {
        return locked(() -> run(source.get()));
    }

    /** Runs something that no reload may come between, such as a change of the file of accounts. */
    public <T> T locked(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    private ReloadReport run(NewFiles next) {
        List<ConfigProblem> problems = new ArrayList<>(next.problems());
        List<LivePart.Prepared> prepared = new ArrayList<>();
        if (problems.isEmpty()) {
            for (LivePart part : parts) {
                LivePart.Prepared one = part.prepare(next);
                prepared.add(one);
                problems.addAll(one.problems());
            }
        }
        if (!problems.isEmpty()) {
            return new ReloadReport(problems, List.of(), List.of(), List.of());
        }
        List<String> done = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (LIVE.contains(setting) && differs(setting, inForce, next)) {
                done.add("%s is %s now, was %s"
                        .formatted(
                                setting.word(),
                                next.texts().get(setting),
                                inForce.texts().get(setting)));
            }
        }
        inForce = next;
        for (LivePart.Prepared one : prepared) {
            try {
                one.apply(done);
            } catch (RuntimeException e) {
                LOG.error("a part of the broker failed to take the new files in", e);
                done.add("a part failed to take the new files in (%s); restart the broker".formatted(e));
            }
        }
        List<String> warnings =
                next.acl().warnings().stream().map(Object::toString).toList();
        return new ReloadReport(List.of(), warnings, done, needsRestart(next));
    }

    private List<String> needsRestart(NewFiles next) {
        List<String> settings = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (!LIVE.contains(setting) && differs(setting, atStart, next)) {
                settings.add("%s is %s in the settings, the broker runs with %s"
                        .formatted(
                                setting.word(),
                                next.texts().get(setting),
                                atStart.texts().get(setting)));
            }
        }
        return settings;
    }

    private static boolean differs(Setting setting, NewFiles one, NewFiles other) {
        return !Objects.equals(one.texts().get(setting), other.texts().get(setting));
    }
}
