package dev.filestore.servlet;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/**
 * What clients depend on, over real sockets. The test of a server extends this class and says how to reach the server;
 * it runs with the standard types, limits and rate limits. Each test is a user of its own, so that one server serves all
 * tests and none meets the limits by accident.
 */
public abstract class HttpContract {

    /** The server under test, the same one for all tests of the class. */
    protected abstract HttpTarget target();

    /** One group of tests. */
    abstract static class Group {

        final String user = "user-" + UUID.randomUUID();

        abstract HttpTarget target();

        HttpCalls mine() {
            return as(user);
        }

        HttpCalls as(String userId) {
            return new HttpCalls(target().base(), target().token(userId));
        }

        HttpCalls admin() {
            return new HttpCalls(target().base(), target().adminToken("admin-" + UUID.randomUUID()));
        }

        HttpCalls anonymous() {
            return new HttpCalls(target().base(), null);
        }

        /** A JSON value: null, or a text that needs no escapes. */
        static String literal(@Nullable String text) {
            return text == null ? "null" : '"' + text + '"';
        }
    }

    @Nested
    class Upload extends UploadContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class Multipart extends MultipartContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class WithDigests extends DigestContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class Read extends ReadContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class Deliver extends DeliveryContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class Serve extends ServeContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class ListFiles extends ListContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class PresignAndDelete extends PresignContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class Errors extends ErrorContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class Describe extends OpenApiContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }

    @Nested
    class Ownership extends OwnershipContract {
        @Override
        HttpTarget target() {
            return HttpContract.this.target();
        }
    }
}
