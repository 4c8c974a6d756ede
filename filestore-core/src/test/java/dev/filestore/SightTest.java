package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SightTest {

    private static final byte[] FILE = new byte[100];

    static {
        for (int i = 0; i < FILE.length; i++) {
            FILE[i] = (byte) i;
        }
    }

    /** Head and end that are apart, that touch, that overlap, and that are each the whole file. */
    @ParameterizedTest
    @CsvSource({"10, 20", "40, 60", "60, 60", "100, 100", "100, 7", "1, 0"})
    void index_placeInSight_leadsToItsByteAndBack(int headLength, int endLength) {
        byte[] head = Arrays.copyOf(FILE, headLength);
        byte[] end = Arrays.copyOfRange(FILE, FILE.length - endLength, FILE.length);
        Sight sight = Sight.of(head, end, FILE.length);
        for (int place = 0; place < FILE.length; place++) {
            boolean seen = place < headLength || place >= FILE.length - endLength;
            int index = sight.index(place, 1);
            assertThat(index >= 0).as("place %s", place).isEqualTo(seen);
            if (seen) {
                assertThat(sight.bytes()[index]).isEqualTo(FILE[place]);
                assertThat(sight.place(index)).isEqualTo(place);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1",
        "0, -1",
        "9, 2",
        "79, 2",
        "99, 2",
        "100, 1",
        "101, 0",
        "0, 100",
        "9223372036854775807, 1",
        "80, 9223372036854775807"
    })
    void index_notWhollyInSight_isNone(long place, long length) {
        Sight sight = Sight.of(Arrays.copyOf(FILE, 10), Arrays.copyOfRange(FILE, 80, 100), FILE.length);
        assertThat(sight.index(place, length)).isEqualTo(-1);
    }
}
