package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.filestore.FileStore;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A servlet that the container makes, as a web.xml or an annotation says. */
class FileStoreServletTest {

    private final ServletContext context = mock(ServletContext.class);
    private final FileStore store = FileStore.builder()
            .storage(new MemoryStorage())
            .metadata(new MemoryMetadata())
            .build();
    private final AccessPolicy nobody = request -> Optional.empty();

    private void init() throws ServletException {
        ServletConfig config = mock(ServletConfig.class);
        when(config.getServletContext()).thenReturn(context);
        new FileStoreServlet().init(config);
    }

    @Test
    void init_withBothAttributes_isReady() {
        when(context.getAttribute(FileStoreServlet.STORE_ATTRIBUTE)).thenReturn(store);
        when(context.getAttribute(FileStoreServlet.ACCESS_POLICY_ATTRIBUTE)).thenReturn(nobody);

        assertThatCode(this::init).doesNotThrowAnyException();
    }

    @Test
    void init_withoutStore_saysWhichAttributeIsMissing() {
        when(context.getAttribute(FileStoreServlet.ACCESS_POLICY_ATTRIBUTE)).thenReturn(nobody);

        assertThatThrownBy(this::init)
                .isInstanceOf(ServletException.class)
                .hasMessageContaining("'dev.filestore.FileStore'")
                .hasMessageContaining("found none");
    }

    @Test
    void init_withoutPolicy_saysWhichAttributeIsMissing() {
        when(context.getAttribute(FileStoreServlet.STORE_ATTRIBUTE)).thenReturn(store);

        assertThatThrownBy(this::init).hasMessageContaining("'dev.filestore.servlet.AccessPolicy'");
    }

    @Test
    void init_withSomethingElseAsLimits_saysSo() {
        when(context.getAttribute(FileStoreServlet.STORE_ATTRIBUTE)).thenReturn(store);
        when(context.getAttribute(FileStoreServlet.ACCESS_POLICY_ATTRIBUTE)).thenReturn(nobody);
        when(context.getAttribute(FileStoreServlet.RATE_LIMITS_ATTRIBUTE)).thenReturn("10");

        assertThatThrownBy(this::init).hasMessageContaining("RateLimits").hasMessageContaining("java.lang.String");
    }
}
