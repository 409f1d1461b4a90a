package labchat.broker.traffic;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that lines are appended to. Used by one thread at a time. */
interface LogFile extends Closeable {

    /** Opens log files. */
    @FunctionalInterface
    interface Opener {

        /** Opens the file at its end, making it if it is not there. */
        LogFile open(Path path) throws IOException;
    }

    /** Its size in bytes. */
    long size();

    /** Appends all bytes or, if it throws, none as far as that can be had. */
    void append(ByteBuffer bytes) throws IOException;
}
