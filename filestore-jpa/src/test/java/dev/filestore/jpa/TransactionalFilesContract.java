package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Caller;
import dev.filestore.FileEvent;
import dev.filestore.FileMissingException;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.FileStoreListener;
import dev.filestore.NotAuthorizedException;
import dev.filestore.StoredFile;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.hibernate.Session;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Files kept and discarded in the transaction that changes the application's own rows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransactionalFilesContract {

    private static final Caller BOB = Caller.user("bob");

    private final InvoiceApp app;
    private final TransactionalFiles files;

    TransactionalFilesContract(String kind) throws SQLException {
        app = new InvoiceApp(kind);
        files = app.files;
    }

    @AfterAll
    void closeApp() {
        app.close();
    }

    /** Both verbs, for what they have in common. */
    private interface Verb {
        void apply(EntityManager em, long id);
    }

    private List<Verb> verbs() {
        return List.of(files::keep, files::discard);
    }

    private List<Verb> verbsOf(Caller caller) {
        return List.of((em, id) -> files.keep(em, caller, id), (em, id) -> files.discard(em, caller, id));
    }

    @Test
    void keep_committed_isForEver() {
        StoredFile file = app.temporary("bob");
        app.commit(em -> {
            em.persist(app.invoice(file.id()));
            files.keep(em, file.id());
        });
        app.clock.advance(InvoiceApp.TTL.multipliedBy(2));
        app.store.sweep();
        assertThat(app.isReadable(file)).isTrue();
        assertThat(app.row(file).expiresAt()).isNull();
        assertThat(app.row(file).dueAt()).isNull();
        assertThat(app.countInvoicesOf(file)).isOne();
    }

    @Test
    void keep_rolledBack_leavesATemporaryFile() {
        StoredFile file = app.temporary("bob");
        FileRow before = app.row(file);
        app.rollBack(em -> {
            em.persist(app.invoice(file.id()));
            files.keep(em, file.id());
            em.flush();
        });
        assertThat(app.row(file)).isEqualTo(before);
        assertThat(app.isReadable(file)).isTrue();
        assertThat(app.countInvoicesOf(file)).isZero();
        app.clock.advance(InvoiceApp.TTL);
        assertThat(app.isReadable(file)).isFalse();
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    @Test
    void discard_committed_isGoneAtOnceAndSweptLater() {
        StoredFile file = app.permanent("bob");
        app.commit(em -> files.discard(em, file.id()));
        assertThat(app.isReadable(file)).isFalse();
        assertThat(app.row(file).state()).isEqualTo(FileState.DELETING);
        assertThat(app.storage.stat(file.key())).isPresent();
        app.store.sweep();
        assertThat(app.storage.stat(file.key())).isEmpty();
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    @Test
    void discard_rolledBack_leavesTheFile() {
        StoredFile file = app.permanent("bob");
        FileRow before = app.row(file);
        app.rollBack(em -> files.discard(em, file.id()));
        app.store.sweep();
        assertThat(app.row(file)).isEqualTo(before);
        assertThat(app.isReadable(file)).isTrue();
    }

    @Test
    void bothVerbs_withTheRowThatNamesTheFiles_standOrFallTogether() {
        StoredFile old = app.permanent("bob");
        StoredFile next = app.temporary("bob");
        Invoice invoice = app.invoice(old.id());
        app.commit(em -> em.persist(invoice));
        Verb replace = (em, id) -> {
            em.merge(invoice).setFileId(next.id());
            files.keep(em, BOB, next.id());
            files.discard(em, BOB, old.id());
        };
        app.rollBack(em -> replace.apply(em, 0));
        assertThat(app.isReadable(old)).isTrue();
        assertThat(app.row(next).expiresAt()).isNotNull();
        assertThat(app.countInvoicesOf(old)).isOne();

        app.commit(em -> replace.apply(em, 0));
        assertThat(app.isReadable(old)).isFalse();
        assertThat(app.row(next).expiresAt()).isNull();
        assertThat(app.countInvoicesOf(next)).isOne();
    }

    @Test
    void connectionLostBeforeTheCommit_changesNothing() throws Exception {
        StoredFile kept = app.temporary("bob");
        StoredFile discarded = app.permanent("bob");
        FileRow before = app.row(discarded);
        EntityManager em = app.factory.createEntityManager();
        em.getTransaction().begin();
        em.persist(app.invoice(kept.id()));
        files.keep(em, kept.id());
        files.discard(em, discarded.id());
        em.flush();
        em.unwrap(Session.class).doWork(connection -> {
            // The driver's own, behind the pool.
            connection.unwrap(Connection.class).close();
            app.pool.evictConnection(connection);
        });
        assertThatThrownBy(() -> em.getTransaction().commit()).isInstanceOf(RuntimeException.class);
        em.close();
        assertThat(app.row(kept).expiresAt()).isNotNull();
        assertThat(app.row(discarded)).isEqualTo(before);
        assertThat(app.countInvoicesOf(kept)).isZero();
    }

    @Nested
    class State {

        @Test
        void absentFile_isMissing() {
            for (Verb verb : verbs()) {
                app.rollBack(em -> assertThatThrownBy(() -> verb.apply(em, Long.MAX_VALUE))
                        .isInstanceOf(FileMissingException.class));
            }
        }

        @Test
        void unfinishedUpload_isMissing() {
            FileRow pending = app.rows
                    .insert(StatementCountTest.row("unfinished-" + System.nanoTime()))
                    .orElseThrow();
            for (Verb verb : verbs()) {
                app.rollBack(em -> assertThatThrownBy(() -> verb.apply(em, pending.id()))
                        .isInstanceOf(FileMissingException.class));
            }
            assertThat(app.rows.remove(pending)).isTrue();
        }

        @Test
        void expiredFile_isMissingFromItsSecondOn() {
            StoredFile file = app.temporary("bob");
            app.clock.advance(InvoiceApp.TTL.minusNanos(1000));
            app.rollBack(em -> files.keep(em, file.id()));
            app.clock.advance(Duration.ofNanos(1000));
            for (Verb verb : verbs()) {
                app.rollBack(em ->
                        assertThatThrownBy(() -> verb.apply(em, file.id())).isInstanceOf(FileMissingException.class));
            }
        }

        @Test
        void deletedFile_canNotBeKept() {
            StoredFile file = app.permanent("bob");
            app.store.delete(file.id());
            for (Verb verb : verbs()) {
                app.rollBack(em ->
                        assertThatThrownBy(() -> verb.apply(em, file.id())).isInstanceOf(FileMissingException.class));
            }
        }

        @Test
        void keep_twice_changesOnce() {
            StoredFile file = app.temporary("bob");
            long version = app.row(file).version();
            app.commit(em -> {
                files.keep(em, file.id());
                files.keep(em, file.id());
            });
            app.commit(em -> files.keep(em, file.id()));
            assertThat(app.row(file).version()).isEqualTo(version + 1);
        }

        @Test
        void discard_twice_changesOnceAndLeavesTheSweeperItsLease() {
            StoredFile file = app.permanent("bob");
            long version = app.row(file).version();
            app.commit(em -> {
                files.discard(em, file.id());
                files.discard(em, file.id());
            });
            FileRow claimed = app
                    .rows
                    .claimDue(app.clock.instant(), app.clock.instant().plusSeconds(60), 1000)
                    .stream()
                    .filter(row -> row.id() == file.id())
                    .findFirst()
                    .orElseThrow();
            assertThat(claimed.version()).isEqualTo(version + 2);
            app.commit(em -> files.discard(em, file.id()));
            assertThat(app.row(file)).isEqualTo(claimed);
        }

        @Test
        void keepThenDiscard_inOneTransaction_deletes() {
            StoredFile file = app.temporary("bob");
            app.commit(em -> {
                files.keep(em, file.id());
                files.discard(em, file.id());
            });
            assertThat(app.row(file).state()).isEqualTo(FileState.DELETING);
            assertThat(app.isGoneInTheEnd(file)).isTrue();
        }

        @Test
        void discardThenKeep_inOneTransaction_isMissing() {
            StoredFile file = app.temporary("bob");
            app.commit(em -> {
                files.discard(em, file.id());
                assertThatThrownBy(() -> files.keep(em, file.id())).isInstanceOf(FileMissingException.class);
            });
            assertThat(app.isReadable(file)).isFalse();
        }
    }

    @Nested
    class Listeners {

        private final List<String> heard = new ArrayList<>();

        private FileStore store(Executor listenersRunOn) {
            FileStoreListener listener = new FileStoreListener() {
                @Override
                public void stored(FileEvent event) {
                    heard.add(event.id());
                }

                @Override
                public void deleted(FileEvent event) {
                    heard.add(event.id());
                }
            };
            return app.builder()
                    .listener(listener)
                    .listenerExecutor(listenersRunOn)
                    .build();
        }

        /** A file of which listeners have not heard: the process died in between. */
        private StoredFile untold() {
            return store(task -> {}).upload(InvoiceApp.pdf("bob").withTtl(InvoiceApp.TTL));
        }

        private List<String> heardOf(StoredFile file) {
            return heard.stream()
                    .filter(event -> event.startsWith(file.id() + "/"))
                    .toList();
        }

        @Test
        void keep_untoldFile_isStillTold() {
            StoredFile file = untold();
            app.commit(em -> files.keep(em, file.id()));
            app.clock.advance(InvoiceApp.SWEPT_AFTER);
            store(Runnable::run).sweep();
            assertThat(heardOf(file)).containsExactly(file.id() + "/stored");
            assertThat(app.row(file).dueAt()).isNull();
            assertThat(app.isReadable(file)).isTrue();
        }

        @Test
        void discard_untoldFile_isToldToItsEnd() {
            StoredFile file = untold();
            app.commit(em -> files.discard(em, file.id()));
            store(Runnable::run).sweep();
            assertThat(heardOf(file)).containsExactly(file.id() + "/stored", file.id() + "/deleted");
            assertThat(app.isGoneInTheEnd(file)).isTrue();
        }
    }

    @Nested
    class Ownership {

        @Test
        void ownFile_isKeptAndDiscarded() {
            StoredFile file = app.temporary("bob");
            app.commit(em -> files.keep(em, BOB, file.id()));
            assertThat(app.row(file).expiresAt()).isNull();
            app.commit(em -> files.discard(em, BOB, file.id()));
            assertThat(app.isReadable(file)).isFalse();
        }

        @Test
        void foreignFile_isRefusedAndUnchanged() {
            StoredFile file = app.temporary("Bob");
            FileRow before = app.row(file);
            for (Verb verb : verbsOf(BOB)) {
                app.commit(em -> assertThatThrownBy(() -> verb.apply(em, file.id()))
                        .isInstanceOf(NotAuthorizedException.class)
                        .hasMessage("the file " + file.id() + " belongs to another user"));
            }
            assertThat(app.row(file)).isEqualTo(before);
        }

        @Test
        void foreignFile_isKeptAndDiscardedByAnAdmin() {
            StoredFile file = app.temporary("bob");
            for (Verb verb : verbsOf(Caller.admin("alice"))) {
                app.commit(em -> verb.apply(em, file.id()));
            }
            assertThat(app.row(file).state()).isEqualTo(FileState.DELETING);
        }

        @Test
        void foreignFile_goneOrNearlySo_isMissing() {
            StoredFile discarded = app.permanent("alice");
            app.commit(em -> files.discard(em, discarded.id()));
            StoredFile expired = app.temporary("alice");
            app.clock.advance(InvoiceApp.TTL);
            for (Verb verb : verbsOf(BOB)) {
                for (long id : new long[] {discarded.id(), expired.id(), Long.MAX_VALUE}) {
                    app.commit(em ->
                            assertThatThrownBy(() -> verb.apply(em, id)).isInstanceOf(FileMissingException.class));
                }
            }
        }
    }

    @Nested
    class CallersTransaction extends CallersTransactionContract {
        CallersTransaction() {
            super(app);
        }
    }
}
