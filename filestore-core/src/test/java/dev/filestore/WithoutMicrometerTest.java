package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A host that has no Micrometer never notices that some of this library would use it. */
class WithoutMicrometerTest {

    /** Runs in a class loader of its own. */
    public static final class Host implements Runnable {

        /** Stores, reads, deletes and sweeps. */
        @Override
        public void run() {
            StoreFixture world = new StoreFixture();
            StoredFile file = world.uploaded("123");
            if (world.read(file.id()).length != file.size()
                    || !world.store.health().isUp()) {
                throw new IllegalStateException("the file is not as it was");
            }
            world.store.delete(file.id());
            world.store.sweep();
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void store_withoutMicrometerOnTheClassPath_worksAsEver() throws Exception {
        URL[] others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer"))
                .map(WithoutMicrometerTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader host = new URLClassLoader(others, ClassLoader.getPlatformClassLoader())) {
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> host.loadClass("io.micrometer.core.instrument.MeterRegistry"));
            Class<?> type = host.loadClass(Host.class.getName());
            assertThat(type.getClassLoader()).isSameAs(host);

            ((Runnable) type.getDeclaredConstructor().newInstance()).run();
        }
    }
}
