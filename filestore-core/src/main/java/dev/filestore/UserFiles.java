package dev.filestore;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The store as one caller sees it: the same verbs as {@link FileStore}, and only what that caller may do. An ordinary
 * user reaches only files of their own, an admin those of everybody. Thread-safe; made by {@link FileStore#as} and cheap.
 *
 * <p>A file that does not exist is a {@link FileMissingException}; one that exists and belongs to somebody else is a
 * {@link NotAuthorizedException}. The storage and the database fail as they do there.
 */
public final class UserFiles {

    private final Engine engine;
    private final Caller caller;

    UserFiles(Engine engine, Caller caller) {
        this.engine = engine;
        this.caller = caller;
    }

    /**
     * Stores a file, which belongs to the caller.
     *
     * @param request the file; an owner that it names must be the caller
     * @return the file, which is now safe
     * @throws FileRefusedException if the file is empty, too large, not of an allowed type, infected, or one too many
     * @throws ScanException if it is unknown whether the file is infected
     * @throws SourceException if the bytes could not be read to their end, or were not those that were announced
     * @throws NotAuthorizedException if the request names another owner
     */
    public StoredFile upload(UploadRequest request) {
        String owner = request.owner();
        if (owner != null && !owner.equals(caller.userId())) {
            throw new NotAuthorizedException("a user uploads only files of their own");
        }
        return engine.upload(request.withOwner(caller.userId()));
    }

    /**
     * Looks a file up.
     *
     * @param id the file's id
     * @return the file, or empty where there is none, or none any more
     * @throws NotAuthorizedException if it belongs to somebody else
     */
    public Optional<StoredFile> find(long id) {
        Optional<StoredFile> file = engine.find(id);
        file.ifPresent(found -> requireMine(id, found.owner()));
        return file;
    }

    /**
     * Opens a file. Nothing is asked of the storage before its bytes are.
     *
     * @param id the file's id
     * @return the file, which the caller closes
     */
    public FileContent open(long id) {
        FileContent content = engine.open(id);
        requireMine(id, content.file().owner());
        return content;
    }

    /**
     * Lists the caller's own files, newest first; an admin too lists only those.
     *
     * @param query which, and which page; the owner in it is replaced by the caller
     * @return the page
     * @throws InvalidCursorException if the cursor is not one that this list gave to this caller
     */
    public FilePage list(FileQuery query) {
        return engine.list(query.withOwner(caller.userId()));
    }

    /**
     * Makes an address under which the file can be read without further credentials for a while. A browser shows it there
     * if {@link FileStore.Builder#inline} allows its type, and saves it else.
     *
     * @param id the file's id
     * @param lifetime how long at most, more than zero
     * @return the address and the moment it ends
     * @throws IllegalStateException if the store has nothing to sign addresses with
     */
    public SignedUrl presign(long id, Duration lifetime) {
        return presign(id, lifetime, Disposition.INLINE);
    }

    /**
     * Makes an address under which the file can be read without further credentials for a while, and says what a browser
     * does there.
     *
     * @param id the file's id
     * @param lifetime how long at most, as above
     * @param disposition {@link Disposition#INLINE} as above; {@link Disposition#ATTACHMENT} to have any file saved. An
     *     address of CloudFront hands the file out as it was stored, whatever is asked for
     * @return the address and the moment it ends
     * @throws IllegalStateException if the store has nothing to sign addresses with
     */
    public SignedUrl presign(long id, Duration lifetime, Disposition disposition) {
        FileRow file = engine.require(id);
        requireMine(id, file.owner());
        return engine.presign(file, lifetime, disposition);
    }

    /**
     * Makes a file temporary, or changes the end of its life, as {@link FileStore#expireAt} does.
     *
     * @param id the file's id
     * @param expiresAt the moment from which the file is gone for every reader, in the future and at most 100 years
     *     ahead
     * @return the file as it is now
     * @throws IllegalArgumentException if the moment is not in the future, or too far ahead
     */
    public StoredFile expireAt(long id, Instant expiresAt) {
        return engine.changeExpiry(id, row -> isMine(row.owner()), Objects.requireNonNull(expiresAt, "expiresAt"));
    }

    /**
     * Makes a file permanent.
     *
     * @param id the file's id; one that is permanent already stays so
     * @return the file as it is now
     */
    public StoredFile keep(long id) {
        return engine.changeExpiry(id, row -> isMine(row.owner()), null);
    }

    /**
     * Deletes a file.
     *
     * @param id the file's id
     */
    public void delete(long id) {
        engine.delete(id, row -> isMine(row.owner()));
    }

    private void requireMine(long id, String owner) {
        if (!isMine(owner)) {
            throw NotAuthorizedException.foreign(id);
        }
    }

    private boolean isMine(String owner) {
        return caller.admin() || owner.equals(caller.userId());
    }
}
