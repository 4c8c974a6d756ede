package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RangesTest {

    /** RFC 9110 section 14.1.1: a range that ends before it begins is invalid, and passed over, whatever its numbers. */
    @Test
    void parse_endBeforeBeginningInNumbersBeyondLong_isNoRange() {
        assertThat(Ranges.parse("bytes=1024049493150027894-1024049413150027894", 10))
                .isNull();
        assertThat(Ranges.parse("bytes=99999999999999999999-9", 10)).isNull();
        assertThat(Ranges.parse("bytes=00020000000000000000000-00010000000000000000000", 10))
                .isNull();
    }

    @Test
    void parse_numbersBeyondLongInOrder_isBehindTheFile() {
        assertThatThrownBy(() -> Ranges.parse("bytes=1024049413150027894-1024049493150027894", 10))
                .isInstanceOf(Failure.class);
        assertThat(Ranges.parse("bytes=0-99999999999999999999", 10).length()).isEqualTo(10);
    }
}
