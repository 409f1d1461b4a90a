package labchat.broker.steps;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.broker.event.Refusal;
import labchat.broker.event.RequestHandler;
import labchat.broker.event.SenderCheck;
import labchat.broker.event.ServerAccount;
import labchat.protocol.codec.RequestResult;
import labchat.protocol.codec.StepsCodec;
import labchat.protocol.event.StepPart;
import labchat.protocol.event.StepsAnswer;
import labchat.protocol.event.StepsRequest;
import labchat.protocol.identity.ChatId;

/**
 * Answers how far somebody's own program is with a step of the lab, to that user alone. An answer that would say what the
 * asker has already waits until there is news, for {@link #HELD} at most. Any thread.
 */
public final class StepsRequests implements RequestHandler, AutoCloseable {

    /** How long an answer waits for news; less than clients wait for an answer. */
    static final Duration HELD = Duration.ofSeconds(3);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(150);

    /** With more than these that wait, the next are answered at once. */
    private static final int MOST_HELD = 1_000;

    private final LabProgress progress;
    private final AtomicInteger held = new AtomicInteger();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "labchat-steps");
        thread.setDaemon(true);
        return thread;
    });

    public StepsRequests(LabProgress progress) {
        this.progress = progress;
    }

    @Override
    public Optional<Refusal> handle(Optional<String> user, byte[] payload, ServerAccount.Answers answers) {
        if (user.isEmpty()) {
            return Optional.of(Refusal.of("no_user_name", "steps are for those who log in with a user name"));
        }
        RequestResult<StepsRequest> read = StepsCodec.decodeRequest(payload);
        if (read instanceof RequestResult.Refused<StepsRequest> refused) {
            return Optional.of(
                    Refusal.of(refused.fault().code(), refused.fault().reason()));
        }
        StepsRequest request = ((RequestResult.Read<StepsRequest>) read).request();
        Optional<Refusal> foreign = SenderCheck.problem(user, request.sender());
        if (foreign.isPresent()) {
            return foreign;
        }
        if (!LabPart.STEPS.containsKey(request.step())) {
            return Optional.of(Refusal.of(
                    "invalid_request",
                    "there is no step %d; the steps are %s"
                            .formatted(
                                    request.step(),
                                    String.join(
                                            ", ",
                                            LabPart.STEPS.keySet().stream()
                                                    .map(String::valueOf)
                                                    .toList()))));
        }
        // The first look is at once, so that a run begins when it was asked for.
        Optional<StepsAnswer> now = answer(request);
        if (now.isEmpty()) {
            return Optional.of(Refusal.of("unknown_user", "there is no user \"%s\"".formatted(request.sender())));
        }
        if (isNews(request, now.get()) || held.get() >= MOST_HELD) {
            later(() -> send(request, now.get(), answers), Duration.ZERO);
        } else {
            held.incrementAndGet();
            long deadline = System.nanoTime() + HELD.toNanos();
            later(() -> look(request, answers, deadline), BETWEEN_LOOKS);
        }
        return Optional.empty();
    }

    private static boolean isNews(StepsRequest request, StepsAnswer answer) {
        return !answer.version().equals(request.seen());
    }

    private void look(StepsRequest request, ServerAccount.Answers answers, long deadline) {
        Optional<StepsAnswer> now = answer(request);
        if (now.isPresent() && !isNews(request, now.get()) && System.nanoTime() < deadline) {
            later(() -> look(request, answers, deadline), BETWEEN_LOOKS);
            return;
        }
        held.decrementAndGet();
        now.ifPresent(answer -> send(request, answer, answers));
    }

    private static void send(StepsRequest request, StepsAnswer answer, ServerAccount.Answers answers) {
        answers.answerHere(request.sender(), StepsCodec.encode(answer));
    }

    private Optional<StepsAnswer> answer(StepsRequest request) {
        return progress.parts(request.sender(), request.step(), request.run()).map(parts -> answer(request, parts));
    }

    private StepsAnswer answer(StepsRequest request, List<StepPart> parts) {
        List<ChatId> partners = progress.partners().stream()
                .filter(id -> !id.equals(request.sender()))
                .toList();
        String version = Integer.toHexString(Objects.hash(request.step(), parts, partners));
        return new StepsAnswer(
                request.sender(),
                request.step(),
                LabPart.STEPS.get(request.step()),
                request.run(),
                version,
                partners,
                parts);
    }

    private void later(Runnable task, Duration delay) {
        try {
            looks.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The broker ends, and the answer with it.
            held.set(0);
        }
    }

    /** No more answers. */
    @Override
    public void close() {
        looks.shutdownNow();
    }
}
