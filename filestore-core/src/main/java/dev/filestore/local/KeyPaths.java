package dev.filestore.local;

import dev.filestore.StorageException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one place where a key becomes a path, and where it is made sure that the path stays below the root. */
final class KeyPaths {

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final Path root;
    private final boolean folded;

    /** @param folded whether the disk takes upper and lower case for the same */
    KeyPaths(Path root, boolean folded) {
        this.root = root;
        this.folded = folded;
    }

    /**
     * The path of a key, below the root and not the root itself.
     *
     * @throws StorageException if the key would lead anywhere else. It came from the database, and a sweep has to get
     *     past a row that somebody meddled with, so that this is no {@link IllegalArgumentException}
     */
    Path resolve(String act, String key) {
        Path path = root;
        if (DRIVE.matcher(key).lookingAt()) {
            throw refused(act, key, null);
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || segment.indexOf('\\') >= 0
                    || segment.indexOf('\0') >= 0
                    || !StandardCharsets.UTF_8.newEncoder().canEncode(segment)) {
                throw refused(act, key, null);
            }
            try {
                path = path.resolve(fileName(folded ? FoldedNames.of(segment) : segment));
            } catch (InvalidPathException e) {
                throw refused(act, key, e);
            }
        }
        path = path.normalize();
        if (!path.startsWith(root) || path.equals(root)) {
            throw refused(act, key, null);
        }
        return path;
    }

    /**
     * The file name of a segment of a key, in UTF-8 whatever the locale of this process: Java encodes text that becomes a
     * path as the locale says, which may know ASCII alone, but takes the bytes of a URI as they are.
     */
    private static Path fileName(String segment) {
        if (isAscii(segment)) {
            return Path.of(segment);
        }
        try {
            String encoded = new URI(null, null, "/" + segment, null).toASCIIString();
            // With all three slashes: a URI of the other form goes through text again.
            return Objects.requireNonNull(
                    Path.of(URI.create("file://" + encoded)).getFileName());
        } catch (URISyntaxException e) {
            throw new InvalidPathException(segment, e.getReason());
        }
    }

    /** The segment of a key that the last name of a path stands for. */
    String segment(Path path) {
        String name = text(path);
        return folded ? FoldedNames.segment(name) : name;
    }

    private static String text(Path path) {
        Path name = Objects.requireNonNull(path.getFileName());
        String text = name.toString();
        if (isAscii(text)) {
            return text;
        }
        String uri = name.toUri().getPath();
        return uri.substring(uri.lastIndexOf('/') + 1);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static StorageException refused(String act, String key, @Nullable Exception cause) {
        String printable = CONTROL.matcher(key).replaceAll("?");
        return new StorageException(act + " " + printable + ": this key is no path below the root", cause);
    }

    /**
     * What is at a path, or empty where nothing is. A file in the place of one of the folders is nothing, too.
     *
     * @throws IOException if it cannot be found out, or there is a symbolic link at the path or on the way from the root
     */
    Optional<BasicFileAttributes> look(Path path) throws IOException {
        Path current = root;
        BasicFileAttributes found = Files.readAttributes(root, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        for (Path name : root.relativize(path)) {
            if (!found.isDirectory()) {
                return Optional.empty();
            }
            current = current.resolve(name);
            try {
                found = Files.readAttributes(current, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
            if (found.isSymbolicLink()) {
                throw new FileSystemException(current.toString(), null, "symbolic links are not followed");
            }
        }
        return Optional.of(found);
    }

    /** The object at a path. */
    Optional<BasicFileAttributes> object(Path path) throws IOException {
        return look(path).filter(BasicFileAttributes::isRegularFile);
    }
}
