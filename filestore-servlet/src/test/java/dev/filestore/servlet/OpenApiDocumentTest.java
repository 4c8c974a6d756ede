package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path in the description of the API, where a container hands on what can stand in no address or ends a text. */
class OpenApiDocumentTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | /api/files | /api/files",
                "/app | '' | /app",
                "'' | '' | /",
                "'' | /my files/\"한\" | /my%20files/%22%ED%95%9C%22",
                "/a\",\"x\":\"\\ | /b | /a\",\"x\":\"\\/b",
            })
    void send_anyMount_isDescribedByItsPath(String contextPath, String servletPath, String path) throws IOException {
        HttpServletRequest request = mock(HttpServletRequest.class);
        HttpServletMapping mapping = mock(HttpServletMapping.class);
        when(mapping.getMappingMatch()).thenReturn(MappingMatch.PATH);
        when(request.getHttpServletMapping()).thenReturn(mapping);
        when(request.getMethod()).thenReturn("GET");
        when(request.getContextPath()).thenReturn(contextPath);
        when(request.getServletPath()).thenReturn(servletPath);
        when(request.getHeaders(anyString())).thenReturn(Collections.emptyEnumeration());
        HttpServletResponse response = mock(HttpServletResponse.class);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        when(response.getOutputStream()).thenReturn(new Into(bytes));
        RateLimits.SlowestBody slowest = new RateLimits.SlowestBody(0, Duration.ZERO);

        new OpenApiDocument().send(new Exchange(request, response, new Patience(slowest, 1, new SettableTime())));

        JsonNode document = new ObjectMapper().readTree(bytes.toByteArray());
        assertThat(document.at("/servers/0/url").asText()).isEqualTo(path);
        assertThat(document.path("servers")).hasSize(1);
        assertThat(document.has("x")).isFalse();
        verify(response).setContentLengthLong(bytes.size());
    }

    private static final class Into extends ServletOutputStream {

        private final ByteArrayOutputStream bytes;

        Into(ByteArrayOutputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int one) {
            bytes.write(one);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
