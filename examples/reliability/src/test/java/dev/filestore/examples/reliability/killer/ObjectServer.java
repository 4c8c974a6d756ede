package dev.filestore.examples.reliability.killer;

import dev.filestore.s3.S3ProxyServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/**
 * S3Proxy as a program, which keeps its objects in a folder. What S3 does at once S3Proxy does in steps, and a kill
 * between them leaves what no S3 would show; so it first clears up after itself, as the recovery of a server would.
 */
final class ObjectServer {

    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** An open multipart upload has this file, and those of the next pattern. */
    private static final String MARK = ".s3proxy-mpu-stub-";

    /** A file of an open multipart upload: its id, its key, and the number of a part or a word. */
    private static final Pattern PIECE = Pattern.compile("\\.mpus-(" + UUID + ")-(.*)-[0-9a-z]+");

    /** What a put writes to before its object is there. Listings show it. */
    private static final Pattern UNFINISHED_PUT = Pattern.compile(".*(?<!" + Pattern.quote(MARK) + ")" + UUID);

    private ObjectServer() {}

    /**
     * Runs until it is killed.
     *
     * @param args the folder and the port
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toRealPath();
        recover(Files.createDirectories(folder.resolve(S3ProxyServer.BUCKET)));
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(BlobStores.create("filesystem-nio2", properties))
                .awsAuthentication(
                        AuthenticationType.AWS_V4, S3ProxyServer.ACCESS_KEY_ID, S3ProxyServer.SECRET_ACCESS_KEY)
                .endpoint(URI.create("http://127.0.0.1:" + args[1]))
                .build();
        proxy.start();
    }

    /** Removes what puts left that were killed, and what is left of uploads that were being completed or aborted. */
    static void recover(Path bucket) throws IOException {
        for (Path file : filesBelow(bucket)) {
            if (UNFINISHED_PUT.matcher(file.toString()).matches()) {
                Files.delete(file);
            }
        }
        for (Path file : filesBelow(bucket)) {
            Matcher piece = PIECE.matcher(bucket.relativize(file).toString());
            if (piece.matches()) {
                Path mark = bucket.resolve(MARK + piece.group(1));
                boolean completed = Files.exists(bucket.resolve(piece.group(2)));
                if (completed || !Files.exists(mark)) {
                    Files.delete(file);
                    Files.deleteIfExists(mark);
                }
            }
        }
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
