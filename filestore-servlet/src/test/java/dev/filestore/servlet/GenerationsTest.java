package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GenerationsTest {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final SettableTime time = new SettableTime();
    private final Generations<String> values = new Generations<>(PERIOD, 100, time);

    @Test
    void get_withinAPeriod_isTheValueOfBefore() {
        assertThat(values.get("a", key -> "first")).isEqualTo("first");
        time.pass(PERIOD);
        assertThat(values.get("a", key -> "second")).isEqualTo("first");
        time.pass(PERIOD);
        assertThat(values.get("a", key -> "third")).isEqualTo("first");
    }

    @Test
    void get_afterTwoPeriods_isANewValue() {
        values.get("a", key -> "first");
        time.pass(PERIOD);
        values.get("b", key -> "other");
        time.pass(PERIOD);
        values.get("b", key -> "other");

        assertThat(values.find("a")).isNull();
        assertThat(values.get("a", key -> "second")).isEqualTo("second");
    }

    /** Two values for one key would be two counts for one user. */
    @Test
    void get_whileAGenerationEnds_isOneValueForAll() {
        String first = values.get("a", key -> {
            time.pass(PERIOD);
            // Somebody else, who cannot see yet what is being made here.
            assertThat(values.get("a", other -> "of the younger")).isEqualTo("of the younger");
            return "of the older";
        });

        assertThat(first).isEqualTo("of the younger");
        assertThat(values.get("a", key -> "late")).isEqualTo("of the younger");
    }

    @Test
    void find_isNotAskingForIt() {
        values.put("a", "first");
        assertThat(values.find("a")).isEqualTo("first");
        time.pass(PERIOD);
        values.put("b", "other");
        assertThat(values.find("a")).isEqualTo("first");
        time.pass(PERIOD);
        values.put("b", "other");
        assertThat(values.find("a")).isNull();
    }

    @Test
    void put_moreThanFit_keepsTwoGenerations() {
        for (int i = 0; i < 10_000; i++) {
            values.put("key" + i, "");
            assertThat(values.size()).isLessThanOrEqualTo(200);
        }
    }
}
