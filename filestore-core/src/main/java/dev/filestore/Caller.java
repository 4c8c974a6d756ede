package dev.filestore;

import java.util.Objects;

/**
 * Who asks: the user on whose behalf an operation runs, and whether that user is an admin.
 *
 * <p>The user id is compared code unit by code unit: {@code "Bob"} and {@code "bob"} are two users.
 *
 * @param userId the user's id as the host knows it, 1 to {@value #MAX_USER_ID_LENGTH} characters, any text without NUL and
 *     unpaired surrogates
 * @param admin whether the user may read, presign and delete the files of every user
 */
public record Caller(String userId, boolean admin) {

    /** The longest user id, in UTF-16 characters. */
    public static final int MAX_USER_ID_LENGTH = 255;

    /**
     * Checks the user id.
     *
     * @throws IllegalArgumentException if the id is empty, longer than {@value #MAX_USER_ID_LENGTH} characters, or not
     *     well-formed UTF-16
     */
    public Caller {
        requireUserId(userId);
    }

    /**
     * An ordinary user.
     *
     * @param userId the user's id
     * @return the caller
     */
    public static Caller user(String userId) {
        return new Caller(userId, false);
    }

    /**
     * An admin.
     *
     * @param userId the admin's id
     * @return the caller
     */
    public static Caller admin(String userId) {
        return new Caller(userId, true);
    }

    static String requireUserId(String userId) {
        Objects.requireNonNull(userId, "userId");
        if (userId.isEmpty() || userId.length() > MAX_USER_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "a user id has 1 to " + MAX_USER_ID_LENGTH + " characters, this one has " + userId.length());
        }
        if (!Text.isWellFormed(userId)) {
            throw new IllegalArgumentException(
                    "a user id must be well-formed text, this one has an unpaired surrogate");
        }
        if (userId.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a user id must not contain NUL");
        }
        return userId;
    }
}
