package labchat.broker;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import labchat.broker.config.BrokerConfig;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.ClientGateway;
import labchat.broker.recording.Lessons;
import labchat.broker.rooms.RoomDirectory;
import labchat.broker.steps.LabProgress;
import labchat.broker.steps.ProgressFile;
import labchat.broker.steps.StepsRequests;
import labchat.broker.users.UserDirectory;

/** What a course is taught with, beside the chat: the lab's steps and the class's progress with them, and recordings. */
final class TeachingParts implements AutoCloseable {

    private final LabProgress lab;
    private final StepsRequests steps;
    private final Lessons lessons;
    private Optional<ProgressFile> progressFile = Optional.empty();

    private TeachingParts(LabProgress lab, Lessons lessons) {
        this.lab = lab;
        this.steps = new StepsRequests(lab);
        this.lessons = lessons;
    }

    static TeachingParts of(
            BrokerConfig config, UserDirectory users, RoomDirectory rooms, ClientGateway gateway, Clock clock) {
        return new TeachingParts(
                new LabProgress(users::contains, config.chatTopics(), clock),
                new Lessons(config.dataDir(), config.chatTopics(), users::names, rooms::isRoom, gateway, clock));
    }

    /** The progress is kept over restarts from now on. */
    void keepIn(BrokerConfig config) {
        progressFile = Optional.of(ProgressFile.open(config.dataDir(), lab));
    }

    LabProgress lab() {
        return lab;
    }

    StepsRequests steps() {
        return steps;
    }

    Lessons lessons() {
        return lessons;
    }

    /** Hear every event. */
    List<BrokerEventListener> listeners() {
        return List.of(lab, lessons);
    }

    @Override
    public void close() {
        steps.close();
        progressFile.ifPresent(ProgressFile::close);
    }
}
