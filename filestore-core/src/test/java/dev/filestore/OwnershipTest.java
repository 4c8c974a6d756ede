package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may do what to a file of user 123, for every verb that there is: a method that is added without a row here fails
 * the build.
 *
 * <p>Of what it keeps in mind: ActiveStorage's routes were open to whoever had a link (rails/rails guide, "Active Storage
 * Overview", warning), and a stored file's id that came back from a client attached another user's file (Shrine,
 * {@code attacher.rb}).
 */
class OwnershipTest {

    private static final String OWNER = "123";

    private final StoreFixture world = new StoreFixture();
    private final StoredFile file = world.uploaded(OWNER);

    /** Who asks. */
    @SuppressWarnings("ImmutableEnumChecker")
    private enum Who {
        OWNER(Caller.user(OwnershipTest.OWNER)),
        OTHER(Caller.user("124")),
        /** The same letters to a database or a disk that does not look closely. */
        LOOKALIKE(Caller.user("123 ")),
        ADMIN(Caller.admin("root"));

        private final Caller caller;

        Who(Caller caller) {
            this.caller = caller;
        }
    }

    /** What comes of it. */
    private enum Outcome {
        /** The verb does its work on the file. */
        DONE,
        /** Nobody is told anything of the file, and it stays as it was. */
        NOT_AUTHORIZED,
        /** The verb works, and on the caller's own files alone. */
        OWN_FILES_ONLY
    }

    @FunctionalInterface
    private interface Act {

        /** Returns what the caller was shown, or null. */
        Object on(UserFiles files, StoredFile file) throws IOException;
    }

    /** A verb: whether a stranger and an admin are let through to a file, and what it does. */
    private record Row(Outcome owner, Outcome stranger, Outcome admin, Act act) {

        static Row ofOneFile(Act act) {
            return new Row(Outcome.DONE, Outcome.NOT_AUTHORIZED, Outcome.DONE, act);
        }

        static Row ofOwnFiles(Act act) {
            return new Row(Outcome.OWN_FILES_ONLY, Outcome.OWN_FILES_ONLY, Outcome.OWN_FILES_ONLY, act);
        }

        Outcome of(Who who) {
            return switch (who) {
                case OWNER -> owner;
                case OTHER, LOOKALIKE -> stranger;
                case ADMIN -> admin;
            };
        }
    }

    /** Every public method of {@link UserFiles}, by its name and the types that it takes. */
    private static final Map<String, Row> TABLE = Map.of(
            "upload(UploadRequest)",
            Row.ofOwnFiles((files, file) ->
                    files.upload(UploadRequest.of("own.pdf", new ByteArrayInputStream(StoreFixture.PDF)))),
            "find(long)",
            Row.ofOneFile((files, file) -> files.find(file.id()).orElseThrow()),
            "open(long)",
            Row.ofOneFile((files, file) -> {
                try (FileContent content = files.open(file.id())) {
                    return content.stream().readAllBytes();
                }
            }),
            "list(FileQuery)",
            Row.ofOwnFiles((files, file) -> files.list(FileQuery.of(OWNER))),
            "presign(long, Duration)",
            Row.ofOneFile((files, file) -> files.presign(file.id(), Duration.ofHours(1))),
            "presign(long, Duration, Disposition)",
            Row.ofOneFile((files, file) -> files.presign(file.id(), Duration.ofHours(1), Disposition.ATTACHMENT)),
            "expireAt(long, Instant)",
            Row.ofOneFile(
                    (files, file) -> files.expireAt(file.id(), file.uploadedAt().plus(Duration.ofDays(1)))),
            "keep(long)",
            Row.ofOneFile((files, file) -> files.keep(file.id())),
            "delete(long)",
            Row.ofOneFile((files, file) -> {
                files.delete(file.id());
                return null;
            }));

    /**
     * What trusted code alone can do, through no caller's view: none of it may be reached by the servlet but
     * {@code openSigned}, whose permission is the signature.
     */
    private static final Set<String> OF_TRUSTED_CODE = Set.of(
            "as(Caller)",
            "openSigned(long, String, String, String)",
            "canPresign()",
            "verify(long)",
            "exportOwner(String, OutputStream)",
            "eraseOwner(String)",
            "eraseOwner(String, Consumer)",
            "sweep()",
            "audit(Audit)",
            "adopt(AdoptRequest, Mode)",
            "reserveIds(long)",
            "check()",
            "check(Duration)",
            "health()",
            "databaseHealth()",
            "tellsBacklog()",
            "close()");

    static Stream<Arguments> crossings() {
        return TABLE.entrySet().stream()
                .flatMap(row -> Arrays.stream(Who.values()).map(who -> Arguments.of(row.getKey(), who)));
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("crossings")
    void verb_byEveryCaller_doesWhatTheTableSays(String verb, Who who) {
        Row row = TABLE.get(verb);
        world.uploaded(who.caller.userId());
        UserFiles files = world.store.as(who.caller);
        Object[] shown = new Object[1];

        Throwable thrown = catchThrowable(() -> shown[0] = row.act.on(files, file));

        switch (row.of(who)) {
            case DONE -> assertThat(thrown).isNull();
            case NOT_AUTHORIZED -> {
                assertThat(thrown).isInstanceOf(NotAuthorizedException.class);
                assertThat(thrown.getMessage()).doesNotContain(file.key(), file.originalFilename());
                assertUntouched();
            }
            case OWN_FILES_ONLY -> {
                assertThat(thrown).isNull();
                assertThat(owners(shown[0])).containsOnly(who.caller.userId());
                assertUntouched();
            }
        }
    }

    @Test
    void everyMethodOfUserFiles_hasARowInTheTable() {
        assertThat(publicMethods(UserFiles.class)).containsExactlyInAnyOrderElementsOf(TABLE.keySet());
    }

    @Test
    void everyMethodOfTheStore_isScopedByUserFiles_orOfTrustedCodeAlone() {
        Set<String> scoped = publicMethods(FileStore.class);
        scoped.removeAll(OF_TRUSTED_CODE);

        assertThat(TABLE.keySet()).containsAll(scoped);
        assertThat(publicMethods(FileStore.class)).containsAll(OF_TRUSTED_CODE);
    }

    private void assertUntouched() {
        assertThat(world.store.find(file.id())).contains(file);
        assertThat(world.read(file.id())).isEqualTo(StoreFixture.PDF);
    }

    /** Whose files somebody was shown. */
    private static List<String> owners(Object shown) {
        if (shown instanceof StoredFile one) {
            return List.of(one.owner());
        }
        FilePage page = (FilePage) shown;
        assertThat(page.total()).isEqualTo(page.files().size());
        return page.files().stream().map(StoredFile::owner).toList();
    }

    private static Set<String> publicMethods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .map(OwnershipTest::signature)
                .collect(Collectors.toSet());
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }
}
